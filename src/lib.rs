//! The path of a chat message through the fleet, one room a directory, in the order in which a message meets them:
//!
//! `ChatEvent > routing > safety > privacy > moderation > limits > coalesce > scheduler > context (persona) > engine > reply > store`
//!
//! Each door hands over a type that only it can make, and the next door asks for it: calling the model before the safety
//! check, or storing what was not scrubbed, does not compile. No room knows a platform or a model; the crates in `bots/`
//! and `engine/` bring those. Only [`pipeline`] knows every room.

// What every room may use.
pub mod chat;
pub mod clock;
pub mod locale;
pub mod text;

// The path.
pub mod routing;

pub mod safety;

pub mod privacy;

pub mod moderation;

pub mod limits;

pub mod coalesce;

pub mod scheduler;

pub mod persona;

pub mod context;

pub mod engine;

pub mod relay;

pub mod reply;

pub mod store;

pub mod pipeline;

// Around it.
pub mod config;
pub mod link;
pub mod telemetry;

#[cfg(test)]
mod arrows;
