//! A channel: who may write there, and in which modes it is.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use super::{rules::Refusal, viewer::id_of, wire::Tags};

/// Lines that can be answered.
const REMEMBERED: usize = 1000;

/// The modes of a channel, as ROOMSTATE tells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// Seconds between two lines of one person; 0 is off.
    pub slow: u64,
    /// Minutes somebody must have followed; `None` is off.
    pub followers_only: Option<u64>,
    pub emote_only: bool,
    pub subs_only: bool,
    /// No line twice.
    pub unique: bool,
}

/// A channel of the simulated Twitch.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) login: String,
    pub(super) id: String,
    pub(super) modes: Modes,
    /// When the modes changed.
    pub(super) changed: Duration,
    pub(super) moderators: BTreeSet<String>,
    pub(super) followers: BTreeSet<String>,
    pub(super) banned: BTreeSet<String>,
    pub(super) timed_out: BTreeMap<String, Duration>,
    pub(super) suspended: bool,
    lines: VecDeque<Written>,
}

/// A line that was shown, as far as an answer to it repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) login: String,
    pub(super) display: String,
    pub(super) text: String,
}

impl Channel {
    pub(super) fn new(login: &str) -> Self {
        Self {
            login: login.to_owned(),
            id: id_of(login),
            modes: Modes::default(),
            changed: Duration::ZERO,
            moderators: BTreeSet::new(),
            followers: BTreeSet::new(),
            banned: BTreeSet::new(),
            timed_out: BTreeMap::new(),
            suspended: false,
            lines: VecDeque::new(),
        }
    }

    pub(super) fn is_privileged(&self, login: &str) -> bool {
        self.login == login || self.moderators.contains(login)
    }

    /// Why somebody may not write here at all.
    pub(super) fn refuses(&self, at: Duration, login: &str) -> Option<Refusal> {
        if self.suspended {
            return Some(Refusal::Suspended);
        }
        if self.banned.contains(login) {
            return Some(Refusal::Banned);
        }
        if let Some(until) = self.timed_out.get(login).filter(|until| at < **until) {
            return Some(Refusal::TimedOut(until.saturating_sub(at).as_secs() + 1));
        }
        if self.is_privileged(login) {
            return None;
        }
        match self.modes {
            Modes { followers_only: Some(minutes), .. } if !self.followers.contains(login) => {
                Some(Refusal::FollowersOnly(minutes))
            }
            Modes { subs_only: true, .. } => Some(Refusal::SubsOnly),
            Modes { emote_only: true, .. } => Some(Refusal::EmoteOnly),
            _ => None,
        }
    }

    pub(super) fn remember(&mut self, line: Written) {
        if self.lines.len() == REMEMBERED {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    pub(super) fn written(&self, id: &str) -> Option<&Written> {
        self.lines.iter().rfind(|line| line.id == id)
    }

    /// What ROOMSTATE tells of it.
    pub(super) fn state(&self) -> Tags {
        let followers = self.modes.followers_only.map_or("-1".to_owned(), |minutes| minutes.to_string());
        Tags::default()
            .set("emote-only", u8::from(self.modes.emote_only))
            .set("followers-only", followers)
            .set("r9k", u8::from(self.modes.unique))
            .set("room-id", &self.id)
            .set("slow", self.modes.slow)
            .set("subs-only", u8::from(self.modes.subs_only))
    }
}
