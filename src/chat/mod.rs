//! The vocabulary: what is heard on a platform and what can be done there. Knows no platform, and nothing of what happens
//! to a message.

mod command;
mod event;
mod hours;
mod id;
mod language;
mod moderation;
mod outbox;
mod raw;
mod roster;
#[cfg(test)]
mod tests;

pub use command::{Command, CommandError, Consent, ConsentChange};
pub use event::{Author, Callback, ChatEvent, Deletion, Invocation, Message, Payment, PaymentKind, Quoted, Standing};
pub use hours::Hours;
pub use id::{CallbackToken, ChannelId, EventId, MessageId, PersonaId, Place, Platform, UserId};
pub use language::{Language, Localized};
pub use moderation::{AlertsChange, HoursChange, LimitsChange, Moderation, Whom};
pub use outbox::{Address, Alert, Edits, Lane, Manner, Offer, Outbox, Outgoing, Post, Posted, SendError};
pub use raw::RawText;
pub use roster::{CallName, Roster};
