//! How the engines do, for the operator. The only label is an engine's name in the configuration.

use std::time::Duration;

use super::{
    breaker::Phase,
    state::{Ending, Health},
};

/// A member did one thing and does another.
pub(super) fn health(name: &str, before: &Health, now: &Health) {
    let engine = name.to_owned();
    metrics::gauge!("lovelm_engine_breaker", "engine" => engine.clone()).set(level(now.phase));
    metrics::gauge!("lovelm_engine_slots", "engine" => engine.clone()).set(count(now.slots));
    metrics::gauge!("lovelm_engine_running", "engine" => engine.clone()).set(count(now.running));
    if let Some(rate) = now.tokens_per_second {
        metrics::gauge!("lovelm_engine_tokens_per_second", "engine" => engine).set(rate);
    }
    match (before.phase, now.phase) {
        (Phase::Closed | Phase::Ramping { .. }, Phase::Open { .. }) => {
            tracing::error!(engine = name, "an engine is out of order; it gets no answers until it is back");
        }
        (Phase::Probing, Phase::Ramping { .. }) => {
            tracing::warn!(engine = name, "an engine answers again; its slots come back one by one");
        }
        (Phase::Ramping { .. }, Phase::Closed) => tracing::info!(engine = name, "an engine is in order again"),
        _ => {}
    }
}

pub(super) fn ended(name: &str, ending: Ending) {
    let engine = name.to_owned();
    match ending {
        Ending::Whole(usage) => {
            let tokens = u64::try_from(usage.output_tokens).unwrap_or(u64::MAX);
            metrics::counter!("lovelm_engine_tokens_total", "engine" => engine).increment(tokens);
        }
        // A text is a token, but for those that make half a character.
        Ending::Left { texts, .. } => {
            let tokens = u64::try_from(texts).unwrap_or(u64::MAX);
            metrics::counter!("lovelm_engine_tokens_total", "engine" => engine).increment(tokens);
        }
        Ending::Failed | Ending::Hung => {
            metrics::counter!("lovelm_engine_failures_total", "engine" => engine).increment(1);
        }
        Ending::Untold => {}
    }
}

pub(super) fn first_token(name: &str, after: Duration) {
    metrics::histogram!("lovelm_engine_first_token_seconds", "engine" => name.to_owned()).record(after);
}

pub(super) fn token_gap(name: &str, gap: Duration) {
    metrics::histogram!("lovelm_engine_token_gap_seconds", "engine" => name.to_owned()).record(gap);
}

/// 0 in order, 1 coming back, 2 out of order.
fn level(phase: Phase) -> f64 {
    match phase {
        Phase::Closed => 0.0,
        Phase::Probing | Phase::Ramping { .. } => 1.0,
        Phase::Open { .. } => 2.0,
    }
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
