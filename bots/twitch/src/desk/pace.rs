//! Takes when an account spoke, gives when it may speak again. Knows nothing of channels.

use std::{collections::VecDeque, time::Duration};

use lovelm::config::TwitchLimits;

/// One account's lines within a sliding window. Every line counts against the larger allowance, and one that was said without
/// privilege against the smaller one too.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    /// Whether its connection is there.
    pub up: bool,
    sent: VecDeque<(Duration, bool)>,
    held: Duration,
}

impl Pace {
    pub(super) fn sent(&mut self, now: Duration, privileged: bool, limits: &TwitchLimits) {
        while self.sent.front().is_some_and(|(at, _)| *at + limits.window <= now) {
            self.sent.pop_front();
        }
        self.sent.push_back((now, privileged));
    }

    /// Twitch says that this account speaks too much.
    pub(super) fn hold(&mut self, until: Duration) {
        self.held = self.held.max(until);
    }

    pub(super) fn free(&self, now: Duration, privileged: bool, limits: &TwitchLimits) -> Duration {
        let all = self.room(now, limits.privileged_messages, limits.window, |_| true);
        let plain = if privileged {
            Duration::ZERO
        } else {
            self.room(now, limits.messages, limits.window, |privileged| !privileged)
        };
        self.held.max(all).max(plain)
    }

    /// When fewer than `most` of the lines that count are left in the window.
    fn room(&self, now: Duration, most: usize, window: Duration, counts: impl Fn(bool) -> bool) -> Duration {
        let live = |at: &Duration| *at + window > now;
        let lines: Vec<_> =
            self.sent.iter().filter(|(at, privileged)| live(at) && counts(*privileged)).map(|(at, _)| *at).collect();
        lines.len().checked_sub(most).map_or(Duration::ZERO, |over| lines[over] + window)
    }
}
