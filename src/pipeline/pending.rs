//! Calls that were paid for: answered exactly once or apologised for, across crashes and restarts.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use serde_json::Value;
use tracing::{Instrument as _, Span};

use super::{
    Part, Pipeline, Receipt, Rooms,
    announce::{Row, Said},
    job::{Job, Sheet},
    joining,
    keep::KeepError,
    owing::{Note, Waiting},
    receipt::Uncertain,
};
use crate::{
    chat::PersonaId,
    coalesce::Gathered,
    limits::Admitted,
    privacy::Private,
    store::{Accepted, CallState, EventTag, OpenCall, PendingCall, StoreError},
    telemetry,
};

/// How old a call may be when it is taken up. What is older goes with the next sweep.
const KEPT_OPEN: TimeDelta = TimeDelta::hours(24);

/// What the seals of a pending call are bound to.
pub(super) const CALL: &str = "pending call";
pub(super) const ADDRESS: &str = "pending address";

/// A call that was admitted, on its way into the line.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub call: Arc<Admitted>,
    /// Who else waits for its answer, and what else it says.
    pub gathered: Option<Arc<Gathered<joining::Said>>>,
    /// On the fleet's clock.
    pub asked_at: Duration,
    pub part: Part,
    pub uncertain: Uncertain,
    pub span: Span,
}

impl Pipeline {
    /// Takes up what was paid for and is in nobody's hands: what a fleet before this one left. Call it once the platforms can
    /// be written to; [`Pipeline::work`] looks again every now and then.
    ///
    /// # Errors
    /// When the rows cannot be read. A row that cannot be opened is logged and left to the sweep.
    pub async fn resume(&self) -> Result<Receipt, StoreError> {
        let (part, receipt) = Receipt::new();
        let platforms: Vec<_> = self.0.outboxes.keys().copied().collect();
        for open in self.0.store.take_up(&platforms).await? {
            let Some(call) = self.0.unseal(&open) else {
                tracing::error!("a paid call cannot be opened with this keyring");
                continue;
            };
            let span = telemetry::heard(call.address.place.platform);
            self.take_up(open, call, part.clone()).instrument(span).await;
        }
        Ok(receipt)
    }

    /// What may have been shown is not shown twice: where the platform does not know it again, its asker is told so instead.
    async fn take_up(&self, open: OpenCall, call: Private, part: Part) {
        let rooms = &self.0;
        let OpenCall { call: PendingCall { event, persona, arrived_at, .. }, state } = open;
        // Whatever paid is never refused here.
        let Ok(call) = rooms.limits.admit(call) else { return };
        let said = if state == CallState::Sending { Said::Sending } else { Said::Nothing };
        let row = Row::new(event, persona.clone(), said, rooms);
        let mut job = Job::new(Arc::new(call), persona, Sheet::new(), Span::current(), part);
        (job.row, job.asked_at) = (Some(row), rooms.clock.elapsed());
        let person = rooms.person(&job.call.call().who).await;
        job.language = person.language.unwrap_or(job.language);
        let age = rooms.clock.wall().signed_duration_since(arrived_at);
        job.waited = age.to_std().unwrap_or_default();
        if state == CallState::Sending && !rooms.knows_again(&job) {
            let to = &job.call.call().address;
            rooms.tell(to, &job.persona, job.language, "in-doubt-restarted", &[]).await;
            return rooms.close_paid(&job).await;
        }
        if age > KEPT_OPEN {
            rooms.last_sentence(&job, "expired-paid").await;
            return rooms.close_paid(&job).await;
        }
        job.tag = rooms.tag_again(job.call.call(), &person, job.language, (arrived_at, job.asked_at)).await;
        self.enqueue_again(job).await;
    }

    /// Puts a job into the line that has its row already.
    pub(super) async fn enqueue_again(&self, job: Job) {
        if let Err((job, turned)) = self.enqueue(job, false).await {
            self.turn_away(&job, turned, false).await;
            self.0.end(job).await;
        }
    }

