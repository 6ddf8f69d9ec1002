//! The calls that wait, in order.

use super::{
    Class, Micros, Side, TicketId,
    policy::Policy,
    rank::{Entry, Kinds, Ranks, Sum},
    ticket::{Key, Phase, Ticket},
};

/// Everything that waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    /// Each side in its order.
    sides: [Ranks; 2],
    /// By class.
    held: [Sum; 6],
    /// Of that, what has not begun. The rest are cut answers that go on: never shed.
    fresh: [usize; 6],
}

impl Backlog {
    pub fn insert(&mut self, ticket: &Ticket) {
        let class = ticket.class as usize;
        self.held[class] = self.held[class].plus(one(ticket));
        self.fresh[class] += usize::from(ticket.phase == Phase::Fresh);
        self.sides[ticket.class.side() as usize].insert(entry(ticket));
    }

    /// Takes out a ticket that is as it was when it came in.
    pub fn remove(&mut self, ticket: &Ticket) {
        let class = ticket.class as usize;
        let known = self.sides[ticket.class.side() as usize].remove(ticket.key);
        debug_assert!(known, "only what waits is taken out of the line");
        self.held[class] = self.held[class].minus(one(ticket));
        self.fresh[class] -= usize::from(ticket.phase == Phase::Fresh);
    }

    pub fn total(&self, side: Side) -> Sum {
        self.sides[side as usize].total()
    }

    pub fn len(&self) -> usize {
        self.sides.iter().map(|side| side.total().calls).sum()
    }

    pub fn of(&self, class: Class) -> usize {
        self.held[class as usize].calls
    }

    /// The most urgent call of these classes, all of one side.
    pub fn first(&self, classes: &[Class]) -> Option<Key> {
        let side = classes.first()?.side();
        self.sides[side as usize].first(Kinds::of(classes))
    }

    /// The last moment at which the first call to expire can begin.
    pub fn latest(&self) -> Option<Micros> {
        self.sides.iter().filter_map(Ranks::latest).min()
    }

    /// A call that could no longer begin.
    pub fn expired(&self, now: Micros) -> Option<TicketId> {
        let side = self.sides.iter().min_by_key(|side| side.latest().unwrap_or(Micros::MAX))?;
        side.latest().filter(|latest| *latest < now)?;
        side.first_to_expire().map(|key| key.1)
    }

    /// The least urgent call of the common class that holds most of the line for its share. Only what has not begun, and never
    /// the last of a class: so every class keeps something to be served.
    pub fn least_urgent(&self, policy: &Policy) -> Option<TicketId> {
        let common = Class::ALL.into_iter().filter(|class| class.side() == Side::Common);
        common
            .filter(|class| self.fresh[*class as usize] > 1)
            .max_by(|a, b| {
                let held =
                    |x: Class, y: Class| u128::from(self.held[x as usize].work.get()) * u128::from(policy.share(y));
                held(*a, *b).cmp(&held(*b, *a))
            })
            .and_then(|class| self.sides[Side::Common as usize].last(Kinds::fresh(class)))
            .map(|key| key.1)
    }

    /// What comes before a waiting call, as things stand.
    pub fn ahead(&self, class: Class, key: Key) -> Sum {
        let own = self.sides[class.side() as usize].before(key);
        match class.side() {
            Side::Express => own,
            Side::Common => own.plus(self.total(Side::Express)),
        }
    }
}

fn one(ticket: &Ticket) -> Sum {
    Sum { calls: 1, work: ticket.left }
}

fn entry(ticket: &Ticket) -> Entry {
    let kind = if ticket.phase == Phase::Fresh { Kinds::fresh(ticket.class) } else { Kinds::begun(ticket.class) };
    let latest = ticket.latest_start().unwrap_or(Micros::MAX);
    Entry { key: ticket.key, work: ticket.left, latest, kind }
}
