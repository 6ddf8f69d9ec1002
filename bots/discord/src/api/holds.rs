//! Takes what Discord says of its limits, gives when more may be asked. Pure.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

/// Places that are remembered; what is free again is forgotten first.
const REMEMBERED: usize = 4_096;

/// What an answer says of the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// Nothing more before that, here or, when it is `global`, anywhere.
    pub retry_after: Option<Duration>,
    pub global: bool,
    /// What is left until the limit starts anew.
    pub remaining: Option<u64>,
    pub reset_after: Option<Duration>,
}

/// Where calls wait for Discord, where no limiter does that for us. A place is a channel, a callback, or a kind of call.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    all: Duration,
    places: HashMap<String, Duration>,
    kinds: HashMap<(String, &'static str), Duration>,
}

impl Holds {
    /// When this may be asked.
    pub(crate) fn free(&self, place: &str, kind: &'static str) -> Duration {
        let place_free = self.places.get(place).copied().unwrap_or_default();
        let kind_free = self.kinds.get(&(place.to_owned(), kind)).copied().unwrap_or_default();
        self.all.max(place_free).max(kind_free)
    }

    pub(crate) fn learn(&mut self, place: &str, kind: &'static str, told: Told, now: Duration) {
        if let Some(wait) = told.retry_after {
            // Creating and changing share their limits, which are not named before they are met.
            let held = if told.global { &mut self.all } else { self.places.entry(place.to_owned()).or_default() };
            *held = (*held).max(now + wait);
        }
        if let (Some(0), Some(reset)) = (told.remaining, told.reset_after) {
            self.kinds.insert((place.to_owned(), kind), now + reset);
        }
        if self.places.len() > REMEMBERED || self.kinds.len() > REMEMBERED {
            self.places.retain(|_, held| *held > now);
            self.kinds.retain(|_, held| *held > now);
        }
    }
}

/// Calls that went wrong, of all accounts of this machine: beyond 10,000 in ten minutes Discord shuts it out.
#[derive(Debug)]
pub(crate) struct Invalid {
    most: usize,
    window: Duration,
    times: VecDeque<Duration>,
}

impl Invalid {
    pub(crate) fn new(most: usize, window: Duration) -> Self {
        Self { most, window, times: VecDeque::new() }
    }

    /// One more went wrong. Gives whether that was the last that may.
    pub(crate) fn note(&mut self, now: Duration) -> bool {
        self.pass(now);
        self.times.push_back(now);
        self.times.len() == self.most
    }

    /// How long everybody rests.
    pub(crate) fn rest(&mut self, now: Duration) -> Option<Duration> {
        self.pass(now);
        let over = self.times.len().checked_sub(self.most)?;
        self.times.get(over).map(|at| (*at + self.window).saturating_sub(now))
    }

    fn pass(&mut self, now: Duration) {
        while self.times.front().is_some_and(|at| *at + self.window <= now) {
            self.times.pop_front();
        }
    }
}
