//! Every number of the policy.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chat::Platform;

/// `[scheduler]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SchedulerConfig {
    /// Calls that may wait in all; what comes beyond is turned away, what paid last.
    pub most_waiting: usize,
    /// Calls of one person that may wait. A panel takes four.
    pub most_waiting_each: usize,
    /// The same for calls that were paid for.
    pub most_waiting_paid: usize,
    /// Seconds of waiting work that the common side may hold before its least urgent is shed (H).
    #[serde(with = "humantime_serde")]
    pub line: Duration,
    /// Calls of the common side that may always wait, however slow the engine: a panel.
    pub shortest_line: usize,
    /// The part of the engine's time that stays with the common side while paid calls wait (phi), above 0 and below 1.
    pub phi: f64,
    /// The part of the slots kept for paid calls, moderators and supporters (R), 0 to 1; at least one where there are two.
    pub reserve: f64,
    /// How long somebody turned away still counts as waiting when turns are measured out.
    #[serde(with = "humantime_serde")]
    pub turned_away: Duration,
    /// The window over which the load of paid calls is measured.
    #[serde(with = "humantime_serde")]
    pub load_window: Duration,
    /// How long a running answer may go on after its deadline.
    #[serde(with = "humantime_serde")]
    pub overdue_grace: Duration,
    /// The expected wait over which the asker is told of it.
    #[serde(with = "humantime_serde")]
    pub tell_after: Duration,
    pub patience: Patience,
    pub share: Shares,
    pub price: Price,
    pub deadline: Deadlines,
    pub cost: CostConfig,
}

impl Default for SchedulerConfig {
    fn default() -> Self {
        Self {
            most_waiting: 2_000,
            most_waiting_each: 8,
            most_waiting_paid: 64,
            line: Duration::from_secs(30),
            shortest_line: 4,
            phi: 0.1,
            reserve: 0.125,
            turned_away: Duration::from_mins(1),
            load_window: Duration::from_mins(1),
            overdue_grace: Duration::from_secs(10),
            tell_after: Duration::from_secs(5),
            patience: Patience::default(),
            share: Shares::default(),
            price: Price::default(),
            deadline: Deadlines::default(),
            cost: CostConfig::default(),
        }
    }
}

/// `[scheduler.patience]`: how long a class can stand being passed, at most half of a call's deadline. Orders the classes; no
/// promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Patience {
    #[serde(with = "humantime_serde")]
    pub moderator: Duration,
    /// Of what costs exactly the price of an answer.
    #[serde(with = "humantime_serde")]
    pub paid: Duration,
    /// Of the highest amount that still makes a difference.
    #[serde(with = "humantime_serde")]
    pub paid_most: Duration,
    /// Also of what paid less than the price of an answer.
    #[serde(with = "humantime_serde")]
    pub supporter: Duration,
    #[serde(with = "humantime_serde")]
    pub fan: Duration,
    #[serde(with = "humantime_serde")]
    pub free: Duration,
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            moderator: Duration::ZERO,
            paid: Duration::from_secs(2),
            paid_most: Duration::from_millis(200),
            supporter: Duration::from_secs(6),
            fan: Duration::from_secs(15),
            free: Duration::from_secs(30),
            idle: Duration::from_mins(2),
        }
    }
}

/// `[scheduler.share]`: what a person of a class gets beside others, and what a class may hold of the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shares {
    pub moderator: f64,
    pub paid: f64,
    pub supporter: f64,
    pub fan: f64,
    pub free: f64,
    pub idle: f64,
}

impl Default for Shares {
    fn default() -> Self {
        Self { moderator: 1.0, paid: 1.0, supporter: 4.0, fan: 2.0, free: 1.0, idle: 0.05 }
    }
}

/// `[scheduler.price]`, in hundredths of a US dollar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Price {
    /// What an answer costs.
    pub cents: u64,
    /// Beyond this, more money makes nothing faster.
    pub most_cents: u64,
}

impl Default for Price {
    fn default() -> Self {
        Self { cents: 100, most_cents: 10_000 }
    }
}

/// `[scheduler.deadline]`: when an answer is worth nothing any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    #[serde(with = "humantime_serde")]
    pub twitch: Duration,
    #[serde(with = "humantime_serde")]
    pub discord: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { twitch: Duration::from_secs(90), discord: Duration::from_mins(10) }
    }
}

impl Deadlines {
    /// The deadline of a call on `platform`; the console waits for ever.
    #[must_use]
    pub fn on(&self, platform: Platform) -> Option<Duration> {
        match platform {
            Platform::Console => None,
            Platform::Discord => Some(self.discord),
            Platform::Twitch => Some(self.twitch),
        }
    }
}

/// `[scheduler.cost]`: what is believed of an engine until it was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CostConfig {
    /// Engine time of a prompt token that is not in the prefix cache.
    #[serde(with = "humantime_serde")]
    pub prompt_token: Duration,
    /// Engine time of a token of the answer.
    #[serde(with = "humantime_serde")]
    pub output_token: Duration,
    /// Tokens of an answer.
    pub output_tokens: usize,
    /// The part of the answers that is to stay below the estimate, above 0 and below 1.
    pub percentile: f64,
    /// The weight of the newest answer, above 0 and up to 1.
    pub pace: f64,
}

impl Default for CostConfig {
    fn default() -> Self {
        Self {
            prompt_token: Duration::from_millis(15),
            output_token: Duration::from_millis(30),
            output_tokens: 160,
            percentile: 0.9,
            pace: 0.1,
        }
    }
}

impl SchedulerConfig {
    /// Finds the first number that cannot be: its key in this section, and what it must be.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let part = |x: f64| x > 0.0 && x < 1.0;
        let share = |x: f64| (0.001..=1000.0).contains(&x);
        let Shares { moderator, paid, supporter, fan, free, idle } = self.share;
        let rules: [(bool, &'static str, &'static str); 16] = [
            (self.most_waiting > 0, "most_waiting", "must be 1 or more"),
            (self.most_waiting_each > 0, "most_waiting_each", "must be 1 or more"),
            (self.most_waiting_paid > 0, "most_waiting_paid", "must be 1 or more"),
            (part(self.phi), "phi", "must lie between 0 and 1"),
            ((0.0..=1.0).contains(&self.reserve), "reserve", "must be 0 to 1"),
            (!self.load_window.is_zero(), "load_window", "must be longer than nothing"),
            (share(moderator), "share.moderator", "must be 0.001 to 1000"),
            (share(paid), "share.paid", "must be 0.001 to 1000"),
            (share(supporter), "share.supporter", "must be 0.001 to 1000"),
            (share(fan), "share.fan", "must be 0.001 to 1000"),
            (share(free), "share.free", "must be 0.001 to 1000"),
            (share(idle), "share.idle", "must be 0.001 to 1000"),
            (self.price.cents > 0, "price.cents", "must be 1 or more"),
            (self.price.most_cents >= self.price.cents, "price.most_cents", "must be `price.cents` or more"),
            (part(self.cost.percentile), "cost.percentile", "must lie between 0 and 1"),
            (self.cost.pace > 0.0 && self.cost.pace <= 1.0, "cost.pace", "must be above 0 and at most 1"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}
