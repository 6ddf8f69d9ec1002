//! mistral.rs as its own documentation uses it: what our engine is measured against.

use std::{path::PathBuf, time::Duration};

use lovelm::clock::{Clock as _, SystemClock};
use lovelm_engine::{
    Progress,
    model::{Machine, Recipe, prepare},
};
use mistralrs::{GgufModelBuilder, Model, RequestBuilder, Response, SamplingParams, TextMessageRole, TokenSource};

/// Tokens and the time they took, first token apart.
#[derive(Clone, Copy, Default)]
pub struct Run {
    pub tokens: usize,
    pub first: Duration,
    pub decode: Duration,
}

/// The default model, with so many prompt beginnings remembered.
pub async fn load(prefixes: Option<usize>) -> Model {
    let prepared = prepare(&Recipe::default_model(), &cache(), &Machine, Progress::Stderr).expect("the model");
    GgufModelBuilder::new(prepared.tokenizer.display(), vec!["model.gguf"])
        .with_tok_model_id(prepared.tokenizer.display())
        .with_token_source(TokenSource::None)
        .with_prefix_cache_n(prefixes)
        .with_force_cpu()
        .build()
        .await
        .expect("it loads")
}

/// The likeliest answer, at most so many tokens long.
pub async fn ask(model: &Model, system: &str, question: &str, most: usize) -> Run {
    let clock = SystemClock::default();
    let request = RequestBuilder::new()
        .add_message(TextMessageRole::System, system)
        .add_message(TextMessageRole::User, question)
        .set_sampling(SamplingParams { max_len: Some(most), ..SamplingParams::deterministic() });
    let mut stream = model.stream_chat_request(request).await.expect("it starts");
    let mut run = Run::default();
    while let Some(Response::Chunk(_)) = stream.next().await {
        if run.tokens == 0 {
            run.first = clock.elapsed();
        }
        run.tokens += 1;
        run.decode = clock.elapsed().saturating_sub(run.first);
    }
    run
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Where the fleet keeps its models.
pub fn cache() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from);
    given("LOVELM_CACHE_DIR")
        .or_else(|| given("XDG_CACHE_HOME").map(|cache| cache.join("lovelm")))
        .or_else(|| given("HOME").map(|home| home.join(".cache/lovelm")))
        .expect("a home")
}
