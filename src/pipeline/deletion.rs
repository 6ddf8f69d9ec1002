//! What is taken back on a platform.

use std::time::Duration;

use super::{Part, Pipeline, Rooms};
use crate::{
    chat::{Deletion, Message},
    coalesce::Scope,
    privacy::{Private, Pseudonym},
    scheduler::Pick,
};

impl Pipeline {
    /// What is deleted on the platform is dropped from the line and from what is kept.
    pub(super) async fn deleted(&self, deletion: Deletion) {
        let rooms = &self.0;
        let result = match deletion {
            Deletion::Message { place, message } => {
                let mut messages = rooms.keyring.messages(&place, &message);
                for deleted in messages.clone() {
                    rooms.forget_later(deleted.clone());
                    self.stop(&deleted).await;
                    for first in rooms.first_of.get(&deleted).unwrap_or_default() {
                        rooms.forget_later(first.clone());
                        messages.push(first);
                    }
                }
                rooms.store.forget_message(&messages).await
            }
            Deletion::Person { place, user } => {
                let (people, places) = (rooms.keyring.pseudonyms(place.platform, &user), rooms.keyring.places(&place));
                // A call keeps the names under which it came, whatever keys came after.
                for who in &people {
                    rooms.forget_later(who.clone());
                    for at in &places {
                        rooms.shut_out.note((at.clone(), who.clone()), |since| *since = rooms.clock.elapsed());
                        rooms.coalesce.with(|state, _| state.take_person(who, Scope::At(at), false));
                        rooms.scheduler.cancel(Pick::PersonAt { person: who.into(), place: at.into() }).await;
                    }
                }
                rooms.store.forget_in_place(&places, &people).await
            }
            Deletion::Everything { place } => {
                let places = rooms.keyring.places(&place);
                for at in &places {
                    rooms.forget_later(at.clone());
                    rooms.scheduler.cancel(Pick::Place(at.into())).await;
                }
                rooms.store.forget_place(&places).await
            }
        };
        if let Err(error) = result {
            tracing::error!(%error, "what was deleted on a platform is still kept; the sweep takes it within a day");
        }
    }
}

impl Pipeline {
    /// Stops the answers to a message. Gives whether there was one to stop.
    pub(super) async fn stop(&self, message: &Pseudonym) -> bool {
        let rooms = &self.0;
        if self.take_back(message).await {
            return true;
        }
        let mut stopped = 0;
        for ticket in rooms.tickets.get(message).unwrap_or_default() {
            stopped += rooms.scheduler.cancel(Pick::Ticket(ticket)).await;
        }
        stopped > 0
    }

    /// What was changed while it waited or was being answered is asked anew, in its new words. What was answered stays answered.
    pub(super) async fn edited(&self, message: Message, part: Part) {
        let Some(id) = &message.id else { return };
        let mut stopped = false;
        for asked in self.0.keyring.messages(&message.place, id) {
            stopped |= self.stop(&asked).await;
        }
        if stopped {
            self.said(message, None, part).await;
        }
    }
}

impl Rooms {
    /// Whether whoever asked this was timed out or banned since: nothing more is said to them of it.
    pub(super) fn is_shut_out(&self, call: &Private, asked_at: Duration) -> bool {
        let since = self.shut_out.get(&(call.place.clone(), call.who.clone()));
        since.is_some_and(|since| since >= asked_at)
    }
}
