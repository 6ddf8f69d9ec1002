//! The bots: their applications, tokens, registered commands and what was bought from them:
//! <https://discord.com/developers/docs/resources/application>.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Value, json};

use super::{
    network::Network,
    person::{Person, id_of},
    rest::{Answer, Refused, Request},
    rules::id,
};

/// What may be sold, by the names of tests: 2 is kept, 3 is used up, 5 is paid by the month.
pub const SKUS: [(&str, u8); 3] = [("keepsake", 2), ("question", 3), ("membership", 5)];

/// A bot.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) token: String,
    /// Privileged intents that it may ask for.
    pub(super) granted: u64,
    /// Told by a close code never to come back.
    pub(super) barred: bool,
    pub(super) identified: Option<Duration>,
    /// By guild; those of everybody under none.
    pub(super) commands: BTreeMap<Option<u64>, Vec<Value>>,
}

/// Something that somebody bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    pub id: u64,
    pub sku: u64,
    pub bot: u64,
    pub person: u64,
    pub at: Duration,
    pub ends: Option<Duration>,
    pub consumed: bool,
    pub deleted: bool,
}

impl Network {
    /// Opens a bot of this name, and gives its token.
    pub fn bot(&mut self, name: &str) -> String {
        let bot = Person::named(name).bot();
        let token = format!("{}.G5ca1e.{:027x}", STANDARD_NO_PAD.encode(bot.id.to_string()), bot.id);
        let (granted, barred) = (0, false);
        let application =
            Application { token: token.clone(), granted, barred, identified: None, commands: BTreeMap::new() };
        self.applications.insert(bot.id, application);
        self.meet(&bot);
        token
    }

    /// Lets a bot ask for privileged intents.
    pub fn grant(&mut self, bot: &str, intents: u64) {
        if let Some(application) = self.applications.get_mut(&id_of(bot)) {
            application.granted |= intents;
        }
    }

    /// Whose token this is.
    pub(super) fn whose(&self, token: &str) -> Option<u64> {
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        self.applications.iter().find(|(_, application)| application.token == token).map(|(bot, _)| *bot)
    }

    /// A bot's token is worth nothing any more.
    pub fn revoke(&mut self, bot: &str) {
        if let Some(application) = self.applications.get_mut(&id_of(bot)) {
            application.token.clear();
        }
    }

    /// Somebody buys something of a bot: see [`SKUS`].
    pub fn buy(&mut self, at: Duration, who: &str, bot: &str, sku: &str) -> u64 {
        let id = self.snowflake(at);
        let (person, bot) = (id_of(who), id_of(bot));
        if !self.people.contains_key(&person) {
            self.meet(&Person::named(who));
        }
        let bought = Entitlement { id, sku: id_of(sku), bot, person, at, ends: None, consumed: false, deleted: false };
        self.entitlements.insert(id, bought);
        self.told_of(id, "ENTITLEMENT_CREATE");
        id
    }

    /// A subscription ends.
    pub fn expire(&mut self, at: Duration, entitlement: u64) {
        if let Some(bought) = self.entitlements.get_mut(&entitlement) {
            bought.ends = Some(at);
        }
        self.told_of(entitlement, "ENTITLEMENT_UPDATE");
    }

    /// Money is given back.
    pub fn refund(&mut self, entitlement: u64) {
        if let Some(bought) = self.entitlements.get_mut(&entitlement) {
            bought.deleted = true;
        }
        self.told_of(entitlement, "ENTITLEMENT_DELETE");
    }

    fn told_of(&mut self, entitlement: u64, event: &str) {
        if let Some(bought) = self.entitlements.get(&entitlement).cloned() {
            let data = self.entitlement_shape(&bought);
            self.dispatch(bought.bot, 0, event, &data);
        }
    }

    /// What somebody bought.
    pub fn entitlement(&self, id: u64) -> Option<&Entitlement> {
        self.entitlements.get(&id)
    }

    pub(super) fn entitlement_shape(&self, bought: &Entitlement) -> Value {
        json!({
            "id": bought.id.to_string(), "sku_id": bought.sku.to_string(), "application_id": bought.bot.to_string(),
            "user_id": bought.person.to_string(), "deleted": bought.deleted, "consumed": bought.consumed,
            "starts_at": self.stamp(bought.at), "ends_at": bought.ends.map(|ends| self.stamp(ends)),
            // Whatever was bought.
            "type": 8,
        })
    }

