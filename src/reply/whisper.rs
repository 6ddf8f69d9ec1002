//! Takes an outbox, gives one that says everything to one person only. Knows nothing of what is said.

use std::sync::Arc;

use async_trait::async_trait;

use crate::chat::{Alert, Manner, MessageId, Outbox, Outgoing, Post, Posted, SendError};

/// An outbox whose lines only their addressee sees, where the platform can do that. They never change.
#[expect(missing_debug_implementations, reason = "an outbox prints nothing")]
pub struct Whisper(pub Arc<dyn Outbox>);

#[async_trait]
impl Outbox for Whisper {
    fn manner(&self) -> Manner {
        Manner { edits: None, ..self.0.manner() }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        self.0.whisper(post).await?;
        // Nobody can answer or change it: it needs no name.
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id: MessageId::new("") })
    }

    async fn edit(&self, _posted: &Posted, _text: &Outgoing) -> Result<(), SendError> {
        Err(SendError::Gone)
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        self.0.whisper(post).await
    }

    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        self.0.alert(alert).await
    }
}
