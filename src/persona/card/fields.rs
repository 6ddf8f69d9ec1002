//! Which field of a card is which key of a persona file.
//!
//! | card | persona file, in the card's language |
//! |---|---|
//! | `name` | `name` |
//! | `description` | `character` |
//! | `personality` | `speech` |
//! | `mes_example` | `examples` |
//! | `extensions.lovelm` | everything |
//!
//! `first_mes` is made of the AI notice and never read: what others greet with is no notice.

use serde_json::{Map, Value, json};

use crate::{
    chat::Language,
    persona::{
        Example, Voice,
        character::Sheet,
        check::{ANSWER, CHARACTER, QUESTION, SPEECH},
    },
};

const OURS: &str = "lovelm";
const START: &str = "<START>";
const ASKER: &str = "{{user}}";
const PERSONA: &str = "{{char}}";

/// The card of a persona's file, but for what the file keeps of another card.
pub(super) fn made(id: &str, sheet: &Sheet, language: Language) -> Map<String, Value> {
    let voice = sheet.voice(language);
    let sheet = Sheet { card: String::new(), ..sheet.clone() };
    let card = json!({
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {
            "name": voice.name,
            "description": voice.character,
            "personality": voice.speech,
            "scenario": "",
            "first_mes": voice.notice,
            "mes_example": dialogues(&voice.examples),
            "alternate_greetings": [],
            "group_only_greetings": [],
            "system_prompt": "",
            "post_history_instructions": "",
            "creator": "",
            "creator_notes": "",
            "character_version": "",
            "tags": [],
            "extensions": { OURS: { "id": id, "language": language.as_str(), "persona": sheet } },
        },
    });
    if let Value::Object(card) = card { card } else { Map::new() }
}

/// What this program wrote into a card: the persona's id, its language, and its file.
pub(super) fn ours(data: &Map<String, Value>) -> Option<(String, Language, Sheet)> {
    let ours = data.get("extensions")?.get(OURS)?;
    let language = ours.get("language")?.as_str()?.parse().ok()?;
    let sheet = serde_json::from_value(ours.get("persona")?.clone()).ok()?;
    Some((ours.get("id")?.as_str()?.to_owned(), language, sheet))
}

/// Reads the fields that have a key into a voice. What the file says the same way already stays as it is.
pub(super) fn read_into(voice: &mut Voice, data: &Map<String, Value>) {
    let said = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = one_line(said("name"));
    let told = |text: &str| text.replace(PERSONA, &name).replace(ASKER, "");
    let changed = |key: &str, known: &str| Some(said(key)).filter(|said| !said.trim().is_empty() && *said != known);
    if let Some(description) = changed("description", &voice.character) {
        voice.character = shortened(&told(description), *CHARACTER.end());
    }
    if let Some(personality) = changed("personality", &voice.speech) {
        voice.speech = shortened(&told(personality), *SPEECH.end());
    }
    if let Some(examples) = changed("mes_example", &dialogues(&voice.examples)) {
        voice.examples = examples_in(examples, &name);
    }
    voice.name = name;
}

/// Question and answer, each pair a dialogue of its own.
fn dialogues(examples: &[Example]) -> String {
    let one = |example: &Example| format!("{START}\n{ASKER}: {}\n{PERSONA}: {}\n", example.question, example.answer);
    examples.iter().map(one).collect()
}

/// The pairs of a question and the answer right below it; what else is said in the dialogues is no example.
fn examples_in(dialogues: &str, name: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut question: Option<String> = None;
    for line in dialogues.lines().map(str::trim) {
        let said = |who: &str| line.strip_prefix(who)?.trim_start().strip_prefix(':').map(str::trim);
        if let Some(asked) = said(ASKER) {
            question = Some(shortened(asked, *QUESTION.end()));
        } else if let (Some(answer), Some(question)) = (said(PERSONA).or_else(|| said(name)), question.take()) {
            examples.push(Example { question, answer: shortened(answer, *ANSWER.end()) });
        }
    }
    examples
}

/// Everything on one line, with single spaces and no control characters.
fn one_line(said: &str) -> String {
    let line = said.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    line.collect::<Vec<_>>().join(" ")
}

/// One line without braces, cut behind a word where it is too long.
fn shortened(said: &str, most: usize) -> String {
    let line = one_line(&said.replace(['{', '}'], " "));
    let Some((end, _)) = line.char_indices().nth(most) else { return line };
    let cut = line[..end].rfind(char::is_whitespace).filter(|cut| *cut > 0).unwrap_or(end);
    line[..cut].trim_end().to_owned()
}
