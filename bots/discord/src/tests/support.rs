//! What several tests need: a fleet of two, and payloads in Discord's shapes.

use std::{sync::Arc, time::Duration};

use lovelm::chat::{CallName, PersonaId, Roster};
use serde_json::{Value, json};

use crate::{account::Accounts, hear::Hearing};

pub(super) const OMAR: u64 = 201;
pub(super) const HONGCHA: u64 = 202;

pub(super) fn roster() -> Roster {
    let (omar, hongcha) = (PersonaId::new("omar"), PersonaId::new("hongcha"));
    let name = |persona: &PersonaId, name: &str| CallName { persona: persona.clone(), name: name.to_owned() };
    let names = vec![name(&hongcha, "홍차"), name(&omar, "오마르")];
    Roster { personas: vec![hongcha, omar], names }
}

/// Omar's ears.
pub(super) fn hearing() -> Hearing {
    let accounts = Accounts::default();
    accounts.introduce(OMAR, PersonaId::new("omar"));
    accounts.introduce(HONGCHA, PersonaId::new("hongcha"));
    Hearing {
        persona: PersonaId::new("omar"),
        roster: roster(),
        accounts: Arc::new(accounts),
        goods: Arc::default(),
        message_content: false,
        callback: Duration::from_mins(14),
        boost_cents: 499,
        premium_cents: 199,
    }
}

pub(super) fn user(id: u64, name: &str) -> Value {
    json!({ "id": id.to_string(), "username": name, "discriminator": "0", "global_name": null, "avatar": null })
}

pub(super) fn member() -> Value {
    json!({
        "roles": ["31"], "joined_at": "2025-01-01T00:00:00.000000+00:00", "deaf": false, "mute": false, "flags": 0,
        "pending": false, "nick": null, "premium_since": null, "communication_disabled_until": null, "avatar": null,
        "banner": null,
    })
}

/// A message of minsu's in a channel of a server.
pub(super) fn written(id: u64, content: &str) -> Value {
    json!({
        "id": id.to_string(), "channel_id": "11", "guild_id": "10", "author": user(42, "minsu"), "member": member(),
        "content": content, "timestamp": "2026-11-22T12:00:00.000000+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": false, "type": 0, "flags": 0, "components": [],
    })
}

pub(super) fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a shape of Discord's")
}
