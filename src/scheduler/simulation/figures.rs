//! The numbers that the policy is held to, measured.

use std::{fmt, time::Duration};

use super::{
    Study, jain,
    report::{Asker, Report},
    run,
    scenario::{Crowd, Scenario, Speed},
};
use crate::scheduler::{Class, SchedulerConfig};

/// One number and its bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub what: &'static str,
    pub measured: f64,
    pub bound: Bound,
}

/// What a number must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Figure {
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(least) => self.measured >= least,
            Bound::AtMost(most) => self.measured <= most,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (goal, bound) = match self.bound {
            Bound::AtLeast(least) => ("at least", least),
            Bound::AtMost(most) => ("at most", most),
        };
        let mark = if self.holds() { "ok   " } else { "FAULT" };
        write!(f, "{mark}  {:<72} {:>8.3}   {goal} {bound}", self.what, self.measured)
    }
}

/// Measures all of them: the same numbers for the same configuration and seed.
#[must_use]
pub fn figures(config: &SchedulerConfig, seed: u64) -> Vec<Figure> {
    let flood = Study::of(config, flood(seed));
    let busy = run(config, &busy(seed));
    let (paid, free) = (flood.policy.of(Class::Paid), flood.policy.of(Class::Free));
    let lost = |report: &Report| {
        let paid = report.of(Class::Paid);
        super::study::over(paid.refused + paid.shed + paid.expired, 1)
    };
    let (at_most, at_least) = (Bound::AtMost, Bound::AtLeast);
    debug_assert!(paid.asked > 0 && free.asked > 0, "the flood has both");
    [
        (
            "paid first token p99, free calls ten times over, over the same alone",
            flood.paid_over_alone().unwrap_or(f64::NAN),
            at_most(2.0),
        ),
        ("  first in, first out over ours", flood.fifo_over_paid().unwrap_or(f64::NAN), at_least(2.0)),
        (
            "answers in time, free calls ten times over, over saturation",
            flood.goodput().unwrap_or(f64::NAN),
            at_least(0.95),
        ),
        ("paid calls unanswered, of a load of 0.2, free calls ten times over", lost(&flood.policy), at_most(0.0)),
        ("paid calls unanswered, of a load of 0.85, free calls ten times over", lost(&busy), at_most(0.0)),
        ("part of the tokens written and never shown", flood.never_shown(), at_most(0.02)),
        ("part of the engine that reads again after cuts", flood.prefilled_again(), at_most(0.05)),
        (
            "Jain index of 101 backlogged people, one of whom asks 50 times as much",
            backlogged(config, seed),
            at_least(0.98),
        ),
    ]
    .map(|(what, measured, bound)| Figure { what, measured, bound })
    .into()
}

fn crowd(class: Class, people: u32, per_minute: f64) -> Crowd {
    Crowd {
        class,
        people,
        per_minute,
        newcomers: false,
        question: (15, 45),
        answer: (30, 90),
        cents: (100, 5_000),
        deadline: None,
        from: Duration::ZERO,
        to: None,
    }
}

fn scenario(seed: u64, length: Duration, crowds: Vec<Crowd>) -> Scenario {
    Scenario { name: "figures".to_owned(), seed, length, engine: Speed::default(), crowds }
}

/// An answer takes 2.2 s on average: a fifth of the engine is paid for, and free calls ask for ten engines.
fn flood(seed: u64) -> Scenario {
    let crowds = vec![crowd(Class::Paid, 40, 5.4), crowd(Class::Free, 400, 270.0)];
    scenario(seed, Duration::from_hours(4), crowds)
}

/// Paid calls ask for 0.85 of the engine.
fn busy(seed: u64) -> Scenario {
    let paid = Crowd { deadline: Some(Duration::from_mins(10)), ..crowd(Class::Paid, 200, 23.0) };
    scenario(seed, Duration::from_hours(4), vec![paid, crowd(Class::Free, 400, 270.0)])
}

/// Rounds of some four minutes: everybody asks oftener than their turn comes.
fn backlogged(config: &SchedulerConfig, seed: u64) -> f64 {
    let crowds = vec![crowd(Class::Free, 100, 100.0), crowd(Class::Free, 1, 50.0)];
    let report = run(config, &scenario(seed, Duration::from_hours(6), crowds));
    let is_person = |asker: &Asker| matches!(asker, Asker::Person { .. });
    jain(report.askers.iter().filter(|(asker, _)| is_person(asker)).map(|(_, served)| served.had.as_secs_f64()))
}
