//! What a sentence of ours tells a viewer, read as a viewer reads it.

use lovelm::{
    chat::Language,
    locale::{Arg, Locale},
    persona::Personas,
};

use super::street::End;

/// The sentences that end a call.
const KEYS: [(&str, End); 18] = [
    ("refused-too-fast", End::Refused),
    ("refused-place-busy", End::Refused),
    ("refused-persona-busy", End::Refused),
    ("refused-daily-cap", End::Refused),
    ("refused-just-had-turn", End::Refused),
    ("refused-enough-waiting", End::Refused),
    ("refused-newcomers", End::Refused),
    ("refused-too-long", End::Refused),
    ("refused-line-full", End::Refused),
    ("refused-stopping", End::Stopped),
    ("shed", End::Shed),
    ("expired", End::Expired),
    ("expired-paid", End::Expired),
    ("overdue", End::Expired),
    ("engine-trouble", End::Failed),
    ("engine-cut", End::Failed),
    ("stopping", End::Stopped),
    ("stopping-paid", End::Stopped),
];

/// Stands for whatever a sentence is about.
const ANYTHING: char = '\u{fffc}';

/// By a part of each that stands in it whatever it is about.
#[derive(Debug)]
pub struct Sentences(Vec<(String, End)>);

impl Sentences {
    pub fn of(personas: &Personas) -> Self {
        let locale = Locale::new();
        let anything = ANYTHING.to_string();
        let args = ["wait", "persona"].map(|name| (name, Arg::from(&anything)));
        let ours = Language::ALL.into_iter().flat_map(|language| {
            let (locale, args) = (&locale, &args);
            KEYS.into_iter().map(move |(key, end)| (fixed(&locale.say(language, key, args)), end))
        });
        let theirs = personas.iter().flat_map(|persona| {
            Language::ALL.into_iter().map(|language| (persona.voice(language).trouble.clone(), End::Failed))
        });
        Self(ours.chain(theirs).collect())
    }

    /// How a call ended of which this was said. `None`: it goes on.
    pub fn end(&self, said: &str) -> Option<End> {
        self.0.iter().find(|(part, _)| said.contains(part.as_str())).map(|(_, end)| *end)
    }
}

/// The longest part between what changes.
fn fixed(sentence: &str) -> String {
    sentence.split(ANYTHING).max_by_key(|part| part.len()).unwrap_or_default().trim().to_owned()
}
