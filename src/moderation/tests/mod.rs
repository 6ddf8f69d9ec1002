//! What moderators want, without a clock or a table.

mod copies;
mod hours;
mod pace;
mod rules;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::{chat::Hours, privacy::Pseudonym};

const SEOUL: Tz = Tz::Asia__Seoul;
const NEW_YORK: Tz = Tz::America__New_York;

/// Pseudonym number `n` under a version of the key.
fn under_key(version: i16, n: u8) -> Pseudonym {
    Pseudonym::from_row(version, [n; 32])
}

fn tag(n: u8) -> Pseudonym {
    under_key(1, n)
}

fn hours(text: &str) -> Hours {
    text.parse().unwrap()
}

/// A moment by the clock of Greenwich, such as `2026-03-08 07:00:00`.
fn utc(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap().and_utc()
}
