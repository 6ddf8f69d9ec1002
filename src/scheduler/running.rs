//! The answers that run, and which of them may be cut.

use std::collections::BTreeSet;

use super::{
    Class, Micros, Side, TicketId,
    ticket::{Key, Ticket},
};

/// What runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Running {
    calls: usize,
    /// Those that may not use the reserved slots.
    open: usize,
    /// Expected ends, summed: what all of them still need is this less `calls` times now.
    ends: u128,
    /// Past their prefill and not cut before, with the moment after which cutting costs more than waiting.
    cuttable: BTreeSet<(Key, Micros)>,
    overdue: BTreeSet<(Micros, TicketId)>,
    /// Told to give their slot away, and not done with it.
    leaving: BTreeSet<TicketId>,
    /// Slots given away to the express side and not taken yet.
    promised: usize,
}

impl Running {
    pub fn begin(&mut self, ticket: &Ticket, now: Micros, overdue: Option<Micros>) {
        self.calls += 1;
        self.open += usize::from(is_open(ticket.class));
        self.ends += u128::from(now.plus(ticket.left).get());
        self.overdue.extend(overdue.map(|at| (at, ticket.id())));
    }

    /// Takes out a ticket that began at `since`. True if it was leaving.
    pub fn end(&mut self, ticket: &Ticket, since: Micros, overdue: Option<Micros>) -> bool {
        self.calls = self.calls.saturating_sub(1);
        self.open = self.open.saturating_sub(usize::from(is_open(ticket.class)));
        self.ends = self.ends.saturating_sub(u128::from(since.plus(ticket.left).get()));
        self.spare(ticket, since);
        if let Some(at) = overdue {
            self.overdue.remove(&(at, ticket.id()));
        }
        self.leaving.remove(&ticket.id())
    }

    pub fn calls(&self) -> usize {
        self.calls
    }

    pub fn open(&self) -> usize {
        self.open
    }

    /// Engine time that what runs is expected to need yet.
    pub fn left(&self, now: Micros) -> Micros {
        let gone = u128::from(now.get()) * u128::try_from(self.calls).unwrap_or(u128::MAX);
        Micros::new(u64::try_from(self.ends.saturating_sub(gone)).unwrap_or(u64::MAX))
    }

    /// The answer can be cut from here on, if that is ever worth it.
    pub fn allow_cut(&mut self, ticket: &Ticket, since: Micros) {
        let eligible = ticket.class.side() == Side::Common && !ticket.cut;
        self.cuttable.extend(worth_until(ticket, since).filter(|_| eligible).map(|until| (ticket.key, until)));
    }

    pub fn spare(&mut self, ticket: &Ticket, since: Micros) {
        if let Some(until) = worth_until(ticket, since) {
            self.cuttable.remove(&(ticket.key, until));
        }
    }

    /// The least urgent answer whose rest is worth more than taking it up again. It counts as leaving.
    pub fn cut(&mut self, now: Micros) -> Option<TicketId> {
        loop {
            let ((_, id), until) = self.cuttable.pop_last()?;
            if now < until {
                self.leaving.insert(id);
                return Some(id);
            }
        }
    }

    pub fn leaving(&self) -> usize {
        self.leaving.len()
    }

    pub fn promise(&mut self) {
        self.promised += 1;
    }

    /// Whether the next slot was given away to the express side. A promise holds for one call, and only while any waits.
    pub fn take_promise(&mut self, express_waits: bool) -> bool {
        let promised = self.promised > 0 && express_waits;
        self.promised = if express_waits { self.promised.saturating_sub(1) } else { 0 };
        promised
    }

    pub fn first_overdue(&self) -> Option<(Micros, TicketId)> {
        self.overdue.first().copied()
    }

    pub fn pop_overdue(&mut self, now: Micros) -> Option<TicketId> {
        let due = self.overdue.first().copied().filter(|(at, _)| *at <= now)?;
        self.overdue.remove(&due);
        Some(due.1)
    }
}

fn is_open(class: Class) -> bool {
    matches!(class, Class::Fan | Class::Free | Class::Idle)
}

fn worth_until(ticket: &Ticket, since: Micros) -> Option<Micros> {
    ticket.resume.map(|resume| since.plus(ticket.left).minus(resume))
}
