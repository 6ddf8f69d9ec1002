//! What the policy keeps, whoever comes.

use std::time::Duration;

use super::{crowd, flood, live, paid, part, scenario, secs};
use crate::scheduler::{
    Class, SchedulerConfig,
    simulation::{Crowd, Report, Scenario, Speed, figures, run_first_in_first_out, run_for},
};

#[test]
fn every_number_that_the_policy_is_held_to_holds_for_other_seeds_too() {
    for seed in [7, 8] {
        for figure in figures(&SchedulerConfig::default(), seed) {
            assert!(figure.holds(), "seed {seed}: {figure}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_day() {
    let day = scenario(vec![paid(), flood()]);
    assert_eq!(live(&day), live(&day));
    assert_ne!(live(&day), live(&Scenario { seed: 8, ..day.clone() }));
}

fn everything_has_ended(report: &Report) {
    for class in report.classes() {
        let outcome = report.of(class);
        let ended = outcome.refused + outcome.answered + outcome.shed + outcome.expired;
        assert_eq!(outcome.asked, ended, "{class:?}");
        assert!(outcome.in_time <= outcome.answered && outcome.answered <= outcome.begun.len(), "{class:?}");
    }
}

#[test]
fn everything_that_was_asked_has_ended() {
    let supporters = crowd(Class::Supporter, 50, secs(10));
    let scenario = scenario(vec![paid(), flood(), supporters]);
    let report = live(&scenario);
    assert_eq!(report.classes().collect::<Vec<_>>(), [Class::Paid, Class::Supporter, Class::Free]);
    assert!(report.of(Class::Free).asked > 10_000);
    everything_has_ended(&report);
    everything_has_ended(&run_first_in_first_out(&SchedulerConfig::default(), &scenario));
}

#[test]
fn a_crowd_asks_the_same_whoever_else_asks() {
    let config = SchedulerConfig::default();
    let beside = scenario(vec![flood(), paid()]);
    let (all, alone) = (live(&beside), run_for(&config, &beside, |class| class == Class::Paid));
    let asked = |report: &Report| {
        report.askers.values().filter(|served| served.class == Class::Paid).map(|served| served.asked).sum::<Duration>()
    };
    assert_eq!(asked(&all), asked(&alone));
    assert_eq!((alone.of(Class::Free).asked, alone.of(Class::Paid).asked), (0, all.of(Class::Paid).asked));
}

#[test]
fn many_slots_do_as_much_more() {
    let engine = Speed { slots: 8, ..Speed::default() };
    let wide = Scenario { engine, ..scenario(vec![paid(), flood()]) };
    let (one, eight) = (live(&scenario(vec![paid(), flood()])), live(&wide));
    everything_has_ended(&eight);
    let ratio = part(eight.of(Class::Free).work, one.of(Class::Free).work);
    assert!((8.0..10.5).contains(&ratio), "{ratio}");
}

#[test]
fn the_engine_is_kept_busy_by_a_flood() {
    let report = live(&scenario(vec![flood()]));
    let free = report.of(Class::Free);
    assert!(part(free.work, secs(7200)) > 0.99, "{:?}", free.work);
    assert!(free.wait(990) < secs(60), "the line stays short: {:?}", free.wait(990));
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
        assert!(report.of(class).answered > 0, "{class:?} was never answered");
    }
}

#[test]
fn a_raid_of_newcomers_takes_no_turn_of_the_regulars() {
    let regulars = crowd(Class::Free, 50, secs(10));
    let raid = Crowd { newcomers: true, from: secs(3600), ..crowd(Class::Free, 2000, Duration::from_millis(50)) };
    let config = SchedulerConfig::default();
    let report = live(&scenario(vec![regulars.clone(), raid.clone()]));
    let had = |report: &Report| {
        report
            .askers
            .iter()
            .filter(|(asker, _)| matches!(asker, super::super::Asker::Person { .. }))
            .map(|(_, served)| served.had)
            .sum::<Duration>()
    };
    let raided = part(had(&report), had(&live(&scenario(vec![regulars.clone()]))));
    let plain = run_first_in_first_out(&config, &scenario(vec![regulars, raid]));
    assert!(raided > 0.75, "the regulars keep {raided} of what they had");
    assert!(had(&report) > had(&plain), "more than first in, first out");
}

#[test]
fn without_cutting_paid_calls_wait_for_at_most_the_running_answer_longer() {
    let cut = scenario(vec![paid(), flood()]);
    let uncut = Scenario { engine: Speed { can_continue: false, ..Speed::default() }, ..cut.clone() };
    let (cut, uncut) = (live(&cut), live(&uncut));
    assert!(cut.cuts > 0 && cut.prefilled_again > Duration::ZERO);
    assert_eq!((uncut.cuts, uncut.prefilled_again), (0, Duration::ZERO));
    assert!(uncut.of(Class::Paid).wait(500) > cut.of(Class::Paid).wait(500));
    assert!(uncut.of(Class::Paid).wait(990) < cut.of(Class::Paid).wait(990) + secs(8));
}
