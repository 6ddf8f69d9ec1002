//! One call of a gateway's own, and where it stands.

use std::time::Duration;

use tokio::sync::watch;

use crate::scheduler::{
    Class, Dropped, NewCall, Pick, TicketId,
    redis::entry::{Entry, Lease},
};

/// Where a call stands.
#[derive(Debug)]
pub(super) enum Stand {
    /// On its way into the line; whoever brought it waits for the reply.
    Asking,
    /// Accepted here, and to be added: the line was away, or is lost.
    Adding,
    Waiting,
    /// Handed out. Without a lease its worker is gone, and it waits there for another one.
    Running {
        lease: watch::Sender<Option<Lease>>,
        since: Duration,
        over: Option<Dropped>,
    },
}

/// One call.
#[derive(Debug)]
pub(super) struct Mine {
    pub call: NewCall,
    pub came: Duration,
    /// The key that it has in the line, once it has one.
    pub key: Option<u64>,
    pub begun: bool,
    pub stand: Stand,
}

impl Mine {
    /// As it is written into the line, again too.
    pub fn entry(&self, now: Duration, ticket: TicketId) -> Entry {
        let passed = now.saturating_sub(self.came);
        let mut call = self.call.clone();
        call.waited = call.waited.saturating_add(passed);
        call.deadline = call.deadline.map(|deadline| deadline.saturating_sub(passed));
        let lease = match &self.stand {
            Stand::Running { lease, .. } => lease.borrow().clone(),
            _ => None,
        };
        let begun = self.begun || matches!(self.stand, Stand::Running { .. });
        Entry { ticket, call, key: self.key, begun, lease }
    }

    /// Whether it could no longer end in time.
    pub fn is_late(&self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.came);
        self.call.deadline.is_some_and(|deadline| deadline.saturating_sub(passed) < self.call.estimate)
    }

    /// Whether it is meant.
    pub fn is_picked(&self, ticket: TicketId, pick: Pick) -> bool {
        match pick {
            Pick::Ticket(one) => one == ticket,
            Pick::Person(person) => self.call.account == person,
            Pick::PersonAt { person, place } => self.call.account == person && self.call.place == place,
            Pick::Place(place) => self.call.place == place,
            Pick::Unpromised => {
                let owed = self.call.class == Class::Paid && self.call.deadline.is_some();
                !owed && !matches!(self.stand, Stand::Running { .. })
            }
            Pick::All => true,
        }
    }
}
