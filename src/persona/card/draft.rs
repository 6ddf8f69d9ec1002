//! The persona file that a card makes.

use std::path::{Path, PathBuf};

use super::{Card, fields, json};
use crate::{
    chat::Language,
    persona::{Fault, character::Sheet, file},
    text,
};

/// A persona file made of a card.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The name the file must have, which says the persona's id.
    pub file: PathBuf,
    /// The file's text, TOML.
    pub text: String,
    /// What is missing before the file is a persona. A card of another program says little of what a persona is.
    pub faults: Vec<Fault>,
}

pub(super) fn of(card: &Card, id: Option<&str>) -> Draft {
    let data = card.data();
    let (known, language, mut sheet) = fields::ours(data).unwrap_or_else(|| stranger(card));
    fields::read_into(sheet.voice_mut(language), data);
    let id = id.unwrap_or(&known);
    sheet.card = kept(card, id, &sheet, language);
    let file = Path::new(id).with_extension("toml");
    let text = toml::to_string_pretty(&sheet).unwrap_or_default();
    let faults = file::read(&file, text.as_bytes()).err().unwrap_or_default();
    Draft { file, text, faults }
}

/// A card of another program, whose language is the one that most of its words are in.
fn stranger(card: &Card) -> (String, Language, Sheet) {
    let data = card.data();
    let said = ["name", "description", "personality"].map(|key| data.get(key).and_then(|text| text.as_str()));
    let language = text::detect(&said.into_iter().flatten().collect::<Vec<_>>().join(" "))
        .and_then(text::Detected::language)
        .unwrap_or(Language::En);
    (id_in(said[0].unwrap_or_default()), language, Sheet::default())
}

/// The name in small letters, where it has any that an id may have.
fn id_in(name: &str) -> String {
    let letters: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let id = letters.trim_start_matches(|first: char| first.is_ascii_digit());
    if id.is_empty() { "persona".to_owned() } else { id.to_owned() }
}

/// What the card says that a card of this file would not, as JSON; empty when that is nothing.
fn kept(card: &Card, id: &str, sheet: &Sheet, language: Language) -> String {
    let mut said = card.0.clone();
    // The version is that of whoever writes.
    said.retain(|key, _| key != "spec" && key != "spec_version");
    if let Some(extensions) = said.get_mut("data").and_then(|data| data.get_mut("extensions")?.as_object_mut()) {
        extensions.remove("lovelm");
    }
    let more = json::beyond(&said, &fields::made(id, sheet, language));
    if more.is_empty() { String::new() } else { serde_json::Value::Object(more).to_string() }
}
