//! What Discord says of people, places and messages, in JSON: <https://discord.com/developers/docs/resources/message>.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    gateway::intent,
    network::{Message, Network, Wire},
    person::Person,
    place::{Channel, Kind, permission},
};

/// A moment at which everything began that is of no importance.
const LONG_AGO: &str = "2024-05-01T09:00:00.000000+00:00";

impl Network {
    pub(super) fn user_shape(&self, who: u64) -> Value {
        let Person { id, name, display, bot, .. } = self.known(who);
        let mut user = json!({
            "id": id.to_string(), "username": name, "global_name": display, "avatar": null, "discriminator": "0",
            "public_flags": 0, "flags": 0, "primary_guild": null,
        });
        if bot {
            user["bot"] = true.into();
        }
        user
    }

    pub(super) fn me_shape(&self, bot: u64) -> Value {
        let mut me = self.user_shape(bot);
        (me["mfa_enabled"], me["locale"], me["verified"]) = (true.into(), "en-US".into(), true.into());
        me
    }

    /// A member without who it is.
    pub(super) fn member_shape(&self, who: u64) -> Value {
        let person = self.known(who);
        let roles = if person.moderator { vec![role_id("moderators").to_string()] } else { Vec::new() };
        json!({
            "avatar": null, "banner": null, "communication_disabled_until": null, "flags": 0, "joined_at": LONG_AGO,
            "nick": null, "pending": false, "premium_since": person.boosting_since.map(|since| self.stamp(since)),
            "roles": roles, "mute": false, "deaf": false,
        })
    }

    pub(super) fn full_member_shape(&self, who: u64) -> Value {
        let mut member = self.member_shape(who);
        member["user"] = self.user_shape(who);
        member
    }

    pub(super) fn application_shape(&self, bot: u64) -> Value {
        let person = self.known(bot);
        let granted = self.applications.get(&bot).map_or(0, |application| application.granted);
        // Flags that an application under a hundred guilds has for its privileged intents.
        let flags = if granted & intent::MESSAGE_CONTENT == 0 { 0 } else { 1_u64 << 19 };
        json!({
            "id": bot.to_string(), "name": person.display, "icon": null, "description": "", "type": null,
            "verify_key": "0".repeat(64), "flags": flags, "flags_new": flags.to_string(), "redirect_uris": [],
            "interactions_endpoint_url": null, "role_connections_verification_url": null,
            "owner": self.user_shape(super::person::id_of("owner")), "approximate_guild_count": self.guilds.len(),
            "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0, "team": null, "eligible_oauth2_scopes": [],
            "bot_public": true, "bot_require_code_grant": false, "summary": "",
        })
    }

    pub(super) fn gateway_shape(&self, bot: u64) -> Value {
        let used = self.report.identifies.get(&self.name_of(bot)).copied().unwrap_or_default();
        json!({
            "url": self.gateway_url, "shards": 1,
            "session_start_limit": {
                "total": 1000, "remaining": 1000_usize.saturating_sub(used), "reset_after": 86_400_000, "max_concurrency": 1,
            },
        })
    }

    pub(super) fn roles_shape(guild: u64) -> Value {
        let role = |id: u64, name: &str, permissions: u64, position: u64| {
            json!({
                "id": id.to_string(), "name": name, "permissions": permissions.to_string(), "position": position,
                "color": 0, "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
                "hoist": false, "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
            })
        };
        let moderators = permission::EVERYBODY | permission::MODERATORS;
        json!([
            role(guild, "@everyone", permission::EVERYBODY, 0),
            role(role_id("moderators"), "moderators", moderators, 1)
        ])
    }

