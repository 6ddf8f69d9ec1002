//! The calls that wait, in order.

use std::collections::BTreeSet;

use super::{
    Class, Micros, Side, TicketId,
    policy::Policy,
    rank::{Ranks, Sum},
    ticket::{Key, Phase, Ticket},
};

/// One class in line.
#[derive(Clone, Debug, Default)]
struct Queue {
    fresh: Ranks,
    /// Cut answers that go on: never shed.
    begun: Ranks,
}

impl Queue {
    fn of(&mut self, phase: Phase) -> &mut Ranks {
        if phase == Phase::Fresh { &mut self.fresh } else { &mut self.begun }
    }

    fn total(&self) -> Sum {
        self.fresh.total().plus(self.begun.total())
    }

    fn first(&self) -> Option<Key> {
        [self.fresh.first(), self.begun.first()].into_iter().flatten().min()
    }

    fn before(&self, key: Key) -> Sum {
        self.fresh.before(key).plus(self.begun.before(key))
    }
}

/// Everything that waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    queues: [Queue; 6],
    latest_starts: BTreeSet<(Micros, TicketId)>,
}

impl Backlog {
    pub fn insert(&mut self, ticket: &Ticket) {
        self.queues[ticket.class as usize].of(ticket.phase).insert(ticket.key, ticket.left);
        self.latest_starts.extend(ticket.latest_start().map(|at| (at, ticket.id())));
    }

    /// Takes out a ticket that is as it was when it came in.
    pub fn remove(&mut self, ticket: &Ticket) {
        let known = self.queues[ticket.class as usize].of(ticket.phase).remove(ticket.key);
        debug_assert!(known, "only what waits is taken out of the line");
        if let Some(at) = ticket.latest_start() {
            self.latest_starts.remove(&(at, ticket.id()));
        }
    }

    pub fn total(&self, side: Side) -> Sum {
        self.queues_of(side).fold(Sum::default(), |sum, queue| sum.plus(queue.total()))
    }

    pub fn len(&self) -> usize {
        self.queues.iter().map(|queue| queue.total().calls).sum()
    }

    pub fn of(&self, class: Class) -> usize {
        self.queues[class as usize].total().calls
    }

    /// The most urgent call of these classes.
    pub fn first(&self, classes: &[Class]) -> Option<Key> {
        classes.iter().filter_map(|class| self.queues[*class as usize].first()).min()
    }

    /// The call whose last moment to begin comes first.
    pub fn first_to_expire(&self) -> Option<(Micros, TicketId)> {
        self.latest_starts.first().copied()
    }

    /// The least urgent call of the common class that holds most of the line for its share. Only what has not begun, and never
    /// the last of a class: so every class keeps something to be served.
    pub fn least_urgent(&self, policy: &Policy) -> Option<TicketId> {
        let common = Class::ALL.into_iter().filter(|class| class.side() == Side::Common);
        common
            .filter(|class| self.queues[*class as usize].fresh.len() > 1)
            .max_by(|a, b| {
                let held = |x: Class, y: Class| u128::from(self.work(x).get()) * u128::from(policy.share(y));
                held(*a, *b).cmp(&held(*b, *a))
            })
            .and_then(|class| self.queues[class as usize].fresh.last())
            .map(|key| key.1)
    }

    /// What comes before a waiting call, as things stand.
    pub fn ahead(&self, class: Class, key: Key) -> Sum {
        let own = self.queues_of(class.side()).fold(Sum::default(), |sum, queue| sum.plus(queue.before(key)));
        match class.side() {
            Side::Express => own,
            Side::Common => own.plus(self.total(Side::Express)),
        }
    }

    fn work(&self, class: Class) -> Micros {
        self.queues[class as usize].total().work
    }

    fn queues_of(&self, side: Side) -> impl Iterator<Item = &Queue> {
        Class::ALL.into_iter().filter(move |class| class.side() == side).map(|class| &self.queues[class as usize])
    }
}
