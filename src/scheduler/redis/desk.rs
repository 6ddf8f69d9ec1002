//! The line as a worker sees it: it claims, renews, and gives back what it cannot answer.

use std::{sync::Arc, time::Duration};

use super::{TicketId, library::Library, library::QueueError, words};
use crate::{
    clock::Clock,
    link::{Inbox, Link, RedisConfig},
    scheduler::SchedulerConfig,
};

/// A call that a worker has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub ticket: TicketId,
    /// No other claim ever has this number.
    pub fence: u64,
    /// Whose call it is, and where the answer goes.
    pub gateway: String,
}

/// A worker's place at the line.
#[derive(Debug)]
pub struct Desk {
    library: Library,
    worker: String,
    lease: Duration,
}

impl Desk {
    /// Joins the line as the worker `worker`, a name that no other process has. It has no slots before the first
    /// [`Desk::renew`].
    ///
    /// # Errors
    /// When the server cannot be reached, or is older than Redis 7.
    pub async fn join(
        link: Arc<Link>,
        prefix: &str,
        worker: &str,
        (config, redis): (&SchedulerConfig, &RedisConfig),
    ) -> Result<Self, QueueError> {
        Self::joining(Library::new(link, prefix, config, redis), worker, redis).await
    }

    /// The same, the line timed by this clock: a test moves it.
    ///
    /// # Errors
    /// As [`Desk::join`].
    pub async fn join_timed(
        link: Arc<Link>,
        prefix: &str,
        worker: &str,
        (config, redis): (&SchedulerConfig, &RedisConfig),
        clock: Arc<dyn Clock>,
    ) -> Result<Self, QueueError> {
        Self::joining(Library::new(link, prefix, config, redis).timed_by(clock), worker, redis).await
    }

    async fn joining(library: Library, worker: &str, redis: &RedisConfig) -> Result<Self, QueueError> {
        library.enter().await?;
        Ok(Self { library, worker: worker.to_owned(), lease: redis.lease })
    }

    pub fn name(&self) -> &str {
        &self.worker
    }

    /// How long a claim lasts without being renewed.
    pub fn lease(&self) -> Duration {
        self.lease
    }

    /// What this worker is told, and the bell that rings when there may be something to claim.
    pub fn inbox(&self, own: String) -> Inbox {
        Inbox::of(self.library.link(), own).hearing(self.library.key("bell"))
    }

    /// The call to answer next, if the line has a slot for it.
    ///
    /// # Errors
    /// See [`QueueError`]. A claim whose reply is lost runs out by itself.
    pub async fn claim(&self) -> Result<Option<Grant>, QueueError> {
        let arguments = [self.worker.clone()];
        let reply: Option<(u64, u64, String)> = match self.library.call_once("claim", &arguments).await {
            Err(QueueError::Stale) => {
                self.library.open().await?;
                None
            }
            reply => reply?,
        };
        Ok(reply.map(|(ticket, fence, gateway)| Grant { ticket: TicketId(ticket), fence, gateway }))
    }

    /// Says that this worker lives, what it has, and what it holds. Gives the fences of what it does not hold any more.
    ///
    /// # Errors
    /// See [`QueueError`].
    pub async fn renew(&self, slots: usize, profile: &str, held: &[Grant]) -> Result<Vec<u64>, QueueError> {
        let mut arguments = vec![self.worker.clone(), slots.to_string(), profile.to_owned()];
        arguments.extend(words::claims(held.iter().map(|grant| (grant.ticket, grant.fence))));
        let lost: Vec<u64> = self.healed("renew", &arguments).await?;
        let lost = held.iter().filter(|grant| lost.contains(&grant.ticket.0));
        Ok(lost.map(|grant| grant.fence).collect())
    }

    /// Gives back what this worker will not answer: it waits again, and its gateway is told.
    ///
    /// # Errors
    /// See [`QueueError`].
    pub async fn release(&self, grant: &Grant) -> Result<(), QueueError> {
        let arguments = [self.worker.clone(), words::number(grant.ticket), grant.fence.to_string()];
        self.healed::<redis::Value>("release", &arguments).await.map(drop)
    }

    /// This worker takes nothing more and has no slots.
    ///
    /// # Errors
    /// See [`QueueError`].
    pub async fn leave(&self) -> Result<(), QueueError> {
        self.healed::<redis::Value>("leave", &[format!("worker:{}", self.worker)]).await.map(drop)
    }

    async fn healed<T: redis::FromRedisValue>(&self, operation: &str, arguments: &[String]) -> Result<T, QueueError> {
        match self.library.call(operation, arguments).await {
            Err(QueueError::Stale) => {
                self.library.open().await?;
                self.library.call(operation, arguments).await
            }
            reply => reply,
        }
    }
}
