//! The adapter's way out, watched: what was sent, and what became of it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lovelm::chat::{Alert, Manner, Outbox, Outgoing, Post, Posted, SendError};
use tokio::sync::watch;

use super::server::lock;

/// What became of the lines, and how many events are still being answered.
#[derive(Debug, Default)]
pub(super) struct Fates {
    delivered: Mutex<usize>,
    undelivered: Mutex<Vec<SendError>>,
    under_way: watch::Sender<usize>,
}

impl Fates {
    pub(super) fn begin(&self) {
        self.under_way.send_modify(|count| *count += 1);
    }

    pub(super) fn end(&self) {
        self.under_way.send_modify(|count| *count -= 1);
    }

    /// Waits until nothing is being answered.
    pub(super) async fn idle(&self) {
        // The sender lives in `self`.
        let _ = self.under_way.subscribe().wait_for(|count| *count == 0).await;
    }

    pub(super) fn under_way(&self) -> usize {
        *self.under_way.borrow()
    }

    pub(super) fn delivered(&self) -> usize {
        *lock(&self.delivered)
    }

    fn note<T>(&self, sent: Result<T, SendError>) -> Result<T, SendError> {
        match &sent {
            Ok(_) => *lock(&self.delivered) += 1,
            // Asked again later, by whoever sends.
            Err(SendError::Wait(_)) => {}
            Err(error) => lock(&self.undelivered).push(error.clone()),
        }
        sent
    }

    /// Takes what was not shown.
    pub(super) fn undelivered(&self) -> Vec<SendError> {
        std::mem::take(&mut lock(&self.undelivered))
    }
}

pub(super) struct Voice {
    inner: Arc<dyn Outbox>,
    fates: Arc<Fates>,
}

impl Voice {
    pub(super) fn new(inner: Arc<dyn Outbox>, fates: Arc<Fates>) -> Self {
        Self { inner, fates }
    }
}

#[async_trait]
impl Outbox for Voice {
    fn manner(&self) -> Manner {
        self.inner.manner()
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        self.fates.note(self.inner.send(post).await)
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        self.inner.edit(posted, text).await
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        match self.inner.whisper(post).await {
            // Nothing is lost: whoever whispers says something else aloud.
            Err(refused @ (SendError::Gone | SendError::Refused(_))) => Err(refused),
            whispered => self.fates.note(whispered),
        }
    }

    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        self.inner.alert(alert).await
    }
}
