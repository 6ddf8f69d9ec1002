//! A part of every day, as people write it: `23:00-07:00`.

use std::{fmt, str::FromStr};

const HOUR: u16 = 60;
const DAY: u16 = 24 * HOUR;

/// Hours of every day by the wall clock, past midnight where the end comes before the beginning. Never empty, never the whole
/// day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: u16,
    until: u16,
}

impl Hours {
    /// From and until, in minutes since midnight. `None` where they are the same, or no time of day.
    #[must_use]
    pub fn new(from: u16, until: u16) -> Option<Self> {
        (from < DAY && until < DAY && from != until).then_some(Self { from, until })
    }

    /// The first minute, counted from midnight.
    #[must_use]
    pub fn from(self) -> u16 {
        self.from
    }

    /// The first minute behind the last one, counted from midnight.
    #[must_use]
    pub fn until(self) -> u16 {
        self.until
    }

    /// Whether a minute of the day, counted from midnight, lies within.
    #[must_use]
    pub fn cover(self, minute: u16) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }

    /// The time at which they end, as people read it.
    #[must_use]
    pub fn end(self) -> String {
        clock(self.until)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", clock(self.from), clock(self.until))
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` are no hours; write them like 23:00-07:00");
        let (from, until) = text.split_once(['-', '~', '–', '〜']).ok_or_else(fault)?;
        minute(from).zip(minute(until)).and_then(|(from, until)| Self::new(from, until)).ok_or_else(fault)
    }
}

/// `7`, `07:00` or `7:30`; `24` is midnight.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let number = |part: &str| -> Option<u16> {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    };
    let (hours, minutes) = number(hours).zip(number(minutes))?;
    let minute = hours * HOUR + minutes;
    (minutes < HOUR && minute <= DAY).then_some(minute % DAY)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / HOUR, minute % HOUR)
}