    pub(super) fn list_entitlements(&self, at: Duration, bot: u64, request: &Request) -> Value {
        let ended = |bought: &&Entitlement| bought.ends.is_some_and(|ends| ends <= at);
        let without_ended = request.query("exclude_ended") == Some("true");
        let without_deleted = request.query("exclude_deleted") != Some("false");
        let wanted = request.query("user_id").and_then(|id| id.parse::<u64>().ok());
        let after = request.query("after").and_then(|id| id.parse::<u64>().ok()).unwrap_or_default();
        let limit = request.query("limit").and_then(|most| most.parse().ok()).unwrap_or(100);
        let list = self.entitlements.values().filter(|bought| {
            bought.bot == bot
                && bought.id > after
                && !(without_ended && ended(bought))
                && !(without_deleted && bought.deleted)
                && wanted.is_none_or(|person| bought.person == person)
        });
        list.take(limit).map(|bought| self.entitlement_shape(bought)).collect()
    }

    /// What every bot sells.
    pub(super) fn list_skus(bot: u64) -> Value {
        let sku = |(name, kind): &(&str, u8)| {
            json!({
                "id": id_of(name).to_string(), "type": kind, "application_id": bot.to_string(), "name": name, "slug": name,
                "flags": 1 << 2,
            })
        };
        SKUS.iter().map(sku).collect()
    }

    pub(super) fn consume(&mut self, bot: u64, entitlement: &str) -> Answer {
        let id = entitlement.parse().unwrap_or_default();
        match self.entitlements.get_mut(&id).filter(|bought| bought.bot == bot) {
            Some(bought) if used_up(bought.sku) && !bought.deleted => {
                bought.consumed = true;
                Ok((204, Value::Null))
            }
            Some(_) => Err(Refused::code(400, 50035, "This cannot be consumed")),
            None => Err(Refused::unknown(10_029, "Entitlement")),
        }
    }

    /// Registers commands anew, instead of all that were there.
    pub(super) fn register(&mut self, at: Duration, bot: u64, guild: Option<u64>, body: &Value) -> Answer {
        let given = body.as_array().cloned().unwrap_or_default();
        let of_kind = |kind: u64| given.iter().filter(|command| command["type"].as_u64().unwrap_or(1) == kind).count();
        if of_kind(1) > 100 || of_kind(2) > 15 || of_kind(3) > 15 {
            return Err(Refused::code(400, 30_032, "Maximum number of application commands reached"));
        }
        let version = self.snowflake(at).to_string();
        let mut registered = Vec::new();
        for mut command in given {
            command["id"] = self.snowflake(at).to_string().into();
            command["application_id"] = bot.to_string().into();
            command["version"] = version.clone().into();
            fill(&mut command, guild);
            registered.push(command);
        }
        if let Some(application) = self.applications.get_mut(&bot) {
            application.commands.insert(guild, registered.clone());
        }
        Ok((200, Value::Array(registered)))
    }

    /// A registered command by its name; a guild's goes before everybody's.
    pub(super) fn command(&self, bot: u64, guild: Option<u64>, name: &str) -> Option<&Value> {
        let commands = &self.applications.get(&bot)?.commands;
        let in_guild = guild.and_then(|guild| commands.get(&Some(guild)));
        let all = in_guild.into_iter().chain(commands.get(&None)).flatten();
        all.into_iter().find(|command| command["name"] == name)
    }

    /// Direct messages with somebody, opened where there are none.
    pub(super) fn open_direct(&mut self, bot: u64, body: &Value) -> Answer {
        let Some(person) = id(&body["recipient_id"]).filter(|person| self.people.contains_key(person)) else {
            return Err(Refused::unknown(10_013, "User"));
        };
        let (person, bot) = (self.name_of(person), self.name_of(bot));
        let channel = self.direct(&person, &bot);
        Ok((200, self.channel_shape(channel)))
    }
}

fn used_up(sku: u64) -> bool {
    SKUS.iter().any(|(name, kind)| id_of(name) == sku && *kind == 3)
}

/// What Discord adds to a command that does not say it.
fn fill(command: &mut Value, guild: Option<u64>) {
    let Some(fields) = command.as_object_mut() else { return };
    let defaults = [
        ("type", json!(1)),
        ("description", json!("")),
        ("default_member_permissions", Value::Null),
        ("nsfw", json!(false)),
        ("contexts", Value::Null),
    ];
    for (name, value) in defaults {
        fields.entry(name).or_insert(value);
    }
    fields.remove("dm_permission");
    if let Some(guild) = guild {
        fields.insert("guild_id".to_owned(), guild.to_string().into());
    }
}
