//! What waits and can be joined. Pure: no clock, no task, no text that was not scrubbed.

mod leaving;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use self::leaving::forget;
use super::{
    CoalesceConfig, Question,
    gathering::{Asker, Gathering, Phase, Words},
};
use crate::{
    chat::PersonaId,
    limits::Admitted,
    privacy::{Private, Pseudonym},
};

/// A waiting call that can be joined. Counts up; the same number never comes twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GatheringId(u64);

/// A call that what is said now may be more of.
#[derive(Clone, Debug)]
pub struct Growing<S> {
    pub id: GatheringId,
    /// What was said so far, oldest first.
    pub said: Vec<S>,
}

/// A call that begins to be answered.
#[derive(Clone, Debug)]
pub struct Begun<S> {
    /// Who is answered.
    pub call: Arc<Admitted>,
    /// What they said, oldest first, when it is not what `call` says.
    pub reworded: Option<Vec<S>>,
    /// The messages that it was said in.
    pub messages: Vec<Pseudonym>,
}

/// What became of a message that was taken back.
#[derive(Clone, Debug)]
pub enum Taken<S> {
    /// It is in no call here.
    Unknown,
    /// Its writer's other messages still ask.
    Less,
    /// Its writer asks no more; somebody else is answered all the same.
    Left(Asker<S>),
    /// Whoever was to be answered asks no more: the call is the next asker's, or nobody's.
    First(GatheringId, Asker<S>),
}

