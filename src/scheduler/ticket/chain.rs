//! The calls of one account, the oldest first: a list through the tickets themselves.

use super::{Ticket, Tickets};
use crate::scheduler::TicketId;

/// By what a ticket is chained to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scheduler) enum By {
    Person,
    Place,
}

/// The ends of a chain.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::scheduler) struct Chain(Option<(TicketId, TicketId)>);

/// A ticket's neighbours in a chain.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::scheduler) struct Link {
    before: Option<TicketId>,
    after: Option<TicketId>,
}

impl Chain {
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Tickets {
    /// Puts a ticket at the end of a chain.
    pub fn chain(&mut self, chain: &mut Chain, by: By, id: TicketId) {
        let (first, before) = chain.0.map_or((id, None), |(first, last)| (first, Some(last)));
        chain.0 = Some((first, id));
        self.link(by, before, |link| link.after = Some(id));
        self.link(by, Some(id), |link| *link = Link { before, after: None });
    }

    /// Takes a ticket out of its chain.
    pub fn unchain(&mut self, chain: &mut Chain, by: By, id: TicketId) {
        let Some(Link { before, after }) = self.get(id).map(|ticket| ticket.links[by as usize]) else { return };
        self.link(by, before, |link| link.after = after);
        self.link(by, after, |link| link.before = before);
        chain.0 = chain.0.and_then(|(first, last)| {
            let first = if first == id { after } else { Some(first) };
            let last = if last == id { before } else { Some(last) };
            first.zip(last)
        });
    }

    /// The tickets of a chain, the oldest first.
    pub fn chained(&self, chain: Chain, by: By) -> impl Iterator<Item = &Ticket> {
        let first = chain.0.and_then(|(first, _)| self.get(first));
        std::iter::successors(first, move |ticket| self.get(ticket.links[by as usize].after?))
    }

    fn link(&mut self, by: By, id: Option<TicketId>, change: impl FnOnce(&mut Link)) {
        if let Some(ticket) = id.and_then(|id| self.get_mut(id)) {
            change(&mut ticket.links[by as usize]);
        }
    }
}
