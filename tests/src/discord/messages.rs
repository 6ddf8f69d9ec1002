//! Messages made, changed and read by bots: <https://discord.com/developers/docs/resources/message>.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    draft::Draft,
    gateway::intent,
    network::{Message, Network},
    place::{Kind, permission},
    rest::{Answer, Call, Refused},
    rules::id,
};

/// The longest text.
pub const MOST_CHARS: usize = 2_000;
/// How long a nonce is known again.
const NONCE_LIVES: Duration = Duration::from_mins(5);

impl Network {
    /// A member may see a channel and do this there.
    pub(super) fn may(&self, who: u64, channel: u64, needed: u64) -> Result<(), Refused> {
        let has = self.permissions(who, channel);
        if !self.channels.contains_key(&channel) {
            Err(Refused::unknown(10_003, "Channel"))
        } else if has & permission::VIEW_CHANNEL == 0 {
            Err(Refused::code(403, 50_001, "Missing Access"))
        } else if has & needed != needed {
            Err(Refused::code(403, 50_013, "Missing Permissions"))
        } else {
            Ok(())
        }
    }

    pub(super) fn seen_guild(&self, bot: u64, guild: u64) -> Result<(), Refused> {
        let known = self.guilds.get(&guild).is_some_and(|guild| !guild.without.contains(&bot));
        if known { Ok(()) } else { Err(Refused::unknown(10_004, "Guild")) }
    }

    pub(super) fn member(&self, bot: u64, guild: u64, who: u64) -> Answer {
        self.seen_guild(bot, guild)?;
        if self.people.contains_key(&who) {
            Ok((200, self.full_member_shape(who)))
        } else {
            Err(Refused::unknown(10_007, "Member"))
        }
    }

    fn write_permission(&self, channel: u64) -> u64 {
        match self.channels.get(&channel).map(|channel| &channel.kind) {
            Some(Kind::Thread { .. }) => permission::SEND_MESSAGES_IN_THREADS,
            _ => permission::SEND_MESSAGES,
        }
    }

    pub(super) fn create_message(&mut self, call: &Call<'_>) -> Answer {
        let (channel, body) = (call.param(0), call.body);
        self.may(call.bot, channel, self.write_permission(channel))?;
        let mut draft = Draft::new(channel, call.bot, body["content"].as_str().unwrap_or_default());
        draft.reply_to = self.referenced(channel, &body["message_reference"])?;
        let asker = self.asked_by(draft.reply_to);
        self.judge(call, channel, asker, body);
        acceptable(body)?;
        let nonce = body.get("nonce").filter(|nonce| !nonce.is_null());
        if body["enforce_nonce"] == true
            && let Some(earlier) = nonce.and_then(|nonce| self.earlier(call.at, call.bot, nonce))
        {
            self.report.recognised += 1;
            let shape = self.message_shape(&self.messages[&earlier], call.bot, true);
            return Ok((200, shape));
        }
        draft.nonce = nonce.cloned();
        draft.kind = if draft.reply_to.is_some() { 19 } else { 0 };
        self.furnish(&mut draft, body);
        let made = self.make(call.at, draft);
        Ok((200, self.message_shape(&self.messages[&made], call.bot, true)))
    }

    fn referenced(&self, channel: u64, reference: &Value) -> Result<Option<u64>, Refused> {
        let Some(above) = id(&reference["message_id"]) else { return Ok(None) };
        let there = self.messages.get(&above).is_some_and(|above| !above.deleted && above.channel == channel);
        match (there, reference["fail_if_not_exists"].as_bool()) {
            (true, _) => Ok(Some(above)),
            (false, Some(false)) => Ok(None),
            _ => Err(Refused::form("message_reference: Unknown message")),
        }
    }

    fn earlier(&self, at: Duration, bot: u64, nonce: &Value) -> Option<u64> {
        let recent = self.order.iter().rev().filter_map(|id| self.messages.get(id));
        let recent = recent.take_while(|message| at < message.at + NONCE_LIVES);
        recent.into_iter().find(|message| message.author == bot && message.nonce.as_ref() == Some(nonce)).map(|m| m.id)
    }

    fn there(&self, channel: u64, message: u64) -> Result<&Message, Refused> {
        let found = self.messages.get(&message).filter(|found| found.channel == channel && !found.deleted);
        found.filter(|found| found.only_for.is_none()).ok_or_else(|| Refused::unknown(10_008, "Message"))
    }

    pub(super) fn edit_message(&mut self, call: &Call<'_>) -> Answer {
        let (channel, message) = (call.param(0), call.param(1));
        self.may(call.bot, channel, 0)?;
        let found = self.there(channel, message)?;
        if found.author != call.bot {
            return Err(Refused::code(403, 50_005, "Cannot edit a message authored by another user"));
        }
        let asker = self.asked_by(Some(message));
        self.judge(call, channel, asker, call.body);
        acceptable_edit(call.body)?;
        self.count_edit(call.at, message);
        self.change(message, call.body);
        Ok((200, self.message_shape(&self.messages[&message], call.bot, true)))
    }

