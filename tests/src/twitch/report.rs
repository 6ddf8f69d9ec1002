//! What an account did that Twitch does not allow, counted for a test to read.

use std::{collections::BTreeMap, time::Duration};

/// Something that a well-behaved bot never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Breach {
    /// More than 20 logins in 10 s.
    LoginRate,
    /// More than 20 joins in 10 s.
    JoinRate,
    /// More than 100 channels at once.
    TooManyChannels,
    /// More than 20 lines, or 100 where privileged, in 30 s.
    Rate,
    /// Two lines of one channel within a second.
    ChannelRate,
    SlowMode,
    /// The same line twice within 30 s.
    Duplicate,
    /// The same line twice in a channel that wants unique ones.
    Unique,
    EmoteOnly,
    /// Refused for a reason that it was told within the last minute.
    AgainRefused,
    /// Longer than 500 characters.
    TooLong,
    /// A line that commands: it begins with `/` or `.`.
    Command,
    /// A raw command that a chat bot has no use for.
    Stray,
    /// No text at all.
    Empty,
    /// A PING that nobody answered.
    NoPong,
}

/// A breach, and where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub at: Duration,
    pub login: String,
    pub channel: String,
    pub breach: Breach,
}

/// All that was noticed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub breaches: Vec<Committed>,
    /// Lines that were refused, by the id of the NOTICE that said so.
    pub refused: BTreeMap<&'static str, usize>,
    pub logins: usize,
    pub failed_logins: usize,
    pub joins: usize,
    /// The most lines of one account in any 30 s.
    pub busiest: usize,
}

impl Report {
    pub(super) fn breach(&mut self, at: Duration, login: &str, channel: &str, breach: Breach) {
        let (login, channel) = (login.to_owned(), channel.to_owned());
        self.breaches.push(Committed { at, login, channel, breach });
    }

    /// How often each breach was committed.
    pub fn counts(&self) -> BTreeMap<Breach, usize> {
        self.breaches.iter().fold(BTreeMap::new(), |mut counts, committed| {
            *counts.entry(committed.breach).or_default() += 1;
            counts
        })
    }
}
