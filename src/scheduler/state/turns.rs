//! Whose turn it is, and whose is over early.

use super::State;
use crate::scheduler::{
    Class, Micros, Side, Stop, TicketId,
    policy::{Policy, WHOLE},
};

const EXPRESS: [Class; 2] = [Class::Moderator, Class::Paid];
const COMMON: [Class; 4] = [Class::Supporter, Class::Fan, Class::Free, Class::Idle];

impl State {
    /// Express first; but common when that still leaves the express side all of its part. That answer then runs in the common
    /// side's own time, as the second value says, and is not cut.
    pub(super) fn choose(&mut self) -> Option<(TicketId, bool)> {
        let express = self.waiting.first(&EXPRESS);
        let common = self.first_common();
        let promised = self.running.take_promise(express.is_some());
        let (Some(express), Some(common)) = (express, common) else {
            return express.or(common).map(|key| (key.1, false));
        };
        if let Some(rest) = self.owed.checked_sub(self.dues(common)).filter(|_| !promised) {
            self.owed = rest;
            return Some((common.1, true));
        }
        self.owed = self.owed.saturating_add(u128::from(self.work(express).get()) * u128::from(self.policy.phi));
        Some((express.1, false))
    }

    fn first_common(&self) -> Option<(Micros, TicketId)> {
        let open = self.running.open() < self.slots - self.policy.reserved(self.slots);
        self.waiting.first(if open { &COMMON } else { &COMMON[..1] })
    }

    /// What the common side must be owed before this call of its goes first.
    fn dues(&self, key: (Micros, TicketId)) -> u128 {
        dues(&self.policy, self.work(key))
    }

    fn work(&self, key: (Micros, TicketId)) -> Micros {
        self.tickets.get(&key.1).map_or(Micros::ZERO, |ticket| ticket.left)
    }

    /// Has running answers of the common side give their slots to express calls that find none.
    pub(super) fn cut_for_express(&mut self) {
        let common_is_due = self.first_common().is_some_and(|key| self.owed >= self.dues(key));
        while self.running.calls() >= self.slots
            && self.running.leaving() < self.waiting.total(Side::Express).calls
            && !common_is_due
        {
            let Some(id) = self.running.cut(self.now) else { break };
            if let Some(ticket) = self.tickets.get_mut(&id) {
                ticket.cut = true;
            }
            self.stop(id, Stop::Cut);
        }
    }
}

/// What work of the common side takes from what it is owed.
pub(super) fn dues(policy: &Policy, work: Micros) -> u128 {
    u128::from(work.get()) * u128::from(WHOLE - policy.phi)
}
