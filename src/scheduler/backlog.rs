//! The calls that wait, in order.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{
    Account, Class, Micros, Side, TicketId,
    policy::Policy,
    rank::{Ranks, Sum},
    ticket::{Key, Phase, Ticket},
};

/// Up to here a rank within one bucket is counted out; beyond, it is taken from the middle.
const COUNTED_OUT: usize = 64;

/// One class in line.
#[derive(Clone, Debug, Default)]
struct Queue {
    fresh: BTreeSet<Key>,
    /// Cut answers that go on: never shed.
    begun: BTreeSet<Key>,
    work: Micros,
}

impl Queue {
    fn len(&self) -> usize {
        self.fresh.len() + self.begun.len()
    }

    fn first(&self) -> Option<Key> {
        [self.fresh.first(), self.begun.first()].into_iter().flatten().min().copied()
    }
}

/// Everything that waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    queues: [Queue; 6],
    ranks: [Ranks; 2],
    totals: [Sum; 2],
    latest_starts: BTreeSet<(Micros, TicketId)>,
    people: BTreeMap<(Account, Side), usize>,
}

impl Backlog {
    pub fn insert(&mut self, ticket: &Ticket) {
        let (key, side) = (ticket.key, ticket.class.side() as usize);
        let queue = &mut self.queues[ticket.class as usize];
        let keys = if ticket.phase == Phase::Fresh { &mut queue.fresh } else { &mut queue.begun };
        keys.insert(key);
        queue.work = queue.work.plus(ticket.left);
        self.ranks[side].add(key.0, ticket.left);
        self.totals[side] = self.totals[side].plus(Sum { calls: 1, work: ticket.left });
        self.latest_starts.extend(ticket.latest_start().map(|at| (at, key.1)));
        *self.people.entry((ticket.person, ticket.class.side())).or_default() += 1;
    }

    /// Takes out a ticket that is as it was when it came in.
    pub fn remove(&mut self, ticket: &Ticket) {
        let (key, side) = (ticket.key, ticket.class.side() as usize);
        let queue = &mut self.queues[ticket.class as usize];
        let known = queue.fresh.remove(&key) || queue.begun.remove(&key);
        debug_assert!(known, "only what waits is taken out of the line");
        queue.work = queue.work.minus(ticket.left);
        self.ranks[side].remove(key.0, ticket.left);
        let total = &mut self.totals[side];
        *total = Sum { calls: total.calls.saturating_sub(1), work: total.work.minus(ticket.left) };
        if let Some(at) = ticket.latest_start() {
            self.latest_starts.remove(&(at, key.1));
        }
        if let Entry::Occupied(mut waiting) = self.people.entry((ticket.person, ticket.class.side())) {
            *waiting.get_mut() -= 1;
            if *waiting.get() == 0 {
                waiting.remove();
            }
        }
    }

    pub fn total(&self, side: Side) -> Sum {
        self.totals[side as usize]
    }

    pub fn of_person(&self, person: Account, side: Side) -> usize {
        self.people.get(&(person, side)).copied().unwrap_or_default()
    }

    pub fn len(&self) -> usize {
        self.totals.iter().map(|total| total.calls).sum()
    }

    pub fn of(&self, class: Class) -> usize {
        self.queues[class as usize].len()
    }

    /// The most urgent call of these classes.
    pub fn first(&self, classes: &[Class]) -> Option<Key> {
        classes.iter().filter_map(|class| self.queues[*class as usize].first()).min()
    }

    /// The call whose last moment to begin comes first.
    pub fn first_to_expire(&self) -> Option<(Micros, TicketId)> {
        self.latest_starts.first().copied()
    }

    /// The least urgent call of the common class that holds most of the line for its share, among the classes with more than
    /// `spared` calls that have not begun. Sparing one leaves every class something to be served.
    pub fn least_urgent(&self, policy: &Policy, spared: usize) -> Option<TicketId> {
        let common = Class::ALL.into_iter().filter(|class| class.side() == Side::Common);
        common
            .filter(|class| self.queues[*class as usize].fresh.len() > spared)
            .max_by(|a, b| {
                let held =
                    |x: Class, y: Class| u128::from(self.queues[x as usize].work.get()) * u128::from(policy.share(y));
                held(*a, *b).cmp(&held(*b, *a))
            })
            .and_then(|class| self.queues[class as usize].fresh.last())
            .map(|key| key.1)
    }

    /// What comes before a waiting call, as things stand.
    pub fn ahead(&self, class: Class, key: Key) -> Sum {
        let side = class.side();
        let own = self.ranks[side as usize].before(key.0).plus(self.in_bucket(side, key));
        match side {
            Side::Express => own,
            Side::Common => own.plus(self.total(Side::Express)),
        }
    }

    fn in_bucket(&self, side: Side, key: Key) -> Sum {
        let (begin, bucket) = self.ranks[side as usize].bucket(key.0);
        let others = bucket.calls.saturating_sub(1);
        let calls = if others > COUNTED_OUT { others / 2 } else { self.count(side, (begin, TicketId(0)), key) };
        let share = |x: usize| u64::try_from(x).unwrap_or(u64::MAX);
        Sum { calls, work: bucket.work.scaled(share(calls), share(bucket.calls)) }
    }

    fn count(&self, side: Side, from: Key, to: Key) -> usize {
        let classes = Class::ALL.into_iter().filter(|class| class.side() == side);
        let queues = classes.map(|class| &self.queues[class as usize]);
        queues.map(|queue| queue.fresh.range(from..to).count() + queue.begun.range(from..to).count()).sum()
    }
}
