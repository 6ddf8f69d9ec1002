//! The fixed words for a crisis.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Crisis, Whose};
use crate::chat::{Language, Localized};

/// Who reads a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The place reads along: short, and naming no topic.
    Public,
    /// The asker alone.
    Private,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cards {
    version: u32,
    checked_on: NaiveDate,
    suicide: Wordings,
    partner_violence: Wordings,
    intimate_images: Wordings,
    sexual_violence: Wordings,
    minor: Wordings,
    violence: Wordings,
    eating: Wordings,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wordings {
    own: Localized<String>,
    other: Localized<String>,
    public: Localized<String>,
}

static CARDS: LazyLock<Cards> =
    LazyLock::new(|| toml::from_str(include_str!("cards.toml")).expect("the crisis cards are valid"));

/// What the asker is told, whoever's persona was called. At most 480 characters.
#[must_use]
pub fn card(crisis: Crisis, whose: Whose, language: Language, audience: Audience) -> &'static str {
    let wordings = CARDS.of(crisis);
    let wording = match (audience, whose) {
        (Audience::Public, _) => &wordings.public,
        (Audience::Private, Whose::Own) => &wordings.own,
        (Audience::Private, Whose::SomeoneElse) => &wordings.other,
    };
    wording.get(language)
}

/// The version of the cards, and the day on which somebody last checked their numbers.
#[must_use]
pub fn cards_checked_on() -> (u32, NaiveDate) {
    (CARDS.version, CARDS.checked_on)
}

impl Cards {
    fn of(&self, crisis: Crisis) -> &Wordings {
        match crisis {
            Crisis::Suicide => &self.suicide,
            Crisis::PartnerViolence => &self.partner_violence,
            Crisis::IntimateImages => &self.intimate_images,
            Crisis::SexualViolence => &self.sexual_violence,
            Crisis::Minor => &self.minor,
            Crisis::Violence => &self.violence,
            Crisis::Eating => &self.eating,
        }
    }
}
