//! Soaks: the path of the library in a process of its own, which is killed, restarted, flooded and robbed of its database,
//! while the other end of its wire keeps a book of every event. In the end every paid event has exactly one answer or one
//! apology.

mod book;
mod burst;
pub mod child;
mod figures;
mod fleet;
mod kills;
mod outages;
mod platform;
mod postgres;
mod restarts;
mod seed;
mod wire;

use std::path::PathBuf;

pub use self::{
    book::{Book, Verdict},
    burst::burst,
    figures::Figures,
    kills::kills,
    outages::outages,
    restarts::restarts,
};

/// How long and how hard.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program that is the child: see [`child::main`].
    pub program: PathBuf,
    pub seed: u64,
    /// Events in all.
    pub events: usize,
    /// Kills, outages or restarts.
    pub blows: usize,
    /// Seconds that an outage lasts at most.
    pub longest: u64,
}
