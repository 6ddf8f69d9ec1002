//! Hours of the wall clock in a time zone. Where its clocks are set forward or back, hours are as long as the clock says: one that
//! comes twice counts twice, one that is left out not at all.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::chat::Hours;

/// Hours never go on for longer: a day that is an hour longer than others, and never a whole one.
const LONGEST: TimeDelta = TimeDelta::hours(25);
const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// Whether it is within these hours.
#[must_use]
pub fn is_within(hours: Hours, zone: Tz, now: DateTime<Utc>) -> bool {
    let local = now.with_timezone(&zone);
    u16::try_from(local.hour() * 60 + local.minute()).is_ok_and(|minute| hours.cover(minute))
}

/// How long until it is no more within these hours, to the second. Nothing when it is not.
#[must_use]
pub fn left(hours: Hours, zone: Tz, now: DateTime<Utc>) -> Duration {
    let past = TimeDelta::seconds(i64::from(now.with_timezone(&zone).second()));
    let (mut at, last) = (now, now + LONGEST);
    while at < last && is_within(hours, zone, at) {
        at = if at == now { now - past + MINUTE } else { at + MINUTE };
    }
    (at - now).to_std().unwrap_or_default()
}
