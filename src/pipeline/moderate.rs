//! What moderators order: done at once, written down, and told to them.

use super::{
    Pipeline, Rooms,
    floor::{Halt, Spot, UnderWay},
    rights::Caller,
    tell::mark,
};
use crate::{
    chat::{Address, Lane, Message, Moderation, Place, Platform, RawText},
    locale::Arg,
    moderation::{Change, Edit, Tone},
    privacy::{Pseudonym, Sealed},
    store::ModDeed,
};

/// What the names of moderators are sealed for.
const NAME: &str = "moderator";

/// Where an order holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Where it is given.
    Here,
    /// In every place. From the machine's own console only.
    Everywhere,
}

/// An order on its way.
pub(super) struct Order<'a> {
    pub caller: &'a Caller,
    pub reach: Reach,
    /// Where it was given.
    pub spot: Spot,
    /// The event, from which a code can be made.
    pub event: Pseudonym,
}

/// What became of an order.
pub(super) struct Done {
    /// What its moderator is told.
    pub said: String,
    /// For the log; nothing when nothing was done.
    pub deed: Option<(&'static str, Option<String>)>,
    /// Whether only its moderator is told.
    pub is_private: bool,
}

impl Done {
    /// Told to everybody, and logged.
    pub(super) fn publicly(said: String, deed: &'static str) -> Self {
        Self { said, deed: Some((deed, None)), is_private: false }
    }

    /// Told to its moderator, and logged.
    pub(super) fn privately(said: String, deed: &'static str) -> Self {
        Self { is_private: true, ..Self::publicly(said, deed) }
    }

    /// Not done.
    pub(super) fn nothing(said: String) -> Self {
        Self { said, deed: None, is_private: true }
    }

    pub(super) fn with(self, detail: &impl ToString) -> Self {
        let detail = Some(detail.to_string());
        Self { deed: self.deed.map(|(deed, _)| (deed, detail)), ..self }
    }
}

impl Order<'_> {
    pub(super) fn is_everywhere(&self) -> bool {
        self.reach == Reach::Everywhere
    }

    /// Whether it is about this call.
    fn covers(&self, one: &UnderWay) -> bool {
        self.is_everywhere() || self.spot.place.contains(&one.call.call().place)
    }

    /// The place that it is about.
    pub(super) fn place(&self) -> &[Pseudonym] {
        if self.is_everywhere() { &self.spot.fleet } else { &self.spot.place }
    }
}

impl Pipeline {
    /// Whether the fleet answers in a place, as far as its moderators and the operator want. For adapters that decide where to be.
    pub async fn answers_in(&self, place: &Place) -> bool {
        let rooms = &self.0;
        rooms.floor.read.get_or_init(|| rooms.read_wanted()).await;
        let places = rooms.keyring.places(place);
        rooms.floor.rules().of(&places).is_none_or(|rule| rule.allowed)
    }

    /// Does what a moderator wants, and says so. From anybody else it is not heard: whoever moderates one place does not moderate
    /// another, and everywhere is the operator's.
    pub(super) async fn moderate(&self, message: &Message, wish: Moderation, reach: Reach) {
        let rooms = &self.0;
        let is_operator = message.place.platform == Platform::Console;
        let may = message.author.standing.moderator && (reach == Reach::Here || is_operator);
        if !may || rooms.is_blocked_everywhere(message) || !rooms.is_new(message) {
            return;
        }
        rooms.note_name(message);
        let caller = self.caller(message).await;
        let event = rooms.keyring.event(message.place.platform, &message.event);
        let order = Order { caller: &caller, reach, spot: rooms.spot(&message.place), event };
        let done = Box::pin(rooms.carry_out(&order, wish)).await;
        if let Some((deed, detail)) = done.deed {
            metrics::counter!("lovelm_moderation_total", "deed" => deed).increment(1);
            rooms.log(&order, deed, detail).await;
        }
        let is_told = done.is_private && rooms.whisper(&caller.to, &caller.speaker, &done.said).await;
        if !is_told {
            // Not as a notice: those are what may be hushed.
            rooms.say(&caller.to, &caller.speaker, &done.said, Lane::Answer).await;
        }
    }
}

impl Rooms {
    async fn carry_out(&self, order: &Order<'_>, wish: Moderation) -> Done {
        let only_here = matches!(
            wish,
            Moderation::Skip(Some(_))
                | Moderation::Limits(_)
                | Moderation::Allow
                | Moderation::Deny
                | Moderation::Alerts(_)
        );
        if order.is_everywhere() && only_here {
            return Done::nothing(self.word(order, "mod-not-everywhere", &[]));
        }
        match wish {
            Moderation::Pause => self.set_tone(order, Tone::Paused, "pause").await,
            Moderation::Quiet => self.set_tone(order, Tone::Quiet, "quiet").await,
            Moderation::Resume => self.set_tone(order, Tone::Open, "resume").await,
            Moderation::Skip(number) => self.skip(order, number).await,
            Moderation::Clear => self.clear(order).await,
            Moderation::Queue => self.show_queue(order).await,
            Moderation::Status => self.show_status(order).await,
            Moderation::Block(whom) => self.block(order, &whom).await,
            Moderation::Unblock(whom) => self.unblock(order, &whom).await,
            Moderation::Limits(change) => self.limit(order, change).await,
            Moderation::Allow => self.allow(order, true).await,
            Moderation::Deny => self.allow(order, false).await,
            Moderation::Alerts(change) => self.send_alerts(order, &change).await,
            Moderation::QuietHours(change) => self.keep_hours(order, change).await,
            Moderation::Log => self.show_log(order).await,
            Moderation::Help => Done::nothing(self.word(order, "mod-help", &[("mark", order.mark())])),
        }
    }

