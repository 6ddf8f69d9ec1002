//! What became of the calls.

use std::{collections::BTreeMap, time::Duration};

use crate::scheduler::Class;

/// A call that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// When it was asked.
    pub at: Duration,
    /// Until it was claimed for the first time.
    pub wait: Duration,
    /// Until its first token.
    pub first_token: Duration,
}

/// What became of the calls of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub asked: usize,
    /// Not let into the line.
    pub refused: usize,
    pub answered: usize,
    /// Of these, before the deadline.
    pub in_time: usize,
    pub shed: usize,
    /// Not begun in time, or stopped long after the deadline.
    pub expired: usize,
    /// Engine time spent.
    pub work: Duration,
    /// In the order in which they were begun.
    pub begun: Vec<Begun>,
}

impl Outcome {
    /// The wait until the first claim that `thousandths` of what was begun did not exceed; zero if nothing was.
    #[must_use]
    pub fn wait(&self, thousandths: usize) -> Duration {
        quantile(self.begun.iter().map(|begun| begun.wait), thousandths)
    }

    /// The same for the time from asking to the first token.
    #[must_use]
    pub fn first_token(&self, thousandths: usize) -> Duration {
        quantile(self.begun.iter().map(|begun| begun.first_token), thousandths)
    }
}

/// The value that `thousandths` of all values do not exceed; zero if there is none.
#[must_use]
pub fn quantile(values: impl Iterator<Item = Duration>, thousandths: usize) -> Duration {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    let rank = (values.len() * thousandths.min(1000)).div_ceil(1000);
    values.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Whose work is counted together: a person of a crowd, or all newcomers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asker {
    Person { crowd: usize, person: u32 },
    Newcomers,
}

/// What an asker asked for and had, in engine time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    pub class: Class,
    pub asked: Duration,
    pub had: Duration,
}

/// What became of all calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub(super) outcomes: [Outcome; 6],
    /// Of those who asked at all.
    pub askers: BTreeMap<Asker, Served>,
    /// From the beginning until nothing waited or ran any more.
    pub took: Duration,
    pub cuts: usize,
    /// Engine time spent on reading again what was cut.
    pub prefilled_again: Duration,
    /// Tokens that the engine wrote.
    pub tokens: u64,
    /// Of these, in answers that came to no end.
    pub never_shown: u64,
}

impl Report {
    #[must_use]
    pub fn of(&self, class: Class) -> &Outcome {
        &self.outcomes[class as usize]
    }

    pub(super) fn of_mut(&mut self, class: Class) -> &mut Outcome {
        &mut self.outcomes[class as usize]
    }

    /// The classes of which anybody asked, the most urgent first.
    pub fn classes(&self) -> impl Iterator<Item = Class> + '_ {
        Class::ALL.into_iter().filter(|class| self.of(*class).asked > 0)
    }

    /// Answers in time, of all classes.
    #[must_use]
    pub fn in_time(&self) -> usize {
        self.outcomes.iter().map(|outcome| outcome.in_time).sum()
    }
}
