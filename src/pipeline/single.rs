//! One question to one persona, answered into the hands of whoever asked, and nothing kept.

use std::sync::Arc;

use crate::{
    chat::{Language, Message, PersonaId, Platform},
    context::{self, Caps, ContextConfig, NoRoom, Question},
    engine::{Chunk, Engine, EngineError},
    persona::Personas,
    privacy::{Door, Private},
    reply::{Polish, neutral},
    routing::{self, Home, PlainLines},
    safety::{self, Audience, Fault, Guard, Verdict, Whose},
    text,
};

/// The path without a line, a limit or a table.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "an engine prints nothing")]
pub struct Single {
    pub personas: Personas,
    pub engine: Arc<dyn Engine>,
    pub door: Door,
    pub context: ContextConfig,
    /// For questions in no language of ours.
    pub fallback: Language,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SingleError {
    #[error("there is no question")]
    Empty,
    #[error("engine.context: {0}")]
    NoRoom(#[from] NoRoom),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the engine gave no answer")]
    Nothing,
    /// It was profane, or claimed to be human.
    #[error("the rest of the answer was not fit to be shown; ask again")]
    Unfit,
}

impl Single {
    /// Asks, and hands every new piece of the answer to `show`. A crisis gets its card instead.
    ///
    /// # Errors
    /// See [`SingleError`].
    pub async fn ask(
        &self,
        persona: &PersonaId,
        message: Message,
        show: &mut dyn FnMut(&str),
    ) -> Result<(), SingleError> {
        let home = Home { host: persona.clone(), plain: PlainLines::Ignored, name_calls: false };
        let question = message.text.clone();
        let call = routing::ask(message, Some(persona.clone()), &question, &home).ok_or(SingleError::Empty)?;
        if call.question.is_blank() {
            return Err(SingleError::Empty);
        }
        match safety::look(call) {
            Verdict::Crisis(crisis, call) => {
                let language = self.door.language(&call.message, &call.question, self.fallback);
                show(safety::card(crisis, safety::whose(&call), language, Audience::Private));
                Ok(())
            }
            Verdict::Clear(checked) => self.answer(persona, &self.door.pass(&checked, self.fallback), show).await,
        }
    }

    async fn answer(&self, persona: &PersonaId, call: &Private, show: &mut dyn FnMut(&str)) -> Result<(), SingleError> {
        let persona = self.personas.get(persona).ok_or(SingleError::Empty)?;
        let question = Question {
            persona,
            personas: &self.personas,
            language: call.language,
            platform: Platform::Console,
            mark: "",
            young: safety::stated_age(call.story.as_str()).is_some_and(|age| age < 18),
            story: &call.story,
            context: &[],
            recent: &[],
        };
        let caps = Caps { constant: self.context.constant_tokens, uncached: usize::MAX };
        let count = |prompt: &_| self.engine.count(prompt);
        let composed = context::compose(&question, self.engine.profile(), caps, &count)?;
        let guard = Guard::keeping(composed.rules(), "").for_young(question.young);
        let mut polish = Polish::new(persona.names().map(str::to_owned).collect(), call.story.as_str());
        let mut stream = self.engine.start(composed.request).await?;
        let mut shown = String::new();
        while !polish.is_over() {
            match stream.next().await? {
                Chunk::Text(text) => polish.push(&text),
                Chunk::Done(_) => polish.finish(),
            }
            match guard.check(polish.text()) {
                None if polish.is_over() || !guard.hesitates(polish.text()) => {}
                None => continue,
                // What looks bad in the middle of a sentence may be good at its end.
                Some(_) if !polish.is_over() && guard.check(text::finished_sentences(polish.text())).is_none() => {
                    continue;
                }
                Some(Fault::Crisis(crisis)) => {
                    show(&format!("\n{}", safety::card(crisis, Whose::Own, call.language, Audience::Private)));
                    return Ok(());
                }
                Some(Fault::Profanity | Fault::Leak | Fault::Pretence | Fault::Adult) => {
                    return Err(SingleError::Unfit);
                }
            }
            let neutral = neutral(Platform::Console, polish.text());
            if let Some(new) = neutral.strip_prefix(&shown) {
                show(new);
                shown = neutral;
            }
        }
        if shown.is_empty() { Err(SingleError::Nothing) } else { Ok(()) }
    }
}
