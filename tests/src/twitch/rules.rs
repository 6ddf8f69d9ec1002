//! What Twitch lets an account write, and when. Pure: the time is told.
//!
//! Limits: <https://dev.twitch.tv/docs/chat/#rate-limits>. A line counts for the whole account; where it is no moderator it
//! counts against the lower limit as well, and a refused line counts as much as a shown one.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use super::{channel::Channel, report::Breach};

const WINDOW: Duration = Duration::from_secs(30);
const MOST_LINES: usize = 20;
const MOST_PRIVILEGED: usize = 100;
const CHANNEL_GAP: Duration = Duration::from_secs(1);
const SAME_LINE: Duration = Duration::from_secs(30);
const HANDSHAKES: (usize, Duration) = (20, Duration::from_secs(10));
/// How long an account that writes too much is not heard.
const SHADOW: Duration = Duration::from_mins(30);
const TOLD: Duration = Duration::from_mins(1);
/// How long a change of modes is on its way.
const NEWS: Duration = Duration::from_secs(1);
/// How long a channel in unique-chat mode remembers what an account said.
const UNIQUE: Duration = Duration::from_mins(10);
const LONGEST: usize = 500;

/// Why a line is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    RateLimit,
    Duplicate,
    SlowMode(u64),
    Banned,
    TimedOut(u64),
    EmoteOnly,
    FollowersOnly(u64),
    SubsOnly,
    Unique,
    Suspended,
    /// Held by the channel's `AutoMod`.
    Rejected,
    RejectedMandatory,
}

impl Refusal {
    /// The `msg-id` of its NOTICE, and the code of Helix' `drop_reason`.
    pub fn id(self) -> &'static str {
        match self {
            Self::RateLimit => "msg_ratelimit",
            Self::Duplicate => "msg_duplicate",
            Self::SlowMode(_) => "msg_slowmode",
            Self::Banned => "msg_banned",
            Self::TimedOut(_) => "msg_timedout",
            Self::EmoteOnly => "msg_emoteonly",
            Self::FollowersOnly(_) => "msg_followersonly",
            Self::SubsOnly => "msg_subsonly",
            Self::Unique => "msg_r9k",
            Self::Suspended => "msg_channel_suspended",
            Self::Rejected => "msg_rejected",
            Self::RejectedMandatory => "msg_rejected_mandatory",
        }
    }

    pub(super) fn words(self, channel: &str) -> String {
        match self {
            Self::RateLimit => "Your message was not sent because you are sending messages too quickly.".into(),
            Self::Duplicate => "Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.".into(),
            Self::SlowMode(seconds) => format!("This room is in slow mode and you are sending messages too quickly. You will be able to talk again in {seconds} seconds."),
            Self::Banned => format!("You are permanently banned from talking in {channel}."),
            Self::TimedOut(seconds) => format!("You are timed out for {seconds} more seconds."),
            Self::EmoteOnly => "This room is in emote-only mode.".into(),
            Self::FollowersOnly(minutes) => format!("This room is in {minutes} minutes followers-only mode. Follow {channel} to join the community!"),
            Self::SubsOnly => "This room is in subscribers only mode.".into(),
            Self::Unique => "This room is in unique-chat mode and the message you attempted to send is not unique.".into(),
            Self::Suspended => "This channel does not exist or has been suspended.".into(),
            Self::Rejected => "Hey! Your message is being checked by mods and has not been sent.".into(),
            Self::RejectedMandatory => "Your message wasn't posted due to conflicts with the channel's moderation settings.".into(),
        }
    }
}

/// What becomes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Shown, as far as it is.
    Shown(String),
    /// Dropped without a word.
    Ignored,
    Refused(Refusal),
}

/// One account's record.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// When it wrote, and whether it was privileged there.
    lines: VecDeque<(Duration, bool)>,
    logins: VecDeque<Duration>,
    joins: VecDeque<Duration>,
    shadowed: Option<Duration>,
    rooms: HashMap<String, Room>,
    /// Refused next, whatever it is: first come, first served.
    pub(super) planned: VecDeque<Refusal>,
}

/// What an account did in one channel.
#[derive(Debug, Default)]
struct Room {
    last: Option<Duration>,
    said: VecDeque<(Duration, String)>,
    told: Vec<(Duration, &'static str)>,
}

impl Record {
    /// Notes a login; `true` when there were too many.
    pub(super) fn login(&mut self, at: Duration) -> bool {
        too_often(&mut self.logins, at)
    }

    /// Notes a join; `true` when there were too many.
    pub(super) fn join(&mut self, at: Duration) -> bool {
        too_often(&mut self.joins, at)
    }

