//! Takes when something was heard, gives when to ask whether anybody is there. Pure. Knows nothing of lines.

use std::time::Duration;

/// A connection's sign of life.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    silence: Duration,
    heard: Duration,
    asked: Option<Duration>,
    count: u64,
}

/// What to do about a silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    Wait,
    /// Send this PING.
    Ask(String),
    /// Nobody is there.
    Gone,
}

impl Pulse {
    pub(super) fn new(now: Duration, silence: Duration) -> Self {
        Self { silence, heard: now, asked: None, count: 0 }
    }

    /// Anything at all was heard.
    pub(super) fn heard(&mut self, now: Duration) {
        self.heard = now;
        self.asked = None;
    }

    pub(super) fn next(&self) -> Duration {
        self.asked.unwrap_or(self.heard) + self.silence
    }

    pub(super) fn beat(&mut self, now: Duration) -> Beat {
        if now < self.next() {
            return Beat::Wait;
        }
        if self.asked.is_some() {
            return Beat::Gone;
        }
        self.asked = Some(now);
        self.count += 1;
        Beat::Ask(format!("PING :lovelm-{}", self.count))
    }
}
