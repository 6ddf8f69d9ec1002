//! Outages of the database: what is owed to it waits in memory, and is brought when it is back.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    Rooms,
    job::Job,
    pending::Heard,
    receipt::Uncertain,
    uncommitted::{Owed, Place, Times, Uncommitted},
};
use crate::{
    chat::PersonaId,
    config::AwayConfig,
    privacy::Pseudonymous,
    store::{Accepted, EventTag, PendingCall, Store, StoreError, Support},
};

/// What is done, and not yet written down.
#[derive(Debug)]
pub(super) enum Note {
    /// An amount for the ledger.
    Paid { support: Box<Pseudonymous<Support>>, heard_at: Duration, _until: Uncertain },
    /// An answer or an apology: the event is not to be answered again.
    Done(EventTag, PersonaId),
}

/// A paid call that waits for the database.
#[derive(Debug)]
pub(super) enum Waiting {
    /// To be committed, as these rows.
    Heard(Heard, Vec<PendingCall>),
    /// Committed, but it could not be noted that its answer goes out.
    Held(Box<Job>),
}

/// What the database took.
#[derive(Debug)]
pub(super) enum Taken {
    /// There is nothing more to do about it.
    Written,
    Accepted(Vec<Accepted>),
    /// The call is still in our hands.
    Ours,
}

type Queue = Uncommitted<Waiting, Note>;

/// What waits, and a bell for whoever brings it.
#[derive(Debug)]
pub(super) struct Owing {
    queue: Mutex<Queue>,
    more: Notify,
}

impl Owing {
    pub(super) fn new(config: &AwayConfig) -> Self {
        let queue = Mutex::new(Uncommitted::new(config.most_calls, config.most_notes));
        Self { queue, more: Notify::new() }
    }

    pub(super) fn calls(&self) -> usize {
        self.lock().calls()
    }

    /// Ends when there is more than there was.
    pub(super) async fn more(&self) {
        self.more.notified().await;
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rooms {
    /// Lets a paid call wait for the database. When too many do, it is apologised for.
    pub(super) async fn wait_for_database(&self, waiting: Waiting) {
        let times = self.times(&waiting);
        let full = self.owing.lock().push_call(waiting, times);
        match full {
            Ok(()) => self.owing.more.notify_one(),
            Err(waiting) => {
                tracing::error!("too many paid calls wait for the database");
                self.give_up_waiting(waiting).await;
            }
        }
        self.gauge();
    }

    /// Apologises, once, and owes it to the database that this is done.
    pub(super) async fn give_up_waiting(&self, waiting: Waiting) {
        match waiting {
            Waiting::Heard(heard, _) => self.forgo(&heard).await,
            Waiting::Held(job) => {
                self.last_sentence(&job, "expired-paid").await;
                self.close_paid(&job).await;
                self.end(*job).await;
            }
        }
    }

    /// Writes something down as soon as the database takes it.
    pub(super) fn owe(&self, note: Note) {
        let full = self.owing.lock().push_note(note);
        match full {
            Ok(()) => self.owing.more.notify_one(),
            Err(note) => {
                metrics::counter!("lovelm_notes_lost_total").increment(1);
                let payment = matches!(note, Note::Paid { .. });
                tracing::error!(
                    payment,
                    "too much is owed to the database: a payment or the end of a call is not written down"
                );
            }
        }
        self.gauge();
    }

    /// Brings one thing.
    pub(super) async fn bring(&self, store: &Store, owed: &Owed<Waiting, Note>) -> Result<Taken, StoreError> {
        match owed {
            Owed::Note(Note::Paid { support, heard_at, .. }) => {
                self.book(store, support, *heard_at).await.map(|_| Taken::Written)
            }
            Owed::Note(Note::Done(event, persona)) => {
                store.deliver(event, persona, self.clock.wall()).await.map(|_| Taken::Written)
            }
            Owed::Call(Waiting::Heard(_, calls)) => store.accept(calls).await.map(Taken::Accepted),
            Owed::Call(Waiting::Held(job)) => {
                let Some(row) = &job.row else { return Ok(Taken::Ours) };
                let held = store.still_holds(&row.event, &row.persona).await?;
                Ok(if held { Taken::Ours } else { Taken::Written })
            }
        }
    }

    /// Says something to whoever sent a call that is in no line yet.
    pub(super) async fn tell_heard(&self, heard: &Heard, key: &str) {
        let call = heard.call.call();
        if self.is_shut_out(call, heard.asked_at) {
            return;
        }
        let speaker = call.personas.first().unwrap_or(&self.manners.host);
        self.tell(&call.address, speaker, call.language, key, &[]).await;
    }

    pub(super) fn put_back(&self, place: Place, owed: Owed<Waiting, Note>) {
        self.owing.lock().put_back(place, owed);
        self.gauge();
    }

    fn times(&self, waiting: &Waiting) -> Times {
        let (call, asked_at, waited, tells) = match waiting {
            Waiting::Heard(heard, _) => (heard.call.call(), heard.asked_at, Duration::ZERO, true),
            Waiting::Held(job) => (job.call.call(), job.asked_at, job.waited, false),
        };
        let deadline = self.manners.deadlines.on(call.address.place.platform);
        Times {
            tell: tells.then(|| asked_at + self.manners.tell_after),
            deadline: deadline.map(|deadline| asked_at + deadline.saturating_sub(waited)),
        }
    }

    /// Waits, but not longer than until something is to be said of what waits.
    pub(super) async fn pause(&self, pause: Duration) {
        let next = self.clock.elapsed() + pause;
        let due = self.owing.lock().next_due();
        self.clock.until(due.map_or(next, |due| due.min(next))).await;
    }

    /// For whoever watches.
    #[expect(clippy::cast_precision_loss, reason = "bounded far below")]
    pub(super) fn gauge(&self) {
        let (calls, notes) = {
            let queue = self.owing.lock();
            (queue.calls(), queue.notes())
        };
        metrics::gauge!("lovelm_uncommitted", "kind" => "calls").set(calls as f64);
        metrics::gauge!("lovelm_uncommitted", "kind" => "notes").set(notes as f64);
    }
}
