//! Keys in order, and how much lies before any of them.

#[cfg(test)]
mod tests;

use super::{Micros, ticket::Key};

/// Entries of a node: few enough to be moved at once, and enough that a million keys lie four nodes deep.
const WIDTH: usize = 64;

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

    fn minus(self, other: Self) -> Self {
        Self { calls: self.calls.saturating_sub(other.calls), work: self.work.minus(other.work) }
    }
}

/// A B-tree whose branches know the sums below them: every step, the rank included, takes logarithmic time. Nodes are freed
/// when they are empty and never merged before: a line empties at its front.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranks {
    root: Node,
    total: Sum,
}

#[derive(Clone, Debug)]
enum Node {
    Leaf(Vec<(Key, Micros)>),
    /// Never empty. The sums lie apart: a rank adds up many of them.
    Branch {
        children: Vec<Child>,
        sums: Vec<Sum>,
    },
}

/// A node below another.
#[derive(Clone, Debug)]
struct Child {
    /// No key in here is smaller, and every key in the child before is.
    least: Key,
    node: Node,
}

/// What became too much for a node, to be put right of it.
type Overflow = (Child, Sum);

impl Ranks {
    /// Puts in a key that is not there, with its work.
    pub fn insert(&mut self, key: Key, work: Micros) {
        let least = self.first().map_or(key, |first| first.min(key));
        self.total = self.total.plus(Sum { calls: 1, work });
        if let Some((right, sum)) = self.root.insert(key, work) {
            let left = Child { least, node: std::mem::take(&mut self.root) };
            self.root = Node::Branch { children: vec![left, right], sums: vec![self.total.minus(sum), sum] };
        }
    }

    /// Takes a key out. False if it is not there.
    pub fn remove(&mut self, key: Key) -> bool {
        let Some(work) = self.root.remove(key) else { return false };
        self.total = self.total.minus(Sum { calls: 1, work });
        if let Node::Branch { children, .. } = &mut self.root
            && children.len() < 2
        {
            self.root = children.pop().map(|child| child.node).unwrap_or_default();
        }
        true
    }

    pub fn total(&self) -> Sum {
        self.total
    }

    pub fn len(&self) -> usize {
        self.total.calls
    }

    pub fn first(&self) -> Option<Key> {
        let mut node = &self.root;
        while let Node::Branch { children, .. } = node {
            node = &children.first()?.node;
        }
        if let Node::Leaf(entries) = node { entries.first().map(|(key, _)| *key) } else { None }
    }

    pub fn last(&self) -> Option<Key> {
        let mut node = &self.root;
        while let Node::Branch { children, .. } = node {
            node = &children.last()?.node;
        }
        if let Node::Leaf(entries) = node { entries.last().map(|(key, _)| *key) } else { None }
    }

    /// What lies before a key, whether that is there or not.
    pub fn before(&self, key: Key) -> Sum {
        let mut sum = Sum::default();
        let mut node = &self.root;
        while let Node::Branch { children, sums } = node {
            let at = child_of(children, key);
            sum = sums[..at].iter().fold(sum, |sum, other| sum.plus(*other));
            node = &children[at].node;
        }
        if let Node::Leaf(entries) = node {
            let at = entries.partition_point(|(other, _)| *other < key);
            let work = entries[..at].iter().fold(Micros::ZERO, |work, (_, own)| work.plus(*own));
            sum = sum.plus(Sum { calls: at, work });
        }
        sum
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::Leaf(Vec::new())
    }
}

impl Node {
    fn insert(&mut self, key: Key, work: Micros) -> Option<Overflow> {
        match self {
            Self::Leaf(entries) => {
                let at = entries.partition_point(|(other, _)| *other < key);
                entries.insert(at, (key, work));
            }
            Self::Branch { children, sums } => {
                let at = child_of(children, key);
                children[at].least = children[at].least.min(key);
                sums[at] = sums[at].plus(Sum { calls: 1, work });
                if let Some((right, sum)) = children[at].node.insert(key, work) {
                    sums[at] = sums[at].minus(sum);
                    children.insert(at + 1, right);
                    sums.insert(at + 1, sum);
                }
            }
        }
        self.split()
    }

    fn split(&mut self) -> Option<Overflow> {
        match self {
            Self::Leaf(entries) if entries.len() > WIDTH => {
                let right = entries.split_off(WIDTH / 2);
                let work = right.iter().fold(Micros::ZERO, |work, (_, own)| work.plus(*own));
                let (least, sum) = (right.first()?.0, Sum { calls: right.len(), work });
                Some((Child { least, node: Self::Leaf(right) }, sum))
            }
            Self::Branch { children, sums } if children.len() > WIDTH => {
                let (children, sums) = (children.split_off(WIDTH / 2), sums.split_off(WIDTH / 2));
                let (least, sum) = (children.first()?.least, sums.iter().fold(Sum::default(), |sum, x| sum.plus(*x)));
                Some((Child { least, node: Self::Branch { children, sums } }, sum))
            }
            Self::Leaf(_) | Self::Branch { .. } => None,
        }
    }

    /// Takes a key out, and gives its work.
    fn remove(&mut self, key: Key) -> Option<Micros> {
        match self {
            Self::Leaf(entries) => {
                let at = entries.binary_search_by_key(&key, |(other, _)| *other).ok()?;
                Some(entries.remove(at).1)
            }
            Self::Branch { children, sums } => {
                let at = child_of(children, key);
                let work = children[at].node.remove(key)?;
                sums[at] = sums[at].minus(Sum { calls: 1, work });
                if sums[at].calls == 0 {
                    children.remove(at);
                    sums.remove(at);
                }
                Some(work)
            }
        }
    }
}

/// Where a key is, if it is anywhere.
fn child_of(children: &[Child], key: Key) -> usize {
    children.partition_point(|child| child.least <= key).saturating_sub(1)
}
