//! Takes a checked call, gives it without anything personal in it. Alone makes pseudonyms. Knows nothing of queues, models
//! or tables.

mod door;
mod keyring;
mod scrub;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    chat::{Address, Language, Payment, PersonaId, Standing},
    routing::CallKind,
};

pub use door::{Door, STORY_LIMIT};
pub use keyring::{KeyState, KeyVersion, Keyring, KeysError};
pub use scrub::{Kind, Scrubber, Scrubbing, Span};

/// Text without anything personal in it. Only this room makes it. Not printed: it is still somebody's story.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scrubbed(String);

impl Scrubbed {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Scrubbed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scrubbed({} bytes)", self.0.len())
    }
}

/// A person, as our tables know them: HMAC-SHA-256 of platform and id under one version of a key that lies elsewhere.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pseudonym {
    pub key_version: i16,
    mac: [u8; 32],
}

impl Pseudonym {
    /// A pseudonym as it was read back from a row.
    #[must_use]
    pub fn from_row(key_version: i16, mac: [u8; 32]) -> Self {
        Self { key_version, mac }
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.mac
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym(v{}, ..)", self.key_version)
    }
}

/// Something that belongs to a pseudonym. Only this room makes it, and the store takes nothing else.
#[derive(Clone, Debug)]
pub struct Pseudonymous<T> {
    who: Pseudonym,
    value: T,
}

impl<T> Pseudonymous<T> {
    #[must_use]
    pub fn who(&self) -> &Pseudonym {
        &self.who
    }

    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }
}

/// A call behind the privacy door.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Private {
    /// Whose call it is, under the newest key.
    pub who: Pseudonym,
    /// The place, as a pseudonym of its own.
    pub place: Pseudonym,
    /// The event, as a pseudonym of its own: the same for a duplicate.
    pub event: Pseudonym,
    /// The same event under the older live keys, newest first.
    pub older_events: Vec<Pseudonym>,
    pub personas: Vec<PersonaId>,
    pub kind: CallKind,
    pub payment: Option<Payment>,
    pub standing: Standing,
    /// The language of the story.
    pub language: Language,
    pub story: Scrubbed,
    /// What the story refers to, oldest first, scrubbed in one pass with it.
    pub context: Vec<Line>,
    /// Where the answer goes. In memory or sealed only.
    pub address: Address,
}

impl Private {
    /// Whether the call was paid for. A payment of unknown worth is thanked for, and is no promise of an answer.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.payment.is_some_and(|payment| payment.cents > 0)
    }
}

/// A scrubbed line of somebody else, or of a persona.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub speaker: Option<PersonaId>,
    pub text: Scrubbed,
}

/// Bytes that only the holder of the keyring can read.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    pub key_version: i16,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed(v{}, {} bytes)", self.key_version, self.bytes.len())
    }
}
