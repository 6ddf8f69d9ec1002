use std::time::Duration;

use proptest::prelude::*;

use super::{Cost, Measured};
use crate::scheduler::CostConfig;

/// An engine of 2 ms a prompt token and 20 ms a token of output.
fn answer(uncached: usize, output: usize) -> Measured {
    let millis = |tokens: usize, each: u64| Duration::from_millis(u64::try_from(tokens).unwrap() * each);
    Measured { uncached, output, first_token: millis(uncached, 2), decode: millis(output.saturating_sub(1), 20) }
}

fn cost() -> Cost<&'static str> {
    Cost::new(&CostConfig::default())
}

fn is_near(duration: Duration, millis: u64) -> bool {
    let near = Duration::from_millis(millis).mul_f64(0.95)..=Duration::from_millis(millis).mul_f64(1.05);
    near.contains(&duration)
}

#[test]
fn before_anything_was_measured_the_configuration_is_believed() {
    let cost = cost();
    assert!(is_near(cost.prefill(100), 1_500));
    assert!(is_near(cost.estimate(&"omar", 100, 1_000), 1_500 + 4_800));
    assert!(is_near(cost.estimate(&"omar", 100, 10), 1_500 + 300), "never beyond the longest answer allowed");
}

#[test]
fn speeds_are_learnt() {
    let mut cost = cost();
    for _ in 0..50 {
        cost.learn("omar", &answer(200, 100));
        cost.learn("omar", &answer(5, 30));
    }
    assert!(is_near(cost.prefill(1_000), 2_000), "{:?}", cost.prefill(1_000));
    assert!(is_near(cost.estimate(&"new", 0, 100), 2_000), "{:?}", cost.estimate(&"new", 0, 100));
}

#[test]
fn one_stalled_answer_does_not_change_what_is_believed_much() {
    let mut cost = cost();
    for _ in 0..50 {
        cost.learn("omar", &answer(100, 100));
    }
    let stalled =
        Measured { first_token: Duration::from_hours(1), decode: Duration::from_hours(1), ..answer(100, 100) };
    cost.learn("omar", &stalled);
    assert!(cost.prefill(100) < Duration::from_millis(300), "{:?}", cost.prefill(100));
}

#[test]
fn an_engine_that_became_slower_is_noticed() {
    let mut cost = cost();
    for _ in 0..50 {
        cost.learn("omar", &answer(100, 100));
    }
    let slower = Measured { first_token: Duration::from_secs(2), ..answer(100, 100) };
    for _ in 0..60 {
        cost.learn("omar", &slower);
    }
    assert!(is_near(cost.prefill(100), 2_000), "{:?}", cost.prefill(100));
}

#[test]
fn kinds_learn_apart_and_only_so_many() {
    let mut cost = Cost::new(&CostConfig::default());
    for kind in 0..100_000_u32 {
        cost.learn(kind, &answer(10, 10));
    }
    assert_eq!(cost.kinds.len(), 256);
    for _ in 0..200 {
        cost.learn(1, &answer(10, 400));
        cost.learn(2, &answer(10, 20));
    }
    assert!(cost.estimate(&1, 0, 1_000) > 5 * cost.estimate(&2, 0, 1_000));
}

#[test]
fn nonsense_is_survived() {
    let mut cost = cost();
    let zero = Measured { uncached: 0, output: 0, first_token: Duration::ZERO, decode: Duration::ZERO };
    let endless =
        Measured { uncached: usize::MAX, output: usize::MAX, first_token: Duration::MAX, decode: Duration::MAX };
    for _ in 0..1_000 {
        cost.learn("omar", &zero);
        cost.learn("omar", &endless);
    }
    assert!(cost.estimate(&"omar", usize::MAX, usize::MAX) > Duration::ZERO);
    assert!(cost.prefill(0).is_zero());
}

proptest! {
    /// Nine of ten answers turn out no longer than was expected just before.
    #[test]
    fn the_expected_answer_is_a_high_percentile(outputs in prop::collection::vec(20..200_usize, 1_000)) {
        let mut cost = cost();
        let mut within = 0;
        for output in &outputs {
            let expected = cost.kinds.get("omar").copied().unwrap_or(cost.guess);
            within += usize::from(super::tokens(*output) <= expected);
            cost.learn("omar", &answer(10, *output));
        }
        prop_assert!((850..=950).contains(&within), "{within} of 1000");
    }
}
