//! Takes how answers ended, says whether an engine is to be asked at all. Pure: told the time and the chance.

use std::{collections::VecDeque, time::Duration};

use crate::engine::BreakerConfig;

/// Outcomes that are remembered for the share of failures. The oldest is forgotten first.
const MOST_OUTCOMES: usize = 1000;

/// Stops asking an engine that fails, looks after it with one question at a time, and comes back step by step: every answer
/// that ends well lets in one more, as TCP's slow start does (RFC 5681).
#[derive(Clone, Debug)]
pub struct Breaker {
    config: BreakerConfig,
    phase: Phase,
    /// Changes whenever it opens and when it lets answers in again: what began before says nothing of what is now.
    epoch: u64,
    in_a_row: usize,
    lately: VecDeque<(Duration, bool)>,
    /// Times that it opened since it was last closed.
    opened: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// In order.
    Closed,
    /// Out of order; to be looked after at `until`.
    Open { until: Duration },
    /// One question is on its way.
    Probing,
    /// In order again, for so many answers at once.
    Ramping { slots: usize },
}

impl Breaker {
    pub fn new(config: &BreakerConfig) -> Self {
        Self { config: config.clone(), phase: Phase::Closed, epoch: 0, in_a_row: 0, lately: VecDeque::new(), opened: 0 }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What an answer that begins now tells at its end.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// How many of `slots` may be used.
    pub fn allows(&self, slots: usize) -> usize {
        match self.phase {
            Phase::Closed => slots,
            Phase::Ramping { slots: some } => some.min(slots),
            Phase::Open { .. } | Phase::Probing => 0,
        }
    }

    /// An answer of `epoch` ended well.
    pub fn succeeded(&mut self, now: Duration, epoch: u64, slots: usize) {
        if epoch != self.epoch {
            return;
        }
        self.in_a_row = 0;
        match self.phase {
            Phase::Closed => self.note(now, true),
            Phase::Ramping { slots: some } if some >= slots => {
                self.phase = Phase::Closed;
                self.opened = 0;
            }
            Phase::Ramping { slots: some } => self.phase = Phase::Ramping { slots: some + 1 },
            Phase::Open { .. } | Phase::Probing => {}
        }
    }

    /// An answer of `epoch` failed, or the engine `hung`: that is believed at once. `chance` is drawn from 0 to 1.
    pub fn failed(&mut self, now: Duration, epoch: u64, hung: bool, chance: f64) {
        if epoch != self.epoch {
            return;
        }
        self.in_a_row += if hung { self.config.failures } else { 1 };
        self.note(now, false);
        let open = match self.phase {
            Phase::Closed => self.in_a_row >= self.config.failures || self.fails_often(),
            // It was believed once already.
            Phase::Ramping { .. } => true,
            Phase::Open { .. } | Phase::Probing => false,
        };
        if open {
            self.open(now, chance);
        }
    }

    /// When it wants to be looked after.
    pub fn due(&self) -> Option<Duration> {
        match self.phase {
            Phase::Open { until } => Some(until),
            _ => None,
        }
    }

    /// Whether a question is to be sent now. True once: then it waits for [`Breaker::probed`].
    pub fn probe(&mut self, now: Duration) -> bool {
        let due = self.due().is_some_and(|due| due <= now);
        if due {
            self.phase = Phase::Probing;
        }
        due
    }

    /// How that question ended.
    pub fn probed(&mut self, now: Duration, well: bool, chance: f64) {
        if self.phase != Phase::Probing {
            return;
        }
        if well {
            self.epoch += 1;
            self.in_a_row = 0;
            self.phase = Phase::Ramping { slots: 1 };
        } else {
            self.open(now, chance);
        }
    }

    fn open(&mut self, now: Duration, chance: f64) {
        self.epoch += 1;
        self.in_a_row = 0;
        self.lately.clear();
        self.phase = Phase::Open { until: now.saturating_add(self.delay(chance)) };
        self.opened = self.opened.saturating_add(1);
    }

    /// Twice as long every time, up to a bound, less a part by chance: many fleets do not come back in step.
    fn delay(&self, chance: f64) -> Duration {
        let doubled = self.config.delay.saturating_mul(2_u32.saturating_pow(self.opened));
        let longest = self.config.longest_delay.max(self.config.delay);
        doubled.min(longest).mul_f64(1.0 - self.config.jitter.clamp(0.0, 1.0) * chance.clamp(0.0, 1.0))
    }

    fn note(&mut self, now: Duration, well: bool) {
        let old = now.saturating_sub(self.config.window);
        while self.lately.front().is_some_and(|(at, _)| *at < old) || self.lately.len() >= MOST_OUTCOMES {
            self.lately.pop_front();
        }
        self.lately.push_back((now, well));
    }

    fn fails_often(&self) -> bool {
        let failed = self.lately.iter().filter(|(_, well)| !well).count();
        let (failed, all) = (share(failed), share(self.lately.len()));
        self.lately.len() >= self.config.share_of && failed >= all * self.config.share
    }
}

fn share(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
