//! What people ask of a bot with commands, buttons and forms.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    interaction::{Asked, Interaction},
    network::{Message, Network},
    person::{Person, id_of},
    place::Kind,
};

/// A button of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub id: String,
    /// What stands on it, an emoji included.
    pub label: String,
    pub disabled: bool,
}

impl Network {
    /// Somebody uses a slash command, such as `mod pause`, with options by their names.
    ///
    /// # Panics
    /// When the bot registered no such command, or it has no such option.
    pub fn slash(
        &mut self,
        at: Duration,
        bot: &str,
        channel: &str,
        who: &Person,
        line: &str,
        given: &[(&str, Value)],
    ) -> u64 {
        let data = self.command_data(bot, channel, line, given, None);
        self.interact(at, bot, channel, who, Asked::Command, line, &data)
    }

    /// Somebody types the beginning of an option.
    ///
    /// # Panics
    /// See [`Network::slash`].
    pub fn half_typed(
        &mut self,
        at: Duration,
        bot: &str,
        channel: &str,
        who: &Person,
        line: &str,
        half: (&str, &str),
    ) -> u64 {
        let data = self.command_data(bot, channel, line, &[(half.0, half.1.into())], Some(half.0));
        self.interact(at, bot, channel, who, Asked::Autocomplete, line, &data)
    }

    /// Somebody uses a command of a message's context menu.
    ///
    /// # Panics
    /// When there is no such command or message.
    pub fn menu(&mut self, at: Duration, bot: &str, who: &Person, name: &str, message: u64) -> u64 {
        let target = self.messages.get(&message).cloned().expect("a message");
        let channel = self.channels[&target.channel].clone();
        let registered = self.command(id_of(bot), channel.guild, name).cloned();
        let registered = registered.unwrap_or_else(|| panic!("{bot} has no command {name}"));
        let shape = self.message_shape(&target, id_of(bot), true);
        let data = json!({
            "id": registered["id"], "name": registered["name"], "type": registered["type"],
            "target_id": message.to_string(), "resolved": { "messages": { message.to_string(): shape } },
        });
        self.interact(at, bot, &channel.name, who, Asked::Menu, name, &data)
    }

    fn command_data(
        &self,
        bot: &str,
        channel: &str,
        line: &str,
        given: &[(&str, Value)],
        focus: Option<&str>,
    ) -> Value {
        let guild = self.channels.get(&id_of(channel)).and_then(|channel| channel.guild);
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let registered = self.command(id_of(bot), guild, name).unwrap_or_else(|| panic!("{bot} has no command {name}"));
        let rest: Vec<_> = words.collect();
        let options = options(registered, &rest, given, focus);
        json!({ "id": registered["id"], "name": name, "type": 1, "options": options })
    }

