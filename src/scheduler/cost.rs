//! What an answer costs an engine, learnt from what answers did cost.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use super::CostConfig;

/// Kinds of answers told apart; further ones share the configured guess.
const MOST_KINDS: usize = 256;
/// The same, in tokens, for what one measurement may say at most.
const MOST_TOKENS: u32 = 1 << 20;
/// By how much one answer may differ from what is believed; beyond, something else was at work.
const PLAUSIBLE: f64 = 4.0;

/// What one answer did cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Prompt tokens that were not in the prefix cache.
    pub uncached: usize,
    pub output: usize,
    /// From the start to the first token.
    pub first_token: Duration,
    /// From the first token to the last.
    pub decode: Duration,
}

/// The cost model of one engine: `a * uncached prompt + b * output`, with `a` and `b` as seconds a token, and the output expected
/// of each kind of answer (persona, platform, class: what the caller tells apart).
#[derive(Clone, Debug)]
pub struct Cost<K> {
    prompt: Rate,
    output: Rate,
    guess: f64,
    percentile: f64,
    pace: f64,
    kinds: BTreeMap<K, f64>,
}

impl<K: Ord> Cost<K> {
    #[must_use]
    pub fn new(config: &CostConfig) -> Self {
        Self {
            prompt: Rate::new(config.prompt_token),
            output: Rate::new(config.output_token),
            guess: tokens(config.output_tokens),
            percentile: config.percentile.clamp(0.01, 0.99),
            pace: config.pace.clamp(0.001, 1.0),
            kinds: BTreeMap::new(),
        }
    }

    /// Engine time of a whole answer, at most `max_output` tokens long.
    #[must_use]
    pub fn estimate(&self, kind: &K, uncached: usize, max_output: usize) -> Duration {
        let expected = self.kinds.get(kind).copied().unwrap_or(self.guess).min(tokens(max_output));
        self.prefill(uncached).saturating_add(seconds(self.output.per_token * expected))
    }

    /// Engine time until the first token: also what it takes to go on with a cut answer.
    #[must_use]
    pub fn prefill(&self, uncached: usize) -> Duration {
        seconds(self.prompt.per_token * tokens(uncached))
    }

    /// Learns from an answer that ended by itself; one that was cut short says nothing of its length.
    pub fn learn(&mut self, kind: K, measured: &Measured) {
        self.prompt.learn(self.pace, tokens(measured.uncached), measured.first_token);
        // The first token came with the prefill.
        self.output.learn(self.pace, tokens(measured.output.saturating_sub(1)), measured.decode);
        if self.kinds.len() < MOST_KINDS || self.kinds.contains_key(&kind) {
            let expected = self.kinds.entry(kind).or_insert(self.guess);
            *expected = stepped(*expected, tokens(measured.output), self.percentile, self.pace);
        }
    }
}

/// One step of a running percentile: up for the rare longer answer, a little down for each shorter one.
fn stepped(expected: f64, seen: f64, percentile: f64, pace: f64) -> f64 {
    let step = if seen > expected { percentile } else { percentile - 1.0 };
    (expected * (1.0 + pace * step)).clamp(1.0, f64::from(MOST_TOKENS))
}

/// Seconds a token, as a ratio of two fading sums: long prompts count for more than short ones.
#[derive(Clone, Debug)]
struct Rate {
    per_token: f64,
    time: f64,
    tokens: f64,
}

impl Rate {
    fn new(believed: Duration) -> Self {
        Self { per_token: believed.as_secs_f64(), time: 0.0, tokens: 0.0 }
    }

    fn learn(&mut self, pace: f64, tokens: f64, took: Duration) {
        if tokens < 1.0 || took.is_zero() {
            return;
        }
        let first = self.tokens <= 0.0;
        let seen = took.as_secs_f64() / tokens;
        let seen = if first { seen } else { seen.clamp(self.per_token / PLAUSIBLE, self.per_token * PLAUSIBLE) };
        let keep = 1.0 - pace;
        self.time = self.time * keep + seen * tokens;
        self.tokens = self.tokens * keep + tokens;
        self.per_token = self.time / self.tokens;
    }
}

fn tokens(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(MOST_TOKENS).min(MOST_TOKENS))
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}
