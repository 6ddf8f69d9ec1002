//! Takes what the gateway of one account brings, answers interactions with their first word before anything else happens, and gives
//! what they ask for.

use std::sync::Arc;

use lovelm::{
    chat::{ChatEvent, Command, Message, MessageId, Payment, PaymentKind},
    clock::Clock,
    locale::Locale,
};
use serde_json::{Value, json};
use serenity::model::application::Interaction;
use tokio::sync::{Semaphore, mpsc};

use crate::{
    account::Account,
    api::{Call, Failed, deferred},
    commands,
    events::{self, Event},
    gateway::{Hand, Payload},
    hear::{self, Asked, Hearing, Word},
    recent::{Kind, Recent},
    voice::Voice,
};

/// Events of one account that wait to be understood. Beyond, nothing more is read of its gateway for the while.
pub(crate) const WAITING: usize = 256;
/// Interactions of one account under way. Beyond, they are left unanswered, and counted.
const MOST_ASKED: usize = 512;

/// One account's ears.
#[derive(Clone)]
pub(crate) struct Ear {
    pub account: Arc<Account>,
    pub hearing: Arc<Hearing>,
    pub voice: Arc<Voice>,
    pub recent: Arc<Recent>,
    pub locale: Arc<Locale>,
    pub clock: Arc<dyn Clock>,
    pub ears: mpsc::Sender<ChatEvent>,
    pub replies: usize,
}

/// The end at the gateway: sorts, answers what cannot wait, and passes the rest on.
pub(crate) struct Sorter {
    ear: Ear,
    room: Arc<Semaphore>,
    sorted: mpsc::Sender<Event>,
}

impl Sorter {
    pub(crate) fn new(ear: Ear, sorted: mpsc::Sender<Event>) -> Self {
        Self { ear, room: Arc::new(Semaphore::new(MOST_ASKED)), sorted }
    }
}

impl Hand for Sorter {
    type Event = Event;

    fn read(&mut self, payload: &Payload<'_>) -> Option<Event> {
        let event = events::event(payload)?;
        let Event::Asked(interaction) = event else { return Some(event) };
        if !self.ear.recent.is_new(Kind::Asked, interaction.id().get()) {
            return None;
        }
        let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else {
            metrics::counter!("lovelm_discord_unheard_total", "kind" => "interaction").increment(1);
            return None;
        };
        let ear = self.ear.clone();
        tokio::spawn(async move {
            ear.asked(&interaction).await;
            drop(permit);
        });
        None
    }

    async fn take(&mut self, event: Event) -> bool {
        self.sorted.send(event).await.is_ok()
    }
}

impl Ear {
    /// The first word to an interaction, then what it asks for. One that could not be answered in time asks for nothing.
    async fn asked(&self, interaction: &Interaction) {
        let Asked { id, token, word, event } = hear::asked(interaction, &self.hearing, self.clock.wall());
        match (&word, &event) {
            (Word::Unchanged, _) => self.voice.keep_as_it_is(&token),
            (_, Some(ChatEvent::Command(asked))) if matches!(asked.command, Command::Panel { .. }) => {
                self.voice.keep_promised(&token);
            }
            _ => {}
        }
        let word = self.word(&word);
        match self.account.api.call_surely(&Call::callback(id, &token, &word)).await {
            // 40060: a first try had arrived after all.
            Ok(_) | Err(Failed::Refused { code: 40_060, .. }) => {}
            Err(failed) => {
                tracing::warn!(?failed, "an interaction could not be answered in time");
                metrics::counter!("lovelm_discord_late_total").increment(1);
                return;
            }
        }
        if let Some(event) = event {
            self.hear(self.paid_for(event)).await;
        }
    }

    fn word(&self, word: &Word) -> Value {
        match word {
            Word::Later { private } => deferred(*private),
            Word::Unchanged => json!({ "type": 6 }),
            Word::Form { persona, language } => {
                json!({ "type": 9, "data": commands::form(&self.locale, *language, persona.as_str()) })
            }
            Word::Choices(choices) => {
                let choices: Vec<_> =
                    choices.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
                json!({ "type": 8, "data": { "choices": choices } })
            }
            Word::Pong => json!({ "type": 1 }),
        }
    }

    /// A question of somebody who has an answer paid for.
    pub(crate) fn paid_for(&self, event: ChatEvent) -> ChatEvent {
        let promise = |message: &Message| {
            let user = message.author.user.as_str().parse().unwrap_or(0);
            let asked = message.id.as_ref().map_or("", MessageId::as_str);
            self.account.patrons(|patrons| patrons.promise(user, asked))
        };
        let payment = Payment { kind: PaymentKind::Premium, units: 1, cents: self.hearing.premium_cents };
        match event {
            ChatEvent::Said(message) if message.mentions.contains(&self.hearing.persona) && promise(&message) => {
                ChatEvent::Paid(message, payment)
            }
            ChatEvent::Command(mut invocation) => match &invocation.command {
                Command::Ask { persona: Some(persona), .. } if promise(&invocation.message) => {
                    invocation.message.mentions = vec![persona.clone()];
                    ChatEvent::Paid(invocation.message, payment)
                }
                _ => ChatEvent::Command(invocation),
            },
            other => other,
        }
    }

    /// Gives an event to whoever answers. Plain lines are dropped and counted when too much waits; the rest waits.
    pub(crate) async fn hear(&self, event: ChatEvent) {
        match self.ears.try_send(event) {
            Err(mpsc::error::TrySendError::Full(ChatEvent::Said(_))) => {
                metrics::counter!("lovelm_discord_unheard_total", "kind" => "line").increment(1);
            }
            Err(mpsc::error::TrySendError::Full(event)) => drop(self.ears.send(event).await),
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
        }
    }
}