    pub(super) fn delete_message(&mut self, call: &Call<'_>) -> Answer {
        let (channel, message) = (call.param(0), call.param(1));
        let own = self.there(channel, message)?.author == call.bot;
        self.may(call.bot, channel, if own { 0 } else { permission::MANAGE_MESSAGES })?;
        self.remove(message);
        Ok((204, Value::Null))
    }

    pub(super) fn get_message(&mut self, call: &Call<'_>) -> Answer {
        self.may(call.bot, call.param(0), permission::READ_MESSAGE_HISTORY)?;
        let found = self.there(call.param(0), call.param(1))?;
        Ok((200, self.message_shape(found, call.bot, self.reads_all(call.bot))))
    }

    pub(super) fn list_messages(&mut self, call: &Call<'_>) -> Answer {
        let channel = call.param(0);
        self.may(call.bot, channel, permission::READ_MESSAGE_HISTORY)?;
        let number = |name: &str| call.request.query(name).and_then(|id| id.parse::<u64>().ok());
        let limit = number("limit").and_then(|most| usize::try_from(most).ok()).unwrap_or(50).min(100);
        let (before, after) = (number("before").unwrap_or(u64::MAX), number("after"));
        let here = |message: &&Message| {
            message.channel == channel && !message.deleted && message.only_for.is_none() && message.id < before
        };
        let all = self.messages.values().filter(here).filter(|message| after.is_none_or(|after| message.id > after));
        // Behind a message the oldest come, else the newest; newest first either way.
        let mut list: Vec<_> =
            if after.is_some() { all.take(limit).collect() } else { all.rev().take(limit).collect() };
        list.sort_by_key(|message| std::cmp::Reverse(message.id));
        let all = self.reads_all(call.bot);
        Ok((200, list.into_iter().map(|message| self.message_shape(message, call.bot, all)).collect()))
    }

    fn reads_all(&self, bot: u64) -> bool {
        self.applications.get(&bot).is_some_and(|application| application.granted & intent::MESSAGE_CONTENT != 0)
    }

    pub(super) fn react(&mut self, call: &Call<'_>) -> Answer {
        self.may(call.bot, call.param(0), permission::ADD_REACTIONS)?;
        self.there(call.param(0), call.param(1))?;
        let emoji = call.found.params.get(2).cloned().unwrap_or_default();
        if let Some(found) = self.messages.get_mut(&call.param(1)) {
            found.reactions.push((call.bot, emoji));
        }
        Ok((204, Value::Null))
    }

    pub(super) fn unreact(&mut self, call: &Call<'_>) -> Answer {
        self.there(call.param(0), call.param(1))?;
        let emoji = call.found.params.get(2).cloned().unwrap_or_default();
        if let Some(found) = self.messages.get_mut(&call.param(1)) {
            found.reactions.retain(|(who, name)| *who != call.bot || *name != emoji);
        }
        Ok((204, Value::Null))
    }

    pub(super) fn begin_thread(&mut self, call: &Call<'_>) -> Answer {
        let parent = call.param(0);
        self.may(call.bot, parent, permission::SEND_MESSAGES)?;
        let (name, guild) = (call.body["name"].as_str().unwrap_or("thread"), self.channels[&parent].guild);
        let id = self.place(name, guild, Kind::Thread { of: parent, owner: call.bot });
        let mut shape = self.channel_shape(id);
        shape["member"] = json!({
            "id": id.to_string(), "user_id": call.bot.to_string(), "join_timestamp": self.stamp(call.at), "flags": 0,
        });
        for bot in self.audience(id) {
            self.dispatch(bot, intent::GUILDS, "THREAD_CREATE", &shape);
        }
        Ok((201, shape))
    }
}

/// What Discord refuses whoever writes it.
pub(super) fn acceptable(body: &Value) -> Result<(), Refused> {
    acceptable_edit(body)?;
    let filled = |name: &str| body[name].as_array().is_some_and(|list| !list.is_empty());
    let blank = body["content"].as_str().unwrap_or_default().trim().is_empty();
    if blank && !filled("embeds") && !filled("components") {
        return Err(Refused::code(400, 50_006, "Cannot send an empty message"));
    }
    Ok(())
}

pub(super) fn acceptable_edit(body: &Value) -> Result<(), Refused> {
    let long = body["content"].as_str().unwrap_or_default().chars().count() > MOST_CHARS;
    let nonce = body["nonce"].as_str().unwrap_or_default().chars().count() > 25;
    match (long, nonce) {
        (true, _) => Err(Refused::form("content: Must be 2000 or fewer in length.")),
        (_, true) => Err(Refused::form("nonce: Must be 25 or fewer in length.")),
        _ => Ok(()),
    }
}
