use std::time::Duration;

use chrono::TimeDelta;

use super::{NEW_YORK, SEOUL, tag, utc};
use crate::moderation::{Pace, Rule, TooMuch};

fn rule(per_minute: Option<u32>, per_day: Option<u32>) -> Rule {
    Rule { per_minute, per_day, ..Rule::default() }
}

#[test]
fn somebody_asks_so_often_in_a_minute_and_in_a_day() {
    let (mut pace, rule) = (Pace::new(SEOUL, 10), rule(Some(2), Some(3)));
    let (here, minsu, emma) = (tag(1), tag(100), tag(101));
    let now = utc("2026-05-29 03:00:20");
    assert_eq!(pace.count(&rule, &here, &minsu, now), Ok(()));
    assert_eq!(pace.count(&rule, &here, &minsu, now), Ok(()));
    let refused = pace.count(&rule, &here, &minsu, now);
    assert_eq!(refused, Err(TooMuch::Minute { retry_after: Duration::from_secs(40) }));
    assert_eq!(pace.count(&rule, &here, &emma, now), Ok(()), "everybody has their own");
    assert_eq!(pace.count(&rule, &tag(2), &minsu, now), Ok(()), "and in every place");
    let next = now + TimeDelta::seconds(40);
    assert_eq!(pace.count(&rule, &here, &minsu, next), Ok(()));
    let refused = pace.count(&rule, &here, &minsu, next + TimeDelta::minutes(1));
    assert_eq!(refused, Err(TooMuch::Day { resets_in: Duration::from_mins(11 * 60 + 58) }));
    assert_eq!(pace.count(&rule, &here, &minsu, utc("2026-05-29 15:00:00")), Ok(()), "midnight in Seoul");
}

#[test]
fn a_clock_that_goes_back_locks_nobody_out() {
    let (mut pace, rule) = (Pace::new(NEW_YORK, 10), rule(Some(1), None));
    assert_eq!(pace.count(&rule, &tag(1), &tag(100), utc("2036-11-01 05:30:00")), Ok(()));
    assert_eq!(pace.count(&rule, &tag(1), &tag(100), utc("2026-11-01 05:30:00")), Ok(()));
}

#[test]
fn who_comes_beyond_the_bound_is_not_counted() {
    let (mut pace, rule) = (Pace::new(SEOUL, 1), rule(None, Some(1)));
    let now = utc("2026-05-29 03:00:20");
    assert_eq!(pace.count(&rule, &tag(1), &tag(100), now), Ok(()));
    for _ in 0..3 {
        assert_eq!(pace.count(&rule, &tag(1), &tag(101), now), Ok(()));
    }
    assert!(pace.count(&rule, &tag(1), &tag(100), now).is_err());
}

#[test]
fn without_a_limit_nobody_is_counted() {
    let mut pace = Pace::new(SEOUL, 1);
    for _ in 0..100 {
        assert_eq!(pace.count(&Rule::default(), &tag(1), &tag(100), utc("2026-05-29 03:00:20")), Ok(()));
    }
}
