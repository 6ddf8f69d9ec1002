//! Takes what servers say of themselves, gives who moderates there and what is ours there. Keeps as little as that takes.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use lovelm::chat::{PersonaId, Standing};
use serde::Deserialize;
use serenity::model::{
    Permissions,
    channel::Message as Written,
    guild::PartialMember,
    id::{ChannelId, GuildId, MessageId, RoleId, UserId},
};

use super::MODERATES;
use crate::account::Accounts;

/// Channels of a server in which somebody spoke to us lately.
const CHANNELS: usize = 64;

/// A server, as far as we look at it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Guild {
    pub id: GuildId,
    owner_id: UserId,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    channels: Vec<Channel>,
    #[serde(default)]
    threads: Vec<Thread>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Role {
    pub id: RoleId,
    permissions: Permissions,
}

#[derive(Clone, Debug, Deserialize)]
struct Channel {
    id: ChannelId,
    #[serde(default)]
    last_message_id: Option<MessageId>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Thread {
    pub id: ChannelId,
    #[serde(default)]
    pub guild_id: Option<GuildId>,
    #[serde(default)]
    owner_id: Option<UserId>,
    #[serde(default)]
    last_message_id: Option<MessageId>,
}

impl Guild {
    /// Its channels and threads in which something was written since, the newest first. `since` has the form of a message's id.
    pub(crate) fn channels_since(&self, since: u64) -> Vec<u64> {
        let channels = self.channels.iter().map(|channel| (channel.last_message_id, channel.id));
        let threads = self.threads.iter().map(|thread| (thread.last_message_id, thread.id));
        let mut recent: Vec<_> = channels
            .chain(threads)
            .filter_map(|(last, id)| Some((last?.get(), id.get())).filter(|(last, _)| *last > since))
            .collect();
        recent.sort_unstable_by(|one, other| other.cmp(one));
        recent.into_iter().map(|(_, id)| id).collect()
    }
}

/// The servers of one account.
#[derive(Debug, Default)]
pub(crate) struct Guilds {
    known: HashMap<u64, Known>,
    /// Threads that personas began: in which server, and who.
    threads: BTreeMap<u64, (u64, PersonaId)>,
}

#[derive(Debug, Default)]
struct Known {
    owner: u64,
    moderate: BTreeSet<u64>,
    lately: VecDeque<u64>,
}

impl Guilds {
    pub(crate) fn learn(&mut self, guild: &Guild, accounts: &Accounts) {
        let known = self.known.entry(guild.id.get()).or_default();
        known.owner = guild.owner_id.get();
        known.moderate = guild.roles.iter().filter(|role| role.moderates()).map(|role| role.id.get()).collect();
        for thread in &guild.threads {
            self.thread(guild.id.get(), thread, accounts);
        }
    }

    pub(crate) fn lose(&mut self, guild: u64) {
        self.known.remove(&guild);
        self.threads.retain(|_, (of, _)| *of != guild);
    }

    pub(crate) fn role(&mut self, guild: u64, role: &Role) {
        let Some(known) = self.known.get_mut(&guild) else { return };
        if role.moderates() {
            known.moderate.insert(role.id.get());
        } else {
            known.moderate.remove(&role.id.get());
        }
    }

    pub(crate) fn lose_role(&mut self, guild: u64, role: u64) {
        if let Some(known) = self.known.get_mut(&guild) {
            known.moderate.remove(&role);
        }
    }

    pub(crate) fn thread(&mut self, guild: u64, thread: &Thread, accounts: &Accounts) {
        if let Some(persona) = thread.owner_id.and_then(|owner| accounts.persona(owner)) {
            self.threads.insert(thread.id.get(), (guild, persona));
        }
    }

    pub(crate) fn lose_thread(&mut self, thread: u64) {
        self.threads.remove(&thread);
    }

    /// The persona that began this thread, if it is one and ours.
    pub(crate) fn begun_by(&self, channel: u64) -> Option<&PersonaId> {
        self.threads.get(&channel).map(|(_, persona)| persona)
    }

    /// Somebody spoke to us there.
    pub(crate) fn heard(&mut self, guild: u64, channel: u64) {
        let lately = &mut self.known.entry(guild).or_default().lately;
        lately.retain(|known| *known != channel);
        lately.push_back(channel);
        if lately.len() > CHANNELS {
            lately.pop_front();
        }
    }

    /// Where somebody spoke to us lately, in one server.
    pub(crate) fn lately(&self, guild: u64) -> Vec<u64> {
        self.known.get(&guild).map(|known| known.lately.iter().copied().collect()).unwrap_or_default()
    }

    /// What a message's writer is in its server.
    pub(crate) fn standing(&self, written: &Written) -> Standing {
        let (Some(guild), Some(member)) = (written.guild_id, &written.member) else { return Standing::default() };
        let Some(known) = self.known.get(&guild.get()) else { return Standing::default() };
        let by_role = member.roles.iter().any(|role| known.moderate.contains(&role.get()));
        let moderator = by_role || known.owner == written.author.id.get();
        Standing { moderator, supporter: boosts(member) }
    }
}

impl Role {
    fn moderates(&self) -> bool {
        self.permissions.intersects(MODERATES)
    }
}

fn boosts(member: &PartialMember) -> bool {
    member.premium_since.is_some()
}
