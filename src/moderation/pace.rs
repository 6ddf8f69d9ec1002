//! How often somebody asked in a place whose moderators want less than is configured.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, NaiveDate, Timelike as _, Utc};
use chrono_tz::Tz;

use super::Rule;
use crate::privacy::Pseudonym;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Somebody asked as often as they may there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    Minute { retry_after: Duration },
    Day { resets_in: Duration },
}

/// Counts of this minute and this day of the time zone, for a bounded number of people. Who comes beyond is not counted; the
/// configured limits hold for them all the same.
#[derive(Debug)]
pub struct Pace {
    zone: Tz,
    most: usize,
    minute: i64,
    day: NaiveDate,
    /// Of a person in a place: this minute, and this day.
    counts: HashMap<(Pseudonym, Pseudonym), (u32, u32)>,
}

impl Pace {
    #[must_use]
    pub fn new(zone: Tz, most: usize) -> Self {
        Self { zone, most, minute: i64::MIN, day: NaiveDate::MIN, counts: HashMap::new() }
    }

    /// Counts a call, where the rule of its place sets a limit that is not reached.
    ///
    /// # Errors
    /// When it is.
    pub fn count(
        &mut self,
        rule: &Rule,
        place: &Pseudonym,
        who: &Pseudonym,
        now: DateTime<Utc>,
    ) -> Result<(), TooMuch> {
        if rule.per_minute.is_none() && rule.per_day.is_none() {
            return Ok(());
        }
        self.turn(now);
        let key = (place.clone(), who.clone());
        let (minute, day) = self.counts.get(&key).copied().unwrap_or_default();
        if rule.per_day.is_some_and(|most| day >= most) {
            return Err(TooMuch::Day { resets_in: self.rest_of_day(now) });
        }
        if rule.per_minute.is_some_and(|most| minute >= most) {
            let into = Duration::from_secs(now.timestamp().rem_euclid(60).unsigned_abs());
            return Err(TooMuch::Minute { retry_after: MINUTE.saturating_sub(into) });
        }
        if self.counts.len() < self.most || self.counts.contains_key(&key) {
            self.counts.insert(key, (minute + 1, day + 1));
        }
        Ok(())
    }

    /// A new minute, or a new day.
    fn turn(&mut self, now: DateTime<Utc>) {
        let (minute, day) = (now.timestamp().div_euclid(60), now.with_timezone(&self.zone).date_naive());
        if day != self.day {
            self.counts.clear();
        } else if minute != self.minute {
            self.counts.values_mut().for_each(|(minute, _)| *minute = 0);
        }
        (self.minute, self.day) = (minute, day);
    }

    fn rest_of_day(&self, now: DateTime<Utc>) -> Duration {
        let into = now.with_timezone(&self.zone).num_seconds_from_midnight();
        DAY.saturating_sub(Duration::from_secs(into.into()))
    }
}
