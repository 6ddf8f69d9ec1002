//! Takes what happens to the answers of several engines, says which one is asked next. Pure: no clock, no task, no chance.

use std::time::Duration;

use super::{
    adapt::Adapt,
    breaker::{Breaker, Phase},
    speed::Speed,
};
use crate::engine::{EngineConfig, Usage};

/// All members, by their index.
#[derive(Clone, Debug)]
pub struct State(Vec<Member>);

#[derive(Clone, Debug)]
struct Member {
    breaker: Breaker,
    adapt: Adapt,
    speed: Speed,
    running: usize,
}

/// What an answer will need, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub prompt: usize,
    pub output: usize,
}

/// A slot of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub member: usize,
    epoch: u64,
}

/// How an answer ended, as far as it says something of its engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Whole(Usage),
    /// Its reader went away behind some texts, which took so long to write.
    Left {
        texts: usize,
        decode: Duration,
    },
    /// Its reader went away before the first text, or the request could not be served by anyone.
    Untold,
    Failed,
    /// Nothing came for far too long.
    Hung,
}

/// How one member does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    pub phase: Phase,
    pub slots: usize,
    pub running: usize,
    pub tokens_per_second: Option<f64>,
}

impl State {
    /// Members that begin with the first number of slots and may grow to the second.
    pub fn new(config: &EngineConfig, members: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let member = |(slots, most)| Member {
            breaker: Breaker::new(&config.breaker),
            adapt: Adapt::new(&config.adapt, slots, most),
            speed: Speed::default(),
            running: 0,
        };
        Self(members.into_iter().map(member).collect())
    }

    /// A slot of the member that promises the earliest end, among those that are in order, have one, and are not in `not`.
    pub fn take(&mut self, now: Duration, need: Need, not: &[usize]) -> Option<Slot> {
        let free = self.0.iter().enumerate().filter(|(index, member)| member.has_room() && !not.contains(index));
        let promise = |member: &Member| member.speed.seconds(need.prompt, need.output);
        let (member, _) = free.min_by(|(_, one), (_, other)| {
            promise(one).total_cmp(&promise(other)).then(one.running.cmp(&other.running))
        })?;
        let chosen = &mut self.0[member];
        chosen.running += 1;
        chosen.adapt.running(now, chosen.running);
        Some(Slot { member, epoch: chosen.breaker.epoch() })
    }

    /// A text of an answer came, so long after the one before it.
    pub fn text(&mut self, now: Duration, slot: Slot, gap: Option<Duration>) {
        if let Some(member) = self.0.get_mut(slot.member) {
            member.adapt.text(now, gap, member.running);
        }
    }

    /// An answer is over. `chance` is drawn from 0 to 1.
    pub fn end(&mut self, now: Duration, slot: Slot, ending: Ending, chance: f64) {
        let Some(member) = self.0.get_mut(slot.member) else { return };
        member.running = member.running.saturating_sub(1);
        member.adapt.running(now, member.running);
        match ending {
            Ending::Whole(usage) => member.speed.learn(&usage),
            Ending::Left { texts, decode } => member.speed.wrote(texts.saturating_sub(1), decode),
            Ending::Untold => return,
            Ending::Failed => return member.breaker.failed(now, slot.epoch, false, chance),
            Ending::Hung => return member.breaker.failed(now, slot.epoch, true, chance),
        }
        member.breaker.succeeded(now, slot.epoch, member.adapt.slots());
    }

    /// Does what the time asks for, and gives the members that are to be sent one question each.
    pub fn tick(&mut self, now: Duration) -> Vec<usize> {
        let due =
            self.0.iter_mut().enumerate().filter_map(|(index, member)| member.breaker.probe(now).then_some(index));
        due.collect()
    }

    /// How that question ended.
    pub fn probed(&mut self, now: Duration, member: usize, well: bool, chance: f64) {
        if let Some(member) = self.0.get_mut(member) {
            member.breaker.probed(now, well, chance);
            member.adapt.restart(now);
        }
    }

    /// When [`State::tick`] next has something to do.
    pub fn next_due(&self) -> Option<Duration> {
        self.0.iter().filter_map(|member| member.breaker.due()).min()
    }

    /// Answers that may run at once, over all members.
    pub fn slots(&self) -> usize {
        self.0.iter().map(Member::slots).sum()
    }

    pub fn health(&self, member: usize) -> Option<Health> {
        self.0.get(member).map(|member| Health {
            phase: member.breaker.phase(),
            slots: member.slots(),
            running: member.running,
            tokens_per_second: member.speed.tokens_per_second(),
        })
    }
}

impl Member {
    fn slots(&self) -> usize {
        self.breaker.allows(self.adapt.slots())
    }

    fn has_room(&self) -> bool {
        self.running < self.slots()
    }
}
