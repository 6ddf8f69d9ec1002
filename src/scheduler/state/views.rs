//! What can be seen of the line.

use std::time::Duration;

use super::State;
use crate::scheduler::{
    Account, Class, Line, Micros, Placed, Side, TicketId, Waiting,
    ticket::{By, Ticket},
};

impl State {
    /// Where the waiting calls of a person stand, the oldest first.
    #[must_use]
    pub fn standing(&self, person: &Account) -> Vec<Waiting> {
        let own = self.calls(*person, By::Person);
        own.filter(|ticket| !ticket.is_running()).map(|ticket| self.stands(ticket)).collect()
    }

    #[must_use]
    pub fn line(&self) -> Line {
        let heads = Class::ALL.iter().filter_map(|class| self.waiting.first(&[*class]));
        let oldest = heads.filter_map(|(_, id)| self.tickets.get(id)).map(|ticket| ticket.arrived).min();
        let works = [Side::Express, Side::Common].map(|side| self.waiting.total(side).work);
        Line {
            waiting: Class::ALL.map(|class| self.waiting.of(class)),
            work: works[0].plus(works[1]).into(),
            running: self.running.calls(),
            slots: self.slots,
            paid_load: self.paid_load.clone().thousandths(self.now, self.slots),
            longest_wait: oldest.map_or(Micros::ZERO, |arrived| self.now.minus(arrived)).into(),
        }
    }

    pub(super) fn placed(&self, id: TicketId) -> Placed {
        let stands = self.tickets.get(id).map(|ticket| self.stands(ticket));
        let (ahead, expected_wait) = stands.map_or((0, Duration::ZERO), |stands| (stands.ahead, stands.expected_wait));
        Placed { ticket: id, ahead, expected_wait }
    }

    fn stands(&self, ticket: &Ticket) -> Waiting {
        let ahead = self.waiting.ahead(ticket.class, ticket.key);
        let finds_a_slot = self.running.calls() + ahead.calls < self.slots;
        let before = self.running.left(self.now).plus(ahead.work).scaled(1, self.slots as u64);
        let wait = if finds_a_slot { Micros::ZERO } else { before };
        Waiting { ticket: ticket.id(), class: ticket.class, ahead: ahead.calls, expected_wait: wait.into() }
    }
}
