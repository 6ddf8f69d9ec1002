//! What an answer must not hold.

use super::{
    Crisis,
    claim::{is_adult, pretends},
    look_at_answer, profanity,
    secret::Secret,
};

/// Why an answer may not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The asker gets the card instead.
    Crisis(Crisis),
    /// The asker is told that this is not said, as for what follows.
    Profanity,
    /// The answer repeats what only the prompt holds.
    Leak,
    /// The persona claims to be human, to feel, or to be in love with the asker.
    Pretence,
    /// The asker is young, and this is for adults.
    Adult,
}

/// The checks of one answer. Made for each prompt, because what must not leak is the prompt's own.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    secret: Secret,
    young: bool,
}

impl Guard {
    /// A guard that knows what the prompt must keep to itself: its rules, and the mark in them (empty for none).
    #[must_use]
    pub fn keeping(rules: &str, mark: &str) -> Self {
        Self { secret: Secret::of(rules, mark), young: false }
    }

    /// The guard of an answer to somebody who said to be under 18, or not.
    #[must_use]
    pub fn for_young(self, young: bool) -> Self {
        Self { young, ..self }
    }

    /// Whether an answer so far is better not shown yet: its end may become a [`Fault::Leak`].
    #[must_use]
    pub fn hesitates(&self, answer: &str) -> bool {
        self.secret.may_follow(answer)
    }

    /// The gravest fault of an answer, whole or so far; `None` when it may go out.
    #[must_use]
    pub fn check(&self, answer: &str) -> Option<Fault> {
        if let Some(crisis) = look_at_answer(answer) {
            return Some(Fault::Crisis(crisis));
        }
        if self.secret.is_in(answer) {
            return Some(Fault::Leak);
        }
        if pretends(answer) {
            return Some(Fault::Pretence);
        }
        if self.young && is_adult(answer) {
            return Some(Fault::Adult);
        }
        profanity(answer).then_some(Fault::Profanity)
    }
}
