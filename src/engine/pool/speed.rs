//! Takes what answers took of one engine, says what the next would take. Pure.

use std::time::Duration;

use crate::engine::Usage;

/// Weight of the newest answer.
const LEARN: f64 = 0.2;

/// Seconds a token, reading and writing. What was never measured is believed to cost nothing, so that it is tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Speed {
    prompt: Option<f64>,
    output: Option<f64>,
}

impl Speed {
    /// From an answer that ended by itself.
    pub fn learn(&mut self, usage: &Usage) {
        learn(&mut self.prompt, usage.prompt_tokens.saturating_sub(usage.cached_tokens), usage.first_token);
        // The first token came with the prefill.
        self.wrote(usage.output_tokens.saturating_sub(1), usage.decode);
    }

    /// So many tokens, or texts where tokens are not known, came in this time.
    pub fn wrote(&mut self, tokens: usize, took: Duration) {
        learn(&mut self.output, tokens, took);
    }

    /// Seconds for a whole answer.
    pub fn seconds(&self, prompt: usize, output: usize) -> f64 {
        self.prompt.unwrap_or(0.0) * count(prompt) + self.output.unwrap_or(0.0) * count(output)
    }

    /// What one answer gets, once it was measured.
    pub fn tokens_per_second(&self) -> Option<f64> {
        self.output.map(f64::recip)
    }
}

fn learn(rate: &mut Option<f64>, tokens: usize, took: Duration) {
    if tokens == 0 || took.is_zero() {
        return;
    }
    let seen = took.as_secs_f64() / count(tokens);
    *rate = Some(rate.map_or(seen, |known| known + LEARN * (seen - known)));
}

fn count(tokens: usize) -> f64 {
    f64::from(u32::try_from(tokens).unwrap_or(u32::MAX))
}
