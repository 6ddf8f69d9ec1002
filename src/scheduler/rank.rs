//! Calls in order: what lies before any of them, which are of a kind, and which must begin first.

#[cfg(test)]
mod tests;

mod node;

use self::node::Node;
use super::{Class, Micros, ticket::Key};

/// Calls and their work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub calls: usize,
    pub work: Micros,
}

impl Sum {
    pub fn plus(self, other: Self) -> Self {
        Self { calls: self.calls + other.calls, work: self.work.plus(other.work) }
    }

    pub fn minus(self, other: Self) -> Self {
        Self { calls: self.calls.saturating_sub(other.calls), work: self.work.minus(other.work) }
    }
}

/// A set of kinds of calls: their class, and whether they have begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub fn fresh(class: Class) -> Self {
        Self(1 << class as u16)
    }

    pub fn begun(class: Class) -> Self {
        Self(Self::fresh(class).0 << Class::ALL.len())
    }

    /// Whether they have begun or not.
    pub fn of(classes: &[Class]) -> Self {
        classes.iter().fold(Self::default(), |all, class| all.and(Self::fresh(*class)).and(Self::begun(*class)))
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A call as its order knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub key: Key,
    pub work: Micros,
    /// The last moment at which it can begin; [`Micros::MAX`] when any will do.
    pub latest: Micros,
    /// One kind.
    pub kind: Kinds,
}

/// A B-tree whose branches know the sums, the kinds and the earliest last moment below them: every step takes logarithmic time.
/// Nodes are freed when they are empty and never merged before: a line empties at its front.
#[derive(Clone, Debug)]
pub(super) struct Ranks {
    root: Node,
    total: Sum,
    /// The earliest of all.
    latest: Micros,
}

impl Default for Ranks {
    fn default() -> Self {
        Self { root: Node::default(), total: Sum::default(), latest: Micros::MAX }
    }
}

impl Ranks {
    /// Puts in a call whose key is not there.
    pub fn insert(&mut self, entry: Entry) {
        self.total = self.total.plus(Sum { calls: 1, work: entry.work });
        self.latest = self.latest.min(entry.latest);
        if let Some(right) = self.root.insert(entry) {
            self.root = Node::over(std::mem::take(&mut self.root), right);
        }
    }

    /// Takes a key out. False if it is not there.
    pub fn remove(&mut self, key: Key) -> bool {
        let Some(gone) = self.root.remove(key) else { return false };
        self.total = self.total.minus(Sum { calls: 1, work: gone.work });
        if let Some(only) = self.root.only_child() {
            self.root = only;
        }
        if gone.latest == self.latest {
            self.latest = self.root.latest();
        }
        true
    }

    pub fn total(&self) -> Sum {
        self.total
    }

    /// The most urgent call of these kinds.
    pub fn first(&self, of: Kinds) -> Option<Key> {
        self.root.find(|held| held.iter().position(|own| own.kinds.meets(of)))
    }

    /// The least urgent call of these kinds.
    pub fn last(&self, of: Kinds) -> Option<Key> {
        self.root.find(|held| held.iter().rposition(|own| own.kinds.meets(of)))
    }

    /// The earliest of the last moments at which a call can begin, if any call has one.
    pub fn latest(&self) -> Option<Micros> {
        Some(self.latest).filter(|latest| *latest < Micros::MAX)
    }

    /// A call that must have begun by [`Ranks::latest`].
    pub fn first_to_expire(&self) -> Option<Key> {
        let latest = self.latest()?;
        self.root.find(|held| held.iter().position(|own| own.latest == latest))
    }

    /// What lies before a key, whether that is there or not.
    pub fn before(&self, key: Key) -> Sum {
        self.root.before(key)
    }
}
