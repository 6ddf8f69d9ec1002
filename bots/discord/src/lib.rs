//! Discord as a chat platform: takes what its gateway says, gives chat events, and says what is to be said there within Discord's
//! limits. Knows nothing of what a message is about, of personas' answers, models and storage.
//!
//! ```text
//! gateway ──> Link (one an account) ──> Sorter ──> Ear ──> ChatEvent (bounded) ──> attend ──> the fleet
//!                  Session (pure)         │ first word to an interaction                      │
//!                                         v                                                   v
//!                                      Api (limits waited out) <── Desk, Ways, Callbacks <── Outbox
//! ```
//!
//! One application a persona, all in one process. Every account hears its own gateway; a line counts once. Requests, models and
//! builders are serenity's, declarations of commands poise's. The gateway is spoken here: see [`gateway`].
//!
//! What is relied on of the far end:
//!
//! - REST at [`Settings::api_url`]`/api/v10`: `users/@me`, `applications/@me`, `gateway/bot`, commands, SKUs, entitlements, messages,
//!   interaction callbacks and their webhooks, with Discord's rate limit headers. Under Discord's own name serenity's limiter keeps
//!   the limits of all but callbacks; elsewhere `Retry-After` is waited out here.
//! - A message created twice with one `nonce` and `enforce_nonce` is shown once, within `remembers` of `[discord.limits]`.
//! - The gateway, version 10, with payloads compressed one by one.
//!
//! Everything that goes out says whom it may mention: nobody but its asker.

mod account;
mod api;
mod buttons;
mod callbacks;
mod catch_up;
mod commands;
mod desk;
mod discord;
mod ears;
mod events;
mod examine;
mod gateway;
mod hear;
mod listen;
mod order;
mod outbox;
mod recent;
mod seat;
mod settings;
mod voice;
mod way;

#[cfg(test)]
mod tests;

pub use account::Trouble;
pub use discord::{Discord, Fault};
pub use examine::{Examined, Invitation, examine, invitations};
pub use lovelm::pipeline::attend;
pub use settings::{Account, Settings};
