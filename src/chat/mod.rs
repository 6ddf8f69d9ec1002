//! The vocabulary: what is heard on a platform and what can be done there. Knows no platform, and nothing of what happens
//! to a message.

mod command;
mod event;
mod id;
mod language;
mod outbox;
mod raw;
mod roster;

pub use command::{Command, CommandError, Consent, ConsentChange, Moderation};
pub use event::{Author, ChatEvent, Deletion, Invocation, Message, Payment, PaymentKind, Quoted, Standing};
pub use id::{ChannelId, EventId, MessageId, PersonaId, Place, Platform, UserId};
pub use language::{Language, Localized};
pub use outbox::{Address, Alert, Edits, Lane, Manner, Outbox, Outgoing, Post, Posted, SendError};
pub use raw::RawText;
pub use roster::{CallName, Roster};
