//! What a person is told of us: that an AI answers, and, once, what may be kept.

use super::{Rooms, tell::mark};
use crate::{
    chat::{Consent, Lane, Language, Platform},
    context,
    privacy::{Private, Pseudonym},
    store::Person,
};

/// What is known of the person who asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Asker {
    pub language: Option<Language>,
    pub is_fan: bool,
    row: Option<Person>,
}

impl Rooms {
    /// Reads the person's row. Without a database everybody is a stranger.
    pub(super) async fn person(&self, who: &Pseudonym) -> Asker {
        let row = self.store.person(who).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a person's settings cannot be read");
            None
        });
        Asker {
            language: row.as_ref().and_then(|row| row.language),
            is_fan: row.as_ref().is_some_and(|row| row.allows(Consent::Fandom)),
            row,
        }
    }

    /// Tells a person whom nobody told lately that an AI answers; the first time also what may be kept. Where every line
    /// counts, the answer's own line is to say it: then this gives `true`, and nobody is asked for consent.
    pub(super) async fn introduce(&self, call: &Private, asker: &Asker, language: Language) -> bool {
        let now = self.clock.wall();
        let last = asker.row.as_ref().and_then(|row| row.last_notice_at);
        let every = chrono::TimeDelta::from_std(self.manners.notice_every).unwrap_or(chrono::TimeDelta::MAX);
        if last.is_some_and(|last| now.signed_duration_since(last) < every) {
            return false;
        }
        let in_the_answer = call.address.place.platform == Platform::Twitch;
        if !in_the_answer {
            self.greet_stranger(call, asker, language).await;
        }
        if let Err(error) = self.store.noticed(&call.who, now).await {
            tracing::error!(%error, "that a person was told of us is not written down; they will be told again");
        }
        in_the_answer
    }

    async fn greet_stranger(&self, call: &Private, asker: &Asker, language: Language) {
        let speaker = call.personas.first().unwrap_or(&self.manners.host);
        let Some(persona) = self.personas.get(speaker) else { return };
        self.say(&call.address, speaker, &persona.voice(language).notice, Lane::Notice).await;
        let answered_in = context::answer_language(language, self.engine.profile());
        if answered_in != language {
            self.tell(&call.address, speaker, language, "other-language", &[("language", answered_in.into())]).await;
        }
        if asker.row.is_none() {
            let args = [("mark", mark(call.address.place.platform))];
            self.tell(&call.address, speaker, language, "consent-question", &args).await;
        }
    }
}
