//! How often somebody asked today.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};

use super::Offset;
use crate::privacy::Pseudonym;

const DAY: i64 = 86_400;

/// Counts of one local day, for a bounded number of people. Who comes beyond is not counted; rates hold for them all the same.
#[derive(Debug)]
pub(super) struct Daily {
    offset: i64,
    most_people: usize,
    day: i64,
    counts: HashMap<Pseudonym, u32>,
}

impl Daily {
    pub fn new(offset: Offset, most_people: usize) -> Self {
        Self { offset: offset.seconds(), most_people, day: i64::MIN, counts: HashMap::new() }
    }

    /// How long until the person may ask again, if this day's cap is reached.
    pub fn check(&mut self, who: &Pseudonym, cap: u32, wall: DateTime<Utc>) -> Result<(), Duration> {
        let into_day = self.turn_page(wall);
        if self.counts.get(who).is_none_or(|count| *count < cap) && cap > 0 {
            return Ok(());
        }
        Err(Duration::from_secs((DAY - into_day).unsigned_abs()))
    }

    pub fn count(&mut self, who: &Pseudonym, wall: DateTime<Utc>) {
        self.turn_page(wall);
        if self.counts.len() < self.most_people || self.counts.contains_key(who) {
            let count = self.counts.entry(who.clone()).or_default();
            *count = count.saturating_add(1);
        }
    }

    pub fn forget(&mut self, who: &Pseudonym) {
        self.counts.remove(who);
    }

    /// Any other day starts afresh, an earlier one too: a clock that was wrong once must not lock people out for years. Gives
    /// the seconds since local midnight.
    fn turn_page(&mut self, wall: DateTime<Utc>) -> i64 {
        let local = wall.timestamp().saturating_add(self.offset);
        let day = local.div_euclid(DAY);
        if day != self.day {
            self.day = day;
            self.counts.clear();
        }
        local.rem_euclid(DAY)
    }
}
