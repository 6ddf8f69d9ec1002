//! How much of the engine's time the paid calls take.

use super::{Micros, policy::WHOLE};

/// Work over the last window, from two buckets: exact at their edges, straight between them.
#[derive(Clone, Debug)]
pub(super) struct Load {
    window: Micros,
    since: Micros,
    current: Micros,
    previous: Micros,
}

impl Load {
    pub fn new(window: Micros) -> Self {
        Self { window, since: Micros::ZERO, current: Micros::ZERO, previous: Micros::ZERO }
    }

    pub fn add(&mut self, now: Micros, work: Micros) {
        self.roll(now);
        self.current = self.current.plus(work);
    }

    /// Thousandths of what `slots` could have done.
    pub fn thousandths(&mut self, now: Micros, slots: usize) -> u64 {
        self.roll(now);
        let into = now.minus(self.since);
        let fading = self.previous.scaled(self.window.minus(into).get(), self.window.get());
        let capacity = self.window.get().saturating_mul(slots as u64);
        fading.plus(self.current).scaled(WHOLE, capacity).get().min(WHOLE)
    }

    fn roll(&mut self, now: Micros) {
        let into = now.minus(self.since);
        if into < self.window {
            return;
        }
        let windows = into.get() / self.window.get();
        self.previous = if windows == 1 { self.current } else { Micros::ZERO };
        self.current = Micros::ZERO;
        self.since = self.since.plus(Micros::new(windows.saturating_mul(self.window.get())));
    }
}
