//! A call that holds a slot.

use std::{fmt, sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{Dropped, Stop, TicketId, handle::Shared, queue::Queue};

/// What comes out of the line.
#[derive(Debug)]
pub enum Next<J> {
    /// Answer this.
    Run(Claim<J>),
    /// This will not be answered: tell who asked.
    Dropped(J, Dropped),
}

/// A call whose turn it is. It holds its slot until it is settled, given back or dropped; a claim that is merely dropped, as by
/// a panic, is charged for the time since it was made.
#[derive(Debug)]
pub struct Claim<J> {
    job: J,
    slot: Slot<J>,
}

impl<J> Claim<J> {
    pub(super) fn new(job: J, ticket: TicketId, stop: watch::Receiver<Option<Stop>>, shared: Arc<Shared<J>>) -> Self {
        Self { job, slot: Slot { ticket, stop, shared, ended: false } }
    }

    pub fn job(&self) -> &J {
        &self.job
    }

    pub fn job_mut(&mut self) -> &mut J {
        &mut self.job
    }

    pub fn ticket(&self) -> TicketId {
        self.slot.ticket
    }

    /// Waits until this answer is to stop, for ever if it never is. Safe to be dropped and asked again.
    pub async fn stopped(&mut self) -> Stop {
        let told = self.slot.stop.wait_for(Option::is_some).await.ok().and_then(|stop| *stop);
        match told {
            Some(stop) => stop,
            // Nobody is left who could stop it.
            None => std::future::pending().await,
        }
    }

    /// Tells that the first token came: what follows can be cut.
    pub fn prefilled(&self) {
        self.slot.queue().prefilled(self.slot.ticket);
    }

    /// The answer is over, whole or not. `used` is engine time since the claim.
    pub fn settle(self, used: Duration) -> J {
        let Self { job, mut slot } = self;
        slot.ended = true;
        slot.queue().settle(slot.ticket, Some(used.into()));
        job
    }

    /// After [`Stop::Cut`]: the call waits again with its old key for the rest of its answer, `left` engine time. After any other
    /// stop it comes out of [`super::Scheduler::next`] as dropped.
    pub fn give_back(self, used: Duration, left: Duration) {
        let Self { job, mut slot } = self;
        slot.ended = true;
        // Before the line has it, or its turn could come first.
        slot.shared.keep(slot.ticket, job);
        slot.queue().give_back(slot.ticket, used.into(), left.into());
    }
}

/// The slot a claim holds; frees itself.
struct Slot<J> {
    ticket: TicketId,
    stop: watch::Receiver<Option<Stop>>,
    shared: Arc<Shared<J>>,
    ended: bool,
}

impl<J> Slot<J> {
    fn queue(&self) -> &dyn Queue {
        self.shared.queue()
    }
}

impl<J> Drop for Slot<J> {
    fn drop(&mut self) {
        if !self.ended {
            self.queue().settle(self.ticket, None);
        }
    }
}

impl<J> fmt::Debug for Slot<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("ticket", &self.ticket).finish_non_exhaustive()
    }
}
