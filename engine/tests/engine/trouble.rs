//! The engine hangs, dies and comes back.

use std::{sync::Arc, time::Duration};

use candle_core::Tensor;
use lovelm::engine::{EngineConfig, EngineError};
use lovelm_engine::{
    Progress,
    local::{
        core::Core,
        load::{Plan, Weights, load},
    },
    model::{Machine, Recipe, prepare},
    open,
};
use tokio::sync::mpsc;

use crate::fixture::{answer, cache, greedy, prompt, within};

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_hangs_is_given_up_and_loaded_anew() {
    let stall = Duration::from_millis(2500);
    let config = EngineConfig { stall_timeout: stall, ..EngineConfig::default() };
    let engine = open(&config, &cache(), Progress::Hidden).await.unwrap();
    // A prompt this long computes for many seconds, and from outside that is no different from hanging.
    let long = greedy(prompt("Be kind.", &"7".repeat(1500)), 5);
    assert_eq!(answer(&*engine, long).await.unwrap_err(), EngineError::Stalled(stall));
    let (_, usage) = answer(&*engine, greedy(prompt("Be kind.", "Hi"), 3)).await.unwrap();
    assert_eq!(usage.output_tokens, 3, "the next answer finds the model loaded anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_the_engine_is_an_error_for_its_answer_and_for_those_after() {
    let model = prepare(&Recipe::default_model(), &cache(), &Machine, Progress::Hidden).unwrap();
    let plan = Plan {
        weights: Weights::Gguf { file: model.gguf, tokenizer: Some(model.tokenizer) },
        name: "a model that dies".into(),
        slots: 1,
        context: 512,
        paged: false,
    };
    let core = Core::new(load(&plan).await.unwrap(), &plan, 0).unwrap();
    let hook = |_: &Tensor, _: &[u32]| -> candle_core::Result<Tensor> { panic!("a bug in the engine, on purpose") };
    let (messages, mut inbox) = mpsc::channel(8);
    core.submit(vec![1, 2, 3], 5, Arc::new(hook), messages).await.unwrap();
    assert!(within(inbox.recv()).await.is_none(), "the answer's end is seen");
    let error = within(core.remember(&[1, 2, 3, 4], 0, Duration::from_mins(1))).await.unwrap_err();
    assert!(matches!(error, EngineError::Unavailable(_)), "{error}");
    assert!(core.is_lost() && core.slots.is_closed(), "whoever waits is sent to the next model");
    within(Arc::new(core).retire()).await;
}
