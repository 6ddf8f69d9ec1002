//! Messages as they come to be, change and go, whoever makes them: who is told of it, and what is noticed.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{
    gateway::intent,
    messages::MOST_CHARS,
    network::{Message, Network},
    report::Breach,
    rest::Call,
    rules::{Allowed, live},
};

/// Between two edits of one bot in one channel.
pub const EDIT_EVERY: Duration = Duration::from_millis(1_500);
/// Edits of one message.
pub const MOST_EDITS: usize = 8;
/// By how much two calls may come closer to each other on their way.
const JITTER: Duration = Duration::from_millis(150);
/// Flags of a message: only for one person, and not answered yet.
pub(super) const EPHEMERAL: u64 = 1 << 6;
pub(super) const LOADING: u64 = 1 << 7;

/// A message before it is one.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) channel: u64,
    pub(super) author: u64,
    pub(super) kind: u8,
    pub(super) content: String,
    pub(super) flags: u64,
    pub(super) reply_to: Option<u64>,
    pub(super) mentions: Vec<u64>,
    pub(super) everybody: bool,
    pub(super) nonce: Option<Value>,
    pub(super) components: Value,
    pub(super) embeds: Value,
    pub(super) interaction: Option<u64>,
    pub(super) only_for: Option<u64>,
}

impl Draft {
    pub(super) fn new(channel: u64, author: u64, content: &str) -> Self {
        Self {
            channel,
            author,
            kind: 0,
            content: content.to_owned(),
            flags: 0,
            reply_to: None,
            mentions: Vec::new(),
            everybody: false,
            nonce: None,
            components: json!([]),
            embeds: json!([]),
            interaction: None,
            only_for: None,
        }
    }
}

impl Network {
    /// Takes from a request what a message is made of besides its text.
    pub(super) fn furnish(&mut self, draft: &mut Draft, body: &Value) {
        let allowed = Allowed::read(body);
        let replied_to = draft.reply_to.and_then(|above| self.messages.get(&above)).map(|above| above.author);
        draft.mentions = allowed.pings(&draft.content, replied_to);
        draft.everybody = allowed.pings_everybody(&draft.content);
        draft.flags |= body["flags"].as_u64().unwrap_or_default();
        draft.components = numbered(&body["components"]);
        draft.embeds = embeds(&body["embeds"]);
    }

    /// Who is answered by an answer to this message: the first above it that is no bot's.
    pub(super) fn asked_by(&self, mut above: Option<u64>) -> Option<u64> {
        while let Some(message) = above.and_then(|id| self.messages.get(&id)) {
            if let Some(interaction) = message.interaction.and_then(|id| self.interactions.get(&id)) {
                return Some(interaction.person);
            }
            if !self.applications.contains_key(&message.author) {
                return Some(message.author);
            }
            above = message.reply_to;
        }
        None
    }

    fn asked_here(&self, who: u64, channel: u64) -> bool {
        self.interactions.values().any(|known| known.person == who && known.channel == channel)
    }

    /// What is noticed of a text before it is shown.
    pub(super) fn judge(&mut self, call: &Call<'_>, channel: u64, asker: Option<u64>, body: &Value) {
        let (allowed, text) = (Allowed::read(body), body["content"].as_str().unwrap_or_default());
        // Whoever used a command here may be named where nothing of theirs can be answered.
        let named = allowed.users.first().copied().filter(|who| self.asked_here(*who, channel));
        let (asker, answers) = (asker.or(named), asker.is_some());
        let mut breaches = Vec::new();
        if !allowed.given {
            breaches.push(Breach::MentionsMissing);
        } else if allowed.wide(asker) {
            breaches.push(Breach::MentionsWide);
        }
        // What answers nobody is ours, and shows moderators the way.
        let found = live(text, &allowed.users).filter(|found| answers || *found != "<#");
        breaches.extend(found.map(|_| Breach::LiveText));
        breaches.extend((text.chars().count() > MOST_CHARS).then_some(Breach::TooLong));
        let place = self.channels.get(&channel).map_or_else(String::new, |channel| channel.name.clone());
        for breach in breaches {
            self.breach(call.at, call.bot, &place, breach);
        }
    }

    /// Counts a change of a message that is shown.
    pub(super) fn count_edit(&mut self, at: Duration, message: u64) {
        let Some(found) = self.messages.get_mut(&message) else { return };
        found.edited.push(at);
        let (bot, channel, edits) = (found.author, found.channel, found.edited.len());
        let place = self.channels.get(&channel).map_or_else(String::new, |channel| channel.name.clone());
        let before = self.edits.insert((bot, channel), at);
        if let Some(gap) = before.map(|before| at.saturating_sub(before)).filter(|gap| *gap + JITTER < EDIT_EVERY) {
            self.breach(at, bot, &format!("{place}, {gap:?} after the last"), Breach::EditRate);
        }
        if edits > MOST_EDITS {
            self.breach(at, bot, &place, Breach::TooManyEdits);
        }
    }

