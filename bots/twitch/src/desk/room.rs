//! Takes what a channel says of its rules and what was said there, gives when more may be said. Knows nothing of accounts'
//! allowances.

use std::{collections::VecDeque, time::Duration};

use super::{Spoken, spoken::VARIATIONS};
use crate::connection::Mode;

/// How long a room in which every line has to be new remembers.
const UNIQUE: Duration = Duration::from_mins(10);
/// Own lines that are remembered in a channel.
const MEMORY: usize = 512;
/// Twitch's clock is not ours.
const MARGIN: Duration = Duration::from_millis(200);
/// What a slow mode is taken for when it is met before it is known.
const SLOW: Duration = Duration::from_secs(5);

/// A channel, as its ROOMSTATE says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    /// The channel's id on Twitch.
    pub id: Option<String>,
    pub slow: Duration,
    pub emotes_only: bool,
    /// As they stand in the tags: whether an account of ours may speak under them, only trying tells.
    pub followers_only: String,
    pub subs_only: String,
    /// Whether every line has to be new.
    pub unique: bool,
    /// When any of ours spoke last.
    pub last: Option<Duration>,
}

/// One account in one channel.
#[derive(Clone, Debug, Default)]
pub(super) struct Voice {
    /// Moderator, VIP or broadcaster.
    pub privileged: bool,
    /// Until when nothing can be said, and until when nothing under the rules of now.
    pub closed: Duration,
    pub kept_out: Duration,
    last: Option<Duration>,
    held: Duration,
    said: VecDeque<(Duration, String)>,
}

/// When somebody without privilege may speak.
pub(super) fn free(room: Option<&Room>, voice: Option<&Voice>, gap: Duration) -> Duration {
    let any = room.and_then(|room| room.last).map_or(Duration::ZERO, |last| last + gap);
    let slow = room.map_or(Duration::ZERO, |room| room.slow);
    let slow = if slow.is_zero() { slow } else { slow + MARGIN };
    let own = voice.and_then(|voice| voice.last).map_or(Duration::ZERO, |last| last + slow);
    any.max(own).max(voice.map_or(Duration::ZERO, |voice| voice.held))
}

impl Room {
    /// Takes over what a ROOMSTATE says. Gives whether who may speak has changed.
    pub(super) fn learn(&mut self, mode: Mode) -> bool {
        let Mode { id, slow, emotes_only, unique, followers_only, subs_only } = mode;
        self.id = id.or(self.id.take());
        self.slow = slow.unwrap_or(self.slow);
        self.emotes_only = emotes_only.unwrap_or(self.emotes_only);
        self.unique = unique.unwrap_or(self.unique);
        let followers = followers_only.unwrap_or_else(|| self.followers_only.clone());
        let subs = subs_only.unwrap_or_else(|| self.subs_only.clone());
        let changed = followers != self.followers_only || subs != self.subs_only;
        (self.followers_only, self.subs_only) = (followers, subs);
        changed
    }
}

impl Voice {
    /// Whether nothing can be said now.
    pub(super) fn is_closed(&self, now: Duration) -> bool {
        now < self.closed.max(self.kept_out)
    }

    /// The text, varied as little as makes it new here. When every variation was said lately it is the one of longest ago, or
    /// none where every line has to be new.
    pub(super) fn unlike(&self, text: &Spoken, room: &Room, duplicate: Duration, now: Duration) -> Option<Spoken> {
        let memory = if room.unique { UNIQUE } else { duplicate };
        let said = |text: &Spoken| self.said.iter().rev().find(|(_, said)| said == text.as_str()).map(|(at, _)| *at);
        let lately = |text: &Spoken| said(text).filter(|at| *at + memory > now);
        let new = (0..VARIATIONS).map(|turn| text.varied(turn)).find(|varied| lately(varied).is_none());
        let oldest = || (0..VARIATIONS).map(|turn| text.varied(turn)).min_by_key(&lately);
        new.or_else(|| if room.unique && !self.privileged { None } else { oldest() })
    }

    pub(super) fn spoke(&mut self, text: &Spoken, now: Duration) {
        self.last = Some(now);
        if self.said.len() >= MEMORY {
            self.said.pop_front();
        }
        self.said.push_back((now, text.as_str().to_owned()));
    }

    /// Met the slow mode: how long to wait.
    pub(super) fn slow_down(&mut self, room: &mut Room, now: Duration) -> Duration {
        let pause = room.slow.max(SLOW) + MARGIN;
        self.held = now + pause;
        pause
    }
}
