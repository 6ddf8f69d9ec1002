//! Takes a prompt, guesses its tokens; learns from what an engine counted. Knows nothing of tokenizers.

use std::sync::{Mutex, PoisonError};

use super::Prompt;

/// What a message costs beside its text.
const MESSAGE: f64 = 4.0;
/// Weight of the newest count.
const LEARN: f64 = 0.2;
/// How far off the guess may turn out to be.
const RATIO: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// Guesses, and the ratio by which they have been off.
#[derive(Debug)]
pub struct Estimate(Mutex<f64>);

impl Default for Estimate {
    fn default() -> Self {
        Self(Mutex::new(1.0))
    }
}

impl Estimate {
    /// The length of a prompt, about.
    pub fn tokens(&self, prompt: &Prompt) -> usize {
        let ratio = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
        let tokens = (guess(prompt) * ratio).ceil() as usize;
        tokens
    }

    /// An engine counted `tokens`.
    pub fn learn(&self, prompt: &Prompt, tokens: usize) {
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let seen = (tokens as f64 / guess(prompt)).clamp(*RATIO.start(), *RATIO.end());
        let mut ratio = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *ratio += LEARN * (seen - *ratio);
    }
}

fn guess(prompt: &Prompt) -> f64 {
    prompt.messages.iter().map(|turn| MESSAGE + text(&turn.text)).sum::<f64>() + text(&prompt.so_far) + MESSAGE
}

/// Four letters of a Latin script make a token; a Hangul syllable or an ideograph is nearly one.
fn text(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            '\0'..='\x7f' => 0.25,
            '\u{80}'..='\u{10ff}' => 0.5,
            _ => 0.9,
        })
        .sum()
}
