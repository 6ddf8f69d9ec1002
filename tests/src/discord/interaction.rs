//! Commands, buttons and modals on their way between a person and a bot, with the deadlines that Discord sets:
//! <https://discord.com/developers/docs/interactions/receiving-and-responding>.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    draft::{Draft, EPHEMERAL, LOADING},
    messages::{acceptable, acceptable_edit},
    network::Network,
    report::Breach,
    rest::{Answer, Call, Refused},
};

/// Until the first answer.
pub const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(3);
/// Until the last.
pub const TOKEN_LIVES: Duration = Duration::from_mins(15);

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Command,
    /// Of a context menu.
    Menu,
    Autocomplete,
    /// A button of this message.
    Button(u64),
    /// A form, opened from a button of this message or from a command.
    Modal(Option<u64>),
}

/// An interaction.
#[derive(Clone, Debug)]
pub struct Interaction {
    pub id: u64,
    pub token: String,
    pub bot: u64,
    pub person: u64,
    pub channel: u64,
    pub asked: Asked,
    /// The command's name, or what a button or form is called by.
    pub name: String,
    pub at: Duration,
    /// How it was acknowledged, by Discord's number, and when.
    pub acknowledged: Option<(u64, Duration)>,
    /// The message that stands for the answer.
    pub original: Option<u64>,
    /// The form that it opened.
    pub modal: Option<Value>,
    /// What was proposed for a half-typed word.
    pub choices: Vec<Value>,
    /// Nobody acknowledged it in time.
    pub failed: bool,
}

impl Interaction {
    fn number(&self) -> u64 {
        match self.asked {
            Asked::Command | Asked::Menu => 2,
            Asked::Button(_) => 3,
            Asked::Autocomplete => 4,
            Asked::Modal(_) => 5,
        }
    }

    fn takes(&self, kind: u64) -> bool {
        match self.asked {
            Asked::Autocomplete => kind == 8,
            Asked::Command | Asked::Menu => matches!(kind, 4 | 5 | 9),
            Asked::Button(_) => matches!(kind, 4..=7 | 9),
            Asked::Modal(Some(_)) => matches!(kind, 4..=7),
            Asked::Modal(None) => matches!(kind, 4 | 5),
        }
    }

    /// What an answer says of the interaction that it answers.
    pub(super) fn metadata(&self, user: &Value) -> Value {
        let mut metadata = json!({
            "id": self.id.to_string(), "type": self.number(), "user": user,
            "authorizing_integration_owners": { "0": "0" },
        });
        match self.asked {
            Asked::Button(message) => metadata["interacted_message_id"] = message.to_string().into(),
            Asked::Modal(_) => {
                metadata["triggering_interaction_metadata"] = json!({
                    "id": self.id.to_string(), "type": 2, "user": user, "authorizing_integration_owners": { "0": "0" },
                });
            }
            _ => {}
        }
        metadata
    }
}

impl Network {
    /// An interaction.
    pub fn interaction(&self, id: u64) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    /// The bot that a token of an interaction belongs to.
    pub(super) fn by_interaction(&self, params: &[String]) -> Option<u64> {
        let token = params.get(1)?;
        self.interactions.values().rev().find(|known| known.token == *token).map(|known| known.bot)
    }

    fn by_token(&self, call: &Call<'_>) -> Option<u64> {
        let token = call.found.params.get(1)?;
        self.interactions.values().rev().find(|known| known.token == *token).map(|known| known.id)
    }

    /// The first answer to an interaction.
    pub(super) fn acknowledge(&mut self, call: &Call<'_>) -> Answer {
        let unknown = || Refused::unknown(10_062, "interaction");
        let interaction = self.by_token(call).and_then(|id| self.interactions.get(&id)).ok_or_else(unknown)?.clone();
        let waited = call.at.saturating_sub(interaction.at);
        if waited > ACKNOWLEDGED_WITHIN {
            return Err(unknown());
        }
        let (kind, data) = (call.body["type"].as_u64().unwrap_or_default(), &call.body["data"]);
        if interaction.acknowledged.is_some() {
            self.breach(call.at, call.bot, &interaction.name, Breach::AcknowledgedTwice);
            return Err(Refused::code(400, 40_060, "Interaction has already been acknowledged."));
        }
        if !interaction.takes(kind) {
            self.breach(call.at, call.bot, &interaction.name, Breach::WrongAcknowledgement);
            return Err(Refused::form("type"));
        }
        if kind == 4 || (kind == 7 && !data.is_null()) {
            self.judge(call, interaction.channel, Some(interaction.person), data);
            if kind == 4 { acceptable(data)? } else { acceptable_edit(data)? }
        }
        let original = self.first_answer(call, &interaction, kind, data);
        self.report.acknowledged.push(waited);
        if let Some(known) = self.interactions.get_mut(&interaction.id) {
            (known.acknowledged, known.original) = (Some((kind, call.at)), original);
            known.modal = (kind == 9).then(|| data.clone());
            known.choices = data["choices"].as_array().cloned().unwrap_or_default();
        }
        if call.request.query("with_response") == Some("true") {
            let shape = json!({ "interaction": { "id": interaction.id.to_string(), "type": interaction.number() } });
            return Ok((200, shape));
        }
        Ok((204, Value::Null))
    }

