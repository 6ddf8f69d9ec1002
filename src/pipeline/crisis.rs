//! Where a crisis leaves the path: a fixed card at once, whatever queue, limit or payment says, and nothing kept.

use super::{Pipeline, Rooms};
use crate::{
    chat::{Address, Alert, Lane, Language, PersonaId},
    routing::Call,
    safety::{self, Audience, Crisis, Whose},
};

impl Pipeline {
    /// Answers with the card, tells the place's moderators, and forgets the text.
    pub(super) async fn crisis(&self, crisis: Crisis, whose: Whose, call: &Call) {
        let rooms = &self.0;
        let message = &call.message;
        let who = rooms.keyring.pseudonym(message.place.platform, &message.author.user);
        self.take_along(&who, &rooms.keyring.place(&message.place)).await;
        let to = rooms.door().address(&call.message);
        let language = rooms.language(&call.message, &call.question);
        let speaker = call.personas.first().unwrap_or(&rooms.manners.host);
        rooms.card(crisis, whose, &to, speaker, language).await;
    }
}

impl Rooms {
    /// Shows the card of a crisis, which names no topic where others read along, and alerts the moderators without the text.
    pub(super) async fn card(
        &self,
        crisis: Crisis,
        whose: Whose,
        to: &Address,
        speaker: &PersonaId,
        language: Language,
    ) {
        metrics::counter!("lovelm_referrals_total").increment(1);
        let audience = if to.is_private() { Audience::Private } else { Audience::Public };
        let card = safety::card(crisis, whose, language, audience);
        self.say(to, speaker, card, Lane::Crisis).await;
        let alert = Alert { place: to.place.clone(), to: None, message: to.message.clone(), class: crisis.as_str() };
        self.alert(alert).await;
    }
}
