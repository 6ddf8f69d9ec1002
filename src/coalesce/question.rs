//! What two calls have in common that are the same question.

use std::fmt;

use crate::{
    chat::{Language, PersonaId},
    privacy::{Private, Pseudonym},
    routing::CallKind,
    text,
};

/// What makes two calls the same question: place, personas, language, and the scrubbed words, equal when case, width, marks
/// and spaces are left out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Question {
    place: Pseudonym,
    personas: Vec<PersonaId>,
    panel: bool,
    language: Language,
    words: String,
}

impl Question {
    /// None of what refers to something else, or is answered elsewhere: an answer to it is nobody else's.
    #[must_use]
    pub fn of(call: &Private) -> Option<Self> {
        let folded = text::normalize(call.story.as_str());
        let words = folded.text().split_whitespace().collect::<Vec<_>>().join(" ");
        let is_open = call.context.is_empty() && call.payment.is_none() && call.address.callback.is_none();
        (is_open && !words.is_empty()).then(|| Self {
            place: call.place.clone(),
            personas: call.personas.clone(),
            panel: call.kind == CallKind::Panel,
            language: call.language,
            words,
        })
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({} bytes)", self.words.len())
    }
}