    pub(super) fn make(&mut self, at: Duration, draft: Draft) -> u64 {
        let id = self.snowflake(at);
        let Draft { channel, author, kind, content, flags, reply_to, mentions, everybody, .. } = draft;
        let Draft { nonce, components, embeds, interaction, only_for, .. } = draft;
        let message = Message {
            id,
            channel,
            author,
            kind,
            content,
            flags,
            reply_to,
            mentions,
            everybody,
            nonce,
            components,
            embeds,
            at,
            edited: Vec::new(),
            interaction,
            only_for,
            deleted: false,
            reactions: Vec::new(),
        };
        self.messages.insert(id, message);
        self.order.push(id);
        self.tell_of(id, "MESSAGE_CREATE");
        id
    }

    /// Tells every bot that may see a message of it. Gives how many were told.
    pub(super) fn tell_of(&mut self, id: u64, event: &str) -> usize {
        let Some(message) = self.messages.get(&id).filter(|message| message.only_for.is_none()).cloned() else {
            return 0;
        };
        let guild = self.channels.get(&message.channel).and_then(|channel| channel.guild);
        let wanted = if guild.is_some() { intent::GUILD_MESSAGES } else { intent::DIRECT_MESSAGES };
        let mut told = 0;
        for bot in self.audience(message.channel) {
            let sees_all = self.sessions.values().any(|s| s.bot == bot && s.intents & intent::MESSAGE_CONTENT != 0);
            let mut shape = self.message_shape(&message, bot, sees_all);
            if let Some(guild) = guild {
                shape["guild_id"] = guild.to_string().into();
                shape["member"] = self.member_shape(message.author);
            }
            if message.author != bot
                && let Some(fields) = shape.as_object_mut()
            {
                fields.remove("nonce");
            }
            told += self.dispatch(bot, wanted, event, &shape);
        }
        told
    }

    pub(super) fn tell_deleted(&mut self, id: u64) {
        let Some(message) = self.messages.get(&id).filter(|message| message.only_for.is_none()).cloned() else {
            return;
        };
        let guild = self.channels.get(&message.channel).and_then(|channel| channel.guild);
        let wanted = if guild.is_some() { intent::GUILD_MESSAGES } else { intent::DIRECT_MESSAGES };
        let mut shape = json!({ "id": id.to_string(), "channel_id": message.channel.to_string() });
        if let Some(guild) = guild {
            shape["guild_id"] = guild.to_string().into();
        }
        for bot in self.audience(message.channel) {
            self.dispatch(bot, wanted, "MESSAGE_DELETE", &shape);
        }
    }

    /// Puts into a message what a request says of it.
    pub(super) fn change(&mut self, id: u64, body: &Value) {
        let allowed = Allowed::read(body);
        if let Some(message) = self.messages.get_mut(&id) {
            if let Some(content) = body.get("content") {
                content.as_str().unwrap_or_default().clone_into(&mut message.content);
                message.everybody = allowed.pings_everybody(&message.content);
            }
            if let Some(components) = body.get("components") {
                message.components = numbered(components);
            }
            if let Some(given) = body.get("embeds") {
                message.embeds = embeds(given);
            }
            if let Some(flags) = body["flags"].as_u64() {
                message.flags = (message.flags & EPHEMERAL) | (flags & !EPHEMERAL);
            }
            message.flags &= !LOADING;
        }
        self.tell_of(id, "MESSAGE_UPDATE");
    }

    pub(super) fn remove(&mut self, message: u64) {
        if let Some(found) = self.messages.get_mut(&message) {
            found.deleted = true;
        }
        self.tell_deleted(message);
    }

    /// Messages of one bot that answer the same in the same words: each pair is an answer too many.
    pub fn doubles(&self) -> Vec<(u64, u64)> {
        let mut seen = BTreeMap::new();
        let shown = self.ours().filter(|message| !message.deleted && !message.content.is_empty());
        let answers = shown.filter(|message| message.reply_to.is_some() || message.interaction.is_some());
        answers
            .filter_map(|message| {
                let key = (message.author, message.channel, message.reply_to, message.interaction, &message.content);
                seen.insert(key, message.id).map(|first| (first, message.id))
            })
            .collect()
    }
}

/// Components with the numbers that Discord gives them.
fn numbered(given: &Value) -> Value {
    fn walk(value: &mut Value, next: &mut u64) {
        match value {
            Value::Array(parts) => parts.iter_mut().for_each(|part| walk(part, next)),
            Value::Object(fields) => {
                if fields.contains_key("type") && !fields.contains_key("id") {
                    *next += 1;
                    fields.insert("id".to_owned(), (*next).into());
                }
                if let Some(inner) = fields.get_mut("components") {
                    walk(inner, next);
                }
            }
            _ => {}
        }
    }
    let mut components = if given.is_array() { given.clone() } else { json!([]) };
    walk(&mut components, &mut 0);
    components
}

fn embeds(given: &Value) -> Value {
    let mut embeds = given.as_array().cloned().unwrap_or_default();
    for embed in &mut embeds {
        embed["type"] = "rich".into();
    }
    Value::Array(embeds)
}
