//! What moderators do not let be answered: stopped within a token, and whoever paid for it is told why, once.

use super::{
    Pipeline, Rooms,
    floor::{Halt, UnderWay},
    job::Job,
};
use crate::{
    chat::{Address, Lane, Language, PersonaId},
    coalesce::Scope,
    limits::{Reason, Refusal},
    moderation::{self, Hearing, TooMuch},
    privacy::Private,
    scheduler::{Class, Pick},
};

impl Rooms {
    /// Everything that waits here or is being answered.
    pub(super) fn under_way(&self) -> Vec<UnderWay> {
        self.waiting().into_iter().chain(self.floor.answering()).collect()
    }

    /// Stops what may not be answered any more, in all places.
    pub(super) async fn enforce(&self) {
        if self.floor.rules().is_empty() {
            return;
        }
        for one in self.under_way() {
            if let Some(halt) = self.halt_of(one.call.call()) {
                self.halt(&one, halt).await;
            }
        }
    }

    /// Stops one call. Gives whether it was there to be stopped.
    pub(super) async fn halt(&self, one: &UnderWay, halt: Halt) -> bool {
        if one.halted.set(halt).is_err() {
            return false;
        }
        if halt == Halt::Blocked {
            let call = one.call.call();
            self.coalesce.with(|state, _| state.take_person(&call.who, Scope::At(&call.place), false));
        }
        self.scheduler.cancel(Pick::Ticket(one.ticket)).await > 0
    }

    /// Whether a call goes on past what moderators want now. Who paid is answered in quiet hours.
    pub(super) fn unheard(&self, call: &Private) -> Option<Hearing> {
        match self.hearing(&call.address.place, &call.address.user) {
            Hearing::Heard => None,
            Hearing::QuietHours if call.is_paid() => None,
            other => Some(other),
        }
    }

    /// A call that is not heard. Whoever paid is told why, in quiet hours everybody is. Once.
    pub(super) async fn turn_unheard(&self, call: &Private, hearing: Hearing) {
        let halt = Halt::of(hearing);
        let (class, reason) = (Class::of(call).as_str(), halt.map_or("quiet_hours", Halt::as_str));
        metrics::counter!("lovelm_refused_total", "class" => class, "reason" => reason).increment(1);
        let speaker = call.personas.first().unwrap_or(&self.manners.host);
        let Some(halt) = halt else { return self.tell_quiet_hours(call, speaker).await };
        if let Some(key) = self.word_of(call, halt).await {
            let language = self.person(&call.who).await.language.unwrap_or(call.language);
            self.say_firmly(&call.address, speaker, language, key).await;
        } else if call.address.callback.is_some() && halt == Halt::Paused {
            // Whoever waits for a word gets one, and nobody else.
            let sentence = self.locale.say(call.language, "paused-here", &[]);
            self.whisper_in(&call.address, speaker, &sentence, Lane::Answer).await;
        }
    }

