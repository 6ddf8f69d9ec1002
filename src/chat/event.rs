//! What a platform tells us.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CallbackToken, Command, EventId, Language, MessageId, PersonaId, Place, RawText, UserId};

/// Something that happened on a platform. Adapters translate into this and hold no logic.
#[derive(Clone, Debug)]
pub enum ChatEvent {
    /// Somebody wrote a line.
    Said(Message),
    /// Somebody paid, with words (`text` is not empty) or without.
    Paid(Message, Payment),
    /// Somebody brought the viewers of another channel along. `message` has no words.
    Raided { message: Message, viewers: u64 },
    /// Words were taken back, by their writer or by a moderator.
    Deleted(Deletion),
    /// Somebody changed what they had written: the message as it is now, under an event of its own.
    Edited(Message),
    /// A slash command, a `!command` or a button.
    Command(Invocation),
}

/// A line of chat.
#[derive(Clone, Debug)]
pub struct Message {
    /// The same for every delivery of the same event.
    pub event: EventId,
    /// What an answer can be attached to, where the platform has such a thing.
    pub id: Option<MessageId>,
    pub place: Place,
    pub author: Author,
    pub text: RawText,
    /// Personas whose accounts are mentioned, in the order of the text, each once.
    pub mentions: Vec<PersonaId>,
    /// The persona whose message this answers.
    pub reply_to: Option<PersonaId>,
    /// What the line refers to, oldest first: the chain of replies above it.
    pub context: Vec<Quoted>,
    /// Where the platform takes the answer, if that is not simply the place.
    pub callback: Option<Callback>,
    pub at: DateTime<Utc>,
}

impl Message {
    /// A plain line of somebody of whom no more is known: nothing is named, mentioned, answered or quoted.
    #[must_use]
    pub fn said(event: EventId, place: Place, user: UserId, text: RawText, at: DateTime<Utc>) -> Self {
        let author =
            Author { user, name: RawText::default(), standing: Standing::default(), is_bot: false, locale: None };
        let (mentions, context) = (Vec::new(), Vec::new());
        Self { event, id: None, place, author, text, mentions, reply_to: None, context, callback: None, at }
    }
}

/// A way back to one asker that a platform keeps open for a while: how a slash command, a form or a button is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    pub token: CallbackToken,
    /// Whose account was asked. No other account can answer by it.
    pub persona: PersonaId,
    /// Whether nobody but the asker may see what is answered.
    pub private: bool,
    /// From then on the platform takes nothing by it.
    pub until: DateTime<Utc>,
}

/// A line that another line refers to.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// The persona that said it, or a person.
    pub speaker: Option<PersonaId>,
    pub text: RawText,
}

/// Who wrote.
#[derive(Clone, Debug)]
pub struct Author {
    pub user: UserId,
    /// The name shown on the platform. Never leaves the address of an answer.
    pub name: RawText,
    pub standing: Standing,
    /// A bot's account, our own included. Bots are never answered.
    pub is_bot: bool,
    /// What the platform says of the person's language.
    pub locale: Option<Language>,
}

/// What a platform says of a person in one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub moderator: bool,
    /// Subscribes, boosts, or holds a premium entitlement.
    pub supporter: bool,
}

/// Money, as the platform counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub kind: PaymentKind,
    /// In the platform's unit: bits, months, gifts, boosts.
    pub units: u64,
    /// Worth in hundredths of a US dollar, as near as the platform lets us know.
    pub cents: u64,
}

/// How somebody paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    Bits,
    HypeChat,
    Sub,
    Gift,
    Boost,
    Premium,
}

impl PaymentKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bits => "bits",
            Self::HypeChat => "hype_chat",
            Self::Sub => "sub",
            Self::Gift => "gift",
            Self::Boost => "boost",
            Self::Premium => "premium",
        }
    }
}

/// Words that are to be forgotten, and calls that are to be dropped.
#[derive(Clone, Debug)]
pub enum Deletion {
    Message {
        place: Place,
        message: MessageId,
    },
    /// A timeout or a ban: everything of this person in this place.
    Person {
        place: Place,
        user: UserId,
    },
    /// A cleared chat.
    Everything {
        place: Place,
    },
}

impl Deletion {
    /// Where it happened.
    #[must_use]
    pub fn place(&self) -> &Place {
        match self {
            Self::Message { place, .. } | Self::Person { place, .. } | Self::Everything { place } => place,
        }
    }
}

/// A command and where it came from.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The command's line, without the command itself in `text`.
    pub message: Message,
    pub command: Command,
}
