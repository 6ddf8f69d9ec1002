//! Takes events, says which were heard before. Knows nothing of what they mean.
//!
//! An account that takes a channel over may hear what the one before it heard; the lines of one mass gift are one event.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, PoisonError},
};

use lovelm::chat::{ChatEvent, EventId};

/// Events that are remembered: minutes of a large chat. The oldest is forgotten first.
const REMEMBERED: usize = 50_000;

/// The events heard lately, of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Heard>);

#[derive(Debug, Default)]
struct Heard {
    ids: HashSet<EventId>,
    order: VecDeque<EventId>,
}

impl Recent {
    /// Whether this event comes for the first time. Deletions always do: they may be repeated without harm.
    pub(crate) fn is_new(&self, event: &ChatEvent) -> bool {
        let id = match event {
            ChatEvent::Said(message)
            | ChatEvent::Edited(message)
            | ChatEvent::Paid(message, _)
            | ChatEvent::Raided { message, .. } => &message.event,
            ChatEvent::Command(invocation) => &invocation.message.event,
            ChatEvent::Deleted(_) => return true,
        };
        let heard = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !heard.ids.insert(id.clone()) {
            return false;
        }
        heard.order.push_back(id.clone());
        if heard.order.len() > REMEMBERED
            && let Some(oldest) = heard.order.pop_front()
        {
            heard.ids.remove(&oldest);
        }
        true
    }
}
