//! The one place that asks what time it is. Everything else is told.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// Wall time for what is kept, monotonic time for what is waited for.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time, for rows and notices.
    fn wall(&self) -> DateTime<Utc>;
    /// Time since this clock was made; never runs backwards. The scheduler's time.
    fn elapsed(&self) -> Duration;
    /// Waits until [`Clock::elapsed`] has reached `at`.
    async fn until(&self, at: Duration);
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one room that asks the machine for the time")]
    fn default() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one room that asks the machine for the time")]
    fn wall(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn until(&self, at: Duration) {
        tokio::time::sleep(at.saturating_sub(self.elapsed())).await;
    }
}

/// A clock that stands still until it is moved: a day of chat in seconds, the same every time.
#[derive(Debug)]
pub struct ManualClock {
    epoch: DateTime<Utc>,
    elapsed: watch::Sender<Duration>,
    moving: Mutex<()>,
}

impl ManualClock {
    /// Stands at `epoch`.
    #[must_use]
    pub fn at(epoch: DateTime<Utc>) -> Self {
        Self { epoch, elapsed: watch::Sender::new(Duration::ZERO), moving: Mutex::new(()) }
    }

    /// Moves forward and wakes everyone whose time has come.
    pub fn advance(&self, by: Duration) {
        let _order = self.moving.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.elapsed.send_modify(|now| *now += by);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn wall(&self) -> DateTime<Utc> {
        self.epoch + chrono::TimeDelta::from_std(self.elapsed()).unwrap_or(chrono::TimeDelta::MAX)
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.borrow()
    }

    async fn until(&self, at: Duration) {
        let mut now = self.elapsed.subscribe();
        // The sender lives in `self`, so the wait can only end by the time coming.
        let _ = now.wait_for(|now| *now >= at).await;
    }
}
