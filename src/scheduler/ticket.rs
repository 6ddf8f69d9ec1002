//! What is known of an accepted call.

use super::{
    Account, Class, Micros, Stop, TicketId,
    ledger::{Factor, LedgerKey},
};

/// Where a call stands in its class: its static key, then its number.
pub(super) type Key = (Micros, TicketId);

/// An accepted call.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub key: Key,
    pub class: Class,
    pub person: Account,
    pub place: Account,
    pub ledger: LedgerKey,
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Fresh,
    /// Waits again, with a part of its answer made.
    Begun,
    Running {
        since: Micros,
        /// Whether it runs in its side's own time, which nobody may take.
        own_time: bool,
        /// What its worker was told last.
        stop: Option<Stop>,
    },
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
}
