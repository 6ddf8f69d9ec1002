use std::time::Duration;

use proptest::prelude::*;

use crate::engine::{
    BreakerConfig,
    pool::breaker::{Breaker, Phase},
};

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn config() -> BreakerConfig {
    BreakerConfig { delay: at(2), longest_delay: at(10), jitter: 0.0, ..BreakerConfig::default() }
}

fn fail(breaker: &mut Breaker, now: Duration, times: usize) {
    for _ in 0..times {
        breaker.failed(now, breaker.epoch(), false, 0.0);
    }
}

#[test]
fn it_opens_behind_failures_in_a_row_and_not_behind_scattered_ones() {
    let mut breaker = Breaker::new(&config());
    for _ in 0..4 {
        fail(&mut breaker, at(0), 2);
        for _ in 0..4 {
            breaker.succeeded(at(0), breaker.epoch(), 4);
        }
    }
    assert_eq!(breaker.allows(4), 4);
    fail(&mut breaker, at(1), 3);
    assert_eq!((breaker.allows(4), breaker.phase()), (0, Phase::Open { until: at(3) }));
}

#[test]
fn it_opens_when_half_of_what_is_lately_asked_fails() {
    let mut breaker = Breaker::new(&config());
    for second in 0..9 {
        if second % 2 == 0 { fail(&mut breaker, at(second), 1) } else { breaker.succeeded(at(second), 0, 1) }
    }
    assert_eq!(breaker.phase(), Phase::Closed, "too few to judge");
    fail(&mut breaker, at(9), 1);
    assert_eq!(breaker.phase(), Phase::Open { until: at(11) });

    let mut slow = Breaker::new(&config());
    for minute in 0..20 {
        slow.succeeded(at(60 * minute), 0, 1);
        fail(&mut slow, at(60 * minute), 1);
    }
    assert_eq!(slow.phase(), Phase::Closed, "failures of an hour ago do not count");
}

#[test]
fn it_asks_once_and_waits_longer_every_time() {
    let mut breaker = Breaker::new(&config());
    fail(&mut breaker, at(0), 3);
    let mut now = at(0);
    for delay in [2, 4, 8, 10, 10] {
        let due = breaker.due().expect("a time");
        assert_eq!(due, now + at(delay));
        assert!(!breaker.probe(due.saturating_sub(Duration::from_nanos(1))));
        assert!(breaker.probe(due));
        assert!(!breaker.probe(due + at(1000)), "one at a time");
        assert_eq!((breaker.due(), breaker.allows(9)), (None, 0));
        breaker.probed(due, false, 0.0);
        now = due;
    }
}

#[test]
fn an_engine_that_hangs_is_believed_at_once() {
    let mut breaker = Breaker::new(&config());
    breaker.failed(at(120), 0, true, 0.0);
    assert_eq!(breaker.phase(), Phase::Open { until: at(122) });
}

#[test]
fn chance_takes_its_part_off_the_delay() {
    let mut breaker = Breaker::new(&BreakerConfig { jitter: 0.5, ..config() });
    for _ in 0..3 {
        breaker.failed(at(0), 0, false, 1.0);
    }
    assert_eq!(breaker.due(), Some(at(1)));
}

#[test]
fn it_comes_back_step_by_step_and_one_failure_sends_it_away_again() {
    let mut breaker = Breaker::new(&config());
    let old = breaker.epoch();
    fail(&mut breaker, at(0), 3);
    assert!(breaker.probe(at(2)));
    breaker.probed(at(2), true, 0.0);
    let mut seen = vec![breaker.allows(4)];
    breaker.failed(at(2), old, false, 0.0);
    breaker.succeeded(at(2), old, 4);
    assert_eq!(breaker.allows(4), 1, "what began before says nothing of now");
    for _ in 0..4 {
        breaker.succeeded(at(3), breaker.epoch(), 4);
        seen.push(breaker.allows(4));
    }
    assert_eq!((seen.as_slice(), breaker.phase()), ([1, 2, 3, 4, 4].as_slice(), Phase::Closed));

    fail(&mut breaker, at(4), 3);
    assert_eq!(breaker.due(), Some(at(6)), "a whole recovery starts the delays anew");
    assert!(breaker.probe(at(6)));
    breaker.probed(at(6), true, 0.0);
    breaker.succeeded(at(7), breaker.epoch(), 4);
    fail(&mut breaker, at(7), 1);
    assert_eq!(breaker.phase(), Phase::Open { until: at(11) }, "half a recovery does not");
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(u16),
    Fail,
    FailOld,
    Succeed,
    Probe,
    Probed(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..5000_u16).prop_map(Step::Wait),
        Just(Step::Fail),
        Just(Step::FailOld),
        Just(Step::Succeed),
        Just(Step::Probe),
        any::<bool>().prop_map(Step::Probed),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_it_is_never_stuck(steps in prop::collection::vec(step(), 0..200), chance in 0.0..1.0_f64) {
        let mut breaker = Breaker::new(&config());
        let (mut now, mut asked) = (Duration::ZERO, false);
        for step in steps {
            match step {
                Step::Wait(ms) => now += Duration::from_millis(ms.into()),
                Step::Fail => breaker.failed(now, breaker.epoch(), false, chance),
                Step::FailOld => breaker.failed(now, breaker.epoch().wrapping_sub(1), false, chance),
                Step::Succeed => breaker.succeeded(now, breaker.epoch(), 8),
                Step::Probe => {
                    let probes = breaker.probe(now);
                    prop_assert!(!(probes && asked), "two questions at once");
                    asked |= probes;
                }
                Step::Probed(well) => {
                    breaker.probed(now, well, chance);
                    asked = false;
                }
            }
            let stuck = breaker.allows(8) == 0 && breaker.due().is_none() && breaker.phase() != Phase::Probing;
            prop_assert!(!stuck);
            prop_assert!(breaker.due().is_none_or(|due| due <= now + at(10)));
            prop_assert!(breaker.allows(3) <= 3);
        }
    }
}
