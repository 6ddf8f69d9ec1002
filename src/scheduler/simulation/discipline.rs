//! What decides who is next: the policy, or what it is compared with.

use crate::scheduler::{Effect, Micros, NewCall, State, TicketId, Turned};

/// A line in front of an engine. Time is told, as to [`State`].
pub(super) trait Discipline {
    fn enqueue(&mut self, now: Micros, call: &NewCall) -> Result<TicketId, Turned>;
    fn claim(&mut self, now: Micros) -> Option<TicketId>;
    fn prefilled(&mut self, now: Micros, id: TicketId);
    fn settle(&mut self, now: Micros, id: TicketId, used: Micros);
    fn give_back(&mut self, now: Micros, id: TicketId, used: Micros, left: Micros);
    fn tick(&mut self, now: Micros);
    fn next_due(&self) -> Option<Micros>;
    fn take_effects(&mut self) -> Vec<Effect>;
}

impl Discipline for State {
    fn enqueue(&mut self, now: Micros, call: &NewCall) -> Result<TicketId, Turned> {
        Self::enqueue(self, now, call).map(|placed| placed.ticket)
    }

    fn claim(&mut self, now: Micros) -> Option<TicketId> {
        Self::claim(self, now)
    }

    fn prefilled(&mut self, now: Micros, id: TicketId) {
        Self::prefilled(self, now, id);
    }

    fn settle(&mut self, now: Micros, id: TicketId, used: Micros) {
        Self::settle(self, now, id, used);
    }

    fn give_back(&mut self, now: Micros, id: TicketId, used: Micros, left: Micros) {
        Self::give_back(self, now, id, used, left);
    }

    fn tick(&mut self, now: Micros) {
        Self::tick(self, now);
    }

    fn next_due(&self) -> Option<Micros> {
        Self::next_due(self)
    }

    fn take_effects(&mut self) -> Vec<Effect> {
        Self::take_effects(self)
    }
}
