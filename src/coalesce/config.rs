//! The `[coalesce]` section: what joins a call that waits.

use std::time::Duration;

use serde::Deserialize;

/// `[coalesce]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CoalesceConfig {
    /// What a person says within this time of their last words joins their waiting call. Zero: nothing does.
    #[serde(with = "humantime_serde")]
    pub gap: Duration,
    /// The longest a burst may go on, from its first message.
    #[serde(with = "humantime_serde")]
    pub longest: Duration,
    /// Messages that one person may put into one call.
    pub most_messages: usize,
    /// Characters of a call that others join, or that its own writer goes on with.
    pub most_chars: usize,
    /// People whom one answer may serve when they ask the same. One: everybody has an answer of their own.
    pub most_askers: usize,
    /// How many of those who asked the same are named with the answer; the others are counted.
    pub most_named: usize,
    /// People who may wait in calls that can be joined. Whoever comes beyond waits alone.
    pub most_waiting: usize,
}

impl Default for CoalesceConfig {
    fn default() -> Self {
        Self {
            gap: Duration::from_millis(1500),
            longest: Duration::from_secs(5),
            most_messages: 8,
            most_chars: 2000,
            most_askers: 200,
            most_named: 3,
            most_waiting: 4000,
        }
    }
}

impl CoalesceConfig {
    /// The first thing that cannot be: its key below `[coalesce]`, and what it must be.
    ///
    /// # Errors
    /// See above.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let rules = [
            (self.longest >= self.gap, "longest", "must be no shorter than `gap`"),
            ((1..=100).contains(&self.most_messages), "most_messages", "must be 1 to 100"),
            (self.most_chars <= 8000, "most_chars", "must be 8000 or less"),
            (self.most_askers >= 1, "most_askers", "must be 1 or more"),
            (self.most_named <= 10, "most_named", "must be 10 or less"),
            (self.most_waiting >= 1, "most_waiting", "must be 1 or more"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}
