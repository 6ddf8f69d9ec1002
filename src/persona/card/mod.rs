//! A persona as a Character Card V3, in which programs exchange characters: takes a persona, gives a card, and the other way round.
//!
//! What a card says beyond what a persona file can hold is kept in the file's `card` and stands in the next card again. The
//! format is that of the public specification "Character Card V3": a JSON object with `spec`, `spec_version` and `data`, by
//! itself or in the text chunk `ccv3` of a PNG picture. Cards of version 2 (`chara`) and 1 are read too.

mod draft;
mod fields;
mod json;
mod picture;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::{Persona, character::Sheet};
use crate::chat::Language;

pub use draft::Draft;

/// The largest card that is read, in bytes. A picture is part of it.
const LARGEST: usize = 16 << 20;

/// A character card: a JSON object with an object `data`, as it was read or made.
#[derive(Clone, Debug, PartialEq)]
pub struct Card(Map<String, Value>);

/// Why a file is not a card.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error("has {0} bytes; a card has at most {LARGEST}")]
    TooLarge(usize),
    #[error("is neither a PNG picture nor JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("is no picture that can be read: {0}")]
    NotPicture(String),
    #[error("the picture holds no card: it has no text chunk `ccv3` or `chara`")]
    NoCard,
    #[error("the picture's card is broken: {0}")]
    Broken(String),
    #[error("`{0}` is missing or is not {1}")]
    Shape(&'static str, &'static str),
}

impl Card {
    /// Reads a card from a JSON file or a PNG picture.
    pub fn read(bytes: &[u8]) -> Result<Self, CardError> {
        if bytes.len() > LARGEST {
            return Err(CardError::TooLarge(bytes.len()));
        }
        if picture::is_png(bytes) { Self::parse(&picture::card_in(bytes)?) } else { Self::parse(bytes) }
    }

    fn parse(text: &[u8]) -> Result<Self, CardError> {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let Value::Object(card) = serde_json::from_slice(text).map_err(CardError::NotJson)? else {
            return Err(CardError::Shape("the card", "an object"));
        };
        // Version 1 has no `data`: its fields lie open.
        let card = if card.contains_key("spec") || card.contains_key("data") { card } else { json::wrapped(card) };
        let Some(Value::Object(data)) = card.get("data") else { return Err(CardError::Shape("data", "an object")) };
        match data.get("name") {
            Some(Value::String(name)) if !name.trim().is_empty() => Ok(Self(card)),
            _ => Err(CardError::Shape("data.name", "a name")),
        }
    }

    /// The card of a persona. Its texts are those of one language; all of the persona's file stands in it for ourselves.
    #[must_use]
    pub fn of(persona: &Persona, language: Language) -> Self {
        Self::of_sheet(persona.id().as_str(), &persona.sheet(), language)
    }

    fn of_sheet(id: &str, sheet: &Sheet, language: Language) -> Self {
        let kept = serde_json::from_str(&sheet.card).unwrap_or_default();
        Self(json::laid_over(fields::made(id, sheet, language), kept))
    }

    /// The card as a JSON file.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}", Value::Object(self.0.clone()))
    }

    /// The card in a picture: in `face`, a PNG picture, else in a plain one of the persona's colour (0xRRGGBB).
    pub fn to_png(&self, face: Option<&[u8]>, colour: u32) -> Result<Vec<u8>, CardError> {
        picture::with_card(&Value::Object(self.0.clone()).to_string(), face, colour)
    }

    /// The persona file that says the same, as far as a card can.
    ///
    /// `id` is the id of the persona to be, where the card does not say or should not.
    #[must_use]
    pub fn draft(&self, id: Option<&str>) -> Draft {
        draft::of(self, id)
    }

    fn data(&self) -> &Map<String, Value> {
        static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        self.0.get("data").and_then(Value::as_object).unwrap_or(&EMPTY)
    }
}
