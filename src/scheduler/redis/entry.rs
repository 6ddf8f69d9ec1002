//! What gateways and the server say to each other of calls.

use crate::scheduler::{Dropped, Micros, NewCall, Pick, Stop, TicketId};

/// Who answers a call: a worker, under a number that no other claim ever has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub worker: String,
    pub fence: u64,
}

/// What the server is yet to hear, in order. At most a few for each call that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Prefilled { ticket: TicketId, fence: u64 },
    Settle { ticket: TicketId, fence: u64, used: Micros },
    GiveBack { ticket: TicketId, fence: u64, used: Micros, left: Micros },
    Cancel(Pick),
}

/// What the server says happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Claimed(TicketId, Lease),
    Lost(TicketId, u64),
    Dropped(TicketId, Dropped),
    Stop(TicketId, Stop),
}

/// A call that is to be added to the line, as it stands now.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub ticket: TicketId,
    pub call: NewCall,
    pub key: Option<u64>,
    pub begun: bool,
    pub lease: Option<Lease>,
}