    pub(super) fn guild_shape(&self, _at: Duration, id: u64) -> Value {
        let guild = &self.guilds[&id];
        json!({
            "id": id.to_string(), "name": guild.name, "icon": null, "icon_hash": null, "description": null,
            "home_header": null, "splash": null, "discovery_splash": null, "features": [], "banner": null,
            "owner_id": super::person::id_of("owner").to_string(), "application_id": null, "region": "us-east",
            "afk_channel_id": null, "afk_timeout": 300,
            "system_channel_id": guild.system_channel.map(|id| id.to_string()), "system_channel_flags": 0,
            "widget_enabled": false, "widget_channel_id": null, "verification_level": 1, "roles": Self::roles_shape(id),
            "default_message_notifications": 1, "mfa_level": 0, "explicit_content_filter": 0, "max_presences": null,
            "max_members": 500_000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
            "vanity_url_code": null, "premium_tier": 0, "premium_subscription_count": guild.boosts,
            "preferred_locale": guild.locale, "rules_channel_id": null, "safety_alerts_channel_id": null,
            "public_updates_channel_id": null, "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0,
            "emojis": [], "stickers": [], "incidents_data": null,
        })
    }

    /// A guild as the gateway tells of it.
    fn created_shape(&self, id: u64) -> Value {
        let mut guild = self.guild_shape(Duration::ZERO, id);
        let here = |channel: &&Channel, threads: bool| {
            channel.guild == Some(id) && matches!(channel.kind, Kind::Thread { .. }) == threads
        };
        let of = |threads: bool| -> Value {
            self.channels.values().filter(|c| here(c, threads)).map(|c| self.channel_shape(c.id)).collect()
        };
        let members: Vec<_> = self.applications.keys().map(|bot| self.full_member_shape(*bot)).collect();
        let count = self.people.len();
        for (name, value) in [
            ("joined_at", json!(LONG_AGO)),
            ("large", json!(false)),
            ("unavailable", json!(false)),
            ("member_count", json!(count)),
            ("voice_states", json!([])),
            ("members", json!(members)),
            ("channels", of(false)),
            ("threads", of(true)),
            ("presences", json!([])),
            ("stage_instances", json!([])),
            ("guild_scheduled_events", json!([])),
            ("soundboard_sounds", json!([])),
        ] {
            guild[name] = value;
        }
        guild
    }

    /// READY and the guilds.
    pub(super) fn greet(&mut self, bot: u64, session: &str, _wire: Wire) {
        let guilds: Vec<_> = self.guilds.values().filter(|g| !g.without.contains(&bot)).map(|g| g.id).collect();
        let unavailable: Vec<_> =
            guilds.iter().map(|id| json!({ "id": id.to_string(), "unavailable": true })).collect();
        let ready = json!({
            "v": 10, "user": self.me_shape(bot), "guilds": unavailable, "session_id": session,
            "resume_gateway_url": self.gateway_url, "shard": [0, 1], "private_channels": [], "user_settings": {},
            "relationships": [], "presences": [], "session_type": "normal", "geo_ordered_rtc_regions": [], "_trace": [],
            "application": { "id": bot.to_string(), "flags": self.application_shape(bot)["flags"] },
        });
        self.event(session, "READY", &ready);
        let hears = self.sessions.get(session).is_some_and(|session| session.intents & intent::GUILDS != 0);
        for guild in guilds.into_iter().filter(|_| hears) {
            let created = self.created_shape(guild);
            self.event(session, "GUILD_CREATE", &created);
        }
    }

    pub(super) fn guilds_shape(&self, bot: u64) -> Value {
        let mine = self.guilds.values().filter(|guild| !guild.without.contains(&bot));
        mine.map(|guild| {
            json!({
                "id": guild.id.to_string(), "name": guild.name, "icon": null, "banner": null, "owner": false,
                "permissions": permission::EVERYBODY.to_string(), "features": [],
            })
        })
        .collect()
    }

    pub(super) fn channels_shape(&self, guild: u64) -> Value {
        let plain = |channel: &&Channel| channel.guild == Some(guild) && channel.kind == Kind::Text;
        self.channels.values().filter(plain).map(|channel| self.channel_shape(channel.id)).collect()
    }

