//! Twitch as a chat platform: takes lines of its chat, gives chat events, and says what is to be said there within Twitch's
//! limits. Knows nothing of what a line is about, of personas' answers, models and storage.
//!
//! ```text
//! IRC ──> Connection (one an account) ──> Line ──> translate ──> ChatEvent (bounded) ──> attend ──> the fleet
//!   ^           │ room states, standings, notices                                                      │
//!   │           v                                                                                      v
//!   └──────── Hub: Ears (who listens where), Desk (what may be said when) <──────────────────────── Outbox
//!                     └──> Helix (acknowledged sends), OAuth (tokens)
//! ```
//!
//! One account a persona, all in one process. Each channel has one ear: the account that is joined there. When an account
//! falls silent the others take its channels over. Every account speaks for itself, on its own connection or by Helix.
//!
//! What is relied on of the far end:
//!
//! - IRC at [`Settings::irc_url`]: `CAP REQ :twitch.tv/tags twitch.tv/commands`, `PASS oauth:TOKEN`, `NICK login`, then `001`. A
//!   NOTICE `Login authentication failed` (or `Improperly formatted auth`) ends a login. A `JOIN #channel` is confirmed by its
//!   echo or by ROOMSTATE, whose `room-id` is the channel's id. `PING x` is answered, ours (`PING :lovelm-N`) comes back as
//!   PONG; whoever is silent for longer than `silence` twice is given up.
//! - A line is said as `@reply-parent-msg-id=ID PRIVMSG #channel :text`. It counts as shown when the account's USERSTATE of that
//!   channel follows with an `id`, or another account of ours hears it; as refused when a NOTICE of that channel follows; and is
//!   in doubt when neither comes within `acknowledged` of `[twitch.limits]` or the connection ends.
//! - OAuth at [`Settings::auth_url`]: `GET /oauth2/validate` (`Authorization: OAuth TOKEN`), `POST /oauth2/token`
//!   (`grant_type=refresh_token`, as a form).
//! - Helix at [`Settings::helix_url`]: `POST /chat/messages`, `GET /bits/cheermotes`, `POST /whispers`, all with `Client-Id` and
//!   `Authorization: Bearer TOKEN`. Lines go by Helix where the token has the scope `user:write:chat`, else by IRC.

mod account;
mod channels;
mod connection;
mod desk;
mod dial;
mod ears;
mod examine;
mod hear;
mod helix;
mod hub;
mod line;
mod oauth;
mod outbox;
mod settings;
mod store;
mod twitch;
mod web;

#[cfg(test)]
mod tests;

pub use account::Trouble;
pub use dial::{Dial, InMemory, Link, Tcp};
pub use examine::{Examined, examine};
pub use hear::{Hearing, translate};
pub use line::Line;
pub use lovelm::pipeline::attend;
pub use settings::{Account, Client, Settings};
pub use twitch::{Fault, Twitch, World};
pub use web::{Https, Method, Reply, Request, Unreached, Web};
