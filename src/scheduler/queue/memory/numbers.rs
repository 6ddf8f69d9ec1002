//! The handle's numbers and the state's.

use std::collections::BTreeMap;

use crate::scheduler::TicketId;

/// Which number of the handle's is which of the state's.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    ours: BTreeMap<TicketId, TicketId>,
    states: BTreeMap<TicketId, TicketId>,
}

impl Numbers {
    /// These two are one call.
    pub fn pair(&mut self, ours: TicketId, states: TicketId) {
        self.ours.insert(states, ours);
        self.states.insert(ours, states);
    }

    pub fn ours(&self, states: TicketId) -> Option<TicketId> {
        self.ours.get(&states).copied()
    }

    pub fn states(&self, ours: TicketId) -> Option<TicketId> {
        self.states.get(&ours).copied()
    }

    /// The call is over; gives the handle's number.
    pub fn end(&mut self, states: TicketId) -> Option<TicketId> {
        let ours = self.ours.remove(&states)?;
        self.states.remove(&ours);
        Some(ours)
    }
}
