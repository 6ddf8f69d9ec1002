//! Takes payloads of the gateway, gives those that matter, in serenity's models. What cannot be read is counted and told.

use serde::{Deserialize, de::DeserializeOwned};
use serenity::model::{
    application::Interaction,
    channel::Message,
    event::{GuildBanAddEvent, MessageDeleteBulkEvent, MessageDeleteEvent},
    id::{ChannelId, GuildId, RoleId},
    monetization::Entitlement,
};

use crate::{
    gateway::Payload,
    hear::{Guild, Role, Thread},
};

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    Guild(Box<Guild>),
    GuildGone(u64),
    Role { guild: u64, role: Role },
    RoleGone { guild: u64, role: u64 },
    Thread(Thread),
    ThreadGone(u64),
    Written(Box<Message>),
    Changed(Box<Message>),
    Deleted { channel: u64, messages: Vec<u64> },
    Banned { guild: u64, user: u64 },
    Asked(Box<Interaction>),
    Entitled(Entitlement),
    NoLongerEntitled(Entitlement),
}

#[derive(Deserialize)]
struct Gone {
    id: GuildId,
    /// An outage, not a goodbye.
    #[serde(default)]
    unavailable: bool,
}

#[derive(Deserialize)]
struct OfRole {
    guild_id: GuildId,
    role: Role,
}

#[derive(Deserialize)]
struct RoleGone {
    guild_id: GuildId,
    role_id: RoleId,
}

#[derive(Deserialize)]
struct ThreadGone {
    id: ChannelId,
}

/// `None` for what does not matter and for what cannot be read.
pub(crate) fn event(payload: &Payload<'_>) -> Option<Event> {
    match payload.name() {
        // Servers that are out of reach have nothing to say.
        "GUILD_CREATE" if payload.read::<Gone>().is_ok_and(|guild| guild.unavailable) => None,
        "GUILD_CREATE" => read(payload).map(|guild| Event::Guild(Box::new(guild))),
        "GUILD_DELETE" => {
            read(payload).filter(|gone: &Gone| !gone.unavailable).map(|gone| Event::GuildGone(gone.id.get()))
        }
        "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => {
            read(payload).map(|of: OfRole| Event::Role { guild: of.guild_id.get(), role: of.role })
        }
        "GUILD_ROLE_DELETE" => {
            read(payload).map(|gone: RoleGone| Event::RoleGone { guild: gone.guild_id.get(), role: gone.role_id.get() })
        }
        "THREAD_CREATE" => read(payload).map(Event::Thread),
        "THREAD_DELETE" => read(payload).map(|gone: ThreadGone| Event::ThreadGone(gone.id.get())),
        "MESSAGE_CREATE" => read(payload).map(|message| Event::Written(Box::new(message))),
        // Also sent for parts of a message, such as the picture of a link.
        "MESSAGE_UPDATE" => payload.read::<Message>().ok().map(|message| Event::Changed(Box::new(message))),
        "MESSAGE_DELETE" => read(payload).map(|gone: MessageDeleteEvent| Event::Deleted {
            channel: gone.channel_id.get(),
            messages: vec![gone.message_id.get()],
        }),
        "MESSAGE_DELETE_BULK" => read(payload).map(|gone: MessageDeleteBulkEvent| Event::Deleted {
            channel: gone.channel_id.get(),
            messages: gone.ids.iter().map(|id| id.get()).collect(),
        }),
        "GUILD_BAN_ADD" => read(payload)
            .map(|banned: GuildBanAddEvent| Event::Banned { guild: banned.guild_id.get(), user: banned.user.id.get() }),
        "INTERACTION_CREATE" => read(payload).map(|interaction| Event::Asked(Box::new(interaction))),
        "ENTITLEMENT_CREATE" | "ENTITLEMENT_UPDATE" => read(payload).map(Event::Entitled),
        "ENTITLEMENT_DELETE" => read(payload).map(Event::NoLongerEntitled),
        _ => None,
    }
}

fn read<T: DeserializeOwned>(payload: &Payload<'_>) -> Option<T> {
    payload
        .read()
        .inspect_err(|_| {
            let event = payload.name().to_owned();
            tracing::warn!(%event, "Discord sent something that this version cannot read");
            metrics::counter!("lovelm_discord_unread_total", "event" => event).increment(1);
        })
        .ok()
}
