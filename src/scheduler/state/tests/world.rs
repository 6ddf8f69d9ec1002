//! An engine that takes whatever the line gives at once, and an onlooker who notes who had what, and when.

use std::collections::BTreeMap;

use super::*;

/// A call as the engine will find it: `used` of its estimate.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub person: u32,
    pub class: Class,
    pub estimate: Micros,
    pub used: Micros,
    pub deadline: Option<Micros>,
    /// What its prefill takes, if it can be cut.
    pub resume: Option<Micros>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Answered,
    Dropped(Dropped),
}

/// What became of an accepted call.
#[derive(Clone, Debug)]
pub struct Story {
    pub ask: Ask,
    pub asked: Micros,
    pub key: Micros,
    /// From when to when it held a slot.
    pub runs: Vec<(Micros, Micros)>,
    /// Since when it runs.
    since: Option<Micros>,
    left: Micros,
    pub end: Option<End>,
}

impl Story {
    pub fn begun(&self) -> Option<Micros> {
        self.runs.first().map(|(from, _)| *from).or(self.since)
    }

    /// Engine time that it had between two moments.
    pub fn had(&self, from: Micros, to: Micros) -> Micros {
        let running = self.since.map(|since| (since, Micros::MAX));
        let runs = self.runs.iter().copied().chain(running);
        runs.fold(Micros::ZERO, |had, (begin, end)| had.plus(end.min(to).minus(begin.max(from))))
    }
}

pub struct World {
    pub state: State,
    pub now: Micros,
    pub stories: BTreeMap<TicketId, Story>,
    /// When each running answer has its first token, if that is still to come, and when it ends.
    running: BTreeMap<TicketId, (Option<Micros>, Micros)>,
    /// Whenever the line may have been cut to length: what the common side may hold by `H * r * (S - R)`.
    pub lines: Vec<(Micros, Micros)>,
}

impl World {
    pub fn new(config: &SchedulerConfig, slots: usize) -> Self {
        let state = State::new(config, slots);
        Self { state, now: secs(1_000), stories: BTreeMap::new(), running: BTreeMap::new(), lines: Vec::new() }
    }

    pub fn ask(&mut self, ask: Ask) -> Result<TicketId, Turned> {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&ask.person.to_be_bytes());
        let call = NewCall {
            account: Account::new(bytes),
            estimate: ask.estimate.into(),
            deadline: ask.deadline.map(Into::into),
            resume: ask.resume.map(Into::into),
            ..call(0, ask.class)
        };
        let placed = self.state.enqueue(self.now, &call);
        if let Ok(placed) = placed {
            let key = self.state.tickets.get(placed.ticket).unwrap().key.0;
            let story = Story { ask, asked: self.now, key, runs: Vec::new(), since: None, left: ask.used, end: None };
            self.stories.insert(placed.ticket, story);
        }
        if matches!(placed, Ok(_) | Err(Turned::Full)) {
            let paid = self.state.paid_load.thousandths(self.now, self.state.slots);
            let (r, open) = ((1_000 - paid).max(100), self.state.slots - self.state.policy.reserved(self.state.slots));
            self.lines.push((self.now, secs(30).scaled(r * open as u64, 1_000)));
        }
        self.carry_out();
        self.fill_slots();
        placed.map(|placed| placed.ticket)
    }

    /// Lives on until `to`, or until an answer is over: that is its return.
    pub fn live(&mut self, to: Micros) -> Option<TicketId> {
        loop {
            let ends = self.running.iter().map(|(id, (prefilled, end))| (prefilled.unwrap_or(*end), *id)).min();
            let due = self.state.next_due();
            let next = ends.map(|(at, _)| at).into_iter().chain(due).min().filter(|at| *at <= to);
            let Some(at) = next else {
                self.now = self.now.max(to);
                return None;
            };
            self.now = self.now.max(at);
            let Some((_, id)) = ends.filter(|(end, _)| *end <= at) else {
                self.state.tick(self.now);
                self.carry_out();
                continue;
            };
            let ended = self.step(id);
            self.carry_out();
            self.fill_slots();
            if ended {
                return Some(id);
            }
        }
    }

    /// Calls of a class that wait.
    pub fn waiting(&self, class: Class) -> usize {
        self.state.line().waiting[class as usize]
    }

    fn step(&mut self, id: TicketId) -> bool {
        let (prefilled, _) = self.running.get_mut(&id).unwrap();
        if prefilled.take().is_some() {
            self.state.prefilled(self.now, id);
            return false;
        }
        let used = self.stop(id);
        self.stories.get_mut(&id).unwrap().end = Some(End::Answered);
        self.state.settle(self.now, id, used);
        true
    }

    fn stop(&mut self, id: TicketId) -> Micros {
        self.running.remove(&id);
        let story = self.stories.get_mut(&id).unwrap();
        let since = story.since.take().unwrap();
        story.runs.push((since, self.now));
        self.now.minus(since)
    }

    fn fill_slots(&mut self) {
        while let Some(id) = self.state.claim(self.now) {
            let story = self.stories.get_mut(&id).unwrap();
            assert!(story.end.is_none() && story.since.is_none());
            story.since = Some(self.now);
            let end = self.now.plus(story.left);
            let prefilled = story.ask.resume.map(|resume| self.now.plus(resume)).filter(|at| *at < end);
            self.running.insert(id, (prefilled, end));
        }
        self.carry_out();
    }

    fn carry_out(&mut self) {
        loop {
            let effects = self.state.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Dropped(id, why) => {
                        let end = self.stories.get_mut(&id).unwrap().end.replace(End::Dropped(why));
                        assert_eq!(end, None, "told twice");
                    }
                    Effect::Stop(id, Stop::Cut) => self.cut(id),
                    Effect::Stop(id, why) => panic!("{id:?} is to stop: {why:?}"),
                }
            }
        }
    }

    fn cut(&mut self, id: TicketId) {
        let used = self.stop(id);
        let story = self.stories.get_mut(&id).unwrap();
        let resume = story.ask.resume.unwrap();
        story.left = story.left.minus(used).plus(resume);
        let left = story.ask.estimate.minus(used).plus(resume);
        self.state.give_back(self.now, id, used, left);
        self.fill_slots();
    }
}
