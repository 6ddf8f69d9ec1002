//! The line on a Redis server: many gateways put calls in, many workers take them out, by the same policy.
//!
//! What a gateway accepted it keeps in its [`book`], so a server that is away, slow, flushed or restarted loses nothing: the
//! calls are added again with their old keys. A worker's claim is a lease; when it is not renewed, the call waits again.

mod book;
mod desk;
mod entry;
mod keeper;
mod library;
mod line;
#[cfg(test)]
mod tests;
mod words;

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, watch};

use self::{book::Book, entry::Entry, library::Library};
pub use self::{
    desk::{Desk, Grant},
    entry::Lease,
    library::QueueError,
};
use super::{SchedulerConfig, Stops, TicketId, policy::Policy};
use crate::{
    clock::Clock,
    link::{Link, RedisConfig},
};

/// Ticket numbers that a gateway takes at once.
const NUMBERS: u64 = 1 << 20;

/// The keys of the fleet's line.
pub const PREFIX: &str = "{lovelm}";

/// A line on a Redis server, as one gateway sees it.
pub struct RedisQueue {
    library: Library,
    gateway: String,
    policy: Policy,
    book: Mutex<Book>,
    stops: Stops,
    clock: Arc<dyn Clock>,
    /// The next number, and the first that is not ours.
    numbers: (AtomicU64, AtomicU64),
    /// Something may be there to be taken.
    work: Notify,
    /// The server is to hear something, or somebody found that the line is lost.
    told: Arc<Notify>,
    /// Only one tells the server what was done, in order.
    telling: tokio::sync::Mutex<()>,
    /// Only one writes a lost line again.
    opening: tokio::sync::Mutex<()>,
    /// A line was lost and is not written again to its end.
    is_lost: AtomicBool,
    /// Counts the generations of the line that this gateway has seen.
    generation: watch::Sender<u64>,
    beat: Duration,
}

