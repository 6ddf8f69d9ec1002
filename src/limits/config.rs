//! How much everyone may ask, in numbers.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

const MINUTE: Duration = Duration::from_mins(1);

/// `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Calls of one person.
    pub person: RateConfig,
    /// Calls of one supporter.
    pub supporter: RateConfig,
    /// Calls in one channel.
    pub channel: RateConfig,
    /// Calls of one persona, in all channels.
    pub persona: RateConfig,
    /// Commands and calls without a question of one person.
    pub command: RateConfig,
    /// Calls of one person in a day.
    pub daily: u32,
    /// Calls of one supporter in a day.
    pub supporter_daily: u32,
    /// Where a day begins: the distance of local time from UTC.
    pub day_starts: Offset,
    /// How long nobody is told the same refusal again.
    #[serde(with = "humantime_serde")]
    pub tell_again: Duration,
    /// Refusals that are told in one place.
    pub told: RateConfig,
    /// Whether the machine's own console is limited like a public channel.
    pub console: bool,
    /// People remembered at once, for each limit.
    pub most_people: usize,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            person: RateConfig { burst: 3, every: Duration::from_secs(15) },
            supporter: RateConfig { burst: 6, every: Duration::from_secs(6) },
            channel: RateConfig { burst: 40, every: Duration::from_secs(1) },
            persona: RateConfig { burst: 60, every: Duration::from_millis(500) },
            command: RateConfig { burst: 8, every: Duration::from_secs(3) },
            daily: 50,
            supporter_daily: 300,
            day_starts: Offset::SEOUL,
            tell_again: Duration::from_mins(1),
            told: RateConfig { burst: 10, every: Duration::from_secs(2) },
            console: false,
            most_people: 100_000,
        }
    }
}

/// A rate: so many at once, then one in every period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateConfig {
    pub burst: u32,
    #[serde(with = "humantime_serde")]
    pub every: Duration,
}

impl RateConfig {
    /// The largest burst.
    pub const MOST: u32 = 10_000;
    /// The longest period.
    pub const LONGEST: Duration = Duration::from_hours(24);

    /// The most that fits into any minute.
    #[must_use]
    pub fn in_a_minute(self) -> u32 {
        let more = MINUTE.as_nanos() / self.every.as_nanos().max(1);
        self.burst.saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
    }

    fn is_possible(self) -> bool {
        (1..=Self::MOST).contains(&self.burst) && !self.every.is_zero() && self.every <= Self::LONGEST
    }
}

impl LimitsConfig {
    /// Finds the first number that cannot be: its key in this section, and what it must be.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let rate = "needs a burst of 1 to 10000 and a period of up to a day";
        let rules = [
            (self.person.is_possible(), "person", rate),
            (self.supporter.is_possible(), "supporter", rate),
            (self.channel.is_possible(), "channel", rate),
            (self.persona.is_possible(), "persona", rate),
            (self.command.is_possible(), "command", rate),
            (self.told.is_possible(), "told", rate),
            (self.most_people > 0, "most_people", "must be 1 or more"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}

/// A distance from UTC, written `+09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Offset {
    minutes: i32,
}

impl Offset {
    pub const SEOUL: Self = Self { minutes: 9 * 60 };

    #[must_use]
    pub fn seconds(self) -> i64 {
        i64::from(self.minutes) * 60
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minutes < 0 { '-' } else { '+' };
        let minutes = self.minutes.abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is no distance from UTC; write it like +09:00, from -12:00 to +14:00");
        let (sign, digits) = match text.split_at_checked(1) {
            Some(("+", digits)) => (1, digits),
            Some(("-", digits)) => (-1, digits),
            _ => return Err(fault()),
        };
        let (hours, minutes) = digits.split_once(':').ok_or_else(fault)?;
        let number = |part: &str| -> Option<i32> {
            let two_digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            two_digits.then(|| part.parse().ok()).flatten()
        };
        let (hours, minutes) = number(hours).zip(number(minutes)).ok_or_else(fault)?;
        let offset = sign * (hours * 60 + minutes);
        if minutes > 59 || !(-12 * 60..=14 * 60).contains(&offset) {
            return Err(fault());
        }
        Ok(Self { minutes: offset })
    }
}

impl TryFrom<String> for Offset {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Offset> for String {
    fn from(offset: Offset) -> Self {
        offset.to_string()
    }
}
