use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{NEW_YORK, SEOUL, hours, utc};
use crate::{
    chat::Hours,
    moderation::{is_within, left},
};

/// With and without daylight saving, half an hour of it, a day that was left out, and quarters of an hour.
const ZONES: [Tz; 6] =
    [SEOUL, NEW_YORK, Tz::Europe__Berlin, Tz::Australia__Lord_Howe, Tz::Pacific__Apia, Tz::Asia__Kathmandu];

fn zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(ZONES.to_vec())
}

fn any_hours() -> impl Strategy<Value = Hours> {
    (0..1440_u16, 0..1440_u16).prop_filter_map("they are never empty", |(from, until)| Hours::new(from, until))
}

fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    // 2010 to 2040: Apia left out the 30th of December 2011.
    (1_262_304_000_i64..2_208_988_800).prop_map(|second| DateTime::from_timestamp(second, 0).unwrap())
}

proptest! {
    #[test]
    fn they_are_what_the_wall_clock_says(hours in any_hours(), zone in zone(), now in moment()) {
        let local = now.with_timezone(&zone);
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap();
        let length = (1440 + hours.until() - hours.from()) % 1440;
        let into = (1440 + minute - hours.from()) % 1440;
        prop_assert_eq!(is_within(hours, zone, now), into < length);
    }

    #[test]
    fn hours_and_the_rest_of_the_day_share_every_moment(hours in any_hours(), zone in zone(), now in moment()) {
        let rest = Hours::new(hours.until(), hours.from()).unwrap();
        prop_assert_ne!(is_within(hours, zone, now), is_within(rest, zone, now));
    }

    #[test]
    fn what_is_left_of_them_ends_with_them(hours in any_hours(), zone in zone(), now in moment(), part in 0.0..1.0_f64) {
        let left = left(hours, zone, now);
        prop_assert_eq!(left.is_zero(), !is_within(hours, zone, now));
        prop_assert!(left <= Duration::from_hours(25));
        prop_assert!(!is_within(hours, zone, now + TimeDelta::from_std(left).unwrap()));
        let meanwhile = now + TimeDelta::from_std(left.mul_f64(part)).unwrap();
        prop_assert!(left.is_zero() || is_within(hours, zone, meanwhile));
    }
}

#[test]
fn a_night_in_seoul_goes_past_midnight() {
    let night = hours("23:00-07:00");
    assert!(!is_within(night, SEOUL, utc("2026-05-29 13:59:59")));
    assert!(is_within(night, SEOUL, utc("2026-05-29 14:00:00")));
    assert!(is_within(night, SEOUL, utc("2026-05-29 21:59:59")));
    assert!(!is_within(night, SEOUL, utc("2026-05-29 22:00:00")));
    assert_eq!(left(night, SEOUL, utc("2026-05-29 14:00:30")), Duration::from_secs(8 * 3600 - 30));
}

#[test]
fn a_night_is_an_hour_shorter_when_clocks_go_forward() {
    let night = hours("23:00-07:00");
    assert_eq!(left(night, NEW_YORK, utc("2026-03-07 04:00:00")), Duration::from_hours(8));
    assert_eq!(left(night, NEW_YORK, utc("2026-03-08 04:00:00")), Duration::from_hours(7));
}

#[test]
fn a_night_is_an_hour_longer_when_clocks_go_back() {
    assert_eq!(left(hours("23:00-07:00"), NEW_YORK, utc("2026-11-01 03:00:00")), Duration::from_hours(9));
}

#[test]
fn hours_that_come_twice_are_kept_twice_and_those_left_out_not_at_all() {
    let small = hours("01:15-01:45");
    // Clocks went from two back to one: 01:30 was at 05:30 and at 06:30.
    assert!(is_within(small, NEW_YORK, utc("2026-11-01 05:30:00")));
    assert!(!is_within(small, NEW_YORK, utc("2026-11-01 05:50:00")));
    assert!(is_within(small, NEW_YORK, utc("2026-11-01 06:30:00")));
    let left_out = hours("02:15-02:45");
    let day = (0..1440).map(|minute| utc("2026-03-08 05:00:00") + TimeDelta::minutes(minute));
    assert_eq!(day.filter(|now| is_within(left_out, NEW_YORK, *now)).count(), 0);
}
