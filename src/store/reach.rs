//! Whether the database answers. Whoever asks while it does not is told so at once, but for one at a time, who looks.

use std::{ops::Deref, time::Duration};

use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::{Store, StoreError};

/// What took longer is given up, and the database counts as out of reach.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(6);

/// What is known of the server, shared by all who ask it.
#[derive(Debug)]
pub(super) struct Reach {
    lost: watch::Sender<bool>,
    /// One permit: whoever has it may ask while the database is lost.
    looking: Semaphore,
}

impl Default for Reach {
    fn default() -> Self {
        Self { lost: watch::Sender::new(false), looking: Semaphore::new(1) }
    }
}

impl Reach {
    fn enter(&self) -> Result<Option<SemaphorePermit<'_>>, StoreError> {
        if !*self.lost.borrow() {
            return Ok(None);
        }
        self.looking.try_acquire().map(Some).map_err(|_| StoreError::Unavailable("it did not answer lately".into()))
    }

    /// Any answer is an answer, a refusal too.
    fn note<T>(&self, done: &Result<T, StoreError>) {
        let now_lost = matches!(done, Err(StoreError::Unavailable(_)));
        self.lost.send_if_modified(|lost| std::mem::replace(lost, now_lost) != now_lost);
    }
}

/// A store that asks although the database did not answer. While it is held, nobody else waits for an answer.
#[derive(Debug)]
pub struct Insistence<'a> {
    store: Store,
    _looking: Option<SemaphorePermit<'a>>,
}

impl Deref for Insistence<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Store {
    /// Asks the database. Ends within seconds, at once while others found that it does not answer.
    pub(super) async fn ask<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let _looking = if self.insists { None } else { self.reach.enter()? };
        // Boxed: a transaction keeps much between its waits.
        let done = tokio::time::timeout(ANSWER_WITHIN, Box::pin(work)).await;
        let done = done.unwrap_or_else(|_| Err(StoreError::Unavailable("it does not answer".into())));
        self.reach.note(&done);
        done
    }

    /// For whoever looks whether the database is back: waits until nobody else does.
    pub async fn insist(&self) -> Insistence<'_> {
        let looking = self.reach.looking.acquire().await.ok();
        Insistence { store: Self { insists: true, ..self.clone() }, _looking: looking }
    }

    /// Waits until the database is found not to answer; not at all while it does not.
    pub async fn lost(&self) {
        // The sender lives in `self`, so the wait can only end by the loss.
        let _ = self.reach.lost.subscribe().wait_for(|lost| *lost).await;
    }
}
