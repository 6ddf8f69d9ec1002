use std::time::Duration;

use super::{Crowd, Report, Scenario, run};
use crate::scheduler::{Class, SchedulerConfig};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const HOURS: (Duration, Duration) = (Duration::ZERO, Duration::from_hours(2));

/// Answers of 2 to 6 s, 0.5 s of them prefill, whatever the class.
fn crowd(class: Class, people: u32, every: Duration) -> Crowd {
    let answer = (Duration::from_millis(1_500), Duration::from_millis(5_500));
    Crowd { class, people, every, answer, deadline: Some(secs(600)), credit_cents: 500, during: HOURS }
}

fn scenario(crowds: Vec<Crowd>) -> Scenario {
    Scenario { seed: 7, slots: 1, prefill: Duration::from_millis(500), can_continue: true, crowds }
}

fn live(scenario: &Scenario) -> Report {
    run(&SchedulerConfig::default(), scenario)
}

/// A fifth of the engine, in answers of 4 s on average.
fn paid() -> Crowd {
    crowd(Class::Paid, 40, secs(20))
}

/// Ten times what the engine can do.
fn flood() -> Crowd {
    crowd(Class::Free, 400, Duration::from_millis(400))
}

fn part(x: Duration, of: Duration) -> f64 {
    x.as_secs_f64() / of.as_secs_f64()
}

#[test]
fn the_same_seed_gives_the_same_day() {
    let day = scenario(vec![paid(), flood()]);
    assert_eq!(live(&day), live(&day));
    assert_ne!(live(&day), live(&Scenario { seed: 8, ..day.clone() }));
}

#[test]
fn everything_that_was_asked_has_ended() {
    let report = live(&scenario(vec![paid(), flood(), crowd(Class::Supporter, 50, secs(10))]));
    for class in [Class::Paid, Class::Free, Class::Supporter] {
        let outcome = report.of(class);
        assert!(outcome.asked > 300);
        assert_eq!(outcome.asked, outcome.turned + outcome.answered + outcome.shed + outcome.expired, "{class:?}");
    }
}

#[test]
fn a_flood_of_free_calls_is_hardly_felt_by_who_paid() {
    let alone = live(&scenario(vec![paid()]));
    let flooded = live(&scenario(vec![paid(), flood()]));
    let (calm, rough) = (alone.of(Class::Paid), flooded.of(Class::Paid));
    assert_eq!(calm.asked, rough.asked, "the paid trace is the same");
    assert_eq!((rough.expired, rough.shed, rough.turned), (0, 0, 0));
    let first_token = |wait: Duration| wait + Duration::from_millis(500);
    let ratio = part(first_token(rough.wait(990)), first_token(calm.wait(990)));
    assert!(ratio < 1.3, "p99 {:?} against {:?} alone", rough.wait(990), calm.wait(990));
    assert!(flooded.cuts > 0);
    assert!(part(flooded.resumed, HOURS.1) < 0.05, "{:?} spent on taking up again", flooded.resumed);
}

#[test]
fn the_engine_is_kept_busy_by_a_flood() {
    let report = live(&scenario(vec![flood()]));
    let free = report.of(Class::Free);
    assert!(part(free.work, HOURS.1) > 0.99, "{:?}", free.work);
    assert!(free.wait(990) < secs(60), "the line stays short: {:?}", free.wait(990));
}

#[test]
fn no_paid_call_expires_while_the_paid_load_is_below_its_part() {
    let busy = crowd(Class::Paid, 200, Duration::from_millis(4_700));
    let report = live(&scenario(vec![busy, flood()]));
    let outcome = report.of(Class::Paid);
    assert_eq!((outcome.expired, outcome.shed), (0, 0), "{outcome:?}");
}

#[test]
fn every_class_keeps_a_part_of_the_work_under_any_load() {
    let crowds = Class::ALL.map(|class| crowd(class, 50, secs(2))).into();
    let report = live(&scenario(crowds));
    let total: Duration = Class::ALL.into_iter().map(|class| report.of(class).work).sum();
    let common = [Class::Supporter, Class::Fan, Class::Free, Class::Idle];
    let common_work: Duration = common.iter().map(|class| report.of(*class).work).sum();
    assert!(part(common_work, total) > 0.09, "{common_work:?} of {total:?}");
    for class in Class::ALL {
        assert!(report.of(class).answered > 0, "{class:?}: {:?}", report.of(class));
    }
}

#[test]
fn among_a_hundred_and_one_a_flooder_gets_what_everyone_gets() {
    let everyone = Crowd { answer: (secs(4), secs(4)), ..crowd(Class::Free, 100, Duration::from_millis(500)) };
    let flooder = Crowd { people: 1, ..everyone.clone() };
    let report = live(&scenario(vec![everyone, flooder]));
    let mine = report.shares[&(1, 0)].as_secs_f64();
    let others: Vec<_> = (0..100).map(|person| report.shares[&(0, person)].as_secs_f64()).collect();
    let all: Vec<_> = others.into_iter().chain([mine]).collect();
    let (sum, squares) = all.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    let jain = sum * sum / (101.0 * squares);
    assert!(jain > 0.9, "Jain {jain}, the flooder has {mine} s of {sum} s");
}

#[test]
fn without_cutting_paid_calls_wait_for_at_most_the_running_answer_longer() {
    let uncut = Scenario { can_continue: false, ..scenario(vec![paid(), flood()]) };
    let cut = live(&Scenario { can_continue: true, ..uncut.clone() });
    let uncut = live(&uncut);
    assert_eq!(uncut.cuts, 0);
    assert!(uncut.of(Class::Paid).wait(500) > cut.of(Class::Paid).wait(500));
    assert!(uncut.of(Class::Paid).wait(990) < cut.of(Class::Paid).wait(990) + secs(8));
}
