//! The far end of Twitch's wires: IRC, Helix and the authorisation server, with limits that are kept and faults on demand.
//!
//! [`Network`] is all of it without sockets and without time; [`Twitch`] puts it behind ports or pipes, at a clock's time.

mod channel;
mod chat;
mod client;
mod crowd;
mod door;
mod fault;
mod helix;
mod memory;
mod network;
mod notice;
mod plan;
mod report;
mod rules;
mod server;
mod setup;
pub mod shapes;
mod stream;
mod tokens;
mod viewer;
mod voice;
mod wire;

pub use self::{
    channel::Modes,
    chat::Chat,
    crowd::Told,
    door::{BOTS, BY_HELIX, BY_IRC, CHANNEL, Door, WHISPERING},
    fault::Fault,
    helix::{CLIENT_ID, CLIENT_SECRET, Reply, Request},
    memory::{Heard, Night, TokioClock},
    network::{EPOCH_MS, Network, Out, Shown, Way, Wire},
    notice::Event,
    plan::Plan,
    report::{Breach, Committed, Report},
    rules::Refusal,
    server::Twitch,
    stream::Stream,
    tokens::Pair,
    viewer::Viewer,
    wire::{Line, Tags},
};

#[cfg(test)]
mod tests;