impl RedisQueue {
    /// Joins the line as the gateway `gateway`, a name that no other process has. `clock` is for what this process waits for;
    /// the line has the server's.
    ///
    /// # Errors
    /// When the server cannot be reached, or is older than Redis 7.
    pub async fn join(
        link: Arc<Link>,
        prefix: &str,
        gateway: &str,
        (config, redis): (&SchedulerConfig, &RedisConfig),
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, QueueError> {
        let library = Library::new(link, prefix, config, redis);
        Self::joining(library, gateway, (config, redis), clock).await
    }

    /// The same, the line timed by the same clock: a test moves it.
    ///
    /// # Errors
    /// As [`RedisQueue::join`].
    pub async fn join_timed(
        link: Arc<Link>,
        prefix: &str,
        gateway: &str,
        (config, redis): (&SchedulerConfig, &RedisConfig),
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, QueueError> {
        let library = Library::new(link, prefix, config, redis).timed_by(Arc::clone(&clock));
        Self::joining(library, gateway, (config, redis), clock).await
    }

    async fn joining(
        library: Library,
        gateway: &str,
        (config, redis): (&SchedulerConfig, &RedisConfig),
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, QueueError> {
        let queue = Arc::new(Self {
            library,
            gateway: gateway.to_owned(),
            policy: Policy::new(config),
            book: Mutex::default(),
            stops: Stops::default(),
            clock,
            numbers: (AtomicU64::new(0), AtomicU64::new(0)),
            work: Notify::new(),
            told: Arc::new(Notify::new()),
            telling: tokio::sync::Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            is_lost: AtomicBool::new(false),
            generation: watch::Sender::new(0),
            // Two beats may be lost, and a third come late.
            beat: redis.lease / 4,
        });
        queue.library.enter().await?;
        queue.more_numbers().await?;
        // The server knows of us before it has a call of ours: else it would keep what we leave when we die at once.
        queue.healed::<u8>("tick", std::slice::from_ref(&queue.gateway)).await?;
        keeper::start(&queue);
        Ok(queue)
    }

    /// Who answers a call that is out as a claim: nobody while its worker is lost and no other has taken it.
    pub fn lease(&self, ticket: u64) -> Option<watch::Receiver<Option<Lease>>> {
        self.book().lease(TicketId(ticket))
    }

    /// Changes with every line that was lost and is written again: what lay on the server is gone.
    pub fn generation(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    /// The profiles of all workers, as they published them.
    ///
    /// # Errors
    /// See [`QueueError`].
    pub async fn profiles(&self) -> Result<Vec<String>, QueueError> {
        self.healed("workers", &[]).await
    }

    /// Tells the server what it does not know yet, and that this gateway goes with everything that it still has in the line.
    ///
    /// # Errors
    /// See [`QueueError`]; the server finds out by itself before long.
    pub async fn leave(&self) -> Result<(), QueueError> {
        self.catch_up(false).await?;
        self.healed::<redis::Value>("leave", &[format!("gateway:{}", self.gateway)]).await.map(drop)
    }

    async fn more_numbers(&self) -> Result<(), QueueError> {
        let last = self.numbers.1.load(Ordering::Relaxed);
        let first: u64 = self.library.call_once("numbers", &[NUMBERS.to_string(), last.to_string()]).await?;
        self.numbers.0.store(first, Ordering::Relaxed);
        self.numbers.1.store(first + NUMBERS, Ordering::Relaxed);
        Ok(())
    }

    /// Calls an operation; where the line was lost, once more when it is written again.
    async fn healed<T: redis::FromRedisValue>(&self, operation: &str, arguments: &[String]) -> Result<T, QueueError> {
        match self.library.call(operation, arguments).await {
            Err(QueueError::Stale) => {
                self.write_again().await?;
                self.library.call(operation, arguments).await
            }
            reply => reply,
        }
    }

    /// Opens the line and adds what lives, where it is another one than we knew.
    async fn write_again(&self) -> Result<(), QueueError> {
        let _alone = self.opening.lock().await;
        if self.library.open().await? {
            tracing::warn!("the line on the Redis server is lost; adding what lives again");
            self.is_lost.store(true, Ordering::Relaxed);
        }
        if self.is_lost.load(Ordering::Relaxed) {
            self.add_all().await?;
            self.is_lost.store(false, Ordering::Relaxed);
            self.generation.send_modify(|generation| *generation += 1);
        }
        Ok(())
    }

    /// Adds everything that lives; what is there already stays as it is.
    async fn add_all(&self) -> Result<(), QueueError> {
        let entries = self.book().lost(self.clock.elapsed());
        for entry in entries {
            self.add(&entry).await?;
        }
        Ok(())
    }

    /// Adds a call that was accepted here before.
    async fn add(&self, entry: &Entry) -> Result<(), QueueError> {
        let reply: words::Answer = self.library.call("enqueue", &self.words(entry)).await?;
        match reply.placed(entry.ticket) {
            Ok((_, key)) => self.book().placed(entry.ticket, key),
            Err(_) => self.book().unwanted(entry.ticket),
        }
        self.work.notify_one();
        Ok(())
    }

    fn words(&self, entry: &Entry) -> Vec<String> {
        let patience = self.policy.patience_of(&entry.call);
        words::enqueue(&self.gateway, entry, patience)
    }

    /// Changes the book, and wakes whoever may care.
    fn with<T>(&self, change: impl FnOnce(&mut Book, Duration) -> T) -> T {
        let changed = change(&mut self.book(), self.clock.elapsed());
        self.work.notify_one();
        self.told.notify_one();
        changed
    }

    /// Whether the server knows all that was done here.
    #[cfg(test)]
    pub fn is_caught_up(&self) -> bool {
        let book = self.book();
        book.next_verb().is_none() && book.not_added(Duration::ZERO).is_empty()
    }

    #[cfg(test)]
    pub fn unfetched(&self) -> usize {
        self.book().unfetched()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RedisQueue {
    fn drop(&mut self) {
        self.told.notify_one();
    }
}

impl fmt::Debug for RedisQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisQueue").finish_non_exhaustive()
    }
}