/// Which calls of a person are meant.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// In one place, what has not begun.
    WaitingAt(&'a Pseudonym),
    /// In one place.
    At(&'a Pseudonym),
    Everywhere,
}

/// The waiting calls. Every operation is told the time and looks at few of them; [`CoalesceConfig::most_waiting`] bounds all maps.
#[derive(Clone, Debug)]
pub struct State<S> {
    config: CoalesceConfig,
    newest: u64,
    /// People in all calls together.
    asking: usize,
    waiting: BTreeMap<GatheringId, Gathering<S>>,
    people: HashMap<Pseudonym, HashSet<GatheringId>>,
    questions: HashMap<Question, GatheringId>,
    messages: HashMap<Pseudonym, GatheringId>,
}

impl<S: Clone> State<S> {
    /// Looks for the call that what this person says now to these personas is more of, the newest first.
    pub fn growing(
        &self,
        now: Duration,
        who: &Pseudonym,
        place: &Pseudonym,
        asked: (&[PersonaId], usize),
    ) -> Option<Growing<S>> {
        let (personas, chars) = asked;
        let own = self.people.get(who)?.iter().filter_map(|id| Some((*id, self.waiting.get(id)?)));
        let (id, gathering) = own
            .filter(|(_, one)| one.place == *place && one.grows(&self.config, now, (who, personas), chars))
            .max_by_key(|(id, _)| *id)?;
        let words = &gathering.askers.first()?.words;
        Some(Growing { id, said: words.iter().map(|words| words.said.clone()).collect() })
    }

    /// Begins to answer. From here nothing joins. `None` when nobody asks any more.
    pub fn begin(&mut self, id: GatheringId) -> Option<Begun<S>> {
        self.close(id);
        let gathering = self.waiting.get_mut(&id)?;
        gathering.phase = Phase::Begun;
        let asker = gathering.askers.first()?;
        let said = || asker.words.iter().map(|words| words.said.clone()).collect();
        Some(Begun {
            call: Arc::clone(&asker.call),
            reworded: asker.reworded.then(said),
            messages: asker.words.iter().filter_map(|words| words.message.clone()).collect(),
        })
    }
}

impl<S> State<S> {
    #[must_use]
    pub fn new(config: &CoalesceConfig) -> Self {
        Self {
            config: config.clone(),
            newest: 0,
            asking: 0,
            waiting: BTreeMap::new(),
            people: HashMap::new(),
            questions: HashMap::new(),
            messages: HashMap::new(),
        }
    }

    /// A call of its own, which others may join. `None` when there are too many: it waits alone.
    pub fn open(&mut self, now: Duration, call: Arc<Admitted>, words: Words<S>) -> Option<GatheringId> {
        if self.asking >= self.config.most_waiting {
            return None;
        }
        self.asking += 1;
        self.newest += 1;
        let id = GatheringId(self.newest);
        self.people.entry(call.call().who.clone()).or_default().insert(id);
        self.messages.extend(words.message.clone().map(|message| (message, id)));
        let short = words.chars <= self.config.most_chars;
        let mut gathering = Gathering::new(now, call, words);
        gathering.question = gathering.question.filter(|_| short && self.config.most_askers > 1);
        self.questions.extend(gathering.question.clone().map(|question| (question, id)));
        self.waiting.insert(id, gathering);
        Some(id)
    }

    /// Adds this person's words to the call that [`State::growing`] found, or gives them back when it can grow no more.
    ///
    /// # Errors
    /// The words, which are a call of their own then.
    pub fn grow(&mut self, now: Duration, id: GatheringId, who: &Pseudonym, words: Words<S>) -> Result<(), Words<S>> {
        let Some(gathering) = self.waiting.get_mut(&id) else { return Err(words) };
        let Some(asker) = gathering.askers.first() else { return Err(words) };
        let personas = asker.call.call().personas.clone();
        if !gathering.grows(&self.config, now, (who, &personas), words.chars) {
            return Err(words);
        }
        if let Some(question) = gathering.question.take() {
            forget(&mut self.questions, &question, id);
        }
        self.messages.extend(words.message.clone().map(|message| (message, id)));
        gathering.grow(now, words);
        Ok(())
    }

    /// The waiting call that asks the same, if this one may join it.
    #[must_use]
    pub fn same(&self, call: &Private) -> Option<GatheringId> {
        let id = *self.questions.get(&Question::of(call)?)?;
        let shares = self.asking < self.config.most_waiting && self.waiting.get(&id)?.shares(&self.config, call);
        shares.then_some(id)
    }

    /// Joins the call that [`State::same`] found, or gives everything back when that has begun or is full.
    ///
    /// # Errors
    /// The call and its words, which are a call of their own then.
    pub fn join(
        &mut self,
        id: GatheringId,
        call: Arc<Admitted>,
        words: Words<S>,
    ) -> Result<(), (Arc<Admitted>, Words<S>)> {
        let has_room = self.asking < self.config.most_waiting;
        match self.waiting.get_mut(&id) {
            Some(one) if has_room && one.question.is_some() && one.shares(&self.config, call.call()) => {
                self.messages.extend(words.message.clone().map(|message| (message, id)));
                let who = call.call().who.clone();
                if one.join(call, words) {
                    self.asking += 1;
                    self.people.entry(who).or_default().insert(id);
                }
                Ok(())
            }
            _ => Err((call, words)),
        }
    }

    /// The call of whoever is to be answered now.
    #[must_use]
    pub fn first(&self, id: GatheringId) -> Option<Arc<Admitted>> {
        self.waiting.get(&id)?.askers.first().map(|asker| Arc::clone(&asker.call))
    }

    /// Whether more than one person waits for this answer.
    #[must_use]
    pub fn is_shared(&self, id: GatheringId) -> bool {
        self.waiting.get(&id).is_some_and(|gathering| gathering.askers.len() > 1)
    }

    /// The calls of everybody but this person who waits for the same answer.
    #[must_use]
    pub fn besides(&self, id: GatheringId, who: &Pseudonym) -> Vec<Arc<Admitted>> {
        let askers = self.waiting.get(&id).into_iter().flat_map(|gathering| &gathering.askers);
        askers.filter(|asker| asker.who() != who).map(|asker| Arc::clone(&asker.call)).collect()
    }

    /// The same, once.
    pub fn others(&mut self, id: GatheringId, than: &Pseudonym) -> Vec<Arc<Admitted>> {
        let Some(gathering) = self.waiting.get_mut(&id) else { return Vec::new() };
        let told = std::mem::replace(&mut gathering.others_told, true);
        if told { Vec::new() } else { self.besides(id, than) }
    }

    /// The calls whose answer somebody waits for without being the one who is answered: the call, and who is.
    #[must_use]
    pub fn joined_by(&self, who: &Pseudonym) -> Vec<(GatheringId, Pseudonym)> {
        let own = self.people.get(who).into_iter().flatten();
        let mut joined: Vec<_> = own
            .filter_map(|id| Some((*id, self.waiting.get(id)?.askers.first()?.who().clone())))
            .filter(|(_, first)| first != who)
            .collect();
        joined.sort_by_key(|(id, _)| *id);
        joined
    }

    /// Whether this person is to be told that nothing will come: once a call, and never of what a crisis ended.
    pub fn tells_end(&mut self, id: GatheringId, who: &Pseudonym) -> bool {
        let Some(gathering) = self.waiting.get_mut(&id) else { return true };
        if gathering.hushed.as_ref() == Some(who) || gathering.told.contains(who) {
            return false;
        }
        gathering.told.push(who.clone());
        true
    }

    /// How many calls can be joined.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.people.is_empty() && self.questions.is_empty() && self.messages.is_empty()
    }
}
