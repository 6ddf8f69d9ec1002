//! The slots of a worker's engine that are taken.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Notify;

/// Counts slots that are taken, and says when one is free again.
#[derive(Debug, Default)]
pub(super) struct Taken {
    slots: AtomicUsize,
    freed: Notify,
}

/// A slot, until it is dropped.
#[derive(Debug)]
pub(super) struct Slot(Arc<Taken>);

impl Taken {
    pub fn one(self: &Arc<Self>) -> Slot {
        self.slots.fetch_add(1, Ordering::AcqRel);
        Slot(Arc::clone(self))
    }

    pub fn count(&self) -> usize {
        self.slots.load(Ordering::Acquire)
    }

    /// Ends when a slot was freed since this was last asked.
    pub async fn freed(&self) {
        self.freed.notified().await;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.slots.fetch_sub(1, Ordering::AcqRel);
        self.0.freed.notify_one();
    }
}
