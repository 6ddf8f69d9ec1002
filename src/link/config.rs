//! The `[redis]` section: how machines share one line. The address is a secret: `REDIS_URL`.

use std::time::Duration;

use serde::Deserialize;

/// `[redis]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RedisConfig {
    /// How long a worker may be silent before its calls go to others. A gateway may be silent for three times as long.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
    /// How long a connection, and a reply, may take.
    #[serde(with = "humantime_serde")]
    pub reply_timeout: Duration,
    /// How long a worker waits for the prompt of a call that it has claimed.
    #[serde(with = "humantime_serde")]
    pub prompt_timeout: Duration,
    /// How long a gateway that starts waits for a first worker, to learn what its model can do.
    #[serde(with = "humantime_serde")]
    pub worker_wait: Duration,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(10),
            reply_timeout: Duration::from_secs(2),
            prompt_timeout: Duration::from_secs(5),
            worker_wait: Duration::from_mins(2),
        }
    }
}

impl RedisConfig {
    /// The first thing that cannot be: its key below `[redis]`, and what it must be.
    ///
    /// # Errors
    /// See above.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let rules = [
            (self.lease >= Duration::from_secs(1), "lease", "must be 1s or more"),
            (!self.reply_timeout.is_zero(), "reply_timeout", "must be longer than nothing"),
            (!self.prompt_timeout.is_zero(), "prompt_timeout", "must be longer than nothing"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}
