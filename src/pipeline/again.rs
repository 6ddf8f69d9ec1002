//! What can be done about an answer from where it stands: stop it, ask again, fetch it once more.

use super::{Part, Pipeline, Rooms, rights::Caller, tell::mark};
use crate::{
    chat::{Lane, Message, MessageId, PersonaId, RawText, UserId},
    routing,
    store::StoreError,
};

impl Pipeline {
    /// A question about what somebody else wrote. Its words are ours: nothing of the other's is kept.
    pub(super) async fn read_to(&self, message: Message, persona: Option<PersonaId>, part: Part) {
        let rooms = &self.0;
        let caller = self.caller(&message).await;
        if message.context.iter().all(|quoted| quoted.text.is_blank()) {
            return rooms.reply(&caller, "quote-empty", &[]).await;
        }
        let question = RawText::new(rooms.locale.say(caller.language, "quote-question", &[]));
        let home = self.home(&message);
        self.enter_if(routing::read(message, persona, &question, &home), part).await;
    }

    /// The caller's last question, to the same persona or to another.
    pub(super) async fn again(&self, message: Message, persona: Option<PersonaId>, asker: &UserId, part: Part) {
        let rooms = &self.0;
        let caller = self.caller(&message).await;
        if message.author.user != *asker {
            return rooms.reply(&caller, "not-yours", &[]).await;
        }
        let latest = rooms.latest(&caller).await.unwrap_or_else(|error| {
            tracing::error!(%error, "what was asked before cannot be read");
            None
        });
        // What was asked in private is asked again in private.
        let latest = latest.filter(|(_, kept)| !kept.private || caller.to.is_private());
        let Some((before, kept)) = latest else { return rooms.reply(&caller, "again-none", &[]).await };
        let (question, home) = (RawText::new(kept.question.as_str()), self.home(&message));
        self.enter_if(routing::ask(message, persona.or(Some(before)), &question, &home), part).await;
    }

    /// Stops the answer to a message, for its asker and for moderators.
    pub(super) async fn cancel(&self, message: &Message, of: &MessageId, asker: &UserId) {
        let rooms = &self.0;
        if !rooms.is_new(message) {
            return;
        }
        let caller = self.caller(message).await;
        if message.author.user != *asker && !caller.standing.moderator {
            return rooms.reply(&caller, "not-yours", &[]).await;
        }
        let mut stopped = false;
        for asked in rooms.keyring.messages(&message.place, of) {
            stopped |= self.stop(&asked).await;
        }
        if !stopped {
            rooms.reply(&caller, "cancel-none", &[]).await;
        }
    }
}

impl Rooms {
    /// The last answer once more, for its asker alone; while a question waits, that.
    pub(super) async fn fetch_answer(&self, caller: &Caller) -> Result<(), StoreError> {
        if !self.places_of(caller).await.is_empty() {
            self.confide(caller, "answer-waiting", &[], "confided-asked").await;
            return Ok(());
        }
        let Some((persona, kept)) = self.latest(caller).await? else {
            self.confide(caller, "answer-none", &[], "confided-asked").await;
            return Ok(());
        };
        let rest = kept.rest.as_ref().map_or("", |rest| rest.as_str());
        let answer = format!("{} {rest}", kept.answer.as_str());
        if !self.whisper_in(&caller.to, &persona, answer.trim(), Lane::Answer).await {
            self.reply(caller, "confided-asked", &[("mark", mark(caller.to.place.platform))]).await;
        }
        Ok(())
    }
}
