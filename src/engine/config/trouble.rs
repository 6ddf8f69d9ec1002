//! The numbers of engines that fail, that are all away, and that find out how much they can bear.

use std::time::Duration;

use serde::Deserialize;

/// `[engine.breaker]`: when an engine is asked no more, and how it comes back.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerConfig {
    /// Failures in a row after which it is out of order.
    pub failures: usize,
    /// The part of its answers that may fail within `window`, above 0 and up to 1, once there were `share_of`.
    pub share: f64,
    pub share_of: usize,
    #[serde(with = "humantime_serde")]
    pub window: Duration,
    /// After what time it is looked after; twice as long after every time that it was not back.
    #[serde(with = "humantime_serde")]
    pub delay: Duration,
    #[serde(with = "humantime_serde")]
    pub longest_delay: Duration,
    /// The part of a delay that is taken off by chance, 0 to 1.
    pub jitter: f64,
    /// How long the one question may take that looks after it.
    #[serde(with = "humantime_serde")]
    pub probe_timeout: Duration,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            failures: 3,
            share: 0.5,
            share_of: 10,
            window: Duration::from_mins(1),
            delay: Duration::from_secs(2),
            longest_delay: Duration::from_mins(1),
            jitter: 0.5,
            probe_timeout: Duration::from_mins(1),
        }
    }
}

impl BreakerConfig {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        first_broken([
            (self.failures > 0, "breaker.failures", "must be 1 or more"),
            (self.share > 0.0 && self.share <= 1.0, "breaker.share", "must be above 0 and at most 1"),
            ((1..=1000).contains(&self.share_of), "breaker.share_of", "must be 1 to 1000"),
            (!self.window.is_zero(), "breaker.window", "must be longer than nothing"),
            (!self.delay.is_zero(), "breaker.delay", "must be longer than nothing"),
            (self.longest_delay >= self.delay, "breaker.longest_delay", "must be `breaker.delay` or longer"),
            ((0.0..=1.0).contains(&self.jitter), "breaker.jitter", "must be 0 to 1"),
            (!self.probe_timeout.is_zero(), "breaker.probe_timeout", "must be longer than nothing"),
        ])
    }
}

/// `[engine.outage]`: what becomes of calls when engines fail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutageConfig {
    /// Starts of an engine for one call of which nothing was shown yet. More than it takes to put one out of order.
    pub tries: usize,
    /// How long all engines may be away before everybody but who paid is told.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
    /// How long nobody is told again.
    #[serde(with = "humantime_serde")]
    pub tell_again: Duration,
}

impl Default for OutageConfig {
    fn default() -> Self {
        Self { tries: 5, patience: Duration::from_secs(5), tell_again: Duration::from_mins(1) }
    }
}

impl OutageConfig {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        first_broken([((1..=100).contains(&self.tries), "outage.tries", "must be 1 to 100")])
    }
}

/// `[engine.adapt]`: how a server's slots follow what it can bear.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdaptConfig {
    /// The fewest and the most answers at once.
    pub least: usize,
    pub most: usize,
    /// The gap between two texts of an answer that 19 of 20 are to stay below: reading speed.
    #[serde(with = "humantime_serde")]
    pub gap: Duration,
    /// How often the number is looked at.
    #[serde(with = "humantime_serde")]
    pub window: Duration,
    /// By what part one slot more has to raise the tokens a second of all answers together to be kept.
    pub rise: f64,
    /// How long it does not grow after it had to step back.
    #[serde(with = "humantime_serde")]
    pub rest: Duration,
}

impl Default for AdaptConfig {
    fn default() -> Self {
        Self {
            least: 1,
            most: 64,
            gap: Duration::from_millis(125),
            window: Duration::from_secs(10),
            rise: 0.01,
            rest: Duration::from_mins(5),
        }
    }
}

impl AdaptConfig {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        first_broken([
            (self.least > 0, "adapt.least", "must be 1 or more"),
            ((self.least..=4096).contains(&self.most), "adapt.most", "must be `adapt.least` to 4096"),
            (!self.gap.is_zero(), "adapt.gap", "must be longer than nothing"),
            (!self.window.is_zero(), "adapt.window", "must be longer than nothing"),
            ((0.0..=1.0).contains(&self.rise), "adapt.rise", "must be 0 to 1"),
        ])
    }
}

fn first_broken<const N: usize>(
    rules: [(bool, &'static str, &'static str); N],
) -> Result<(), (&'static str, &'static str)> {
    let broken = rules.into_iter().find(|(holds, ..)| !holds);
    broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
}