    pub(super) fn channel_shape(&self, id: u64) -> Value {
        let Some(channel) = self.channels.get(&id) else { return Value::Null };
        let written = self.messages.values().rev().find(|message| message.channel == id && message.only_for.is_none());
        let last = written.map(|message| message.id.to_string());
        let guild = channel.guild.map(|guild| guild.to_string());
        let overwrite = |(who, denied): (&u64, &u64)| json!({ "id": who.to_string(), "type": 1, "allow": "0", "deny": denied.to_string() });
        match &channel.kind {
            Kind::Text => json!({
                "id": id.to_string(), "type": 0, "flags": 0, "guild_id": guild, "name": channel.name, "position": 0,
                "topic": null, "nsfw": channel.nsfw, "rate_limit_per_user": 0, "last_message_id": last, "parent_id": null,
                "permission_overwrites": channel.denied.iter().map(overwrite).collect::<Vec<_>>(),
            }),
            Kind::Thread { of, owner } => json!({
                "id": id.to_string(), "type": 11, "flags": 0, "guild_id": guild, "name": channel.name,
                "owner_id": owner.to_string(), "parent_id": of.to_string(), "message_count": 1, "member_count": 1,
                "total_message_sent": 1, "rate_limit_per_user": 0, "last_message_id": last,
                "thread_metadata": {
                    "archived": false, "archive_timestamp": LONG_AGO, "auto_archive_duration": 1440, "locked": false,
                },
            }),
            Kind::Direct { person, .. } => json!({
                "id": id.to_string(), "type": 1, "flags": 0, "last_message_id": last,
                "recipients": [self.user_shape(*person)],
            }),
        }
    }

    /// A message as this bot sees it: without its words where they are none of the bot's business.
    pub(super) fn message_shape(&self, message: &Message, reader: u64, sees_all: bool) -> Value {
        let mut shape = self.bare_message(message, sees_all || self.readable(message, reader));
        if let Some(above) = message.reply_to {
            let channel = message.channel.to_string();
            shape["message_reference"] = json!({ "type": 0, "channel_id": channel, "message_id": above.to_string() });
            if let Some(guild) = self.channels.get(&message.channel).and_then(|channel| channel.guild) {
                shape["message_reference"]["guild_id"] = guild.to_string().into();
            }
            let referenced = self.messages.get(&above).filter(|above| !above.deleted);
            shape["referenced_message"] = referenced
                .map_or(Value::Null, |above| self.bare_message(above, sees_all || self.readable(above, reader)));
        }
        shape
    }

    fn bare_message(&self, message: &Message, readable: bool) -> Value {
        let only = |value: &Value| if readable { value.clone() } else { json!([]) };
        let mut shape = json!({
            "id": message.id.to_string(), "channel_id": message.channel.to_string(), "type": message.kind,
            "content": if readable { message.content.as_str() } else { "" },
            "mentions": message.mentions.iter().map(|who| self.user_shape(*who)).collect::<Vec<_>>(),
            "mention_roles": [], "attachments": [], "embeds": only(&message.embeds),
            "timestamp": self.stamp(message.at), "edited_timestamp": message.edited.last().map(|at| self.stamp(*at)),
            "flags": message.flags, "components": only(&message.components), "author": self.user_shape(message.author),
            "pinned": false, "mention_everyone": message.everybody, "tts": false,
        });
        if let Some(nonce) = &message.nonce {
            shape["nonce"] = nonce.clone();
        }
        if let Some(interaction) = message.interaction.and_then(|id| self.interactions.get(&id)) {
            shape["application_id"] = message.author.to_string().into();
            shape["webhook_id"] = message.author.to_string().into();
            shape["interaction_metadata"] = interaction.metadata(&self.user_shape(interaction.person));
        }
        shape
    }

    /// Whether a bot may read the words of a message without the intent for it:
    /// <https://discord.com/developers/docs/events/gateway#message-content-intent>.
    fn readable(&self, message: &Message, reader: u64) -> bool {
        let direct = |channel: &Channel| matches!(channel.kind, Kind::Direct { .. });
        let named =
            message.content.contains(&format!("<@{reader}>")) || message.content.contains(&format!("<@!{reader}>"));
        let above = message.reply_to.and_then(|above| self.messages.get(&above));
        let replied = message.mentions.contains(&reader)
            && above.is_some_and(|above| above.author == reader && above.interaction.is_none());
        message.author == reader || self.channels.get(&message.channel).is_some_and(direct) || named || replied
    }
}

fn role_id(name: &str) -> u64 {
    super::person::id_of(&format!("role {name}"))
}
