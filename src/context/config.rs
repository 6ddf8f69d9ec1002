//! The `[context]` section: how long prompts may be.

use std::time::Duration;

use serde::Deserialize;

/// `[context]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContextConfig {
    /// Tokens of a persona's constant part: rules, character, and as many examples as fit.
    pub constant_tokens: usize,
    /// What reading the part of a prompt that is in no cache may take of the engine: a running prefill cannot be stopped.
    #[serde(with = "humantime_serde")]
    pub longest_prefill: Duration,
}

impl Default for ContextConfig {
    fn default() -> Self {
        Self { constant_tokens: 450, longest_prefill: Duration::from_secs(10) }
    }
}

impl ContextConfig {
    /// The first thing that cannot be: its key below `[context]`, and what it must be.
    ///
    /// # Errors
    /// See above.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.constant_tokens == 0 {
            return Err(("constant_tokens", "must be 1 or more"));
        }
        if self.longest_prefill < Duration::from_secs(1) {
            return Err(("longest_prefill", "must be 1s or more"));
        }
        Ok(())
    }
}