    async fn set_tone(&self, order: &Order<'_>, tone: Tone, deed: &'static str) -> Done {
        let args = [("state", Arg::from(tone.as_str())), ("mark", order.mark())];
        let key = if order.is_everywhere() { "mod-changed-everywhere" } else { "mod-changed" };
        let said = self.word(order, key, &args);
        Done::publicly(self.order(order, Edit::Tone(tone), said).await, deed)
    }

    async fn allow(&self, order: &Order<'_>, allowed: bool) -> Done {
        let said = self.word(order, "mod-channel", &[("state", Arg::from(allowed)), ("mark", order.mark())]);
        let deed = if allowed { "allow" } else { "deny" };
        Done::publicly(self.order(order, Edit::Allowed(allowed), said).await, deed)
    }

    /// Wants something else. Gives what to say: also that it could not be written down.
    pub(super) async fn order(&self, order: &Order<'_>, edit: Edit, said: String) -> String {
        if self.want(Change { place: order.place().to_vec(), edit }).await {
            return said;
        }
        let unwritten = self.word(order, "mod-unwritten", &[]);
        format!("{said} {unwritten}")
    }

    async fn skip(&self, order: &Order<'_>, number: Option<u32>) -> Done {
        let mut wanted = match number {
            Some(_) => self.under_way(),
            None => self.floor.answering(),
        };
        wanted.retain(|one| order.covers(one) && number.is_none_or(|number| one.number == number));
        let mut stopped = 0;
        for one in &wanted {
            stopped += usize::from(self.halt(one, Halt::Skipped).await);
        }
        let said = match number {
            Some(number) => {
                let number = Arg::from(u64::from(number));
                let args = [("number", number), ("count", Arg::from(stopped)), ("mark", order.mark())];
                self.word(order, "mod-skipped-one", &args)
            }
            None => self.word(order, "mod-skipped", &[("count", Arg::from(stopped))]),
        };
        Done::publicly(said, "skip").with(&stopped)
    }

    /// Who waits and did not pay is not told one by one: that would be a flood.
    async fn clear(&self, order: &Order<'_>) -> Done {
        let (mut waiting, mut cleared) = (self.waiting(), 0);
        waiting.retain(|one| order.covers(one));
        for one in &waiting {
            cleared += usize::from(self.halt(one, Halt::Cleared).await);
        }
        Done::publicly(self.word(order, "mod-cleared", &[("count", Arg::from(cleared))]), "clear").with(&cleared)
    }

    /// Writes down who did what.
    async fn log(&self, order: &Order<'_>, deed: &'static str, detail: Option<String>) {
        let Some(place) = order.place().first().cloned() else { return };
        let Some(name) = self.seal_name(&order.caller.to) else { return };
        let (who, done_at) = (order.caller.who.clone(), self.clock.wall());
        let deed = ModDeed { place, deed, detail, done_at, who, name };
        if let Err(error) = self.store.note_deed(&deed).await {
            tracing::error!(%error, deed = deed.deed, "what a moderator did is missing from the log");
        }
    }

    fn seal_name(&self, to: &Address) -> Option<Sealed> {
        let name = serde_json::to_vec(&to.name).ok()?;
        self.keyring.seal(NAME, &name).inspect_err(|error| tracing::error!(%error, "a name cannot be sealed")).ok()
    }

    /// The name of whoever did something, while it is kept.
    pub(super) fn open_name(&self, sealed: &Sealed) -> Option<RawText> {
        serde_json::from_slice(&self.keyring.open(NAME, sealed).ok()?).ok()
    }

    /// Somebody whom the operator does not hear anywhere orders nothing.
    fn is_blocked_everywhere(&self, message: &Message) -> bool {
        let who = self.keyring.pseudonyms(message.place.platform, &message.author.user);
        self.floor.rules().is_blocked(&self.keyring.places(&self.floor.fleet), &who)
    }

    /// Remembers by which name somebody can be meant.
    pub(super) fn note_name(&self, message: &Message) {
        if !message.author.name.is_blank() {
            self.floor.note_name(self.keyring.name(&message.place, &message.author.name), &message.author.user);
        }
    }

    /// A sentence in the moderator's language.
    pub(super) fn word(&self, order: &Order<'_>, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.locale.say(order.caller.language, key, args)
    }
}

impl Order<'_> {
    pub(super) fn mark(&self) -> Arg<'static> {
        mark(self.caller.to.place.platform)
    }
}
