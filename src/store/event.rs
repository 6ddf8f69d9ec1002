//! A platform's events, under every key that still lives.

use crate::{chat::Platform, privacy::Pseudonym};

/// A platform's event, as our tables know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTag {
    pub platform: Platform,
    /// Under the newest key; of an open call, under the key of its arrival.
    pub tag: Pseudonym,
    /// The same event under the older live keys, so that a duplicate is known across a rotation.
    pub older: Vec<Pseudonym>,
}

impl EventTag {
    pub(super) fn all(&self) -> impl Iterator<Item = &Pseudonym> {
        std::iter::once(&self.tag).chain(&self.older)
    }
}
