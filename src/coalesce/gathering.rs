//! One waiting call, and who waits for it.

use std::{sync::Arc, time::Duration};

use super::{CoalesceConfig, Question};
use crate::{
    chat::{PersonaId, Standing},
    limits::Admitted,
    privacy::{Private, Pseudonym},
    routing::CallKind,
};

/// One message of somebody.
#[derive(Clone, Debug)]
pub struct Words<S> {
    /// The message as a pseudonym, where the platform has such a thing.
    pub message: Option<Pseudonym>,
    /// Characters (Unicode scalar values) of what is asked.
    pub chars: usize,
    /// What was said, as it was said. This room does not look at it.
    pub said: S,
}

/// Somebody who waits for an answer.
#[derive(Clone, Debug)]
pub struct Asker<S> {
    /// The call of their first message.
    pub call: Arc<Admitted>,
    /// Never empty.
    pub words: Vec<Words<S>>,
    /// Whether `call` no longer says what the words say together.
    pub reworded: bool,
}

impl<S> Asker<S> {
    pub(super) fn new(call: Arc<Admitted>, words: Words<S>) -> Self {
        Self { call, words: vec![words], reworded: false }
    }

    pub fn who(&self) -> &Pseudonym {
        &self.call.call().who
    }

    fn chars(&self) -> usize {
        self.words.iter().map(|words| words.chars).sum()
    }

    fn wrote(&self, message: &Pseudonym) -> bool {
        self.words.iter().any(|words| words.message.as_ref() == Some(message))
    }

    /// Takes one message out. False when it was the only one.
    pub(super) fn take_back(&mut self, message: &Pseudonym) -> bool {
        self.words.retain(|words| words.message.as_ref() != Some(message));
        self.reworded = true;
        !self.words.is_empty()
    }
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Open,
    /// It waits, and nothing joins it any more.
    Closed,
    /// It is being answered.
    Begun,
}

/// A waiting call. The first asker is the one who is answered.
#[derive(Clone, Debug)]
pub(super) struct Gathering<S> {
    pub askers: Vec<Asker<S>>,
    pub place: Pseudonym,
    personas: Vec<PersonaId>,
    panel: bool,
    /// What somebody else would have to ask; none once the words changed.
    pub question: Option<Question>,
    first_at: Duration,
    last_at: Duration,
    pub phase: Phase,
    /// Who is in a crisis: nothing more is said to them of this call.
    pub hushed: Option<Pseudonym>,
    /// Those who were told that nothing will come.
    pub told: Vec<Pseudonym>,
    pub others_told: bool,
}

impl<S> Gathering<S> {
    pub fn new(now: Duration, call: Arc<Admitted>, words: Words<S>) -> Self {
        let asked = call.call();
        Self {
            place: asked.place.clone(),
            personas: asked.personas.clone(),
            panel: asked.kind == CallKind::Panel,
            question: Question::of(asked),
            askers: vec![Asker::new(call, words)],
            first_at: now,
            last_at: now,
            phase: Phase::Open,
            hushed: None,
            told: Vec::new(),
            others_told: false,
        }
    }

    /// Whether what this person says to these personas now is more of this call. A burst joins a panel whomever it calls.
    pub fn grows(&self, config: &CoalesceConfig, now: Duration, to: (&Pseudonym, &[PersonaId]), chars: usize) -> bool {
        let [asker] = self.askers.as_slice() else { return false };
        let in_time = !config.gap.is_zero()
            && now.saturating_sub(self.last_at) <= config.gap
            && now.saturating_sub(self.first_at) <= config.longest;
        let has_room =
            asker.words.len() < config.most_messages && asker.chars().saturating_add(chars) <= config.most_chars;
        self.phase == Phase::Open && asker.who() == to.0 && (self.panel || self.personas == to.1) && in_time && has_room
    }

    pub fn grow(&mut self, now: Duration, words: Words<S>) {
        self.last_at = now;
        self.question = None;
        if let Some(asker) = self.askers.first_mut() {
            asker.words.push(words);
            asker.reworded = true;
        }
    }

    /// Whether somebody who asks the same may be served by this answer. Nobody waits longer for it than alone: whoever has
    /// a better place does not join a worse one.
    pub fn shares(&self, config: &CoalesceConfig, call: &Private) -> bool {
        let is_in = self.askers.iter().any(|asker| *asker.who() == call.who);
        let has_room = if is_in { self.has_room_of(config, &call.who) } else { self.askers.len() < config.most_askers };
        let in_order =
            self.askers.first().is_some_and(|first| urgency(first.call.call().standing) <= urgency(call.standing));
        self.phase == Phase::Open && in_order && has_room
    }

    fn has_room_of(&self, config: &CoalesceConfig, who: &Pseudonym) -> bool {
        self.askers.iter().any(|asker| asker.who() == who && asker.words.len() < config.most_messages)
    }

    /// Takes somebody in. True when they were not in yet.
    pub fn join(&mut self, call: Arc<Admitted>, words: Words<S>) -> bool {
        if let Some(asker) = self.askers.iter_mut().find(|asker| *asker.who() == call.call().who) {
            asker.words.push(words);
            return false;
        }
        self.askers.push(Asker::new(call, words));
        true
    }

    pub fn writer_of(&self, message: &Pseudonym) -> Option<usize> {
        self.askers.iter().position(|asker| asker.wrote(message))
    }
}

/// The smaller, the sooner it is answered.
fn urgency(standing: Standing) -> u8 {
    match standing {
        Standing { moderator: true, .. } => 0,
        Standing { supporter: true, .. } => 1,
        Standing { .. } => 2,
    }
}
