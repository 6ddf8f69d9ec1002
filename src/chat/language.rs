//! The languages in which the bots read and speak.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language the fleet speaks. Text in any other language is answered in the place's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ko,
    En,
    Ja,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::Ko, Self::En, Self::Ja];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
            Self::Ja => "ja",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        let primary = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == primary)
            .ok_or_else(|| format!("unknown language `{code}`; known are ko, en, ja"))
    }
}

/// One value for each language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized<T> {
    pub ko: T,
    pub en: T,
    pub ja: T,
}

impl<T> Localized<T> {
    pub fn get(&self, language: Language) -> &T {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Language, &T)> {
        Language::ALL.into_iter().map(|language| (language, self.get(language)))
    }
}
