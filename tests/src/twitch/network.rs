//! All of Twitch that a bot can see, without a socket and without a clock: whoever drives it says what arrives on which wire,
//! and when, and takes what is to be written.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use super::{
    channel::{Channel, Written},
    report::Report,
    rules::{Record, Refusal, Verdict},
    tokens::Tokens,
    viewer::Viewer,
    wire::{Line, Tags},
};

/// Noon in Seoul, in milliseconds: when the network began.
pub const EPOCH_MS: u64 = 1_780_023_600_000;

/// One connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wire(pub(super) u64);

/// What is to be done on a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    Bytes(Vec<u8>),
    /// Ended in order.
    Close,
    /// Gone: what was not read yet is lost.
    Reset,
}

/// By which way a line of an account came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Irc,
    Helix,
}

/// A line of one of our accounts that the channel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: String,
    pub at: Duration,
    pub channel: String,
    pub login: String,
    pub text: String,
    /// Whose line it answers.
    pub reply_to: Option<String>,
    pub way: Way,
}

/// An account that may log in.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) viewer: Viewer,
    pub(super) record: Record,
    /// Logins that fail, whatever they bring.
    pub(super) failing: usize,
    /// With what its next whispers are refused, first come first served.
    pub(super) unwhispered: VecDeque<u16>,
}

/// What is known of a connection.
#[derive(Debug, Default)]
pub(super) struct Link {
    /// The capabilities that were asked for.
    pub(super) capabilities: BTreeSet<&'static str>,
    pub(super) pass: Option<String>,
    pub(super) nick: Option<String>,
    /// Whose it is, once logged in.
    pub(super) login: Option<String>,
    pub(super) joined: BTreeSet<String>,
    /// Nothing comes and nothing is answered any more.
    pub(super) silent: bool,
    pub(super) next_ping: Duration,
    pub(super) pinged: Option<Duration>,
    /// Bytes of a line that has no end yet.
    pub(super) half: Vec<u8>,
}

impl Link {
    /// Whether the client asked for `tags`, `commands` or `membership`.
    pub(super) fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }
}

/// The network.
#[derive(Debug, Default)]
pub struct Network {
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) channels: BTreeMap<String, Channel>,
    pub(super) links: BTreeMap<Wire, Link>,
    pub(super) tokens: Tokens,
    pub(super) report: Report,
    /// How often each path was asked for.
    pub(super) requests: BTreeMap<String, usize>,
    pub(super) shown: Vec<Shown>,
    pub(super) whispers: Vec<(String, String, String)>,
    /// Whispers of every two people so far.
    pub(super) threads: BTreeMap<(String, String), u64>,
    out: VecDeque<(Wire, Out)>,
    numbers: u64,
}

/// What became of a line that an account sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// Shown, under this id.
    Shown(String),
    /// Lost without a word.
    Ignored,
    Refused(Refusal, String),
}

/// What an account wants to be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Send<'a> {
    pub(super) login: &'a str,
    pub(super) channel: &'a str,
    pub(super) text: &'a str,
    pub(super) reply_to: Option<&'a str>,
    pub(super) way: Way,
    /// The wire that it came by, which does not hear it again.
    pub(super) from: Option<Wire>,
}

impl Network {
    /// What is to be written next, and where.
    pub fn take(&mut self) -> Option<(Wire, Out)> {
        self.out.pop_front()
    }

    /// An id as Twitch gives them.
    pub(super) fn number(&mut self) -> String {
        self.numbers += 1;
        format!("{:08x}-5ca1-4000-8000-{:012x}", self.numbers, self.numbers * 7919)
    }

    /// Numbers from here on: two networks then have no id in common.
    pub(super) fn number_from(&mut self, first: u64) {
        self.numbers = first;
    }

    pub(super) fn fresh_wire(&mut self) -> Wire {
        self.numbers += 1;
        Wire(self.numbers)
    }

    pub(super) fn at_channel(&mut self, login: &str) -> &mut Channel {
        self.channels.get_mut(login).unwrap_or_else(|| panic!("there is no channel {login}"))
    }

    /// Puts a line on a wire.
    pub(super) fn write(&mut self, wire: Wire, line: &str) {
        self.bytes(wire, format!("{line}\r\n").into_bytes());
    }

    pub(super) fn bytes(&mut self, wire: Wire, bytes: Vec<u8>) {
        if self.links.get(&wire).is_some_and(|link| !link.silent) {
            self.out.push_back((wire, Out::Bytes(bytes)));
        }
    }

    /// Ends a wire.
    pub(super) fn end(&mut self, wire: Wire, how: Out) {
        if self.links.remove(&wire).is_some() {
            self.out.push_back((wire, how));
        }
    }

