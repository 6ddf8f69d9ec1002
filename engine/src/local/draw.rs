//! Takes a row of logits, gives a token. Knows nothing of models.
//!
//! mistral.rs could draw too, but says neither which token it drew nor lets a draw be repeated (no seed), and counts the
//! prompt's tokens as repetitions, the end mark among them: with a penalty, answers would hardly end.

use std::collections::HashSet;

use lovelm::engine::Sampling;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Draws the tokens of one answer.
#[derive(Debug)]
pub struct Draw {
    sampling: Sampling,
    /// The answer's own tokens: what the repetition penalty weighs.
    said: HashSet<u32>,
    rng: StdRng,
}

impl Draw {
    /// `said` holds the tokens of the answer that exist already.
    pub fn new(sampling: Sampling, said: &[u32], seed: u64) -> Self {
        Self { sampling, said: said.iter().copied().collect(), rng: StdRng::seed_from_u64(seed) }
    }

    /// The next token. `logits` has one entry a token of the vocabulary and is changed; what is not a number is never
    /// drawn.
    pub fn next(&mut self, logits: &mut [f32]) -> u32 {
        self.penalise(logits);
        let token = if self.sampling.temperature > 0.0 { self.sample(logits) } else { likeliest(logits) };
        self.said.insert(token);
        token
    }

    fn penalise(&self, logits: &mut [f32]) {
        let penalty = self.sampling.repetition_penalty;
        if penalty.is_nan() || penalty <= 0.0 {
            return;
        }
        for token in &self.said {
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
            }
        }
    }

    fn sample(&mut self, logits: &[f32]) -> u32 {
        let mut candidates = top(logits, self.sampling.top_k);
        let Some((best, _)) = candidates.first().copied() else { return 0 };
        let weight = |logit: f32| (f64::from(logit - best) / self.sampling.temperature).exp();
        let total: f64 = candidates.iter().map(|(logit, _)| weight(*logit)).sum();
        let nucleus = if (0.0..1.0).contains(&self.sampling.top_p) { self.sampling.top_p * total } else { total };
        let mut mass = 0.0;
        let mut kept = 0;
        for (logit, _) in &candidates {
            mass += weight(*logit);
            kept += 1;
            if mass >= nucleus {
                break;
            }
        }
        candidates.truncate(kept);
        let mut point = self.rng.random::<f64>() * mass;
        for (logit, token) in &candidates {
            point -= weight(*logit);
            if point <= 0.0 {
                return *token;
            }
        }
        candidates.last().map_or(0, |(_, token)| *token)
    }
}

fn likeliest(logits: &[f32]) -> u32 {
    let mut best = (f32::NEG_INFINITY, 0);
    for (token, logit) in (0..).zip(logits) {
        if *logit > best.0 {
            best = (*logit, token);
        }
    }
    best.1
}

/// The `k` likeliest (0: all), the likeliest first. One pass: the vocabulary is large and `k` is small.
fn top(logits: &[f32], k: usize) -> Vec<(f32, u32)> {
    let by_logit = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0);
    let k = if k == 0 { logits.len() } else { k.min(logits.len()) };
    let mut floor = f32::NEG_INFINITY;
    let mut found: Vec<(f32, u32)> = Vec::with_capacity(2 * k);
    for (token, logit) in (0..).zip(logits) {
        if *logit > floor {
            found.push((*logit, token));
            if found.len() == 2 * k {
                found.select_nth_unstable_by(k - 1, by_logit);
                found.truncate(k);
                floor = found[k - 1].0;
            }
        }
    }
    found.sort_unstable_by(by_logit);
    found.truncate(k);
    found
}
