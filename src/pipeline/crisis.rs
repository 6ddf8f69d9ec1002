//! Where a crisis leaves the path: a fixed card at once, whatever queue, limit or payment says, and nothing kept.

use super::{Pipeline, Rooms};
use crate::{
    chat::{Address, Alert, Lane, Language, PersonaId},
    routing::Call,
    safety::{self, Crisis, Whose},
};

impl Pipeline {
    /// Answers with the card, tells the place's moderators, and forgets the text.
    pub(super) async fn crisis(&self, crisis: Crisis, whose: Whose, call: &Call) {
        let rooms = &self.0;
        let message = &call.message;
        let who = rooms.keyring.pseudonym(message.place.platform, &message.author.user);
        self.take_along(&who, &rooms.keyring.place(&message.place)).await;
        let to = rooms.door.address(&call.message);
        let language = rooms.language(&call.message, &call.question);
        let speaker = call.personas.first().unwrap_or(&rooms.manners.host);
        rooms.card(crisis, whose, &to, speaker, language).await;
    }
}

impl Rooms {
    /// Shows the card of a crisis in public, which names no topic, and alerts the moderators without the text.
    pub(super) async fn card(
        &self,
        crisis: Crisis,
        whose: Whose,
        to: &Address,
        speaker: &PersonaId,
        language: Language,
    ) {
        metrics::counter!("lovelm_referrals_total").increment(1);
        let card = safety::card(crisis, whose, language, safety::Audience::Public);
        self.say(to, speaker, card, Lane::Crisis).await;
        let alert = Alert { place: to.place.clone(), message: to.message.clone(), class: crisis.as_str() };
        let Some(outbox) = self.outbox(to.place.platform) else { return };
        if let Err(error) = outbox.alert(&alert).await {
            tracing::error!(%error, class = crisis.as_str(), "moderators could not be alerted of a crisis");
        }
    }
}
