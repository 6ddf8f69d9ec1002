//! The calls of one account, the oldest first: a list through the tickets themselves.

use super::{Ticket, Tickets};
use crate::scheduler::TicketId;

/// By what a ticket is chained to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scheduler) enum By {
    Person,
    Place,
}

/// Where a ticket lies. In a chain there are only tickets that are there.
pub(super) type Spot = u32;

/// Beyond the bound of all spots.
const NONE: Spot = Spot::MAX;

/// The ends of a chain.
#[derive(Clone, Copy, Debug)]
pub(in crate::scheduler) struct Chain {
    first: Spot,
    last: Spot,
}

/// A ticket's neighbours in a chain.
#[derive(Clone, Copy, Debug)]
pub(in crate::scheduler) struct Link {
    before: Spot,
    after: Spot,
}

impl Default for Chain {
    fn default() -> Self {
        Self { first: NONE, last: NONE }
    }
}

impl Default for Link {
    fn default() -> Self {
        Self { before: NONE, after: NONE }
    }
}

impl Chain {
    pub fn is_empty(self) -> bool {
        self.first == NONE
    }
}

impl Tickets {
    /// Puts a ticket at the end of a chain.
    pub fn chain(&mut self, chain: &mut Chain, by: By, id: TicketId) {
        let (spot, before) = (Self::spot(id), chain.last);
        chain.last = spot;
        if before == NONE {
            chain.first = spot;
        }
        self.link(by, before, |link| link.after = spot);
        self.link(by, spot, |link| *link = Link { before, after: NONE });
    }

    /// Takes a ticket out of its chain.
    pub fn unchain(&mut self, chain: &mut Chain, by: By, id: TicketId) {
        let Some(Link { before, after }) = self.get(id).map(|ticket| ticket.links[by as usize]) else { return };
        self.link(by, before, |link| link.after = after);
        self.link(by, after, |link| link.before = before);
        let spot = Self::spot(id);
        if chain.first == spot {
            chain.first = after;
        }
        if chain.last == spot {
            chain.last = before;
        }
    }

    /// The tickets of a chain, the oldest first.
    pub fn chained(&self, chain: Chain, by: By) -> impl Iterator<Item = &Ticket> {
        std::iter::successors(self.at(chain.first), move |ticket| self.at(ticket.links[by as usize].after))
    }

    fn link(&mut self, by: By, spot: Spot, change: impl FnOnce(&mut Link)) {
        if let Some(ticket) = self.at_mut(spot) {
            change(&mut ticket.links[by as usize]);
        }
    }
}
