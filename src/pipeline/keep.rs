//! What is kept of an answer: sealed for a day for follow-ups, the consultation where its writer consented, counts.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    Rooms,
    job::{Job, Sheet},
    rights::Caller,
};
use crate::{
    chat::{Address, Lane, PersonaId},
    privacy::{KeysError, Private, Pseudonym, Scrubbed, Sealed},
    routing::CallKind,
    store::{AgeBand, Consultation, Deed, Exchange, FanDeed, StoreError},
};

/// What the seal of a recent exchange is bound to.
pub(super) const EXCHANGE: &str = "recent exchange";

/// What is sealed for a day.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub question: Scrubbed,
    pub answer: Scrubbed,
    /// What of the answer did not fit into its lines.
    pub rest: Option<Scrubbed>,
    /// Whether nobody else saw it: then nothing of it is taken up where others read along.
    #[serde(default)]
    pub private: bool,
}

/// Why something could not be kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeepError {
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Written(#[from] serde_json::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rooms {
    /// Keeps what may be kept of an answer that was shown.
    pub(super) async fn keep(&self, job: &Job, answer: &str, rest: Option<&str>) {
        let call = job.call.call();
        let _forgets_wait = self.writing.read().await;
        // Of a child nothing is kept.
        if self.is_forgotten(call, job.asked_at) || job.age == Some(AgeBand::Under14) {
            return;
        }
        // What somebody else wrote is not its caller's to have kept.
        if call.kind != CallKind::Quote {
            let door = self.door();
            let answer = door.answer(answer);
            job.sheet.add(job.persona.clone(), answer.clone());
            let (rest, private) = (rest.map(|rest| door.answer(rest)), call.address.is_private());
            let kept = Kept { question: call.story.clone(), answer, rest, private };
            if let Err(error) = self.remember(job, &kept).await {
                tracing::error!(%error, "an answer is not kept for follow-ups");
            }
        }
        let deed = FanDeed { persona: job.persona.clone(), deed: Deed::Asked };
        if let Err(error) = self.store.count(&call.belonging(deed)).await {
            tracing::error!(%error, "an answer is not counted");
        }
    }

    /// Whoever asked the same has the same answer to go on from.
    pub(super) async fn keep_for_others(&self, job: &Job, answer: &str, rest: Option<&str>) {
        for other in self.served_with(job) {
            let call = other.call();
            let _forgets_wait = self.writing.read().await;
            if self.is_forgotten(call, job.asked_at) {
                continue;
            }
            let door = self.door();
            let (answer, rest) = (door.answer(answer), rest.map(|rest| door.answer(rest)));
            let kept = Kept { question: call.story.clone(), answer, rest, private: call.address.is_private() };
            if let Err(error) = self.remember_for(call, &job.persona, &kept).await {
                tracing::error!(%error, "an answer is not kept for somebody who asked the same");
            }
        }
    }

    /// Nothing of this person, message or place is kept of what was asked until now, answers under way included.
    pub(super) fn forget_later(&self, of: Pseudonym) {
        let now = self.clock.elapsed();
        self.forgotten.note(of, |at| *at = now);
    }

    /// The asker's message as our rows know it, where the platform has such a thing.
    pub(super) fn message_of(&self, to: &Address) -> Option<Pseudonym> {
        to.message.as_ref().map(|message| self.keyring.message(&to.place, message))
    }

    /// Whether the person, the message or the place was to be forgotten since this was asked.
    pub(super) fn is_forgotten(&self, call: &Private, asked_at: Duration) -> bool {
        let of = [Some(call.who.clone()), Some(call.place.clone()), self.message_of(&call.address)];
        self.is_forgotten_since(asked_at, of)
    }

    /// The same of a person, a place and a message.
    pub(super) fn is_forgotten_since(&self, asked_at: Duration, of: [Option<Pseudonym>; 3]) -> bool {
        of.into_iter().flatten().filter_map(|of| self.forgotten.get(&of)).any(|at| at >= asked_at)
    }

    async fn remember(&self, job: &Job, kept: &Kept) -> Result<(), KeepError> {
        self.remember_for(job.call.call(), &job.persona, kept).await
    }

    async fn remember_for(&self, call: &Private, persona: &PersonaId, kept: &Kept) -> Result<(), KeepError> {
        let sealed = self.keyring.seal(EXCHANGE, &serde_json::to_vec(kept)?)?;
        let exchange = Exchange {
            place: call.place.clone(),
            persona: persona.clone(),
            message: self.message_of(&call.address),
            sealed,
            answered_at: self.clock.wall(),
        };
        Ok(self.store.remember(&call.belonging(exchange)).await?)
    }

    /// Lets go of a job's share in its consultation; the last one stores it, if its writer consented.
    pub(super) async fn close_sheet(&self, call: &Private, sheet: Arc<Sheet>, asked_at: Duration) {
        let answers = sheet.close(&call.personas);
        let _forgets_wait = self.writing.read().await;
        if answers.is_empty() || self.is_forgotten(call, asked_at) {
            return;
        }
        let asked_on = self.clock.wall().date_naive();
        let told = Consultation { language: call.language, story: call.story.clone(), answers, asked_on };
        // Boxed: a transaction keeps much between its waits, and whoever hears a line would carry it.
        if let Err(error) = Box::pin(self.store.keep_consultation(&call.belonging(told))).await {
            tracing::error!(%error, "a consultation is not kept");
        }
    }

    /// What the asker and the persona said last in this place, if that was today. Of a panel nothing: all of them hear the
    /// same story.
    pub(super) async fn recent(&self, job: &Job) -> Vec<Kept> {
        let call = job.call.call();
        // Nor of a question that others asked too: the answer is theirs as well.
        if call.kind == CallKind::Panel || self.is_shared(job) {
            return Vec::new();
        }
        let places = self.keyring.places(&call.address.place);
        let people = self.keyring.pseudonyms(call.address.place.platform, &call.address.user);
        match self.store.latest(&places, &people, self.clock.wall()).await {
            Ok(Some((persona, sealed))) if persona == job.persona => {
                let open = |kept: &Kept| !kept.private || call.address.is_private();
                self.opened(&sealed).filter(open).into_iter().collect()
            }
            Ok(_) => Vec::new(),
            Err(error) => {
                tracing::error!(%error, "what was said before cannot be read");
                Vec::new()
            }
        }
    }

    fn opened(&self, sealed: &Sealed) -> Option<Kept> {
        serde_json::from_slice(&self.keyring.open(EXCHANGE, sealed).ok()?).ok()
    }

    /// The last exchange of a person in a place.
    pub(super) async fn latest(&self, caller: &Caller) -> Result<Option<(PersonaId, Kept)>, StoreError> {
        let places = self.keyring.places(&caller.to.place);
        let latest = self.store.latest(&places, &caller.everywhere, self.clock.wall()).await?;
        Ok(latest.and_then(|(persona, sealed)| Some((persona, self.opened(&sealed)?))))
    }

    /// The rest of the last answer.
    pub(super) async fn more(&self, caller: &Caller) -> Result<(), StoreError> {
        let latest = self.latest(caller).await?;
        let Some((persona, Kept { rest: Some(rest), .. })) = latest else {
            self.reply(caller, "more-none", &[]).await;
            return Ok(());
        };
        self.say(&caller.to, &persona, rest.as_str(), Lane::Answer).await;
        Ok(())
    }
}
