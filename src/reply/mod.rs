//! Takes the text of an answer as it grows, gives what a platform shows of it and when. Knows nothing of models, queues and
//! people.
//!
//! `tokens > Polish (what is no answer goes) > Frame (lines of a platform, nothing live in them) > Delivery (when) > Outbox`

mod deliver;
mod delivery;
mod frame;
mod label;
mod neutral;
mod polish;
mod split;
mod tag;
mod whisper;

#[cfg(test)]
mod tests;

pub use deliver::{Delivered, Drafts, Outcome, Pen, Recipient, deliver, draft, post};
pub use delivery::{Act, Delivery};
pub use frame::{Frame, LaidOut};
pub use neutral::neutral;
pub use polish::Polish;
pub use split::cut;
pub use whisper::Whisper;
