//! Takes what Discord says, in serenity's models, gives chat events. Pure. Knows nothing of what an event is about.

mod guild;
mod interaction;
mod money;
mod patron;
mod said;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use lovelm::chat::{ChannelId, PersonaId, Place, Platform, Roster};
use serenity::model::{Permissions, Timestamp};

use crate::account::Accounts;

pub(crate) use self::{
    guild::{Guild, Guilds, Role, Thread},
    interaction::{Asked, Word, asked},
    money::{boosted, entitled},
    patron::{Goods, Patrons},
    said::{changed, is_for_us, quoted, said, unanswered},
};

/// Whose ears these are, and whom they know.
#[derive(Clone, Debug)]
pub(crate) struct Hearing {
    pub persona: PersonaId,
    pub roster: Roster,
    /// The personas' accounts.
    pub accounts: Arc<Accounts>,
    /// What the persona's application sells.
    pub goods: Arc<Goods>,
    pub message_content: bool,
    /// How long an interaction can be answered.
    pub callback: Duration,
    pub boost_cents: u64,
    pub premium_cents: u64,
}

/// Who may moderate: what their commands ask for by default.
pub(crate) const MODERATES: Permissions = Permissions::MANAGE_MESSAGES
    .union(Permissions::MODERATE_MEMBERS)
    .union(Permissions::MANAGE_GUILD)
    .union(Permissions::ADMINISTRATOR);

pub(crate) fn place(channel: impl Into<u64>) -> Place {
    Place { platform: Platform::Discord, channel: ChannelId::new(channel.into().to_string()) }
}

fn time(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap_or_default()
}
