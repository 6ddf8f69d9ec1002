//! What a persona is.

use serde::{Deserialize, Serialize};

use crate::{
    chat::{Language, Localized, PersonaId, Platform},
    engine::Sampling,
};

/// A fictional character. Only [`super::load`] makes it, so its texts are within the lengths that `check` allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Persona {
    id: PersonaId,
    sheet: Sheet,
    voices: Localized<Voice>,
    colour: u32,
}

/// A persona's file, as written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sheet {
    pub order: u32,
    pub emoji: String,
    pub colour: String,
    /// What a character card said that no key here means, as a JSON object: it stands in the next card again.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub card: String,
    pub sampling: Sampling,
    pub budget: Budgets,
    pub ko: Voice,
    pub en: Voice,
    pub ja: Voice,
}

/// An answer budget for each platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Budgets {
    pub console: Budget,
    pub discord: Budget,
    pub twitch: Budget,
}

/// How long an answer may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// The model is stopped here.
    pub max_tokens: usize,
    /// What is shown at once, in Unicode scalar values; a platform's own limit may be lower.
    pub max_chars: usize,
    /// An answer ends behind so many sentences, and the model with it.
    pub max_sentences: usize,
}

/// A persona in one language, written for that language. Every text is one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Voice {
    /// The name shown.
    pub name: String,
    /// Other names by which the persona is called, without particles.
    pub nicknames: Vec<String>,
    /// Who this is, for the model.
    pub character: String,
    /// Speech level and manner, for the model.
    pub speech: String,
    /// How long answers and sentences are, for the model.
    pub length: String,
    pub always: Vec<String>,
    pub never: Vec<String>,
    /// Few-shot pairs, the most telling first: a small model sees only the first of them.
    pub examples: Vec<Example>,
    /// Thanks for a payment; `{amount}` stands for what was paid.
    pub thanks: Vec<String>,
    /// Says that this is an AI.
    pub notice: String,
    /// Said instead of an answer when the engine is out of order.
    pub trouble: String,
}

/// A question and an answer in character.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Example {
    pub question: String,
    pub answer: String,
}

impl Sheet {
    pub fn voice(&self, language: Language) -> &Voice {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }

    pub fn voice_mut(&mut self, language: Language) -> &mut Voice {
        match language {
            Language::Ko => &mut self.ko,
            Language::En => &mut self.en,
            Language::Ja => &mut self.ja,
        }
    }
}

impl Persona {
    /// `sheet` has been checked.
    pub(super) fn new(id: PersonaId, mut sheet: Sheet) -> Self {
        let mut take = |voice: fn(&mut Sheet) -> &mut Voice| std::mem::take(voice(&mut sheet));
        let voices = Localized { ko: take(|s| &mut s.ko), en: take(|s| &mut s.en), ja: take(|s| &mut s.ja) };
        let colour = parse_colour(&sheet.colour).unwrap_or_default();
        Self { id, sheet, voices, colour }
    }

    /// The file again.
    pub(super) fn sheet(&self) -> Sheet {
        let Localized { ko, en, ja } = self.voices.clone();
        Sheet { ko, en, ja, ..self.sheet.clone() }
    }

    #[must_use]
    pub fn id(&self) -> &PersonaId {
        &self.id
    }

    /// The place in a panel, from 1. No two personas share one.
    #[must_use]
    pub fn order(&self) -> u32 {
        self.sheet.order
    }

    /// One emoji that stands for the persona.
    #[must_use]
    pub fn emoji(&self) -> &str {
        &self.sheet.emoji
    }

    /// 0xRRGGBB.
    #[must_use]
    pub fn colour(&self) -> u32 {
        self.colour
    }

    #[must_use]
    pub fn sampling(&self) -> Sampling {
        self.sheet.sampling
    }

    #[must_use]
    pub fn budget(&self, platform: Platform) -> Budget {
        match platform {
            Platform::Console => self.sheet.budget.console,
            Platform::Discord => self.sheet.budget.discord,
            Platform::Twitch => self.sheet.budget.twitch,
        }
    }

    #[must_use]
    pub fn voice(&self, language: Language) -> &Voice {
        self.voices.get(language)
    }

    /// Every name in every language.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.voices().flat_map(|(_, voice)| voice.names())
    }

    /// The voices, by language.
    pub fn voices(&self) -> impl Iterator<Item = (Language, &Voice)> {
        self.voices.iter()
    }
}

impl Voice {
    /// The display name, then the nicknames.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.nicknames.iter().map(String::as_str))
    }

    /// Thanks for `amount`, an amount in words of this language (`100 비트`). Any `index` is good: it wraps.
    #[must_use]
    pub fn thank(&self, index: usize, amount: &str) -> String {
        let line = index.checked_rem(self.thanks.len()).and_then(|index| self.thanks.get(index));
        line.map(|line| line.replace(AMOUNT, amount)).unwrap_or_default()
    }
}

/// The placeholder of [`Voice::thanks`].
pub(super) const AMOUNT: &str = "{amount}";

/// Reads `#RRGGBB`.
pub(super) fn parse_colour(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}