    /// Does what the first answer says, and gives the message that stands for it.
    fn first_answer(&mut self, call: &Call<'_>, interaction: &Interaction, kind: u64, data: &Value) -> Option<u64> {
        let pressed = match interaction.asked {
            Asked::Button(message) | Asked::Modal(Some(message)) => Some(message),
            _ => None,
        };
        match kind {
            4 => Some(self.post_answer(call.at, interaction, data, 0)),
            5 => Some(self.post_answer(call.at, interaction, data, LOADING)),
            7 => {
                if let Some(message) = pressed {
                    self.change(message, data);
                }
                pressed
            }
            6 => pressed,
            _ => None,
        }
    }

    fn post_answer(&mut self, at: Duration, interaction: &Interaction, body: &Value, flags: u64) -> u64 {
        let content = body["content"].as_str().unwrap_or_default();
        let mut draft = Draft::new(interaction.channel, interaction.bot, content);
        draft.kind = match interaction.asked {
            Asked::Command => 20,
            Asked::Menu => 23,
            _ => 0,
        };
        draft.flags = flags;
        draft.interaction = Some(interaction.id);
        self.furnish(&mut draft, body);
        draft.only_for = (draft.flags & EPHEMERAL != 0).then_some(interaction.person);
        self.make(at, draft)
    }

    /// The interaction that a token still speaks for.
    fn spoken_for(&mut self, call: &Call<'_>) -> Result<Interaction, Refused> {
        let invalid = || Refused::code(401, 50_027, "Invalid Webhook Token");
        let interaction = self.by_token(call).and_then(|id| self.interactions.get(&id)).ok_or_else(invalid)?.clone();
        if call.at > interaction.at + TOKEN_LIVES {
            self.breach(call.at, call.bot, &interaction.name, Breach::LateToken);
            return Err(invalid());
        }
        if interaction.acknowledged.is_none() {
            return Err(Refused::unknown(10_015, "Webhook"));
        }
        Ok(interaction)
    }

    /// One more answer. The first after a deferral takes its place.
    pub(super) fn follow_up(&mut self, call: &Call<'_>) -> Answer {
        let interaction = self.spoken_for(call)?;
        self.judge(call, interaction.channel, Some(interaction.person), call.body);
        acceptable(call.body)?;
        let waiting = interaction.original.filter(|id| self.messages[id].flags & LOADING != 0);
        let message = match waiting {
            Some(original) => {
                self.change(original, call.body);
                original
            }
            None => self.post_answer(call.at, &interaction, call.body, 0),
        };
        Ok((200, self.message_shape(&self.messages[&message], call.bot, true)))
    }

    /// Reads, changes or takes back an answer.
    pub(super) fn answered(&mut self, call: &Call<'_>) -> Answer {
        let interaction = self.spoken_for(call)?;
        let named = call.found.params.get(2).and_then(|id| id.parse().ok());
        let message = named.or(interaction.original);
        let there = |id: &u64| self.messages.get(id).is_some_and(|message| !message.deleted);
        let message = message.filter(there).ok_or_else(|| Refused::unknown(10_008, "Message"))?;
        match call.request.method.as_str() {
            "PATCH" => {
                self.judge(call, interaction.channel, Some(interaction.person), call.body);
                acceptable_edit(call.body)?;
                // What stands for "is thinking" is not shown yet.
                if self.messages[&message].flags & LOADING == 0 {
                    self.count_edit(call.at, message);
                }
                self.change(message, call.body);
            }
            "DELETE" => {
                self.remove(message);
                return Ok((204, Value::Null));
            }
            _ => {}
        }
        Ok((200, self.message_shape(&self.messages[&message], call.bot, true)))
    }

    /// Interactions that nobody acknowledged in time.
    pub(super) fn overdue(&mut self, at: Duration) {
        let recent = self.interactions.values_mut().rev().take_while(|known| at < known.at + 20 * ACKNOWLEDGED_WITHIN);
        let late = recent.filter(|known| known.acknowledged.is_none() && !known.failed);
        let late = late.filter(|known| at > known.at + ACKNOWLEDGED_WITHIN);
        let late: Vec<_> = late
            .map(|known| {
                known.failed = true;
                (known.bot, known.name.clone())
            })
            .collect();
        for (bot, name) in late {
            self.breach(at, bot, &name, Breach::MissedAcknowledgement);
        }
    }
}
