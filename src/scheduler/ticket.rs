//! What is known of an accepted call.

mod chain;
mod slab;

use self::chain::Link;
pub(super) use self::{
    chain::{By, Chain},
    slab::Tickets,
};
use super::{
    Class, Micros, Stop, TicketId,
    accounts::AccountId,
    ledger::{Book, Factor, LedgerId},
};

/// Where a call stands in its class: its static key, then its number.
pub(super) type Key = (Micros, TicketId);

/// An accepted call.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub key: Key,
    pub class: Class,
    pub person: AccountId,
    pub place: AccountId,
    pub book: Book,
    /// When it was asked.
    pub arrived: Micros,
    /// What a second of this call costs its account; fixed when it came.
    pub factor: Factor,
    /// What the account was charged for, in engine time.
    pub charged: Micros,
    /// What it has taken of the engine so far.
    pub used: Micros,
    /// What it will still take.
    pub left: Micros,
    /// When its answer is worth nothing any more.
    pub deadline: Option<Micros>,
    /// What taking it up again would cost; `None` if it cannot be cut.
    pub resume: Option<Micros>,
    /// Whether it was cut already: at most once.
    pub cut: bool,
    pub phase: Phase,
    /// Its neighbours among the calls of its person and of its place.
    pub links: [Link; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Fresh,
    /// Waits again, with a part of its answer made.
    Begun,
    Running {
        since: Micros,
        turn: Turn,
        /// What its worker was told last.
        stop: Option<Stop>,
    },
}

/// What a claim was between the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The other side had nothing that could have run.
    Unopposed,
    /// Of the express side, while the common side waited.
    Ahead,
    /// Of the common side, in the part that is its own while the express side waits: nobody may take it away.
    OwnTime,
}

impl Ticket {
    pub fn id(&self) -> TicketId {
        self.key.1
    }

    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running { .. })
    }

    /// The last moment at which it can begin and still end in time.
    pub fn latest_start(&self) -> Option<Micros> {
        self.deadline.map(|deadline| deadline.minus(self.left))
    }

    pub fn ledger(&self) -> LedgerId {
        LedgerId { account: if self.book == Book::Newcomers { self.place } else { self.person }, book: self.book }
    }
}