    /// Commits a paid call and brings it to the line; while the database is away it waits for that in order. What cannot be
    /// committed is not answered.
    pub(super) async fn commit(&self, heard: Heard) {
        let rooms = &self.0;
        let calls = match rooms.pending(&heard) {
            Ok(calls) => calls,
            Err(error) => {
                tracing::error!(%error, "a paid call cannot be sealed");
                return rooms.forgo(&heard).await;
            }
        };
        if rooms.owing.calls() > 0 {
            return rooms.wait_for_database(Waiting::Heard(heard, calls)).await;
        }
        match rooms.store.accept(&calls).await {
            Ok(accepted) => self.stand_accepted(heard, &accepted).await,
            Err(error) if error.passes() => {
                tracing::warn!(%error, "a paid call waits for the database");
                rooms.wait_for_database(Waiting::Heard(heard, calls)).await;
            }
            Err(error) => {
                tracing::error!(%error, "a paid call cannot be written down");
                rooms.forgo(&heard).await;
            }
        }
    }

    /// A place in line for those answers that are news.
    pub(super) async fn stand_accepted(&self, heard: Heard, accepted: &[Accepted]) {
        let personas = heard.call.call().personas.iter().zip(accepted);
        let new = personas.filter(|(_, accepted)| **accepted == Accepted::New);
        let rows = new.map(|(persona, _)| (persona.clone(), Some(self.0.row(heard.call.call(), persona))));
        let rows = rows.collect();
        Box::pin(self.stand(heard, rows)).await;
    }
}

impl Rooms {
    /// Apologises for a call that cannot be committed, and owes it to the database that it is done.
    pub(super) async fn forgo(&self, heard: &Heard) {
        let call = heard.call.call();
        self.tell_heard(heard, "expired-paid").await;
        for persona in &call.personas {
            self.owe(Note::Done(tag(call), persona.clone()));
        }
    }

    /// Ends a paid call, once: answered, apologised for, or taken back.
    pub(super) async fn close_paid(&self, job: &Job) {
        let Some(row) = job.row.as_ref().filter(|row| row.closes()) else { return };
        match self.store.deliver(&row.event, &row.persona, self.clock.wall()).await {
            Ok(_) => {}
            Err(error) if error.passes() => {
                tracing::warn!(%error, "that a paid call is done will be written down later");
                self.owe(Note::Done(row.event.clone(), row.persona.clone()));
            }
            Err(error) => {
                tracing::error!(%error, "a paid call that is done stays open; its asker may be spoken to again");
            }
        }
    }

    /// Whether the platform would know the lines of this job's call again.
    fn knows_again(&self, job: &Job) -> bool {
        let outbox = self.outboxes.get(&job.call.call().address.place.platform);
        outbox.is_some_and(|outbox| outbox.remembers() > job.waited)
    }

    pub(super) fn row(&self, call: &Private, persona: &PersonaId) -> Arc<Row> {
        Row::new(tag(call), persona.clone(), Said::Nothing, self)
    }

    /// The rows of a call, one for each persona.
    fn pending(&self, heard: &Heard) -> Result<Vec<PendingCall>, KeepError> {
        let call = heard.call.call();
        let waited = TimeDelta::from_std(self.clock.elapsed().saturating_sub(heard.asked_at)).unwrap_or_default();
        let (address, words) = (serde_json::to_vec(&call.address)?, serde_json::to_vec(&without_address(call)?)?);
        let rows = call.personas.iter().map(|persona| {
            Ok(PendingCall {
                event: tag(call),
                persona: persona.clone(),
                who: call.who.clone(),
                address: self.keyring.seal(ADDRESS, &address)?,
                question: self.keyring.seal(CALL, &words)?,
                arrived_at: self.clock.wall() - waited,
            })
        });
        rows.collect()
    }

    fn unseal(&self, open: &OpenCall) -> Option<Private> {
        let opened = |purpose, sealed| {
            let bytes = self.keyring.open(purpose, sealed).ok()?;
            serde_json::from_slice::<Value>(&bytes).ok()
        };
        let mut call = opened(CALL, &open.call.question)?;
        call["address"] = opened(ADDRESS, &open.call.address)?;
        serde_json::from_value(call).ok()
    }
}

/// The address lies in a column of its own, under a seal of its own.
fn without_address(call: &Private) -> Result<Value, serde_json::Error> {
    let mut call = serde_json::to_value(call)?;
    call["address"] = Value::Null;
    Ok(call)
}

pub(super) fn tag(call: &Private) -> EventTag {
    EventTag { platform: call.address.place.platform, tag: call.event.clone(), older: call.older_events.clone() }
}
