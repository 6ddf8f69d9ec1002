//! The terminal as a chat platform: takes lines typed or piped, gives chat events, and shows what is said. Knows nothing of
//! personas' answers, models and storage.
//!
//! `Lines (bounded, whole, UTF-8) > Session (what a line means) > Ear (the fleet) ... Console (the outbox) > Screen (what to print)`
//!
//! Two ways to be here: [`chat`] for somebody at a keyboard, whose lines are heard while earlier ones are being answered, and
//! [`pipe`] for a file or a script, each line of which is answered before the next is read.

mod console;
mod lines;
mod run;
mod screen;
mod session;

#[cfg(test)]
mod tests;

pub use console::{Console, Sink};
pub use run::{Ear, Ended, Receipt, Say, Seat, chat, pipe};
pub use session::Session;
