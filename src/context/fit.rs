//! A prompt in the making, and what leaves it when it is too long.

use std::collections::VecDeque;

use super::{
    NoRoom,
    compose::{Dropped, Question},
    fence::fence,
    frame::{self, Frame, turn},
    shorten::shorten,
};
use crate::{
    chat::{Language, PersonaId},
    engine::{Prompt, Role, Turn},
    persona::{Example, Voice},
    privacy::Scrubbed,
};

/// How many examples a prompt may hold. A fixed ladder, so that few different constant parts exist.
const LADDER: [usize; 7] = [16, 12, 8, 6, 4, 2, 0];
/// The longest quoted line or earlier answer, in scalar values.
const QUOTE_CHARS: usize = 300;
/// No tokeniser in use puts more scalar values of ordinary text into a token; bounds the work on a long story.
const CHARS_PER_TOKEN: usize = 8;
/// The most quoted lines and exchanges looked at, the newest.
const MOST_QUOTES: usize = 16;

/// What a prompt is made of, in the order in which it stands there.
pub(super) struct Draft<'a> {
    frame: &'static Frame,
    voice: &'a Voice,
    mark: &'a str,
    young: bool,
    examples: &'a [Example],
    exchanges: VecDeque<(Quote, Quote)>,
    quotes: VecDeque<Quote>,
    story: String,
    dropped: Dropped,
}

/// Somebody's earlier words, fenced and capped.
struct Quote {
    text: String,
    shortened: bool,
}

impl Quote {
    fn of(text: &Scrubbed) -> Self {
        let fenced = fence(text.as_str());
        let text = shorten(&fenced, QUOTE_CHARS).unwrap_or_default();
        Self { shortened: text != fenced, text }
    }
}

impl<'a> Draft<'a> {
    pub fn new(question: &Question<'a>, language: Language) -> Self {
        let voice = question.persona.voice(language);
        let mut draft = Self {
            frame: frame::frame(language),
            voice,
            mark: question.mark,
            young: question.young,
            examples: &voice.examples,
            exchanges: VecDeque::new(),
            quotes: VecDeque::new(),
            story: fence(question.story.as_str()),
            dropped: Dropped::default(),
        };
        for exchange in newest(question.recent, &mut draft.dropped) {
            draft.exchanges.push_back((Quote::of(exchange.question), Quote::of(exchange.answer)));
        }
        for line in newest(question.context, &mut draft.dropped) {
            let speaker = draft.speaker(question, line.speaker.as_ref(), language);
            let quote = Quote::of(&line.text);
            draft.quotes.push_back(Quote { text: format!("> {speaker}: {}", quote.text), ..quote });
        }
        draft
    }

    fn speaker(&self, question: &Question<'a>, speaker: Option<&PersonaId>, language: Language) -> &'a str {
        match speaker {
            Some(id) if id == question.persona.id() => self.frame.you,
            Some(id) => question.personas.get(id).map_or(self.frame.someone, |other| &other.voice(language).name),
            None => self.frame.someone,
        }
    }

    /// What is missing from the prompt as it is now.
    pub fn dropped(&self) -> Dropped {
        let exchanges = self.exchanges.iter().filter(|(question, answer)| question.shortened || answer.shortened);
        let quotes = self.quotes.iter().filter(|quote| quote.shortened);
        Dropped { context: self.dropped.context + exchanges.count() + quotes.count(), ..self.dropped }
    }

    pub fn constant(&self) -> Prompt {
        Prompt { messages: frame::constant(self.frame, self.voice, self.examples, self.mark), so_far: String::new() }
    }

    pub fn prompt(&self) -> Prompt {
        let mut prompt = self.constant();
        for (question, answer) in &self.exchanges {
            prompt.messages.push(turn(Role::User, question.text.clone()));
            prompt.messages.push(turn(Role::Assistant, answer.text.clone()));
        }
        prompt.messages.push(self.question());
        prompt
    }

    /// The story alone, as in the examples, or behind what it refers to.
    fn question(&self) -> Turn {
        let mut lines: Vec<&str> = Vec::new();
        if self.young {
            lines.push(self.frame.young);
        }
        if !self.quotes.is_empty() {
            lines.push(self.frame.quoted);
            lines.extend(self.quotes.iter().map(|quote| quote.text.as_str()));
            lines.push(self.frame.asked);
        }
        lines.push(&self.story);
        turn(Role::User, lines.join("\n"))
    }

    /// Takes as many examples as keep the constant part within bounds. The start, not a loss: nothing is noted.
    pub fn choose_examples(&mut self, fits: &dyn Fn(&Prompt) -> bool) {
        while !fits(&self.constant()) && self.step_down() {}
    }

    /// Makes the prompt fit: context goes first, the oldest before the newer, then examples where `examples_too`, then the
    /// story's middle.
    pub fn squeeze(&mut self, examples_too: bool, fits: &dyn Fn(&Draft<'_>) -> bool) -> Result<(), NoRoom> {
        while !fits(self) {
            let gave = self.drop_context() || examples_too && self.drop_examples();
            if !gave {
                return self.shorten_story(fits);
            }
        }
        Ok(())
    }

    /// Cuts a story that no context of this many tokens could hold, before anybody counts its tokens.
    pub fn bound_story(&mut self, context: usize) {
        if let Some(story) = shorten(&self.story, context.saturating_mul(CHARS_PER_TOKEN)) {
            self.dropped.story_middle = story != self.story;
            self.story = story;
        }
    }

    fn drop_context(&mut self) -> bool {
        let dropped = self.exchanges.pop_front().is_some() || self.quotes.pop_front().is_some();
        self.dropped.context += usize::from(dropped);
        dropped
    }

    fn drop_examples(&mut self) -> bool {
        let before = self.examples.len();
        let dropped = self.step_down();
        self.dropped.few_shots += before - self.examples.len();
        dropped
    }

    fn step_down(&mut self) -> bool {
        let rung = LADDER.into_iter().find(|rung| *rung < self.examples.len());
        self.examples = &self.examples[..rung.unwrap_or(0)];
        rung.is_some()
    }

    /// Searches for the longest story that fits.
    fn shorten_story(&mut self, fits: &dyn Fn(&Draft<'_>) -> bool) -> Result<(), NoRoom> {
        let whole = std::mem::take(&mut self.story);
        let (mut least, mut most) = (1, whole.chars().count());
        let mut best = None;
        while least < most {
            let keep = usize::midpoint(least, most);
            self.story = shorten(&whole, keep).unwrap_or_default();
            if self.story.is_empty() || fits(self) {
                best = Some(std::mem::take(&mut self.story)).filter(|story| !story.is_empty()).or(best);
                least = keep + 1;
            } else {
                most = keep;
            }
        }
        self.story = best.ok_or(NoRoom)?;
        self.dropped.story_middle = true;
        Ok(())
    }
}

fn newest<'l, T>(lines: &'l [T], dropped: &mut Dropped) -> &'l [T] {
    let first = lines.len().saturating_sub(MOST_QUOTES);
    dropped.context += first;
    &lines[first..]
}
