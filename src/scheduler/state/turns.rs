//! Whose turn it is, and whose is over early.

use super::State;
use crate::scheduler::{
    Class, Micros, Side, Stop, TicketId,
    ticket::{Key, Turn},
};

const EXPRESS: [Class; 2] = [Class::Moderator, Class::Paid];
const COMMON: [Class; 4] = [Class::Supporter, Class::Fan, Class::Free, Class::Idle];

impl State {
    /// Express first; but common when that still leaves the express side all of its part.
    pub(super) fn choose(&mut self) -> Option<(TicketId, Turn)> {
        let express = self.waiting.first(&EXPRESS);
        let common = self.first_common();
        let promised = self.running.take_promise(express.is_some());
        let (Some(express), Some(common)) = (express, common) else {
            return express.or(common).map(|key| (key.1, Turn::Unopposed));
        };
        let work = self.work(common);
        if !promised && self.debt.covers(&self.policy, work) {
            self.debt.shrink(&self.policy, work);
            return Some((common.1, Turn::OwnTime));
        }
        self.debt.grow(&self.policy, self.work(express));
        Some((express.1, Turn::Ahead))
    }

    fn first_common(&self) -> Option<Key> {
        let open = self.running.open() < self.slots - self.policy.reserved(self.slots);
        self.waiting.first(if open { &COMMON } else { &COMMON[..1] })
    }

    fn work(&self, key: Key) -> Micros {
        self.tickets.get(key.1).map_or(Micros::ZERO, |ticket| ticket.left)
    }

    /// Has running answers of the common side give their slots to express calls that find none.
    pub(super) fn cut_for_express(&mut self) {
        let common_is_due = self.first_common().is_some_and(|key| self.debt.covers(&self.policy, self.work(key)));
        while self.running.calls() >= self.slots
            && self.running.leaving() < self.waiting.total(Side::Express).calls
            && !common_is_due
        {
            let Some(id) = self.running.cut(self.now) else { break };
            if let Some(ticket) = self.tickets.get_mut(id) {
                ticket.cut = true;
            }
            self.stop(id, Stop::Cut);
        }
    }
}
