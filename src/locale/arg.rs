//! What a sentence's variables can be.

use std::{borrow::Cow, time::Duration};

use crate::chat::{Consent, Language, PersonaId};

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Put in as it is; also what a sentence's word variants (`[on]`, `[bits]`) are chosen by.
    Text(Cow<'a, str>),
    /// A number, which also chooses between singular and plural.
    Count(u64),
    /// A wait, said as people say it: "about 2 minutes".
    Wait(Duration),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a PersonaId> for Arg<'a> {
    fn from(persona: &'a PersonaId) -> Self {
        Self::Text(Cow::Borrowed(persona.as_str()))
    }
}

/// A switch, as `[on]` or `[off]`.
impl From<bool> for Arg<'_> {
    fn from(on: bool) -> Self {
        Self::Text(Cow::Borrowed(if on { "on" } else { "off" }))
    }
}

/// A language's code, as `[ko]`.
impl From<Language> for Arg<'_> {
    fn from(language: Language) -> Self {
        Self::Text(Cow::Borrowed(language.as_str()))
    }
}

/// One consent, as `[fandom]`, or `[all]` of them.
impl From<Option<Consent>> for Arg<'_> {
    fn from(consent: Option<Consent>) -> Self {
        Self::Text(Cow::Borrowed(match consent {
            Some(Consent::Consultation) => "consultation",
            Some(Consent::Fandom) => "fandom",
            Some(Consent::Memory) => "memory",
            None => "all",
        }))
    }
}

impl From<u64> for Arg<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

impl From<Duration> for Arg<'_> {
    fn from(wait: Duration) -> Self {
        Self::Wait(wait)
    }
}

/// The message that says a wait and its number, rounded up: to 5 seconds under a minute, then to minutes, then to hours.
pub(super) fn rounded(wait: Duration) -> (&'static str, u64) {
    let seconds = wait.as_millis().div_ceil(1000).clamp(1, u128::from(u32::MAX));
    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
    match seconds {
        0..=55 => ("about-seconds", seconds.next_multiple_of(5)),
        56..=3540 => ("about-minutes", seconds.div_ceil(60)),
        _ => ("about-hours", seconds.div_ceil(3600)),
    }
}
