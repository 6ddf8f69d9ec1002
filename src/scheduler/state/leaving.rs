//! How calls leave: stopped, cancelled, dropped, done.

use super::{LONGEST, State, overdue_at};
use crate::scheduler::{
    Account, Class, Dropped, Effect, Micros, Pick, Side, Stop, TicketId,
    ledger::Charge,
    ticket::{By, Phase, Ticket},
};

impl State {
    pub(super) fn stop(&mut self, id: TicketId, why: Stop) {
        if let Some(Ticket { phase: Phase::Running { stop, .. }, .. }) = self.tickets.get_mut(id)
            && *stop != Some(Stop::Cancelled)
        {
            *stop = Some(why);
            self.effects.push(Effect::Stop(id, why));
        }
    }

    /// Frees the slot of a running call and counts what it used. `None` if it does not run.
    pub(super) fn vacate(&mut self, id: TicketId, used: Micros) -> Option<Phase> {
        let ticket = self.tickets.get_mut(id)?;
        let phase = ticket.phase;
        let Phase::Running { since, turn, .. } = phase else { return None };
        let used = used.min(LONGEST);
        if self.running.end(ticket, since, overdue_at(ticket, &self.policy)) {
            self.running.promise();
        }
        ticket.used = ticket.used.plus(used);
        let (side, expected) = (ticket.class.side(), ticket.left);
        if side == Side::Express {
            self.paid_load.add(self.now, used);
        }
        self.debt.settle(&self.policy, side, turn, expected, used);
        Some(phase)
    }

    pub(super) fn drop_waiting(&mut self, id: TicketId, why: Dropped) {
        self.leave_line(id);
        self.remove(id, false);
        self.effects.push(Effect::Dropped(id, why));
    }

    /// Forgets a call that neither waits nor runs any more, and settles its charge.
    pub(super) fn remove(&mut self, id: TicketId, was_running: bool) {
        let Some(Ticket { person, place, .. }) = self.tickets.get(id) else { return };
        let (person, place) = (*person, *place);
        self.tickets.unchain(self.accounts.calls_mut(person, By::Person), By::Person, id);
        self.tickets.unchain(self.accounts.calls_mut(place, By::Place), By::Place, id);
        if let Some(ticket) = self.tickets.remove(id) {
            let Ticket { factor, charged, used, .. } = ticket;
            self.ledgers.settle(self.now, ticket.ledger(), was_running, Charge { factor, charged, used });
        }
        self.forget_if_new(person);
        self.forget_if_new(place);
    }

    pub(super) fn cancel_one(&mut self, id: TicketId) -> bool {
        match self.tickets.get(id).map(|ticket| ticket.phase) {
            None | Some(Phase::Running { stop: Some(Stop::Cancelled), .. }) => false,
            Some(Phase::Running { since, .. }) => {
                if let Some(ticket) = self.tickets.get(id) {
                    self.running.spare(ticket, since);
                }
                self.stop(id, Stop::Cancelled);
                true
            }
            Some(Phase::Fresh | Phase::Begun) => {
                self.drop_waiting(id, Dropped::Cancelled);
                true
            }
        }
    }

    /// The calls meant, the oldest first.
    pub(super) fn picked(&self, pick: Pick) -> Vec<TicketId> {
        match pick {
            Pick::Ticket(id) => vec![id],
            Pick::Person(person) => self.calls(person, By::Person).map(Ticket::id).collect(),
            Pick::Place(place) => self.calls(place, By::Place).map(Ticket::id).collect(),
            Pick::PersonAt { person, place } => {
                let place = self.accounts.find(&place);
                let own = self.calls(person, By::Person).filter(|ticket| Some(ticket.place) == place);
                own.map(Ticket::id).collect()
            }
            Pick::Unpromised => {
                let owed = |ticket: &Ticket| ticket.class == Class::Paid && ticket.deadline.is_some();
                self.all(|ticket| !ticket.is_running() && !owed(ticket))
            }
            Pick::All => self.all(|_| true),
        }
    }

    fn all(&self, meant: impl Fn(&Ticket) -> bool) -> Vec<TicketId> {
        let mut all: Vec<_> = self.tickets.iter().filter(|ticket| meant(ticket)).map(Ticket::id).collect();
        all.sort_unstable();
        all
    }

    /// The waiting and running calls of an account, the oldest first.
    pub(super) fn calls(&self, account: Account, by: By) -> impl Iterator<Item = &Ticket> {
        let chain = self.accounts.find(&account).map(|id| self.accounts.calls(id, by)).unwrap_or_default();
        self.tickets.chained(chain, by)
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
