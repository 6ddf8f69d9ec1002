//! Puts a prompt together, within what an engine holds.

use super::fit::Draft;
use crate::{
    chat::{Language, Platform},
    engine::{Profile, Prompt, Request},
    persona::{Persona, Personas},
    privacy::{Line, Scrubbed},
};

/// What is to be answered, by whom.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub persona: &'a Persona,
    /// All of them: quoted lines name their speakers.
    pub personas: &'a Personas,
    /// The asker's language.
    pub language: Language,
    pub platform: Platform,
    /// Stands in the rules and nowhere else: an answer that holds it has repeated them. Empty for none.
    pub mark: &'a str,
    /// Whether the asker said to be under 18.
    pub young: bool,
    pub story: &'a Scrubbed,
    /// What the story refers to, oldest first.
    pub context: &'a [Line],
    /// What the asker and this persona said before, oldest first.
    pub recent: &'a [Exchange<'a>],
}

/// An earlier question and its answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    pub question: &'a Scrubbed,
    pub answer: &'a Scrubbed,
}

/// How many tokens a prompt may take, beside the engine's own context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// The constant part: rules, character and as many examples as fit. Rules and character stay, even over this.
    pub constant: usize,
    /// What comes behind the constant part, and so is in no prefix cache.
    pub uncached: usize,
}

/// A request, and what its asker should be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    pub request: Request,
    /// The language of the answer.
    pub language: Language,
    pub dropped: Dropped,
}

impl Composed {
    /// What the prompt alone holds: who speaks, and by which rules.
    #[must_use]
    pub fn rules(&self) -> &str {
        self.request.prompt.messages.first().map_or("", |turn| &turn.text)
    }
}

/// What did not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Quoted lines and earlier exchanges left out or shortened.
    pub context: usize,
    /// Examples of the persona left out for this question; nobody needs to be told.
    pub few_shots: usize,
    /// Whether the story lost its middle.
    pub story_middle: bool,
}

/// Not even a shortened question fits beside the persona's constant part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine's context or the cap on prompts has no room for a question")]
pub struct NoRoom;

/// The asker's language where the engine writes it well, else the engine's best.
#[must_use]
pub fn answer_language(asker: Language, engine: &Profile) -> Language {
    let best = engine.languages.first().copied().unwrap_or(asker);
    if engine.languages.contains(&asker) { asker } else { best }
}

/// Builds the request. The constant part stands first and is the same to the byte for one persona, language and cap; the
/// story stands last. `count` gives the rendered length of a prompt in tokens and is asked some dozens of times at most.
///
/// # Errors
/// [`NoRoom`] when a persona's rules and character leave no room in this engine, or the story is one endless grapheme.
pub fn compose(
    question: &Question<'_>,
    engine: &Profile,
    caps: Caps,
    count: &dyn Fn(&Prompt) -> usize,
) -> Result<Composed, NoRoom> {
    let language = answer_language(question.language, engine);
    let max_tokens = question.persona.budget(question.platform).max_tokens;
    let room = engine.context.saturating_sub(max_tokens);

    let mut draft = Draft::new(question, language);
    draft.choose_examples(&|constant| count(constant) <= caps.constant.min(room));
    draft.bound_story(room);
    let cached = count(&draft.constant());
    // Examples lie in the prefix cache: leaving them out makes no prompt's uncached part shorter.
    draft.squeeze(false, &|draft| count(&draft.prompt()) <= cached.saturating_add(caps.uncached))?;
    draft.squeeze(true, &|draft| count(&draft.prompt()) <= room)?;

    let sampling = question.persona.sampling();
    let request = Request { prompt: draft.prompt(), max_tokens, sampling };
    Ok(Composed { request, language, dropped: draft.dropped() })
}
