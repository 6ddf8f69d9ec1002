//! All tickets, by their number.

use slab::Slab;

use super::{Ticket, chain::Spot};
use crate::scheduler::TicketId;

/// Bits of a ticket's number that say where it lies; those above count up.
const PLACE_BITS: u32 = 24;

/// Tickets where their numbers say. A number is never used again, so one whose call is gone finds nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::scheduler) struct Tickets {
    slab: Slab<Ticket>,
    newest: u64,
}

impl Tickets {
    /// The number of the next ticket. Larger than all before.
    pub fn next_id(&mut self) -> TicketId {
        self.newest += 1;
        let place = self.slab.vacant_key();
        debug_assert!(place >> PLACE_BITS == 0, "the line and the slots are bounded far below");
        TicketId(self.newest << PLACE_BITS | place as u64)
    }

    /// Takes in the ticket whose number was given last.
    pub fn insert(&mut self, ticket: Ticket) {
        let id = ticket.id();
        let place = self.slab.insert(ticket);
        debug_assert_eq!(place, Self::spot(id) as usize, "a ticket lies where its number says");
    }

    pub fn get(&self, id: TicketId) -> Option<&Ticket> {
        self.at(Self::spot(id)).filter(|ticket| ticket.id() == id)
    }

    pub fn get_mut(&mut self, id: TicketId) -> Option<&mut Ticket> {
        self.at_mut(Self::spot(id)).filter(|ticket| ticket.id() == id)
    }

    pub fn remove(&mut self, id: TicketId) -> Option<Ticket> {
        self.get(id)?;
        self.slab.try_remove(Self::spot(id) as usize)
    }

    /// Where the ticket with this number lies, or lay.
    pub(super) fn spot(id: TicketId) -> Spot {
        const MASK: u64 = (1 << PLACE_BITS) - 1;
        Spot::try_from(id.0 & MASK).unwrap_or(Spot::MAX)
    }

    /// What lies there now.
    pub(super) fn at(&self, spot: Spot) -> Option<&Ticket> {
        self.slab.get(spot as usize)
    }

    pub(super) fn at_mut(&mut self, spot: Spot) -> Option<&mut Ticket> {
        self.slab.get_mut(spot as usize)
    }

    pub fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Ticket> {
        self.slab.iter().map(|(_, ticket)| ticket)
    }
}
