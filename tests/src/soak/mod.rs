//! Soaks: the path of the library in a process of its own, which is killed, restarted, flooded and robbed of its servers,
//! while the other end of its wire keeps a book of every event. In the end every paid event has exactly one answer or one
//! apology. One soak is of another kind: it tells thousands of stories, and looks for what is personal in them wherever bytes
//! are kept.

mod book;
mod burst;
mod canary;
pub mod child;
mod figures;
mod fleet;
mod kills;
mod memory;
mod outages;
mod platform;
mod postgres;
mod redis;
mod restarts;
mod scan;
mod seed;
mod stories;
mod wire;

use std::path::PathBuf;

pub use self::{
    book::{Book, Verdict},
    burst::burst,
    canary::{canary, planted_canary},
    figures::Figures,
    kills::kills,
    memory::memory,
    outages::outages,
    redis::redis,
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
