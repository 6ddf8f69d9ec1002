//! The seam behind the handle: a line of tickets, in this process or on a Redis server.

pub(super) mod memory;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use tokio::sync::watch;

use super::{Account, Dropped, Line, Micros, NewCall, Pick, Placed, Stop, TicketId, Turned, Waiting};

/// What comes out of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// This call's turn has come: it holds a slot until it is settled or given back.
    Run(TicketId),
    /// This call will not be answered.
    Dropped(TicketId, Dropped),
}

/// A line of calls that are known by their numbers only. The policy is the same wherever it runs.
#[async_trait]
pub trait Queue: fmt::Debug + Send + Sync + 'static {
    /// A number for a call that is about to come; never given twice.
    fn number(&self) -> TicketId;

    /// Accepts a call under a number of [`Queue::number`], or turns it away. A call that is turned away never comes out of
    /// [`Queue::next`].
    async fn enqueue(&self, ticket: TicketId, call: NewCall) -> Result<Placed, Turned>;

    /// What is to be done next; waits for it. `None` once the line is closed and everything accepted has ended. Several may ask.
    /// Unless something `may_run`, only what was dropped comes.
    async fn next(&self, may_run: bool) -> Option<Came>;

    /// A running answer has its first token.
    fn prefilled(&self, ticket: TicketId);

    /// A running answer is over. `used` is engine time since it came out; without it, all the time since then counts.
    fn settle(&self, ticket: TicketId, used: Option<Micros>);

    /// A running answer pauses, and needs `left` yet.
    fn give_back(&self, ticket: TicketId, used: Micros, left: Micros);

    /// Cancels calls and gives how many it met.
    async fn cancel(&self, pick: Pick) -> usize;

    /// Where a person's waiting calls stand, the oldest first.
    async fn standing(&self, account: &Account) -> Vec<Waiting>;

    async fn line(&self) -> Line;

    /// How many answers may run at once. Only where the slots are this process's own.
    fn set_slots(&self, slots: usize);

    /// Accepts nothing more, and drops what waits.
    fn close(&self);

    /// Where running calls hear that they are to stop.
    fn stops(&self) -> &Stops;
}

/// The way to each running call, for whoever decides that it is to stop.
#[derive(Debug, Default)]
pub struct Stops(Mutex<BTreeMap<TicketId, watch::Sender<Option<Stop>>>>);

impl Stops {
    /// A call begins to run.
    pub fn open(&self, ticket: TicketId) {
        self.lock().insert(ticket, watch::Sender::new(None));
    }

    /// A call runs no more.
    pub fn close(&self, ticket: TicketId) {
        self.lock().remove(&ticket);
    }

    pub fn tell(&self, ticket: TicketId, why: Stop) {
        if let Some(stop) = self.lock().get(&ticket) {
            stop.send_replace(Some(why));
        }
    }

    /// What a call is told from its beginning. `None` when it does not run.
    pub fn of(&self, ticket: TicketId) -> Option<watch::Receiver<Option<Stop>>> {
        self.lock().get(&ticket).map(watch::Sender::subscribe)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TicketId, watch::Sender<Option<Stop>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
