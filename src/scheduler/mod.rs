//! Takes admitted calls, gives them back one by one as slots come free, or says why not. Knows nothing of texts, platforms
//! or models.
//!
//! [`State`] is the policy: pure, and told the time. [`Scheduler`] is the handle that the rest of the fleet holds. Between them
//! lies a [`Queue`]: in this process, or shared by many machines on a Redis server. [`simulation`] shows what the policy does to
//! a day of chat.

mod accounts;
mod backlog;
mod call;
mod claim;
mod config;
mod cost;
mod debt;
mod handle;
mod ledger;
mod load;
mod micros;
mod policy;
mod queue;
mod rank;
mod redis;
mod running;
pub mod simulation;
mod state;
mod ticket;

pub use call::{Account, Class, Dropped, Line, NewCall, Pick, Placed, Side, Stop, TicketId, Turned, Waiting};
pub use claim::{Claim, Next};
pub use config::{CostConfig, Deadlines, Patience, Price, SchedulerConfig, Shares};
pub use cost::{Cost, Measured};
pub use handle::Scheduler;
pub use micros::Micros;
pub use queue::{Came, Queue, Stops};
pub use redis::{Desk, Grant, Lease, PREFIX, QueueError, RedisQueue};
pub use state::{Effect, State};

/// A call for the tests of rooms that take claims: nobody was admitted for it.
#[cfg(test)]
pub(crate) fn new_call_for_tests(account: Account, class: Class) -> NewCall {
    NewCall {
        account,
        place: account,
        newcomer: false,
        class,
        credit_cents: 100,
        estimate: std::time::Duration::from_secs(1),
        waited: std::time::Duration::ZERO,
        deadline: None,
        resume: None,
        admission: call::Admission,
    }
}
