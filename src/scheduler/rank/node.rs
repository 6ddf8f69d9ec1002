//! A node, and the rows it is made of.

use super::{Entry, Kinds, Sum};
use crate::scheduler::{Micros, TicketId, ticket::Key};

/// Rows of a node: few enough to be moved at once, and enough that a million keys lie four nodes deep.
const WIDTH: usize = 64;

/// Where no row is.
const NO_KEY: Key = (Micros::MAX, TicketId(u64::MAX));

/// What a row stands for: a call, or in a branch all that lies in the node below.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub work: Micros,
    pub latest: Micros,
    calls: u32,
    pub kinds: Kinds,
}

impl Held {
    fn sum(&self) -> Sum {
        Sum { calls: self.calls as usize, work: self.work }
    }

    fn with(self, other: &Self) -> Self {
        Self {
            work: self.work.plus(other.work),
            latest: self.latest.min(other.latest),
            calls: self.calls + other.calls,
            kinds: self.kinds.and(other.kinds),
        }
    }
}

/// The rows of a node, in order. A search reads nothing but keys.
#[derive(Clone, Debug)]
struct Rows {
    len: usize,
    /// In a branch: no key below is smaller, and every key of the row before is. Behind the last row the largest there is.
    keys: [Key; WIDTH],
    held: [Held; WIDTH],
}

impl Default for Rows {
    fn default() -> Self {
        Self { len: 0, keys: [NO_KEY; WIDTH], held: [Held::default(); WIDTH] }
    }
}

impl Rows {
    fn held(&self) -> &[Held] {
        &self.held[..self.len]
    }

    /// The first row whose key is not smaller. Looks at all keys there could be, so as not to wait for their number.
    fn place(&self, key: Key) -> usize {
        self.keys.partition_point(|own| *own < key)
    }

    /// The row below which a key is, if it is anywhere.
    fn over(&self, key: Key) -> usize {
        self.keys.partition_point(|least| *least <= key).saturating_sub(1)
    }

    fn insert(&mut self, at: usize, key: Key, held: Held) {
        self.keys.copy_within(at..self.len, at + 1);
        self.held.copy_within(at..self.len, at + 1);
        (self.keys[at], self.held[at]) = (key, held);
        self.len += 1;
    }

    fn remove(&mut self, at: usize) -> Held {
        let held = self.held[at];
        self.keys.copy_within(at + 1..self.len, at);
        self.held.copy_within(at + 1..self.len, at);
        self.len -= 1;
        self.keys[self.len] = NO_KEY;
        held
    }

    /// Takes out the right half.
    fn split_off(&mut self) -> Box<Self> {
        let (from, mut right) = (self.len / 2, Box::<Self>::default());
        right.len = self.len - from;
        right.keys[..right.len].copy_from_slice(&self.keys[from..self.len]);
        right.held[..right.len].copy_from_slice(&self.held[from..self.len]);
        self.keys[from..].fill(NO_KEY);
        self.len = from;
        right
    }

    fn before(&self, at: usize) -> Sum {
        self.held[..at].iter().fold(Sum::default(), |sum, held| sum.plus(held.sum()))
    }

    /// All rows as one.
    fn all(&self) -> Held {
        let none = Held { latest: Micros::MAX, ..Held::default() };
        self.held().iter().fold(none, Held::with)
    }

    fn earliest(&self) -> Micros {
        self.held().iter().map(|held| held.latest).min().unwrap_or(Micros::MAX)
    }

    /// A call went from the node below a row, which has others.
    fn subtract(&mut self, at: usize, gone: &Held, below: &Self) {
        let held = &mut self.held[at];
        (held.calls, held.work) = (held.calls - 1, held.work.minus(gone.work));
        if held.latest == gone.latest {
            held.latest = below.earliest();
        }
        held.kinds = below.held().iter().fold(Kinds::default(), |all, own| all.and(own.kinds));
    }
}

/// A leaf, or a branch with one node below each row.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    rows: Box<Rows>,
    below: Vec<Node>,
}

impl Node {
    pub fn over(left: Self, right: Self) -> Self {
        let mut node = Self::default();
        for child in [left, right] {
            node.rows.insert(node.below.len(), child.rows.keys[0], child.rows.all());
            node.below.push(child);
        }
        node
    }

    /// Puts in a call, and gives what became too much: it belongs right of this node.
    pub fn insert(&mut self, Entry { key, work, latest, kind }: Entry) -> Option<Self> {
        let new = Held { work, latest, calls: 1, kinds: kind };
        self.put(key, &new)
    }

    fn put(&mut self, key: Key, new: &Held) -> Option<Self> {
        if self.below.is_empty() {
            self.rows.insert(self.rows.place(key), key, *new);
        } else {
            let at = self.rows.over(key);
            self.rows.keys[at] = self.rows.keys[at].min(key);
            self.rows.held[at] = self.rows.held[at].with(new);
            if let Some(right) = self.below[at].put(key, new) {
                self.rows.held[at] = self.below[at].rows.all();
                self.rows.insert(at + 1, right.rows.keys[0], right.rows.all());
                self.below.insert(at + 1, right);
            }
        }
        (self.rows.len == WIDTH).then(|| {
            let rows = self.rows.split_off();
            Self { rows, below: self.below.split_off(self.below.len() / 2) }
        })
    }

    /// Takes a call out.
    pub fn remove(&mut self, key: Key) -> Option<Held> {
        if self.below.is_empty() {
            let at = self.rows.place(key);
            return (at < self.rows.len && self.rows.keys[at] == key).then(|| self.rows.remove(at));
        }
        let at = self.rows.over(key);
        let gone = self.below[at].remove(key)?;
        if self.rows.held[at].calls == 1 {
            self.rows.remove(at);
            self.below.remove(at);
        } else {
            self.rows.subtract(at, &gone, &self.below[at].rows);
        }
        Some(gone)
    }

    /// What lies below, when that is one node.
    pub fn only_child(&mut self) -> Option<Self> {
        if self.below.len() == 1 { self.below.pop() } else { None }
    }

    pub fn latest(&self) -> Micros {
        self.rows.earliest()
    }

    pub fn before(&self, key: Key) -> Sum {
        let (mut node, mut sum) = (self, Sum::default());
        while !node.below.is_empty() {
            let at = node.rows.over(key);
            sum = sum.plus(node.rows.before(at));
            node = &node.below[at];
        }
        sum.plus(node.rows.before(node.rows.place(key)))
    }

    /// Goes down by the rows that are pointed at, and gives the key at the end.
    pub fn find(&self, point: impl Fn(&[Held]) -> Option<usize>) -> Option<Key> {
        let mut node = self;
        loop {
            let at = point(node.rows.held())?;
            match node.below.get(at) {
                Some(below) => node = below,
                None => return Some(node.rows.keys[at]),
            }
        }
    }
}