    /// The buttons of a message, in order.
    pub fn buttons(&self, message: u64) -> Vec<Button> {
        let message = self.messages.get(&message);
        let rows = message.and_then(|message| message.components.as_array()).into_iter().flatten();
        let parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
        parts
            .filter_map(|part| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let label = format!("{} {}", text(&part["emoji"]["name"]), text(&part["label"]));
                Some(Button {
                    id: part["custom_id"].as_str()?.to_owned(),
                    label: label.trim().to_owned(),
                    disabled: part["disabled"] == true,
                })
            })
            .collect()
    }

    /// Somebody presses a button of a message.
    ///
    /// # Panics
    /// When the message has no such button.
    pub fn press(&mut self, at: Duration, who: &Person, message: u64, button: &str) -> u64 {
        let found = self.buttons(message).into_iter().find(|known| known.id == button && !known.disabled);
        assert!(found.is_some(), "there is no button {button}");
        let message = self.messages[&message].clone();
        let (bot, channel) = (self.name_of(message.author), self.channels[&message.channel].name.clone());
        let data = json!({ "custom_id": button, "component_type": 2 });
        self.interact(at, &bot, &channel, who, Asked::Button(message.id), button, &data)
    }

    /// Somebody fills in the form that an interaction opened, field after field.
    ///
    /// # Panics
    /// When it opened none.
    pub fn submit(&mut self, at: Duration, interaction: u64, values: &[&str]) -> u64 {
        let from = self.interactions.get(&interaction).cloned().expect("an interaction");
        let modal = from.modal.clone().expect("a form");
        let mut values = values.iter();
        let mut filled = |field: &Value| {
            let value = values.next().copied().unwrap_or_default();
            json!({ "type": 4, "id": 2, "custom_id": field["custom_id"], "value": value })
        };
        let row = |(nth, row): (usize, &Value)| {
            if row["component"].is_object() {
                return json!({ "type": 18, "id": nth + 1, "component": filled(&row["component"]) });
            }
            let fields = row["components"].as_array().into_iter().flatten();
            json!({ "type": 1, "id": nth + 1, "components": fields.map(&mut filled).collect::<Vec<_>>() })
        };
        let rows: Vec<_> = modal["components"].as_array().into_iter().flatten().enumerate().map(row).collect();
        let data = json!({ "custom_id": modal["custom_id"], "components": rows, "resolved": {} });
        let name = modal["custom_id"].as_str().unwrap_or_default().to_owned();
        let (bot, channel) = (self.name_of(from.bot), self.channels[&from.channel].name.clone());
        let above = match from.asked {
            Asked::Button(message) => Some(message),
            _ => None,
        };
        let who = self.known(from.person);
        self.interact(at, &bot, &channel, &who, Asked::Modal(above), &name, &data)
    }

    #[expect(clippy::too_many_arguments, reason = "an interaction is all of this")]
    fn interact(
        &mut self,
        at: Duration,
        bot: &str,
        channel: &str,
        who: &Person,
        asked: Asked,
        name: &str,
        data: &Value,
    ) -> u64 {
        self.meet(who);
        let id = self.snowflake(at);
        let token = format!("aW50ZXJhY3Rpb246{id:x}{:016x}", self.number().wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let interaction = Interaction {
            id,
            token,
            bot: id_of(bot),
            person: who.id,
            channel: id_of(channel),
            asked,
            name: name.to_owned(),
            at,
            acknowledged: None,
            original: None,
            modal: None,
            choices: Vec::new(),
            failed: false,
        };
        let shape = self.interaction_shape(&interaction, data);
        // Whoever is not connected now hears of it when it is too late.
        let heard = self.connected(bot);
        self.interactions.insert(id, Interaction { failed: !heard, ..interaction });
        self.report.interactions += usize::from(heard);
        self.dispatch(id_of(bot), 0, "INTERACTION_CREATE", &shape);
        id
    }

    fn interaction_shape(&self, interaction: &Interaction, data: &Value) -> Value {
        let channel = &self.channels[&interaction.channel];
        let person = self.known(interaction.person);
        let permissions = |who: u64| self.permissions(who, interaction.channel).to_string();
        let mut place = self.channel_shape(interaction.channel);
        place["permissions"] = permissions(interaction.person).into();
        let number = match interaction.asked {
            Asked::Command | Asked::Menu => 2,
            Asked::Button(_) => 3,
            Asked::Autocomplete => 4,
            Asked::Modal(_) => 5,
        };
        let bought = self.entitlements.values().filter(|bought| {
            bought.person == person.id && bought.bot == interaction.bot && !bought.deleted && !bought.consumed
        });
        let mut shape = json!({
            "id": interaction.id.to_string(), "application_id": interaction.bot.to_string(), "type": number, "data": data,
            "channel_id": interaction.channel.to_string(), "channel": place, "token": interaction.token, "version": 1,
            "app_permissions": permissions(interaction.bot), "locale": person.locale,
            "entitlements": bought.map(|bought| self.entitlement_shape(bought)).collect::<Vec<_>>(),
            "authorizing_integration_owners": {}, "attachment_size_limit": 10_485_760,
            "context": i32::from(matches!(channel.kind, Kind::Direct { .. })),
        });
        if let Some(guild) = channel.guild {
            let locale = &self.guilds[&guild].locale;
            shape["guild_id"] = guild.to_string().into();
            shape["guild"] = json!({ "id": guild.to_string(), "locale": locale, "features": [] });
            shape["guild_locale"] = locale.clone().into();
            shape["authorizing_integration_owners"] = json!({ "0": guild.to_string() });
            shape["member"] = self.full_member_shape(person.id);
            shape["member"]["permissions"] = permissions(person.id).into();
        } else {
            shape["user"] = self.user_shape(person.id);
        }
        if let Asked::Button(message) | Asked::Modal(Some(message)) = interaction.asked {
            shape["message"] = self.message_shape(&self.messages[&message], interaction.bot, true);
        }
        shape
    }

    /// What somebody alone was told in answer to an interaction, or everybody: all of it, in order.
    pub fn answers(&self, interaction: u64) -> Vec<&Message> {
        let original = self.interactions.get(&interaction).and_then(|known| known.original);
        let of = |message: &&Message| message.interaction == Some(interaction) || Some(message.id) == original;
        self.order.iter().filter_map(|id| self.messages.get(id)).filter(of).filter(|message| !message.deleted).collect()
    }
}

/// The options of a command as Discord sends them, beneath the sub-commands named.
fn options(registered: &Value, rest: &[&str], given: &[(&str, Value)], focus: Option<&str>) -> Value {
    let known = |name: &str| {
        let all = registered["options"].as_array().into_iter().flatten();
        let found = all.into_iter().find(|option| option["name"] == *name);
        found.unwrap_or_else(|| panic!("{} has no option {name}", registered["name"]))
    };
    if let Some((name, rest)) = rest.split_first() {
        let below = known(name);
        return json!([{ "name": name, "type": below["type"], "options": options(below, rest, given, focus) }]);
    }
    let option = |(name, value): &(&str, Value)| {
        let mut option = json!({ "name": name, "type": known(name)["type"], "value": value });
        if focus == Some(*name) {
            option["focused"] = true.into();
        }
        option
    };
    given.iter().map(option).collect()
}
