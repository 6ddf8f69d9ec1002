//! Money: counted once, thanked for, and a reason to be answered sooner.

use std::time::Duration;

use super::{Part, Pipeline, Rooms, owing::Note};
use crate::{
    chat::{Address, Lane, Language, Message, Payment, PersonaId},
    locale::Arg,
    moderation::Hearing,
    privacy::Pseudonymous,
    routing::{self, Call},
    store::{Deed, EventTag, FanDeed, Store, StoreError, Support},
};

impl Pipeline {
    /// A payment. With words it is a call; without, it is thanked for.
    pub(super) async fn paid(&self, message: Message, payment: Payment, part: Part) {
        let (home, heard_at) = (self.home(&message), self.0.clock.elapsed());
        let call = routing::route(message.clone(), Some(payment), &self.0.cast().names, &home);
        self.0.bring_over(message.place.platform, &message.author.user).await;
        let new = self.credit(&message, payment, call.as_ref(), (&part, heard_at)).await;
        match call {
            // Whether it was answered before, `pending` knows; a crash may have come between the ledger and the line.
            Some(call) => Box::pin(self.enter(call, part, heard_at)).await,
            // Bots pay too, our own among them.
            None if new && !message.author.is_bot && self.0.is_new(&message) => {
                self.count_support(&message).await;
                match self.0.hearing(&message.place, &message.author.user) {
                    Hearing::Blocked => self.tell_blocked(&message).await,
                    _ => self.thank(&message, payment).await,
                }
            }
            None => {}
        }
    }

    /// Writes the amount down, later where the ledger cannot be reached. Gives whether this event is new, as far as can be told.
    async fn credit(
        &self,
        message: &Message,
        payment: Payment,
        call: Option<&Call>,
        (part, heard_at): (&Part, Duration),
    ) -> bool {
        let rooms = &self.0;
        let platform = message.place.platform;
        let mut events = rooms.keyring.events(platform, &message.event).into_iter();
        let Some(tag) = events.next() else { return true };
        let persona = call.and_then(|call| call.personas.first().cloned()).or_else(|| named(message));
        let support = Support {
            event: EventTag { platform, tag, older: events.collect() },
            persona,
            payment,
            paid_on: rooms.clock.wall().date_naive(),
        };
        let support = rooms.door().belonging(platform, &message.author.user, support);
        match rooms.book(&rooms.store, &support, heard_at).await {
            Ok(new) => new,
            Err(error) if error.passes() => {
                tracing::warn!(%error, "a payment will be written down later");
                rooms.owe(Note::Paid { support: Box::new(support), heard_at, _until: part.uncertain() });
                true
            }
            Err(error) => {
                tracing::error!(%error, "a payment is missing from the ledger");
                true
            }
        }
    }

    /// Counts a payment without words that names a persona; one with words is counted behind the safety door.
    async fn count_support(&self, message: &Message) {
        let rooms = &self.0;
        let Some(persona) = named(message) else { return };
        let deed = FanDeed { persona, deed: Deed::Supported };
        rooms.count_support(&rooms.door().belonging(message.place.platform, &message.author.user, deed)).await;
    }

    /// Somebody paid who is not heard: they are told so, once.
    async fn tell_blocked(&self, message: &Message) {
        let rooms = &self.0;
        let to = rooms.door().address(message);
        if rooms.is_news_to_blocked(&to).await {
            let caller = self.caller(message).await;
            rooms.say_firmly(&to, &caller.speaker, caller.language, "blocked-paid").await;
        }
    }

    /// One line of thanks, in the words of the persona.
    async fn thank(&self, message: &Message, payment: Payment) {
        let rooms = &self.0;
        let who = rooms.keyring.pseudonym(message.place.platform, &message.author.user);
        let chosen = rooms.person(&who).await.language;
        let language = chosen.unwrap_or_else(|| rooms.language(message, &message.text));
        let speaker = named(message).unwrap_or_else(|| rooms.manners.host.clone());
        rooms.thank(&rooms.door().address(message), &speaker, payment, language).await;
    }
}

impl Rooms {
    /// Writes an amount down, without its payer where that one was to be forgotten since.
    pub(super) async fn book(
        &self,
        store: &Store,
        support: &Pseudonymous<Support>,
        heard_at: Duration,
    ) -> Result<bool, StoreError> {
        let _forgets_wait = self.writing.read().await;
        if self.is_forgotten_since(heard_at, [Some(support.who().clone()), None, None]) {
            store.record_amount(support.value()).await
        } else {
            store.record(support).await
        }
    }

    /// Counts a payment as a fan's deed.
    pub(super) async fn count_support(&self, deed: &Pseudonymous<FanDeed>) {
        if let Err(error) = self.store.count(deed).await {
            tracing::error!(%error, "a payment is not counted");
        }
    }

    /// Thanks in the words of a persona.
    pub(super) async fn thank(&self, to: &Address, speaker: &PersonaId, payment: Payment, language: Language) {
        let cast = self.cast();
        let Some(persona) = cast.get(speaker) else { return };
        let args = [("kind", Arg::from(payment.kind.as_str())), ("units", Arg::from(payment.units))];
        let amount = self.locale.say(language, "amount", &args);
        let line = persona.voice(language).thank(self.turn(), &amount);
        self.say(to, speaker, &line, Lane::Notice).await;
    }
}

fn named(message: &Message) -> Option<PersonaId> {
    message.mentions.first().or(message.reply_to.as_ref()).cloned()
}
