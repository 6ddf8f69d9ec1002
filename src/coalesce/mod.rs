//! Takes an admitted call, says which waiting call it joins. Knows nothing of keys, slots or platforms.
//!
//! Two things join a call that waits and has not begun:
//!
//! - a **burst**: what the same person says to the same personas in the same place a moment later is more of the same call.
//!   The first message is never held back for it; a call that begins at once has no burst.
//! - **the same question** of somebody else to the same personas in the same place: one answer serves them all. It is the first
//!   asker's; when that one takes it back, it is the next one's.
//!
//! Neither takes a second place in line. A shared question no longer grows: its words are everybody's. What was paid for
//! never comes here: it joins nothing, and nothing joins it.
//!
//! The words of a burst are joined before the safety and privacy doors, so that a crisis, a name or a number that is spread over
//! two messages is seen, and placeholders agree. What was said raw (`S`, which this room cannot read) therefore waits in
//! memory beside its call, and goes with it.

mod config;
mod gathering;
mod question;
mod state;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use self::{
    config::CoalesceConfig,
    gathering::{Asker, Words},
    question::Question,
    state::{Begun, GatheringId, Growing, Scope, State, Taken},
};
use crate::clock::Clock;

/// The waiting calls that can be joined. Clones share them.
pub struct Coalesce<S>(Arc<Shared<S>>);

struct Shared<S> {
    clock: Arc<dyn Clock>,
    state: Mutex<State<S>>,
}

impl<S> Clone for Coalesce<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Coalesce<S> {
    #[must_use]
    pub fn new(config: &CoalesceConfig, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { clock, state: Mutex::new(State::new(config)) }))
    }

    /// Looks at the waiting calls, or changes them. The time is handed in; nothing in here waits.
    pub fn with<T>(&self, change: impl FnOnce(&mut State<S>, std::time::Duration) -> T) -> T {
        let now = self.0.clock.elapsed();
        change(&mut self.lock(), now)
    }

    /// What keeps a call among those that can be joined, for as long as anybody holds it.
    #[must_use]
    pub fn hold(&self, id: GatheringId) -> Arc<Gathered<S>> {
        Arc::new(Gathered { id, room: self.clone() })
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that can be joined. It can no more once every clone is dropped, by a panic too: nothing is left behind.
pub struct Gathered<S> {
    id: GatheringId,
    room: Coalesce<S>,
}

impl<S> Gathered<S> {
    #[must_use]
    pub fn id(&self) -> GatheringId {
        self.id
    }
}

impl<S> Drop for Gathered<S> {
    fn drop(&mut self) {
        let ended = self.room.lock().end(self.id);
        // What was said may hold what takes locks of its own.
        drop(ended);
    }
}

impl<S> fmt::Debug for Coalesce<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coalesce").finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Gathered<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gathered").field("id", &self.id).finish_non_exhaustive()
    }
}
