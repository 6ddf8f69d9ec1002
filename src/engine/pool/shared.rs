//! What the pool's tasks share: the members, the state between them, and who is to hear of its changes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rand::{Rng as _, rngs::StdRng};
use tokio::sync::{Notify, watch};

use super::{
    Member, gauges,
    state::{Ending, Need, Slot, State},
};
use crate::{clock::Clock, engine::EngineError};

/// How long an answer waits for a slot that was just left, before it goes back to where it came from.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Shared {
    pub members: Vec<Member>,
    pub clock: Arc<dyn Clock>,
    pub probe_timeout: Duration,
    pub room: watch::Sender<usize>,
    /// A member may want to be looked after at another time.
    pub due: Arc<Notify>,
    state: Mutex<State>,
    chance: Mutex<StdRng>,
    /// A slot may be free.
    freed: Notify,
}

impl Shared {
    pub fn new(
        members: Vec<Member>,
        state: State,
        clock: Arc<dyn Clock>,
        probe_timeout: Duration,
        chance: StdRng,
    ) -> Self {
        let shared = Self {
            members,
            clock,
            probe_timeout,
            room: watch::Sender::new(state.slots()),
            due: Arc::default(),
            state: Mutex::new(state),
            chance: Mutex::new(chance),
            freed: Notify::new(),
        };
        for member in 0..shared.members.len() {
            shared.with(member, |_, _| {});
        }
        shared
    }

    /// A slot of the member that promises most, not one of `not`.
    pub fn take(self: &Arc<Self>, need: Need, not: &[usize]) -> Option<Lease> {
        let now = self.clock.elapsed();
        let slot = self.lock().take(now, need, not)?;
        Some(Lease { shared: Arc::clone(self), slot, ended: false })
    }

    /// The same, and waits a moment while every slot is taken.
    ///
    /// # Errors
    /// [`EngineError::Busy`], at once where nobody is in order.
    pub async fn wait_for_slot(self: &Arc<Self>, need: Need) -> Result<Lease, EngineError> {
        let patience = self.clock.elapsed() + LONGEST_WAIT;
        loop {
            let mut freed = std::pin::pin!(self.freed.notified());
            freed.as_mut().enable();
            if let Some(lease) = self.take(need, &[]) {
                return Ok(lease);
            }
            if *self.room.borrow() == 0 {
                return Err(EngineError::Busy);
            }
            tokio::select! {
                () = freed => {}
                () = self.clock.until(patience) => return Err(EngineError::Busy),
            }
        }
    }

    /// A text came through.
    pub fn text(&self, slot: Slot, gap: Option<Duration>) {
        let before = *self.room.borrow();
        let now = self.clock.elapsed();
        let slots = {
            let mut state = self.lock();
            state.text(now, slot, gap);
            state.slots()
        };
        if slots != before {
            self.with(slot.member, |_, _| {});
        }
    }

    /// Members that are to be looked after now.
    pub fn tick(&self) -> Vec<usize> {
        let now = self.clock.elapsed();
        self.lock().tick(now)
    }

    pub fn next_due(&self) -> Option<Duration> {
        self.lock().next_due()
    }

    pub fn probed(&self, member: usize, well: bool) {
        let chance = self.chance();
        self.with(member, |state, now| state.probed(now, member, well, chance));
    }

    fn end(&self, slot: Slot, ending: Ending) {
        let chance = self.chance();
        self.with(slot.member, |state, now| state.end(now, slot, ending, chance));
        gauges::ended(&self.members[slot.member].name, ending);
    }

    /// Changes the state of a member, and tells whoever may care.
    fn with(&self, member: usize, change: impl FnOnce(&mut State, Duration)) {
        let now = self.clock.elapsed();
        let (before, health, slots) = {
            let mut state = self.lock();
            let before = state.health(member);
            change(&mut state, now);
            (before, state.health(member), state.slots())
        };
        if let (Some(before), Some(health)) = (before, health) {
            gauges::health(&self.members[member].name, &before, &health);
        }
        self.room.send_if_modified(|room| std::mem::replace(room, slots) != slots);
        self.freed.notify_waiters();
        self.due.notify_one();
    }

    fn chance(&self) -> f64 {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.due.notify_one();
    }
}

/// A slot that an answer holds. Freed when it is dropped, which says nothing of its engine, unless that panicked.
pub(super) struct Lease {
    pub shared: Arc<Shared>,
    pub slot: Slot,
    ended: bool,
}

impl Lease {
    pub fn member(&self) -> &Member {
        &self.shared.members[self.slot.member]
    }

    pub fn end(mut self, ending: Ending) {
        self.ended = true;
        self.shared.end(self.slot, ending);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.ended {
            let ending = if std::thread::panicking() { Ending::Failed } else { Ending::Untold };
            self.shared.end(self.slot, ending);
        }
    }
}
