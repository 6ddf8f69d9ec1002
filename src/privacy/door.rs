//! The door itself: what is behind it has been scrubbed.

use std::sync::Arc;

use super::{Keyring, Line, Private, Pseudonymous, Scrubbed, Scrubber};
use crate::{
    chat::{Address, Language, Message, Platform, RawText, UserId},
    routing::Call,
    safety::Checked,
    text,
};

/// Characters of a story that are looked at unless told otherwise; a flood behind them is dropped unread.
pub const STORY_LIMIT: usize = 8_000;

/// Where calls lose what is personal. Cheap to share.
#[derive(Clone, Debug)]
pub struct Door {
    keyring: Arc<Keyring>,
    scrubber: Arc<Scrubber>,
    /// Characters of a story, and of all its context together.
    limit: usize,
}

impl Door {
    /// A door with this keyring, which leaves the names in `keep` (the personas') as they are.
    pub fn new<'a>(keyring: Arc<Keyring>, keep: impl IntoIterator<Item = &'a str>) -> Self {
        Self { keyring, scrubber: Arc::new(Scrubber::keeping(keep)), limit: STORY_LIMIT }
    }

    /// The same door with another limit of characters.
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Lets a checked call through: scrubbed with its context in one pass, its writer, place and event as pseudonyms. A
    /// story in no language of ours counts as the writer's own, else as `fallback` (the place's).
    #[must_use]
    pub fn pass(&self, checked: &Checked, fallback: Language) -> Private {
        self.through(checked.call(), fallback)
    }

    pub(super) fn through(&self, call: &Call, fallback: Language) -> Private {
        let message = &call.message;
        let question = text::truncate_graphemes(call.question.expose(), self.limit);
        let quoted: Vec<&str> = message.context.iter().map(|line| line.text.expose()).collect();
        let kept = newest_within(&quoted, self.limit);
        let scrubbed = self.scrubber.scrub(question, &quoted[kept..]);
        let speakers = message.context[kept..].iter().map(|line| line.speaker.clone());
        let events = self.keyring.events(message.place.platform, &message.event);
        Private {
            who: self.keyring.pseudonym(message.place.platform, &message.author.user),
            place: self.keyring.place(&message.place),
            event: self.keyring.event(message.place.platform, &message.event),
            older_events: events.into_iter().skip(1).collect(),
            personas: call.personas.clone(),
            kind: call.kind,
            payment: call.payment,
            standing: message.author.standing,
            language: self.language(message, &call.question, fallback),
            story: scrubbed.story,
            context: speakers.zip(scrubbed.context).map(|(speaker, text)| Line { speaker, text }).collect(),
            address: self.address(message),
        }
    }

    /// Where an answer to this message goes. It stays in memory, or is sealed.
    #[must_use]
    pub fn address(&self, message: &Message) -> Address {
        Address {
            place: message.place.clone(),
            user: message.author.user.clone(),
            name: message.author.name.clone(),
            message: message.id.clone(),
            callback: message.callback.clone(),
        }
    }

    /// The language of what was said, else its writer's own, else `fallback`.
    #[must_use]
    pub fn language(&self, message: &Message, said: &RawText, fallback: Language) -> Language {
        let detected = text::detect(said.expose()).and_then(text::Detected::language);
        detected.or(message.author.locale).unwrap_or(fallback)
    }

    /// What a model said, as it may be kept: a model may make up a number that is somebody's.
    #[must_use]
    pub fn answer(&self, said: &str) -> Scrubbed {
        self.scrubber.scrub(text::truncate_graphemes(said, self.limit), &[]).story
    }

    /// Something counted or chosen, as a person's: a consent, a language, an amount. Words go through [`Door::pass`].
    pub fn belonging<T>(&self, platform: Platform, user: &UserId, value: T) -> Pseudonymous<T> {
        Pseudonymous { who: self.keyring.pseudonym(platform, user), value }
    }
}

impl Private {
    /// Something that came of this call, as its writer's.
    pub fn belonging<T>(&self, value: T) -> Pseudonymous<T> {
        Pseudonymous { who: self.who.clone(), value }
    }
}

/// The first of the newest lines that together stay within `limit` characters.
fn newest_within(lines: &[&str], limit: usize) -> usize {
    let mut left = limit;
    let fits = lines.iter().rev().take_while(|line| {
        let rest = left.checked_sub(line.chars().take(limit + 1).count());
        left = rest.unwrap_or(0);
        rest.is_some()
    });
    lines.len() - fits.count()
}
