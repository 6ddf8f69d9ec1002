//! One scenario beside what it is to be compared with.

use super::{
    report::Report,
    run, run_first_in_first_out, run_for,
    scenario::{Crowd, Scenario},
};
use crate::scheduler::{Class, SchedulerConfig, Side};

/// The same crowds, lived through several times.
#[derive(Clone, Debug)]
pub struct Study {
    pub scenario: Scenario,
    /// What is asked for over what the engine can do.
    pub load: f64,
    pub policy: Report,
    /// Jain's index under the policy, and first in, first out: see [`Report::fairness`].
    pub fairness: (f64, f64),
    /// First in, first out, with a line of the same length.
    pub fifo: Report,
    /// Only what is paid for, where there is anything else.
    pub alone: Option<Report>,
    /// Where more is asked for than the engine can do, from beginning to end: the common side asks just enough less.
    pub saturated: Option<Report>,
}

impl Study {
    /// Runs all of it: some seconds for a day.
    #[must_use]
    pub fn of(config: &SchedulerConfig, scenario: Scenario) -> Self {
        let is = |class: Class| move |crowd: &Crowd| crowd.class == class;
        let (crowds, load) = (&scenario.crowds, scenario.load());
        let compares = crowds.iter().any(is(Class::Paid)) && !crowds.iter().all(is(Class::Paid));
        let (policy, fifo) = (run(config, &scenario), run_first_in_first_out(config, &scenario));
        Self {
            load,
            fairness: (policy.fairness(config), fifo.fairness(config)),
            alone: compares.then(|| run_for(config, &scenario, |class| class == Class::Paid)),
            saturated: scenario.saturated().map(|saturated| run(config, &saturated)),
            policy,
            fifo,
            scenario,
        }
    }

    /// Answers in time over those at saturation.
    #[must_use]
    pub fn goodput(&self) -> Option<f64> {
        let saturated = self.saturated.as_ref()?.in_time();
        Some(over(self.policy.in_time(), saturated))
    }

    /// The 99th percentile of the time to a paid call's first token, over that of the same calls alone.
    #[must_use]
    pub fn paid_over_alone(&self) -> Option<f64> {
        let alone = self.alone.as_ref()?;
        Some(self.paid_first_token() / first_token(alone)).filter(|ratio| ratio.is_finite())
    }

    /// First in, first out over the policy, for the same.
    #[must_use]
    pub fn fifo_over_paid(&self) -> Option<f64> {
        Some(first_token(&self.fifo) / self.paid_first_token()).filter(|ratio| ratio.is_finite())
    }

    /// The part of the tokens that nobody saw.
    #[must_use]
    pub fn never_shown(&self) -> f64 {
        let count = |tokens| usize::try_from(tokens).unwrap_or(usize::MAX);
        over(count(self.policy.never_shown), count(self.policy.tokens))
    }

    /// The part of the engine's time that reading again after cuts took.
    #[must_use]
    pub fn prefilled_again(&self) -> f64 {
        self.policy.prefilled_again.as_secs_f64() / self.scenario.capacity().as_secs_f64()
    }

    fn paid_first_token(&self) -> f64 {
        first_token(&self.policy)
    }
}

impl Scenario {
    /// The same with so much less from the common side that the engine can just do all of it. `None` where it can anyway, where
    /// the others alone ask for too much, and where crowds come and go, so that there is no one load.
    #[must_use]
    pub fn saturated(&self) -> Option<Self> {
        let only = |side: Side| {
            let crowds = self.crowds.iter().filter(|crowd| crowd.class.side() == side).cloned().collect();
            Self { crowds, ..self.clone() }.load()
        };
        let (express, common) = (only(Side::Express), only(Side::Common));
        let room = (1.0 - express) / common;
        let mut thinned = self.clone();
        for crowd in thinned.crowds.iter_mut().filter(|crowd| crowd.class.side() == Side::Common) {
            crowd.per_minute *= room;
        }
        let steady = self.crowds.iter().all(|crowd| crowd.asks_for(self.length) == self.length);
        (steady && room > 0.0 && room < 1.0).then_some(thinned)
    }
}

fn first_token(report: &Report) -> f64 {
    report.of(Class::Paid).first_token(990).as_secs_f64()
}

/// One count over another; nothing over nothing is nothing.
pub(super) fn over(part: usize, whole: usize) -> f64 {
    let wide = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { wide(part) / wide(whole) }
}
