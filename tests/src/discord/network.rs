//! All of Discord that a bot can see, without a socket and without a clock of its own: whoever drives it says what arrives on
//! which wire, and when, and takes what is to be written.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::{SeedableRng as _, rngs::StdRng};
use serde_json::Value;

use super::{
    application::{Application, Entitlement},
    buckets::{Buckets, Limits},
    fault::{Chaos, Failure},
    gateway::{Link, Pulse},
    interaction::Interaction,
    person::{Person, id_of},
    place::{Channel, Guild},
    report::{Breach, Report},
    session::Session,
};

/// 1 January 2015: when Discord's ids begin.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// One connection to the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wire(pub(super) u64);

/// What is to be done on a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// A payload, and whether it is compressed by itself.
    Payload { text: String, compressed: bool },
    /// Bytes that are no payload.
    Garbage { binary: bool },
    /// Ended with a close code.
    Close(u16),
    /// Ended without a word.
    Drop,
    /// Gone: what was not read yet is lost.
    Reset,
}

/// A message in a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub id: u64,
    pub channel: u64,
    pub author: u64,
    /// Discord's number of its kind: 0 said, 8 to 11 a boost, 19 a reply, 20 a slash command's answer.
    pub kind: u8,
    pub content: String,
    pub flags: u64,
    /// The message that it answers.
    pub reply_to: Option<u64>,
    /// Everybody whom it pings.
    pub mentions: Vec<u64>,
    pub everybody: bool,
    pub nonce: Option<Value>,
    pub components: Value,
    pub embeds: Value,
    pub at: Duration,
    pub edited: Vec<Duration>,
    /// The interaction that it answers.
    pub interaction: Option<u64>,
    /// Who alone sees it.
    pub only_for: Option<u64>,
    pub deleted: bool,
    /// Names of emoji, by who added them.
    pub reactions: Vec<(u64, String)>,
}

/// The network.
#[derive(Debug)]
pub struct Network {
    pub(super) epoch: DateTime<Utc>,
    pub(super) people: BTreeMap<u64, Person>,
    pub(super) applications: BTreeMap<u64, Application>,
    pub(super) guilds: BTreeMap<u64, Guild>,
    pub(super) channels: BTreeMap<u64, Channel>,
    pub(super) messages: BTreeMap<u64, Message>,
    /// Every message that ever was, in the order in which they were made.
    pub(super) order: Vec<u64>,
    pub(super) interactions: BTreeMap<u64, Interaction>,
    pub(super) entitlements: BTreeMap<u64, Entitlement>,
    pub(super) links: BTreeMap<Wire, Link>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) buckets: Buckets,
    pub(super) failures: VecDeque<Failure>,
    pub(super) chaos: Option<Chaos>,
    pub(super) random: StdRng,
    pub(super) report: Report,
    /// When each bot last changed a message of a channel.
    pub(super) edits: BTreeMap<(u64, u64), Duration>,
    /// The gateway's address, once there is one.
    pub(super) gateway_url: String,
    pub(super) pulse: Pulse,
    out: VecDeque<(Wire, Out)>,
    numbers: u64,
}

impl Network {
    /// An empty network that began at this time.
    pub fn new(epoch: DateTime<Utc>) -> Self {
        Self {
            epoch,
            people: BTreeMap::new(),
            applications: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            order: Vec::new(),
            interactions: BTreeMap::new(),
            entitlements: BTreeMap::new(),
            links: BTreeMap::new(),
            sessions: BTreeMap::new(),
            buckets: Buckets::new(Limits::default()),
            failures: VecDeque::new(),
            chaos: None,
            random: StdRng::seed_from_u64(7),
            report: Report::default(),
            edits: BTreeMap::new(),
            gateway_url: "ws://memory".to_owned(),
            pulse: Pulse::default(),
            out: VecDeque::new(),
            numbers: 0,
        }
    }

    /// What is to be written next, and where.
    pub fn take(&mut self) -> Option<(Wire, Out)> {
        self.out.pop_front()
    }

    pub(super) fn put(&mut self, wire: Wire, out: Out) {
        self.out.push_back((wire, out));
    }

    /// What was noticed so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// A new id, as Discord makes them: the time in it orders them.
    pub(super) fn snowflake(&mut self, at: Duration) -> u64 {
        self.numbers += 1;
        let millis = (self.wall(at).timestamp_millis() - DISCORD_EPOCH_MS).max(1).unsigned_abs();
        (millis << 22) | (self.numbers & 0x3f_ffff)
    }

    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(super) fn wall(&self, at: Duration) -> DateTime<Utc> {
        self.epoch + TimeDelta::from_std(at).unwrap_or(TimeDelta::MAX)
    }

    /// A time as Discord writes it.
    pub(super) fn stamp(&self, at: Duration) -> String {
        self.wall(at).to_rfc3339_opts(SecondsFormat::Micros, false)
    }

    pub(super) fn breach(&mut self, at: Duration, bot: u64, place: &str, breach: Breach) {
        let name = self.name_of(bot);
        self.report.breach(at, &name, place, breach);
    }

    /// What a test calls an account.
    pub(super) fn name_of(&self, id: u64) -> String {
        self.people.get(&id).map_or_else(|| "nobody".to_owned(), |person| person.name.clone())
    }

    /// Makes an account known, or changes what is known of it.
    pub fn meet(&mut self, person: &Person) {
        self.people.insert(person.id, person.clone());
    }

    /// Every message of our bots in the order in which they were made, deleted ones and those for one person included.
    pub fn ours(&self) -> impl Iterator<Item = &Message> {
        let messages = self.order.iter().filter_map(|id| self.messages.get(id));
        messages.filter(|message| self.applications.contains_key(&message.author))
    }

    /// What a test calls an account.
    pub fn account_name(&self, id: u64) -> String {
        self.name_of(id)
    }

    /// What a test calls a channel.
    pub fn place_name(&self, id: u64) -> String {
        self.channels.get(&id).map_or_else(String::new, |channel| channel.name.clone())
    }

    /// Whom a message of ours answers.
    pub fn asker(&self, message: &Message) -> Option<u64> {
        let by_interaction = message.interaction.and_then(|id| self.interactions.get(&id)).map(|known| known.person);
        by_interaction.or_else(|| self.asked_by(message.reply_to)).or_else(|| message.mentions.first().copied())
    }

    /// A message, deleted or not.
    pub fn message(&self, id: u64) -> Option<&Message> {
        self.messages.get(&id)
    }

    /// Changes how often a bot may ask for what.
    pub fn limit(&mut self, limits: Limits) {
        self.buckets.limits = limits;
    }

    /// What a bot registered for everybody, or for a guild, as it stands now.
    pub fn commands(&self, bot: &str, guild: Option<&str>) -> Vec<Value> {
        let application = self.applications.get(&id_of(bot));
        application.and_then(|application| application.commands.get(&guild.map(id_of))).cloned().unwrap_or_default()
    }
}
