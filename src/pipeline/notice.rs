//! What a person is told of us: that an AI answers, and, once, what may be kept.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Rooms, tell::mark};
use crate::{
    chat::{Consent, Lane, Language, Platform},
    context,
    privacy::{Private, Pseudonym},
    safety,
    store::{AgeBand, Person},
};

/// What is known of the person who asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Asker {
    pub language: Option<Language>,
    pub is_fan: bool,
    row: Option<Person>,
}

impl Asker {
    /// The age that the person stated.
    pub fn age(&self) -> Option<AgeBand> {
        self.row.as_ref().and_then(|row| row.age_band)
    }
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

    /// Notes that a story states its writer to be under 18. The lowest age stands until they have us forget them.
    pub(super) async fn note_age(&self, call: &Private, mut asker: Asker) -> Asker {
        let stated = safety::stated_age(call.story.as_str()).map(AgeBand::of).filter(|age| age.is_young());
        let Some(age) = stated.filter(|age| asker.age().is_none_or(|known| *age < known)) else { return asker };
        if let Err(error) = self.store.set_age_band(&call.who, age, self.clock.wall()).await {
            tracing::error!(%error, "an age band is not written down; it holds for this question");
        }
        asker.row.get_or_insert_default().age_band = Some(age);
        asker
    }

    /// Tells a person whom nobody told lately that an AI answers; the first time also what may be kept. Where every line
    /// counts, the answer's own line is to say it: then this gives `true`, and nobody is asked for consent.
    pub(super) async fn introduce(
        &self,
        call: &Private,
        asker: &Asker,
        language: Language,
        asked_at: Duration,
    ) -> bool {
        let now = self.clock.wall();
        let last = asker.row.as_ref().and_then(|row| row.last_notice_at);
        let young = asker.age().is_some_and(AgeBand::is_young);
        let every = if young { self.manners.notice_every_young } else { self.manners.notice_every };
        let every = chrono::TimeDelta::from_std(every).unwrap_or(chrono::TimeDelta::MAX);
        if last.is_some_and(|last| now.signed_duration_since(last) < every) {
            return false;
        }
        let in_the_answer = in_the_answer(call);
        if !in_the_answer {
            self.greet_stranger(call, asker, language).await;
        }
        self.note_introduction(call, asked_at).await;
        in_the_answer
    }

    async fn note_introduction(&self, call: &Private, asked_at: Duration) {
        let _forgets_wait = self.writing.read().await;
        if self.is_forgotten(call, asked_at) {
            return;
        }
        if let Err(error) = self.store.noticed(&call.who, self.clock.wall()).await {
            tracing::error!(%error, "that a person was told of us is not written down; they will be told again");
        }
    }

    /// What stands behind the first line of an answer: that an AI wrote it, where nobody told its asker lately.
    pub(super) async fn tag(&self, call: &Private, asker: &Asker, language: Language, asked_at: Duration) -> String {
        if self.introduce(call, asker, language, asked_at).await { self.ai_tag(language) } else { String::new() }
    }

    /// The same for an answer that a fleet before this one owed since `arrived`. Whoever was to be told by the answer itself counts
    /// as told, and was not.
    pub(super) async fn tag_again(
        &self,
        call: &Private,
        asker: &Asker,
        language: Language,
        (arrived, asked_at): (DateTime<Utc>, Duration),
    ) -> String {
        let last = asker.row.as_ref().and_then(|row| row.last_notice_at);
        if in_the_answer(call) && last.is_some_and(|last| last >= arrived) {
            return self.ai_tag(language);
        }
        self.tag(call, asker, language, asked_at).await
    }

    fn ai_tag(&self, language: Language) -> String {
        self.locale.say(language, "ai-tag", &[])
    }

    async fn greet_stranger(&self, call: &Private, asker: &Asker, language: Language) {
        let speaker = call.personas.first().unwrap_or(&self.manners.host);
        let cast = self.cast();
        let Some(persona) = cast.get(speaker) else { return };
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

/// Whether every line counts, so that the answer's own is to say it.
fn in_the_answer(call: &Private) -> bool {
    call.address.place.platform == Platform::Twitch
}
