//! How calls leave: stopped, cancelled, dropped, done.

use super::{LONGEST, State, of, overdue_at, turns::dues};
use crate::scheduler::{
    Dropped, Effect, Micros, Pick, Side, Stop, TicketId,
    ticket::{Phase, Ticket},
};

impl State {
    pub(super) fn stop(&mut self, id: TicketId, why: Stop) {
        if let Some(Ticket { phase: Phase::Running { stop, .. }, .. }) = self.tickets.get_mut(&id)
            && *stop != Some(Stop::Cancelled)
        {
            *stop = Some(why);
            self.effects.push(Effect::Stop(id, why));
        }
    }

    /// Frees the slot of a running call and counts what it used. `None` if it does not run.
    pub(super) fn vacate(&mut self, id: TicketId, used: Micros) -> Option<Phase> {
        let ticket = self.tickets.get_mut(&id)?;
        let phase = ticket.phase;
        let Phase::Running { since, own_time, .. } = phase else { return None };
        if self.running.end(ticket, since, overdue_at(ticket, &self.policy)) {
            self.running.promise();
        }
        ticket.used = ticket.used.plus(used.min(LONGEST));
        match ticket.class.side() {
            Side::Express => self.paid_load.add(self.now, used.min(LONGEST)),
            // What it had while nobody else wanted it, it had all the same.
            Side::Common if !own_time => self.owed = self.owed.saturating_sub(dues(&self.policy, used)),
            Side::Common => {}
        }
        Some(phase)
    }

    pub(super) fn drop_waiting(&mut self, id: TicketId, why: Dropped) {
        if let Some(ticket) = self.tickets.get(&id) {
            self.waiting.remove(ticket);
            self.remove(id, false);
            self.effects.push(Effect::Dropped(id, why));
        }
    }

    /// Forgets a call that neither waits nor runs any more, and settles its charge.
    pub(super) fn remove(&mut self, id: TicketId, was_running: bool) {
        if let Some(ticket) = self.tickets.remove(&id) {
            self.people.remove(&(ticket.person, id));
            self.places.remove(&(ticket.place, id));
            let charge = (ticket.factor, ticket.charged, ticket.used);
            self.ledgers.settle(self.now, ticket.ledger, was_running, charge);
        }
    }

    pub(super) fn cancel_one(&mut self, id: TicketId) -> bool {
        match self.tickets.get(&id).map(|ticket| ticket.phase) {
            None | Some(Phase::Running { stop: Some(Stop::Cancelled), .. }) => false,
            Some(Phase::Running { since, .. }) => {
                self.running.spare(&self.tickets[&id], since);
                self.stop(id, Stop::Cancelled);
                true
            }
            Some(Phase::Fresh | Phase::Begun) => {
                self.drop_waiting(id, Dropped::Cancelled);
                true
            }
        }
    }

    pub(super) fn picked(&self, pick: Pick) -> Vec<TicketId> {
        match pick {
            Pick::Ticket(id) => vec![id],
            Pick::Person(person) => of(&self.people, person).collect(),
            Pick::Place(place) => of(&self.places, place).collect(),
            Pick::PersonAt { person, place } => {
                of(&self.people, person).filter(|id| self.places.contains(&(place, *id))).collect()
            }
            Pick::All => self.tickets.keys().copied().collect(),
        }
    }
}

impl Dropped {
    /// What becomes of a call that is given back after it was told to stop.
    pub(super) fn after(stop: Stop) -> Option<Self> {
        match stop {
            Stop::Cut => None,
            Stop::Cancelled => Some(Self::Cancelled),
            Stop::Overdue => Some(Self::Expired),
        }
    }
}
