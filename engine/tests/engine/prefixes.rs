//! What the engine remembers: the mirror alone, then against the real model.

use std::sync::Arc;

use lovelm::engine::EngineConfig;
use lovelm_engine::{
    Progress,
    local::prefix::{PrefixCache, shared},
    open,
};

use crate::fixture::{answer, cache, greedy, model, prompt};

/// A beginning of its own for every `persona`, then a question.
fn tokens(persona: u32, length: u32, question: &[u32]) -> Vec<u32> {
    (0..length).map(|at| persona * 10_000 + at).chain(question.iter().copied()).collect()
}

/// What is cached, and what is to be kept.
fn planned(prefixes: &mut PrefixCache, prompt: &[u32], constant: usize) -> (usize, Option<usize>) {
    let plan = prefixes.plan(prompt, constant);
    (plan.cached, plan.keep)
}

#[test]
fn the_first_prompt_is_remembered_up_to_its_question() {
    let mut prefixes = PrefixCache::new(1, usize::MAX);
    assert_eq!(planned(&mut prefixes, &tokens(1, 300, &[1, 2]), 300), (0, Some(300)));
    prefixes.kept(&tokens(1, 300, &[]));
    assert_eq!(planned(&mut prefixes, &tokens(1, 300, &[3, 4]), 300), (300, None));
    assert_eq!(planned(&mut prefixes, &tokens(2, 300, &[3, 4]), 300), (0, Some(300)));
}

#[test]
fn what_differs_each_time_is_not_remembered() {
    let mut prefixes = PrefixCache::new(1, usize::MAX);
    let varied = |context: u32| tokens(1, 300, &tokens(2 + context, 100, &[9]));
    assert_eq!(prefixes.plan(&varied(0), 400).keep, Some(400), "nobody has shown yet that it differs");
    prefixes.kept(&varied(0)[..400]);
    for context in 1..20 {
        assert_eq!(planned(&mut prefixes, &varied(context), 400), (300, None));
    }
}

#[test]
fn a_prompt_that_is_remembered_whole_is_no_hit() {
    let mut prefixes = PrefixCache::new(1, usize::MAX);
    prefixes.kept(&tokens(1, 100, &[]));
    assert_eq!(prefixes.plan(&tokens(1, 100, &[]), 0).cached, 0);
    assert_eq!(prefixes.plan(&tokens(1, 60, &[]), 0).cached, 0);
}

#[test]
fn short_beginnings_are_not_worth_it() {
    let mut prefixes = PrefixCache::new(1, usize::MAX);
    assert_eq!(prefixes.plan(&tokens(1, 20, &[1]), 20).keep, None);
    assert_eq!(planned(&mut prefixes, &[], 0), (0, None));
}

#[test]
fn memory_is_counted_in_the_engine_s_steps_and_bounded() {
    let mut prefixes = PrefixCache::new(10, 512 * 10 + 100);
    assert_eq!(prefixes.plan(&tokens(1, 600, &[1]), 600).keep, Some(600), "the first always has its place");
    prefixes.kept(&tokens(1, 300, &[]));
    assert_eq!(prefixes.bytes(), 512 * 10);
    for persona in 2..10 {
        let plan = prefixes.plan(&tokens(persona, 300, &[1]), 300);
        assert_eq!((plan.keep, plan.renew), (None, false), "served cold");
        assert!(!prefixes.plan(&tokens(1, 300, &[persona]), 300).renew, "what is remembered still serves");
    }
    assert!(prefixes.plan(&tokens(10, 300, &[1]), 300).renew);
    prefixes.forget();
    assert_eq!(planned(&mut prefixes, &tokens(11, 300, &[1]), 300), (0, Some(300)));
}

#[test]
fn common_beginnings() {
    assert_eq!(shared(&[1, 2, 3], &[1, 2, 4]), 2);
    assert_eq!(shared(&[], &[1]), 0);
    assert_eq!(shared(&[1], &[1, 2]), 1);
}

/// A persona prompt of some 120 tokens.
fn persona(name: &str) -> String {
    format!("You are {name}, a patient adviser. ")
        + &"You listen first, you never judge, and you answer in short plain words. ".repeat(7)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_call_of_a_persona_is_warm() {
    let engine = model().await;
    let ask = |question: &str| greedy(prompt(&persona("Juniper"), question), 6);
    let (_, cold) = answer(&*engine, ask("Should I call her?")).await.unwrap();
    assert!(cold.cached_tokens < 40, "{cold:?}");
    let (_, warm) = answer(&*engine, ask("He forgot my birthday.")).await.unwrap();
    assert!(warm.cached_tokens > 100 && warm.cached_tokens < warm.prompt_tokens, "{warm:?}");
    let (_, again) = answer(&*engine, ask("He forgot my birthday.")).await.unwrap();
    assert_eq!(again.cached_tokens, warm.cached_tokens, "the same question twice is warm too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_answer_reads_like_a_cold_one() {
    let engine = model().await;
    let ask = |question: &str| greedy(prompt(&persona("Rowan"), question), 16);
    let (cold, _) = answer(&*engine, ask("Name three colours.")).await.unwrap();
    answer(&*engine, ask("Name a fruit.")).await.unwrap();
    let (warm, usage) = answer(&*engine, ask("Name three colours.")).await.unwrap();
    assert!(usage.cached_tokens > 100, "{usage:?}");
    assert_eq!(cold, warm);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_its_bound_answers_stay_cold_until_the_cache_is_emptied() {
    let config = EngineConfig { prefix_cache_mib: 0, ..EngineConfig::default() };
    let engine = open(&config, &cache(), Progress::Hidden).await.unwrap();
    let ask = |name: &str, question: &str| {
        let request = greedy(prompt(&persona(name), question), 1);
        let engine = Arc::clone(&engine);
        async move { answer(&*engine, request).await.unwrap().1.cached_tokens }
    };
    ask("Ada", "Who are you?").await;
    assert!(ask("Ada", "Are you there?").await > 100);
    // There is room for Ada alone. Nine calls of Bo find none; with the ninth the model is loaded anew.
    for _ in 0..8 {
        assert!(ask("Bo", "Who are you?").await < 40);
    }
    ask("Bo", "Who are you?").await;
    assert!(ask("Bo", "Are you there?").await > 100);
}
