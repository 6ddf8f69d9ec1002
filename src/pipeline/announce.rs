//! The way out of an answer: where a platform knows its lines again, a doubt is resolved; and before the first line of a paid
//! answer goes, its row says that it may have gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::{Rooms, job::Job};
use crate::{
    chat::{Alert, Lane, Manner, Outbox, Outgoing, PersonaId, Post, Posted, SendError},
    clock::Clock,
    privacy::Pseudonym,
    store::{Attempt, EventTag, Store},
};

/// The pauses before a line in doubt is sent again, where the platform knows it by its key: what was lost is lost for a moment,
/// or for longer.
const SENT_AGAIN: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// What the row of a call says of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    /// The database could not be asked. Nothing went out.
    Unknown,
    /// A line may have gone out.
    Sending,
    /// The call is closed, or another program has it. Nothing more goes out.
    Gone,
}

/// The row of one paid call. Shared by its job and by its way out.
#[derive(Debug)]
pub(super) struct Row {
    pub event: EventTag,
    pub persona: PersonaId,
    lines: Arc<Lines>,
    store: Store,
    said: Mutex<Said>,
    closed: AtomicBool,
}

/// By what a platform may know the lines of one answer again.
#[derive(Debug)]
struct Lines {
    key: Option<String>,
    shown: AtomicUsize,
}

impl Lines {
    fn of(event: &Pseudonym, persona: &PersonaId, rooms: &Rooms) -> Arc<Self> {
        Arc::new(Self { key: rooms.keyring.posting(event, persona), shown: AtomicUsize::new(0) })
    }
}

impl Row {
    pub(super) fn new(event: EventTag, persona: PersonaId, said: Said, rooms: &Rooms) -> Arc<Self> {
        let lines = Lines::of(&event.tag, &persona, rooms);
        let (store, said) = (rooms.store.clone(), Mutex::new(said));
        Arc::new(Self { event, persona, lines, store, said, closed: AtomicBool::new(false) })
    }

    pub(super) async fn said(&self) -> Said {
        *self.said.lock().await
    }

    /// Whether this is the first time that the call ends.
    pub(super) fn closes(&self) -> bool {
        !self.closed.swap(true, Ordering::Relaxed)
    }

    /// Notes that a line is about to go out, if that is not noted yet.
    async fn announce(&self) -> Said {
        let mut said = self.said.lock().await;
        let attempt = match *said {
            Said::Nothing => Attempt::First,
            Said::Unknown => Attempt::Again,
            done @ (Said::Sending | Said::Gone) => return done,
        };
        *said = match self.store.sending(&self.event, &self.persona, attempt).await {
            Ok(true) => Said::Sending,
            Ok(false) => Said::Gone,
            Err(error) => {
                tracing::warn!(%error, "it cannot be noted that a paid answer goes out");
                Said::Unknown
            }
        };
        *said
    }
}

/// An outbox whose lines are known again, and announced where they were paid for.
struct Announced {
    outbox: Arc<dyn Outbox>,
    clock: Arc<dyn Clock>,
    lines: Arc<Lines>,
    row: Option<Arc<Row>>,
}

impl Announced {
    /// A line in doubt is sent again where that shows it once.
    async fn send_keyed(&self, post: &Post, key: &str) -> Result<Posted, SendError> {
        let mut sent = self.outbox.send_once(post, key).await;
        for pause in SENT_AGAIN {
            if sent != Err(SendError::InDoubt) || self.outbox.remembers().is_zero() {
                break;
            }
            self.clock.until(self.clock.elapsed() + pause).await;
            sent = self.outbox.send_once(post, key).await;
        }
        sent
    }
}

#[async_trait]
impl Outbox for Announced {
    fn manner(&self) -> Manner {
        self.outbox.manner()
    }

    fn is_parallel(&self) -> bool {
        self.outbox.is_parallel()
    }

    fn remembers(&self) -> Duration {
        self.outbox.remembers()
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        if let Some(row) = &self.row
            && row.announce().await != Said::Sending
        {
            return Err(SendError::Gone);
        }
        let line = self.lines.shown.load(Ordering::Relaxed);
        let sent = match &self.lines.key {
            Some(key) => self.send_keyed(post, &format!("{key}-{line}")).await,
            None => self.outbox.send(post).await,
        };
        if sent.is_ok() {
            self.lines.shown.fetch_add(1, Ordering::Relaxed);
        }
        sent
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        self.outbox.edit(posted, text).await
    }

    async fn withdraw(&self, posted: &Posted) {
        self.outbox.withdraw(posted).await;
    }

    async fn settled(&self, posted: &Posted) {
        self.outbox.settled(posted).await;
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        self.outbox.whisper(post).await
    }

    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        self.outbox.alert(alert).await
    }
}

impl Rooms {
    /// The way out for a job's answer.
    pub(super) fn way_out(&self, job: &Job) -> Option<Arc<dyn Outbox>> {
        let call = job.call.call();
        let outbox = Arc::clone(self.outbox(call.address.place.platform)?);
        let lines = match &job.row {
            Some(row) => Arc::clone(&row.lines),
            None if outbox.remembers().is_zero() => return Some(outbox),
            None => Lines::of(&call.event, &job.persona, self),
        };
        Some(Arc::new(Announced { outbox, clock: Arc::clone(&self.clock), lines, row: job.row.clone() }))
    }

    /// Says in place of an answer, or behind one, what ends it. When the database cannot be asked it is said all the same.
    pub(super) async fn last_word(&self, job: &Job, text: &str) {
        self.last_line(job, text, Lane::Notice).await;
    }

    /// The same in a lane of its own.
    pub(super) async fn last_line(&self, job: &Job, text: &str, lane: Lane) {
        if self.is_shut_out(job.call.call(), job.asked_at) {
            return;
        }
        let to = &job.call.call().address;
        let outbox = match &job.row {
            None => self.outbox(to.place.platform).cloned(),
            Some(row) => match row.announce().await {
                Said::Gone => return,
                Said::Sending => self.way_out(job),
                Said::Nothing | Said::Unknown => self.outbox(to.place.platform).cloned(),
            },
        };
        if let Some(outbox) = outbox {
            self.say_through(outbox.as_ref(), to, &job.persona, text, lane).await;
        }
    }

    /// The same with a sentence of the locale files.
    pub(super) async fn last_sentence(&self, job: &Job, key: &str) {
        let text = self.locale.say(job.language, key, &[]);
        self.last_word(job, &text).await;
    }
}
