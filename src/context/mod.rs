//! Takes a persona and a scrubbed question, gives the request an engine answers. Knows nothing of queues, people or how an
//! engine counts.

mod compose;
mod config;
mod fence;
mod fit;
mod frame;
mod shorten;
#[cfg(test)]
mod tests;

pub use compose::{Caps, Composed, Dropped, Exchange, NoRoom, Question, answer_language, compose};
pub use config::ContextConfig;
