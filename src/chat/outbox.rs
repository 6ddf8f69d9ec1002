//! What can be done on a platform.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Callback, MessageId, PersonaId, Place, RawText, UserId};

/// A platform's way out. Adapters implement it; whoever calls it holds only [`Outgoing`] text.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// What this platform allows.
    fn manner(&self) -> Manner;

    /// Whether every persona speaks with a voice of its own, so that answers grow beside each other. Then a line stands for each of
    /// them as soon as it is accepted.
    fn is_parallel(&self) -> bool {
        false
    }

    /// Puts a line into the place, attached to the asker's message where the platform can.
    async fn send(&self, post: &Post) -> Result<Posted, SendError>;

    /// How long the platform knows a line again by its key: see [`Outbox::send_once`]. Nothing where it does not; a line in doubt
    /// then stays in doubt.
    fn remembers(&self) -> Duration {
        Duration::ZERO
    }

    /// The same as [`Outbox::send`]; again with the same key, it shows nothing new, and gives what was posted then.
    async fn send_once(&self, post: &Post, _key: &str) -> Result<Posted, SendError> {
        self.send(post).await
    }

    /// Replaces the text of something sent. Only called where [`Manner::edits`] says so.
    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError>;

    /// Takes a line back that stood for an answer which will not come. Only called where [`Outbox::is_parallel`].
    async fn withdraw(&self, _posted: &Posted) {}

    /// Tells that nothing comes by this callback, if nothing has come yet.
    async fn dismiss(&self, _callback: &Callback) {}

    /// Tells that a sent line changes no more, for platforms that keep a growing line open.
    async fn settled(&self, _posted: &Posted) {}

    /// Says something to one person only, never to the place: [`SendError::Gone`] where the platform cannot.
    async fn whisper(&self, post: &Post) -> Result<(), SendError>;

    /// Tells the moderators of a place.
    async fn alert(&self, alert: &Alert) -> Result<(), SendError>;
}

/// What a platform allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// The longest line, in Unicode scalar values.
    pub max_chars: usize,
    /// Lines an answer may take before the rest waits for `more`.
    pub max_lines: usize,
    /// Whether and how often a sent line may change.
    pub edits: Option<Edits>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edits {
    /// The least time between two edits in one place.
    pub every: Duration,
    /// Edits one answer may take, the last included.
    pub most: u32,
}

/// What can be done about a line by whoever reads it, where the platform has buttons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    #[default]
    Nothing,
    /// Stop the answer: for its asker and for moderators.
    Cancel,
    /// Ask again, this persona or another.
    Again,
    /// Ask one of those who answered together.
    Faces,
}

/// Text that may go out: valid, within length, with nothing live in it. Only [`crate::reply`] makes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    text: String,
    offer: Offer,
}

impl Outgoing {
    pub(crate) fn new(text: String) -> Self {
        Self { text, offer: Offer::Nothing }
    }

    pub(crate) fn offering(self, offer: Offer) -> Self {
        Self { offer, ..self }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn offer(&self) -> Offer {
        self.offer
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({} bytes)", self.text.len())
    }
}

/// Where an answer goes and whom it addresses. Kept in memory or sealed, never in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub place: Place,
    pub user: UserId,
    pub name: RawText,
    /// The asker's own message.
    pub message: Option<MessageId>,
    /// Where the platform takes the answer, if that is not simply the place.
    #[serde(default)]
    pub callback: Option<Callback>,
}

impl Address {
    /// Whether nobody but the asker sees what is said.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.callback.as_ref().is_some_and(|callback| callback.private)
    }
}

/// A line on its way out.
#[derive(Clone, Debug)]
pub struct Post {
    pub speaker: PersonaId,
    pub to: Address,
    pub text: Outgoing,
    pub lane: Lane,
    /// The line of the same answer that it goes on from.
    pub follows: Option<MessageId>,
}

/// What goes first when a platform's limits make lines wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A crisis card: past pause, quiet hours and our own limits.
    Crisis,
    /// An answer that was paid for.
    Paid,
    Answer,
    /// Places in line, refusals, thank-yous.
    Notice,
}

impl Lane {
    /// Whether an answer goes here, paid for or not.
    #[must_use]
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Paid | Self::Answer)
    }
}

/// Something that was sent and can be edited or replied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub place: Place,
    pub speaker: PersonaId,
    pub id: MessageId,
}

/// What moderators are told of a crisis: never the text.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Where it happened.
    pub place: Place,
    /// Where its moderators read it, on the platform that is asked; else the operator does, in the log.
    pub to: Option<Place>,
    pub message: Option<MessageId>,
    /// The class of the crisis, as [`crate::safety::Crisis::as_str`] names it.
    pub class: &'static str,
}

/// What became of a line that did not go out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The place or message is gone, or we may not write there. Do not try again.
    #[error("the place cannot be written to")]
    Gone,
    /// The platform asks us to wait.
    #[error("the platform asks to wait {0:?}")]
    Wait(Duration),
    /// The platform refused this text.
    #[error("the platform refused the line: {0}")]
    Refused(String),
    /// It may or may not have been shown. Never send it again.
    #[error("whether the line was shown is unknown")]
    InDoubt,
}
