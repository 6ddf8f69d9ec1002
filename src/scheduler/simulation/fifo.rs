//! First in, first out: what the policy is compared with.

use std::collections::VecDeque;

use super::discipline::Discipline;
use crate::scheduler::{Dropped, Effect, Micros, NewCall, SchedulerConfig, TicketId, Turned};

/// A line that holds as much work as the policy's: what comes beyond is turned away, and what can no longer be answered in
/// time is dropped when its turn comes. It knows no classes, no people and no cutting.
#[derive(Debug)]
pub(super) struct Fifo {
    slots: usize,
    most_work: Micros,
    shortest_line: usize,
    most_waiting: usize,
    waiting: VecDeque<Waits>,
    work: Micros,
    running: usize,
    newest: u64,
    effects: Vec<Effect>,
}

#[derive(Clone, Copy, Debug)]
struct Waits {
    id: TicketId,
    work: Micros,
    latest_start: Option<Micros>,
}

impl Fifo {
    pub(super) fn new(config: &SchedulerConfig, slots: usize) -> Self {
        let slots_wide = u64::try_from(slots).unwrap_or(u64::MAX);
        Self {
            slots,
            most_work: Micros::from(config.line).scaled(slots_wide, 1),
            shortest_line: config.shortest_line,
            most_waiting: config.most_waiting,
            waiting: VecDeque::new(),
            work: Micros::ZERO,
            running: 0,
            newest: 0,
            effects: Vec::new(),
        }
    }
}

impl Discipline for Fifo {
    fn enqueue(&mut self, now: Micros, call: &NewCall) -> Result<TicketId, Turned> {
        let work = Micros::from(call.estimate);
        let over_line = self.work.plus(work) > self.most_work && self.waiting.len() >= self.shortest_line;
        if over_line || self.waiting.len() >= self.most_waiting {
            return Err(Turned::Full);
        }
        self.newest += 1;
        let id = TicketId(self.newest);
        let latest_start = call.deadline.map(|deadline| now.plus(deadline.into()).minus(work));
        self.waiting.push_back(Waits { id, work, latest_start });
        self.work = self.work.plus(work);
        Ok(id)
    }

    fn claim(&mut self, now: Micros) -> Option<TicketId> {
        while self.running < self.slots {
            let first = self.waiting.pop_front()?;
            self.work = self.work.minus(first.work);
            if first.latest_start.is_none_or(|latest| now <= latest) {
                self.running += 1;
                return Some(first.id);
            }
            self.effects.push(Effect::Dropped(first.id, Dropped::Expired));
        }
        None
    }

    fn settle(&mut self, _: Micros, _: TicketId, _: Micros) {
        self.running -= 1;
    }

    fn give_back(&mut self, now: Micros, id: TicketId, used: Micros, _: Micros) {
        self.settle(now, id, used);
    }

    fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn next_due(&self) -> Option<Micros> {
        None
    }

    fn prefilled(&mut self, _: Micros, _: TicketId) {}

    fn tick(&mut self, _: Micros) {}
}