    /// How many lines it wrote in the last 30 s.
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Judges a line, and says which rules it breaks.
    pub(super) fn judge(&mut self, at: Duration, login: &str, channel: &Channel, text: &str) -> (Verdict, Vec<Breach>) {
        let mut breaches = Vec::new();
        let privileged = channel.is_privileged(login);
        let Some(text) = self.form(text, &mut breaches) else { return (Verdict::Ignored, breaches) };
        if self.too_many(at, privileged) {
            breaches.push(Breach::Rate);
            self.shadowed = Some(at + SHADOW);
        }
        if self.shadowed.is_some_and(|until| at < until) {
            return (Verdict::Ignored, breaches);
        }
        let room = self.rooms.entry(channel.login.clone()).or_default();
        if let Some(refusal) = self.planned.pop_front() {
            room.told(at, refusal, channel);
            return (Verdict::Refused(refusal), breaches);
        }
        let refusal = channel.refuses(at, login).or_else(|| room.refuses(at, channel, privileged, &text));
        if let Some(refusal) = refusal {
            breaches.extend(room.told(at, refusal, channel));
            return (Verdict::Refused(refusal), breaches);
        }
        room.last = Some(at);
        room.said.push_back((at, fold(&text)));
        (Verdict::Shown(text), breaches)
    }

    /// The text as it would be shown.
    #[expect(clippy::unused_self, reason = "a rule among others")]
    fn form(&self, text: &str, breaches: &mut Vec<Breach>) -> Option<String> {
        // An empty command: what is behind it is shown.
        let text = text.strip_prefix(". ").or_else(|| text.strip_prefix("/ ")).unwrap_or(text);
        if text.trim().is_empty() {
            breaches.push(Breach::Empty);
            return None;
        }
        if text.starts_with(['/', '.']) && !text.starts_with("..") {
            breaches.push(Breach::Command);
            return None;
        }
        if text.chars().count() > LONGEST {
            breaches.push(Breach::TooLong);
        }
        Some(text.chars().take(LONGEST).collect())
    }

    fn too_many(&mut self, at: Duration, privileged: bool) -> bool {
        while self.lines.front().is_some_and(|(then, _)| *then + WINDOW <= at) {
            self.lines.pop_front();
        }
        self.lines.push_back((at, privileged));
        let lower = self.lines.iter().filter(|(_, privileged)| !privileged).count();
        self.lines.len() > MOST_PRIVILEGED || (!privileged && lower > MOST_LINES)
    }
}

impl Room {
    fn refuses(&mut self, at: Duration, channel: &Channel, privileged: bool, text: &str) -> Option<Refusal> {
        while self.said.front().is_some_and(|(then, _)| *then + UNIQUE <= at) {
            self.said.pop_front();
        }
        if privileged {
            return None;
        }
        let since = self.last.map(|last| at.saturating_sub(last));
        let slow = Duration::from_secs(channel.modes.slow);
        let folded = fold(text);
        let same = |age: Duration| self.said.iter().rev().any(|(then, said)| *then + age > at && *said == folded);
        let is_last = self.said.back().is_some_and(|(then, said)| *then + SAME_LINE > at && *said == folded);
        match since {
            Some(since) if since < slow => Some(Refusal::SlowMode(slow.saturating_sub(since).as_secs() + 1)),
            Some(since) if since < CHANNEL_GAP => Some(Refusal::RateLimit),
            _ if is_last => Some(Refusal::Duplicate),
            _ if channel.modes.unique && same(UNIQUE) => Some(Refusal::Unique),
            _ => None,
        }
    }

    /// Whether a bot that keeps to the rules could have been refused like this.
    fn told(&mut self, at: Duration, refusal: Refusal, channel: &Channel) -> Option<Breach> {
        self.told.retain(|(then, _)| *then + TOLD > at);
        let again = self.told.iter().any(|(_, id)| *id == refusal.id());
        self.told.push((at, refusal.id()));
        match refusal {
            Refusal::RateLimit => Some(Breach::ChannelRate),
            // Whoever was told a moment ago may have been speaking already.
            Refusal::SlowMode(_) | Refusal::Unique | Refusal::EmoteOnly if at < channel.changed + NEWS => None,
            Refusal::SlowMode(_) => Some(Breach::SlowMode),
            Refusal::Duplicate => Some(Breach::Duplicate),
            Refusal::Unique => Some(Breach::Unique),
            Refusal::EmoteOnly => Some(Breach::EmoteOnly),
            Refusal::Rejected | Refusal::RejectedMandatory => None,
            _ => again.then_some(Breach::AgainRefused),
        }
    }
}

/// As the duplicate filter sees it.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn too_often(done: &mut VecDeque<Duration>, at: Duration) -> bool {
    let (most, window) = HANDSHAKES;
    while done.front().is_some_and(|then| *then + window <= at) {
        done.pop_front();
    }
    done.push_back(at);
    done.len() > most
}