    /// Puts a line on every wire that hears the channel. Gives how many did.
    pub(super) fn spread(&mut self, channel: &str, tags: &Tags, line: &str, but: Option<Wire>) -> usize {
        let plain = matches!(Line::read(line).command.as_str(), "PRIVMSG" | "JOIN" | "PART");
        let hears = |(wire, link): (&Wire, &Link)| {
            let wanted = link.joined.contains(channel) && !link.silent && (plain || link.can("commands"));
            (wanted && Some(*wire) != but).then_some((*wire, link.can("tags")))
        };
        let wires: Vec<_> = self.links.iter().filter_map(hears).collect();
        for (wire, with_tags) in &wires {
            let line = if *with_tags { format!("{tags}{line}") } else { line.to_owned() };
            self.write(*wire, &line);
        }
        wires.len()
    }

    /// A line of an account, on either way.
    pub(super) fn send(&mut self, at: Duration, send: Send<'_>) -> Sent {
        let Some(account) = self.accounts.get_mut(send.login) else { return Sent::Ignored };
        let Some(channel) = self.channels.get(send.channel) else {
            return Sent::Refused(Refusal::Suspended, Refusal::Suspended.words(send.channel));
        };
        let (verdict, breaches) = account.record.judge(at, send.login, channel, send.text);
        self.report.busiest = self.report.busiest.max(account.record.lines());
        for breach in breaches {
            self.report.breach(at, send.login, send.channel, breach);
        }
        match verdict {
            Verdict::Ignored => Sent::Ignored,
            Verdict::Refused(refusal) => {
                *self.report.refused.entry(refusal.id()).or_default() += 1;
                Sent::Refused(refusal, refusal.words(send.channel))
            }
            Verdict::Shown(text) => Sent::Shown(self.show(at, send, text)),
        }
    }

    /// Shows a line of an account to everybody.
    fn show(&mut self, at: Duration, send: Send<'_>, text: String) -> String {
        let viewer = self.as_seen(send.login, send.channel);
        let parent = send.reply_to.and_then(|id| self.channels[send.channel].written(id).cloned());
        let id = self.number();
        let tags = viewer.tags().and(self.stamp(at, send.channel, &id));
        let (tags, told) = match &parent {
            Some(parent) => (tags.and(reply_tags(parent)), format!("@{} {text}", parent.display)),
            None => (tags, text.clone()),
        };
        let line = format!(":{} PRIVMSG #{} :{told}", viewer.prefix(), send.channel);
        self.spread(send.channel, &tags, &line, send.from);
        let (channel, login) = (send.channel.to_owned(), send.login.to_owned());
        let reply_to = parent.map(|parent| parent.login);
        let written = Written { id: id.clone(), login: login.clone(), display: viewer.display, text: text.clone() };
        self.at_channel(send.channel).remember(written);
        self.shown.push(Shown { id: id.clone(), at, channel, login, text, reply_to, way: send.way });
        id
    }

    pub(super) fn whispered(&mut self, from: &str, to: &str, text: &str) {
        self.whispers.push((from.to_owned(), to.to_owned(), text.to_owned()));
    }

    /// An account with the badges that it wears in a channel.
    pub(super) fn as_seen(&self, login: &str, channel: &str) -> Viewer {
        let viewer = self.accounts.get(login).map_or_else(|| Viewer::named(login), |account| account.viewer.clone());
        let moderates = self.channels.get(channel).is_some_and(|channel| channel.moderators.contains(login));
        if login == channel {
            viewer.broadcaster()
        } else if moderates {
            viewer.moderator()
        } else {
            viewer
        }
    }

    /// What every message of a channel carries.
    pub(super) fn stamp(&self, at: Duration, channel: &str, id: &str) -> Tags {
        Tags::default()
            .set("emotes", "")
            .set("first-msg", 0)
            .set("flags", "")
            .set("id", id)
            .set("returning-chatter", 0)
            .set("room-id", self.channels.get(channel).map_or("", |channel| channel.id.as_str()))
            .set("tmi-sent-ts", stamp_ms(at))
    }
}

/// When something happened, as Twitch writes it.
pub(super) fn stamp_ms(at: Duration) -> u128 {
    u128::from(EPOCH_MS) + at.as_millis()
}

/// What a line carries that answers another.
pub(super) fn reply_tags(parent: &Written) -> Tags {
    let id = super::viewer::id_of(&parent.login);
    Tags::default()
        .set("reply-parent-display-name", &parent.display)
        .set("reply-parent-msg-body", &parent.text)
        .set("reply-parent-msg-id", &parent.id)
        .set("reply-parent-user-id", &id)
        .set("reply-parent-user-login", &parent.login)
        .set("reply-thread-parent-display-name", &parent.display)
        .set("reply-thread-parent-msg-id", &parent.id)
        .set("reply-thread-parent-user-id", &id)
        .set("reply-thread-parent-user-login", &parent.login)
}
