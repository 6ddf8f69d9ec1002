//! The machine's clock, with leaps: minutes that a test does not want to wait.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use lovelm::clock::{Clock, SystemClock};
use tokio::sync::Notify;

/// A clock that goes like the machine's and leaps when it is told to.
#[derive(Debug, Default)]
pub struct Leaping {
    machine: SystemClock,
    leapt_ms: AtomicU64,
    leap: Notify,
}

impl Leaping {
    /// So much time is over at once.
    pub fn over(&self, time: Duration) {
        self.leapt_ms.fetch_add(u64::try_from(time.as_millis()).unwrap_or_default(), Ordering::SeqCst);
        self.leap.notify_waiters();
    }

    fn leapt(&self) -> Duration {
        Duration::from_millis(self.leapt_ms.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Clock for Leaping {
    fn wall(&self) -> DateTime<Utc> {
        self.machine.wall() + TimeDelta::from_std(self.leapt()).unwrap_or_default()
    }

    fn elapsed(&self) -> Duration {
        self.machine.elapsed() + self.leapt()
    }

    async fn until(&self, at: Duration) {
        loop {
            let leap = self.leap.notified();
            let Some(left) = at.checked_sub(self.elapsed()).filter(|left| !left.is_zero()) else { return };
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                () = leap => {}
            }
        }
    }
}
