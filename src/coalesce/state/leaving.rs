//! How messages, people and calls leave.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{GatheringId, Scope, State, Taken};
use crate::{
    coalesce::{
        Question,
        gathering::{Asker, Gathering, Phase},
    },
    limits::Admitted,
    privacy::Pseudonym,
};

impl<S> State<S> {
    /// A message is gone from its platform.
    pub fn take_back(&mut self, message: &Pseudonym) -> Taken<S> {
        let Some(id) = self.messages.remove(message) else { return Taken::Unknown };
        let Some(gathering) = self.waiting.get_mut(&id) else { return Taken::Unknown };
        let Some(at) = gathering.writer_of(message) else { return Taken::Unknown };
        if gathering.askers[at].take_back(message) {
            return Taken::Less;
        }
        let asker = gathering.askers.remove(at);
        self.asking -= 1;
        forget_person(&mut self.people, asker.who(), id);
        if at == 0 { Taken::First(id, asker) } else { Taken::Left(asker) }
    }

    /// A person asks no more. Gives the calls that they were to be answered in, and hushes those when nothing is to be said.
    pub fn take_person(&mut self, who: &Pseudonym, scope: Scope<'_>, hush: bool) -> Vec<GatheringId> {
        let own = self.people.get(who).into_iter().flatten().copied().collect::<Vec<_>>();
        let mut first = Vec::new();
        for id in own {
            let Some(gathering) = self.waiting.get_mut(&id).filter(|one| scope.holds(one)) else { continue };
            let Some(at) = gathering.askers.iter().position(|asker| asker.who() == who) else { continue };
            let asker = gathering.askers.remove(at);
            self.asking -= 1;
            if at == 0 {
                gathering.hushed = hush.then(|| who.clone());
                first.push(id);
            }
            for message in asker.words.iter().filter_map(|words| words.message.as_ref()) {
                self.messages.remove(message);
            }
            forget_person(&mut self.people, who, id);
        }
        first
    }

    /// Nothing joins this call any more.
    pub fn close(&mut self, id: GatheringId) {
        let Some(gathering) = self.waiting.get_mut(&id) else { return };
        gathering.phase = Phase::Closed;
        if let Some(question) = gathering.question.take() {
            forget(&mut self.questions, &question, id);
        }
    }

    /// Closes a call that will not be answered as it stands, and gives whoever is to be answered instead of this person, for
    /// whom it waits again.
    pub fn next(&mut self, id: GatheringId, who: &Pseudonym) -> Option<Arc<Admitted>> {
        self.close(id);
        let gathering = self.waiting.get(&id)?;
        let asker = gathering.askers.first().filter(|asker| asker.who() != who)?;
        Some(Arc::clone(&asker.call))
    }

    /// The call is over. Gives what waited with it.
    pub fn end(&mut self, id: GatheringId) -> Vec<Asker<S>> {
        let Some(gathering) = self.waiting.remove(&id) else { return Vec::new() };
        if let Some(question) = &gathering.question {
            forget(&mut self.questions, question, id);
        }
        self.asking -= gathering.askers.len();
        for asker in &gathering.askers {
            forget_person(&mut self.people, asker.who(), id);
            for message in asker.words.iter().filter_map(|words| words.message.as_ref()) {
                self.messages.remove(message);
            }
        }
        gathering.askers
    }
}

impl Scope<'_> {
    fn holds<S>(self, gathering: &Gathering<S>) -> bool {
        match self {
            Self::WaitingAt(place) => gathering.place == *place && gathering.phase != Phase::Begun,
            Self::At(place) => gathering.place == *place,
            Self::Everywhere => true,
        }
    }
}

/// Another call may have taken the question over.
pub(super) fn forget(questions: &mut HashMap<Question, GatheringId>, question: &Question, id: GatheringId) {
    if questions.get(question) == Some(&id) {
        questions.remove(question);
    }
}

fn forget_person(people: &mut HashMap<Pseudonym, HashSet<GatheringId>>, who: &Pseudonym, id: GatheringId) {
    if let Some(own) = people.get_mut(who) {
        own.remove(&id);
        if own.is_empty() {
            people.remove(who);
        }
    }
}