    /// The sentence for whoever paid for a call that is not answered. What was asked for here was said.
    async fn word_of(&self, call: &Private, halt: Halt) -> Option<&'static str> {
        if !call.is_paid() {
            return None;
        }
        let now = self.clock.elapsed();
        match halt {
            Halt::Blocked => self.is_news_to_blocked(&call.address).await.then_some("blocked-paid"),
            Halt::Paused | Halt::Denied => {
                self.floor.tells(&call.place, &call.who, "paused", now).then_some("paused-paid")
            }
            // Once a call, however many personas it asked.
            Halt::Skipped | Halt::Cleared => {
                self.floor.tells(&call.place, &call.event, "skipped", now).then_some("skipped-paid")
            }
        }
    }

    /// Whether nobody told somebody yet that they are blocked here. Holds across restarts.
    pub(super) async fn is_news_to_blocked(&self, to: &Address) -> bool {
        let (spot, who) = (self.spot(&to.place), self.keyring.pseudonyms(to.place.platform, &to.user));
        let places = [spot.place, spot.fleet].concat();
        let told = self.store.tell_blocked(&places, &who, self.clock.wall()).await;
        told.unwrap_or_else(|error| {
            tracing::warn!(%error, "somebody who is blocked is not told so");
            false
        })
    }

    /// Says a sentence that is no notice: those are what may be hushed.
    pub(super) async fn say_firmly(&self, to: &Address, speaker: &PersonaId, language: Language, key: &'static str) {
        metrics::counter!("lovelm_told_total", "reason" => key).increment(1);
        let sentence = self.locale.say(language, key, &[]);
        self.say(to, speaker, &sentence, Lane::Answer).await;
    }

    async fn tell_quiet_hours(&self, call: &Private, speaker: &PersonaId) {
        let spot = self.spot(&call.address.place);
        let hours = {
            let rules = self.floor.rules();
            let wanted = [&spot.place, &spot.fleet].into_iter().filter_map(|place| rules.of(place)?.quiet_hours);
            let now = self.clock.wall();
            wanted.max_by_key(|hours| moderation::left(*hours, self.floor.zone, now))
        };
        let Some(hours) = hours else { return };
        if !self.floor.tells(&call.place, &call.who, "quiet_hours", self.clock.elapsed())
            || !self.limits.tells(&call.who, &call.place, "quiet_hours")
        {
            return;
        }
        let language = self.person(&call.who).await.language.unwrap_or(call.language);
        self.tell(&call.address, speaker, language, "quiet-hours-now", &[("until", hours.end().into())]).await;
    }

    /// Whether a call is within what moderators allow one person in its place.
    ///
    /// # Errors
    /// What to tell its writer.
    pub(super) fn within_rule(&self, call: &Private) -> Result<(), Refusal> {
        if call.standing.moderator || call.is_paid() {
            return Ok(());
        }
        let rule = self.floor.rules().of(&self.keyring.places(&call.address.place)).cloned();
        let Some(rule) = rule else { return Ok(()) };
        let counted = self.floor.pace().count(&rule, &call.place, &call.who, self.clock.wall());
        counted.map_err(|too_much| {
            let (reason, first) = match too_much {
                TooMuch::Minute { retry_after } => (Reason::PersonTooFast { retry_after }, true),
                TooMuch::Day { resets_in } => {
                    let first = self.floor.tells(&call.place, &call.who, "day", self.clock.elapsed());
                    (Reason::DailyCap { resets_in }, first)
                }
            };
            Refusal { reason, tell: first && self.limits.tells(&call.who, &call.place, reason.as_str()) }
        })
    }

    /// Whether a text comes from so many accounts that it is a raid. Whoever moderates, pays or supports is none of it.
    pub(super) fn is_raid(&self, call: &Private) -> bool {
        if call.standing.moderator || call.standing.supporter || call.payment.is_some() {
            return false;
        }
        let now = self.clock.elapsed();
        self.floor.copies().is_raid(&call.place, &call.who, call.story.as_str(), now)
    }

    /// Holds back one of many copies. The place is told, once in a while.
    pub(super) async fn hold_copy(&self, call: &Private) {
        metrics::counter!("lovelm_refused_total", "class" => Class::of(call).as_str(), "reason" => "copies")
            .increment(1);
        if self.limits.tells(&call.place, &call.place, "copies") {
            let speaker = call.personas.first().unwrap_or(&self.manners.host);
            self.tell(&call.address, speaker, call.language, "copies-held", &[]).await;
        }
    }
}

impl Pipeline {
    /// Lets go of a call that moderators do not let be answered. Others who asked the same as somebody who is blocked are
    /// answered all the same.
    pub(super) async fn drop_halted(&self, mut job: Job, halt: Halt) {
        let rooms = &self.0;
        if let Some(draft) = job.draft.take() {
            // What was shown before the cut stays.
            draft.cancel().await;
        }
        let (class, reason) = (job.class.as_str(), halt.as_str());
        metrics::counter!("lovelm_dropped_total", "class" => class, "reason" => reason).increment(1);
        // Nothing joins what is about to end.
        let next = rooms.next_asker(&job).filter(|_| halt == Halt::Blocked);
        rooms.tell_halted(&job, halt).await;
        rooms.close_paid(&job).await;
        match next {
            Some(next) => self.hand_on(job, next).await,
            None => rooms.end(job).await,
        }
    }
}

impl Rooms {
    /// Tells whoever paid for a job why it is not answered, or not to its end.
    pub(super) async fn tell_halted(&self, job: &Job, halt: Halt) {
        if let Some(key) = self.word_of(job.call.call(), halt).await {
            metrics::counter!("lovelm_told_total", "reason" => key).increment(1);
            let sentence = self.locale.say(job.language, key, &[]);
            self.last_line(job, &sentence, Lane::Answer).await;
        }
    }
}
