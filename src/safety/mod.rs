//! Takes a [`Call`], gives it on only when it is no crisis. Knows nothing of queues, money or personas: a crisis leaves the
//! path here, at once.

mod age;
mod answer;
mod card;
mod claim;
mod profanity;
mod rules;
mod secret;
mod sight;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    chat::{Quoted, RawText},
    routing::Call,
    text,
};

/// Characters that are looked at from either end of a message; what the model reads is no more.
const LOOKED_AT: usize = 8_000;

pub use age::stated_age;
pub use answer::{Fault, Guard};
pub use card::{Audience, card, cards_checked_on};
pub use profanity::profanity;
pub use sight::Whose;

/// A call that was looked at and may go on. Only this room makes it.
#[derive(Clone, Debug)]
pub struct Checked(Call);

impl Checked {
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.0
    }
}

/// What a look at a call found.
#[derive(Debug)]
pub enum Verdict {
    Clear(Checked),
    Crisis(Crisis, Call),
}

/// The classes of a crisis, the one that goes first when a text shows several first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crisis {
    /// Suicide and self-harm.
    Suicide,
    /// Violence by a partner or at home, and stalking.
    PartnerViolence,
    /// Illegal filming, and threats to spread pictures.
    IntimateImages,
    SexualViolence,
    /// A minor at sexual or romantic risk.
    Minor,
    /// Violence to others.
    Violence,
    /// An eating disorder.
    Eating,
}

impl Crisis {
    pub const ALL: [Self; 7] = [
        Self::Suicide,
        Self::PartnerViolence,
        Self::IntimateImages,
        Self::SexualViolence,
        Self::Minor,
        Self::Violence,
        Self::Eating,
    ];

    /// The name used in alerts and by `inspect`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suicide => "suicide",
            Self::PartnerViolence => "partner_violence",
            Self::IntimateImages => "intimate_images",
            Self::SexualViolence => "sexual_violence",
            Self::Minor => "minor",
            Self::Violence => "violence",
            Self::Eating => "eating",
        }
    }
}

impl fmt::Display for Crisis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Looks at the question and at what people said above it. A persona's own lines were looked at when they were made, and
/// display names say nothing of a person.
#[must_use]
pub fn look(call: Call) -> Verdict {
    match sight_of(&call) {
        Some((crisis, _)) => Verdict::Crisis(crisis, call),
        None => Verdict::Clear(Checked(call)),
    }
}

/// Whose crisis a call tells of, for the wording of its card. A crisis that only the lines above the question show is taken
/// for somebody else's.
#[must_use]
pub fn whose(call: &Call) -> Whose {
    sight_of(call).map_or(Whose::Own, |(_, whose)| whose)
}

/// The crisis that a text shows, if any. Linear in the length of the text.
#[must_use]
pub fn crisis(text: &str) -> Option<Crisis> {
    sight::see(text).map(|(crisis, _)| crisis)
}

/// A display name, when the bots may say it in public: anybody may call themselves anything.
#[must_use]
pub fn sayable(name: &RawText) -> Option<&str> {
    let shown = name.expose().trim();
    (!shown.is_empty() && !profanity(shown) && crisis(shown).is_none()).then_some(shown)
}

/// The crisis that a model's answer shows: what a person's text would show, and being told to die.
#[must_use]
pub fn look_at_answer(answer: &str) -> Option<Crisis> {
    sight::see_incitement(answer).or_else(|| crisis(answer))
}

/// Looks at a text as far in from both ends as anybody reads: a flood between them says nothing of a person.
fn see_ends(text: &str) -> Option<(Crisis, Whose)> {
    let head = text::truncate_graphemes(text, LOOKED_AT);
    let rest = &text[head.len()..];
    let behind = rest.char_indices().rev().nth(LOOKED_AT).map_or(0, |(at, _)| at);
    [head, &rest[behind..]].into_iter().filter(|part| !part.is_empty()).filter_map(sight::see).min()
}

fn sight_of(call: &Call) -> Option<(Crisis, Whose)> {
    // What routing took off the message (a name, a mention) may have been part of a sentence: the whole text counts.
    let (question, whole) = (call.question.expose(), call.message.text.expose());
    let asked = see_ends(whole).or_else(|| if question == whole { None } else { see_ends(question) });
    asked.or_else(|| {
        let people = call.message.context.iter().filter(|quoted| quoted.speaker.is_none());
        let seen = people.filter_map(|Quoted { text, .. }| see_ends(text.expose()));
        seen.map(|(crisis, _)| (crisis, Whose::SomeoneElse)).min()
    })
}

#[cfg(test)]
mod tests;
