//! What any account of ours heard lately. All of them hear the same channels, and each line counts once.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, PoisonError},
};

/// Lines that are remembered. The oldest is forgotten first.
const REMEMBERED: usize = 8_192;

/// Shared by all accounts.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    known: HashSet<(Kind, u64)>,
    order: VecDeque<(Kind, u64)>,
}

/// What happened to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Written,
    /// Changed at this time, in milliseconds.
    Changed(i64),
    Deleted,
    Banned,
    Asked,
}

impl Recent {
    /// Whether nobody of ours heard that before.
    pub(crate) fn is_new(&self, kind: Kind, id: u64) -> bool {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !lines.known.insert((kind, id)) {
            return false;
        }
        lines.order.push_back((kind, id));
        if lines.order.len() > REMEMBERED
            && let Some(oldest) = lines.order.pop_front()
        {
            lines.known.remove(&oldest);
        }
        true
    }
}
