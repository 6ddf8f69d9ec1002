//! Our own sentences on their way to an asker.

use std::sync::Arc;

use super::Rooms;
use crate::{
    chat::{Address, Lane, Language, Message, Outbox, PersonaId, Platform, RawText},
    locale::Arg,
    reply::{self, Frame, Outcome, Recipient, Whisper},
};

impl Rooms {
    /// Says a sentence of the locale files to the asker, in the name of a persona.
    pub(super) async fn tell(
        &self,
        to: &Address,
        speaker: &PersonaId,
        language: Language,
        key: &str,
        args: &[(&str, Arg<'_>)],
    ) {
        metrics::counter!("lovelm_told_total", "reason" => key.to_owned()).increment(1);
        let sentence = self.locale.say(language, key, args);
        self.say(to, speaker, &sentence, Lane::Notice).await;
    }

    /// Says something of ours to one person only, in a quiet place too: nobody else hears it. False when the platform cannot.
    pub(super) async fn whisper(&self, to: &Address, speaker: &PersonaId, text: &str) -> bool {
        self.whisper_in(to, speaker, text, Lane::Notice).await
    }

    /// The same in a lane of its own.
    pub(super) async fn whisper_in(&self, to: &Address, speaker: &PersonaId, text: &str, lane: Lane) -> bool {
        let Some(outbox) = self.outbox(to.place.platform) else { return true };
        let outcome = self.post_through(&Whisper(Arc::clone(outbox)), to, speaker, text, lane).await;
        matches!(outcome, Outcome::Shown | Outcome::InDoubt)
    }

    /// Says anything of ours to the asker.
    pub(super) async fn say(&self, to: &Address, speaker: &PersonaId, text: &str, lane: Lane) {
        let Some(outbox) = self.outbox(to.place.platform) else { return };
        self.say_through(outbox.as_ref(), to, speaker, text, lane).await;
    }

    /// Says it by a way out that is not the platform's own. Where moderators want quiet, no notice is said.
    pub(super) async fn say_through(
        &self,
        outbox: &dyn Outbox,
        to: &Address,
        speaker: &PersonaId,
        text: &str,
        lane: Lane,
    ) {
        if lane == Lane::Notice && self.is_hushed(&to.place) {
            return;
        }
        let outcome = self.post_through(outbox, to, speaker, text, lane).await;
        if outcome != Outcome::Shown {
            tracing::warn!(?outcome, ?lane, "a sentence of ours was not shown");
        }
    }

    async fn post_through(
        &self,
        outbox: &dyn Outbox,
        to: &Address,
        speaker: &PersonaId,
        text: &str,
        lane: Lane,
    ) -> Outcome {
        let frame = Frame::new(to.place.platform, outbox.manner());
        let recipient = Recipient { speaker: speaker.clone(), to: to.clone(), lane };
        // Boxed: whoever speaks would otherwise carry a whole delivery between its waits.
        Box::pin(reply::post(outbox, self.clock.as_ref(), &recipient, &frame, text)).await.outcome
    }

    pub(super) fn outbox(&self, platform: Platform) -> Option<&Arc<dyn Outbox>> {
        let outbox = self.outboxes.get(&platform);
        if outbox.is_none() {
            tracing::error!(%platform, "no way out to this platform: a line is lost");
        }
        outbox
    }

    /// The language in which to speak to whoever wrote this.
    pub(super) fn language(&self, message: &Message, said: &RawText) -> Language {
        self.door().language(message, said, self.manners.language)
    }

    /// The name that people see, in their language.
    pub(super) fn name(&self, persona: &PersonaId, language: Language) -> String {
        self.cast().get(persona).map_or_else(|| persona.to_string(), |known| known.voice(language).name.clone())
    }
}

/// What commands begin with on a platform.
pub(super) fn mark(platform: Platform) -> Arg<'static> {
    Arg::from(match platform {
        Platform::Twitch => "!",
        Platform::Console | Platform::Discord => "/",
    })
}
