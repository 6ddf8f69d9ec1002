//! Guilds, channels, threads and direct messages, and what a member may do there:
//! <https://discord.com/developers/docs/topics/permissions>.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    network::Network,
    person::{Person, id_of},
};

/// Permissions by their bits.
pub mod permission {
    pub const ADMINISTRATOR: u64 = 1 << 3;
    pub const ADD_REACTIONS: u64 = 1 << 6;
    pub const VIEW_CHANNEL: u64 = 1 << 10;
    pub const SEND_MESSAGES: u64 = 1 << 11;
    pub const MANAGE_MESSAGES: u64 = 1 << 13;
    pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    pub const MODERATE_MEMBERS: u64 = 1 << 40;
    pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
    pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
    pub const MANAGE_GUILD: u64 = 1 << 5;
    /// What everybody may.
    pub const EVERYBODY: u64 = ADD_REACTIONS
        | VIEW_CHANNEL
        | SEND_MESSAGES
        | READ_MESSAGE_HISTORY
        | USE_APPLICATION_COMMANDS
        | SEND_MESSAGES_IN_THREADS;
    /// What moderators may besides.
    pub const MODERATORS: u64 = MANAGE_MESSAGES | MODERATE_MEMBERS | MANAGE_GUILD;
    pub const ALL: u64 = (1 << 50) - 1;
}

/// A guild. Everybody is its member.
#[derive(Clone, Debug)]
pub struct Guild {
    pub id: u64,
    pub name: String,
    pub locale: String,
    pub system_channel: Option<u64>,
    pub boosts: u64,
    /// Bots that were not invited.
    pub(super) without: BTreeSet<u64>,
}

/// Where messages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Of a channel, begun by somebody.
    Thread {
        of: u64,
        owner: u64,
    },
    /// Between a bot and a person.
    Direct {
        bot: u64,
        person: u64,
    },
}

/// A channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: u64,
    pub name: String,
    pub guild: Option<u64>,
    pub kind: Kind,
    pub nsfw: bool,
    /// What members may not do here.
    pub(super) denied: BTreeMap<u64, u64>,
}

impl Network {
    /// Opens a guild that all bots are in.
    pub fn guild(&mut self, name: &str) -> u64 {
        let id = id_of(name);
        let guild = Guild {
            id,
            name: name.to_owned(),
            locale: "ko".to_owned(),
            system_channel: None,
            boosts: 0,
            without: BTreeSet::new(),
        };
        self.guilds.insert(id, guild);
        id
    }

    /// Opens a channel. The first of a guild is where boosts are told.
    pub fn channel(&mut self, guild: &str, name: &str) -> u64 {
        let id = self.place(name, Some(id_of(guild)), Kind::Text);
        if let Some(guild) = self.guilds.get_mut(&id_of(guild)) {
            guild.system_channel.get_or_insert(id);
        }
        id
    }

    /// Opens a thread in a channel.
    pub fn thread(&mut self, channel: &str, name: &str, owner: &str) -> u64 {
        let of = id_of(channel);
        let guild = self.channels.get(&of).and_then(|channel| channel.guild);
        self.place(name, guild, Kind::Thread { of, owner: id_of(owner) })
    }

    /// Opens the direct messages between a person and a bot. Their name is `person to bot`.
    pub fn direct(&mut self, person: &str, bot: &str) -> u64 {
        self.place(&format!("{person} to {bot}"), None, Kind::Direct { bot: id_of(bot), person: id_of(person) })
    }

    pub(super) fn place(&mut self, name: &str, guild: Option<u64>, kind: Kind) -> u64 {
        let id = id_of(name);
        let channel = Channel { id, name: name.to_owned(), guild, kind, nsfw: false, denied: BTreeMap::new() };
        self.channels.entry(id).or_insert(channel);
        id
    }

    /// Takes permissions from somebody in a channel.
    pub fn deny(&mut self, channel: &str, who: &str, permissions: u64) {
        if let Some(channel) = self.channels.get_mut(&id_of(channel)) {
            *channel.denied.entry(id_of(who)).or_default() |= permissions;
        }
    }

    /// Gives them back.
    pub fn allow(&mut self, channel: &str, who: &str) {
        if let Some(channel) = self.channels.get_mut(&id_of(channel)) {
            channel.denied.remove(&id_of(who));
        }
    }

    /// Takes a bot out of a guild, for what comes later.
    pub fn without(&mut self, guild: &str, bot: &str) {
        if let Some(guild) = self.guilds.get_mut(&id_of(guild)) {
            guild.without.insert(id_of(bot));
        }
    }

    /// What somebody may do in a channel.
    pub fn permissions(&self, who: u64, channel: u64) -> u64 {
        let Some(channel) = self.channels.get(&channel) else { return 0 };
        match channel.kind {
            Kind::Direct { bot, person } if who != bot && who != person => 0,
            Kind::Direct { .. } => permission::EVERYBODY,
            _ if channel.guild.and_then(|guild| self.guilds.get(&guild)).is_some_and(|g| g.without.contains(&who)) => 0,
            _ => {
                let person = self.people.get(&who);
                let more = if person.is_some_and(|person| person.moderator) { permission::MODERATORS } else { 0 };
                let above = match channel.kind {
                    Kind::Thread { of, .. } => self.channels.get(&of).and_then(|parent| parent.denied.get(&who)),
                    _ => None,
                };
                let denied = channel.denied.get(&who).unwrap_or(&0) | above.unwrap_or(&0);
                let left = (permission::EVERYBODY | more) & !denied;
                if left & permission::VIEW_CHANNEL == 0 { 0 } else { left }
            }
        }
    }

    /// The bots that could see a channel.
    pub(super) fn audience(&self, channel: u64) -> Vec<u64> {
        let sees = |bot: &&u64| self.permissions(**bot, channel) & permission::VIEW_CHANNEL != 0;
        self.applications.keys().filter(sees).copied().collect()
    }

    pub(super) fn known(&self, who: u64) -> Person {
        self.people.get(&who).cloned().unwrap_or_else(|| Person::named("nobody"))
    }
}
