//! Takes an event that several processes hear, gives whether it is this one's to answer. Knows nothing of what is answered.
//!
//! Two gateways with the same tokens hear the same chat. The first that claims an event on the Redis server answers it.

use std::{sync::Arc, time::Duration};

use lovelm::{
    chat::{ChatEvent, Platform},
    link::Link,
    pipeline::Pipeline,
    privacy::Keyring,
    scheduler::PREFIX,
};

/// How long an event is known: longer than any of them may be late.
const KNOWN: Duration = Duration::from_mins(10);

/// A way to ask who heard an event first.
pub struct Claims {
    link: Arc<Link>,
    keyring: Arc<Keyring>,
}

impl Claims {
    pub fn new(link: Arc<Link>, keyring: Arc<Keyring>) -> Self {
        Self { link, keyring }
    }

    /// Whether to hear an event. Without the server it is heard: rather twice than never.
    pub async fn takes(&self, event: &ChatEvent, pipeline: &Pipeline) -> bool {
        let message = match event {
            ChatEvent::Said(message) if !pipeline.calls(message) => return false,
            ChatEvent::Said(message) | ChatEvent::Raided { message, .. } => message,
            ChatEvent::Command(invocation) => &invocation.message,
            // What is paid for the database knows; what is changed or deleted concerns whoever heard it before.
            ChatEvent::Paid(..) | ChatEvent::Edited(_) | ChatEvent::Deleted(_) => return true,
        };
        if message.place.platform == Platform::Console {
            return true;
        }
        // A pseudonym: no id of a message leaves this process.
        let event = self.keyring.event(message.place.platform, &message.event);
        let name = event.as_bytes().iter().fold(String::new(), |name, byte| name + &format!("{byte:02x}"));
        self.link.claim(&format!("{PREFIX}:heard:{name}"), KNOWN).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "another gateway may hear this as well");
            true
        })
    }
}
