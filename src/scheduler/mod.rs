//! Takes admitted calls, gives them back one by one as slots come free, or says why not. Knows nothing of texts, platforms
//! or models.
//!
//! [`State`] is the policy: pure, and told the time. [`Scheduler`] is the handle that the rest of the fleet holds.

mod backlog;
mod call;
mod claim;
mod config;
mod cost;
mod handle;
mod ledger;
mod load;
mod micros;
mod policy;
mod rank;
mod running;
#[cfg(test)]
mod simulation;
mod state;
mod ticket;

pub use call::{Account, Class, Dropped, Line, NewCall, Pick, Placed, Side, Stop, TicketId, Turned, Waiting};
pub use claim::{Claim, Next};
pub use config::{CostConfig, Deadlines, Patience, Price, SchedulerConfig, Shares};
pub use cost::{Cost, Measured};
pub use handle::Scheduler;
pub use micros::Micros;
pub use state::{Effect, State};
