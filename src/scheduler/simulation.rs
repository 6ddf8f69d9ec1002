//! Takes crowds of askers, gives what each class had to wait. Knows nothing of clocks, platforms or models.
//!
//! A discrete-event simulation around the real [`State`](super::State) and the real [`Cost`](super::Cost): the clock jumps from
//! event to event, so that a day passes in seconds, and the same seed gives the same day.

mod day;
mod discipline;
mod fairness;
mod fifo;
mod figures;
mod json;
mod picture;
mod report;
mod scenario;
mod study;
mod table;
#[cfg(test)]
mod tests;
mod wish;

use self::{day::Day, fifo::Fifo};
pub use self::{
    fairness::jain,
    figures::{Figure, figures},
    picture::picture,
    report::{Asker, Begun, Outcome, Report, Served, quantile},
    scenario::{BUILT_IN, Crowd, Scenario, ScenarioError, Speed},
    study::Study,
    table::table,
};
use super::{Class, SchedulerConfig, State};

/// Lives through a scenario under the policy, until everything that was asked has ended.
#[must_use]
pub fn run(config: &SchedulerConfig, scenario: &Scenario) -> Report {
    run_for(config, scenario, |_| true)
}

/// The same, with only the classes that `asks` lets ask. What these ask is the same to the microsecond, whoever else asks.
#[must_use]
pub fn run_for(config: &SchedulerConfig, scenario: &Scenario, asks: impl Fn(Class) -> bool) -> Report {
    Day::new(config, scenario, State::new(config, scenario.engine.slots)).live(asks)
}

/// Lives through a scenario first in, first out, with a line of the same length.
#[must_use]
pub fn run_first_in_first_out(config: &SchedulerConfig, scenario: &Scenario) -> Report {
    Day::new(config, scenario, Fifo::new(config, scenario.engine.slots)).live(|_| true)
}
