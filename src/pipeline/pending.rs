//! Calls that were paid for: answered exactly once or apologised for, across crashes and restarts.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use tracing::{Instrument as _, Span};

use super::{
    Part, Pipeline, Receipt, Rooms,
    job::{Job, Sheet},
    keep::KeepError,
};
use crate::{
    privacy::Private,
    scheduler::Class,
    store::{Accepted, CallState, EventTag, OpenCall, PendingCall, Rank, StoreError},
    telemetry,
};

/// How old a call may be when it is taken up. What is older goes with the next sweep.
const KEPT_OPEN: TimeDelta = TimeDelta::hours(24);

/// What the seals of a pending call are bound to.
const CALL: &str = "pending call";
const ADDRESS: &str = "pending address";

impl Pipeline {
    /// Takes up what was paid for and not answered when the fleet stopped. Call it once the platforms can be written to.
    ///
    /// # Errors
    /// When the rows cannot be read. A row that cannot be opened is logged and left to the sweep.
    pub async fn resume(&self) -> Result<Receipt, StoreError> {
        let (part, receipt) = Receipt::new();
        for open in self.0.store.open_calls().await? {
            let Some(call) = self.0.unseal(&open) else {
                tracing::error!("a paid call cannot be opened with this keyring");
                continue;
            };
            let span = telemetry::heard(call.address.place.platform);
            self.take_up(open, call, part.clone()).instrument(span).await;
        }
        Ok(receipt)
    }

    /// What may have been shown is not shown twice: its asker is told so instead.
    async fn take_up(&self, open: OpenCall, call: Private, part: Part) {
        let rooms = &self.0;
        if !rooms.outboxes.contains_key(&call.address.place.platform) {
            tracing::warn!("a paid call waits for a platform that is not switched on");
            return;
        }
        // Whatever paid is never refused here.
        let Ok(call) = rooms.limits.admit(call) else { return };
        let mut job = Job::new(Arc::new(call), open.call.persona.clone(), Sheet::new(), Span::current(), part);
        (job.committed, job.asked_at) = (true, rooms.clock.elapsed());
        job.language = rooms.person(&job.call.call().who).await.language.unwrap_or(job.language);
        if rooms.clock.wall().signed_duration_since(open.call.arrived_at) > KEPT_OPEN {
            let to = &job.call.call().address;
            rooms.tell(to, &job.persona, job.language, "expired-paid", &[]).await;
            return rooms.close_paid(&job).await;
        }
        if open.state == CallState::Sending {
            let to = &job.call.call().address;
            rooms.tell(to, &job.persona, job.language, "in-doubt-restarted", &[]).await;
            return rooms.close_paid(&job).await;
        }
        if let Err((job, turned)) = self.enqueue(job, false).await {
            self.turn_away(&job, turned, false).await;
            rooms.end(job).await;
        }
    }

    /// Commits a paid call. Gives whether it is to be answered: not when it is a duplicate. Without a database it is answered
    /// all the same, and a crash would lose it.
    pub(super) async fn accept(&self, job: &mut Job) -> bool {
        let rooms = &self.0;
        let pending = match rooms.pending(job) {
            Ok(pending) => pending,
            Err(error) => {
                tracing::error!(%error, "a paid call cannot be sealed; it would not survive a crash");
                return true;
            }
        };
        match rooms.store.accept(&pending).await {
            Ok(accepted) => {
                job.committed = accepted == Accepted::New;
                job.committed
            }
            Err(error) => {
                tracing::error!(%error, "a paid call is not written down; it would not survive a crash");
                true
            }
        }
    }
}

impl Rooms {
    /// Notes, before the first word of a committed answer goes out, that it may have gone out. False when the call was
    /// closed meanwhile.
    ///
    /// # Errors
    /// When it cannot be noted: then nothing may go out, or a crash would have it go out twice.
    pub(super) async fn may_send(&self, job: &Job) -> Result<bool, StoreError> {
        if !job.committed {
            return Ok(true);
        }
        self.store.sending(&tag(job), &job.persona).await
    }

    /// Ends a paid call: answered, apologised for, or taken back.
    pub(super) async fn close_paid(&self, job: &Job) {
        if !job.committed {
            return;
        }
        if let Err(error) = self.store.deliver(&tag(job), &job.persona, self.clock.wall()).await {
            tracing::error!(%error, "a paid call that is done stays open; its asker may be spoken to again");
        }
    }

    fn pending(&self, job: &Job) -> Result<PendingCall, KeepError> {
        let call = job.call.call();
        let arrived_at = self.clock.wall();
        Ok(PendingCall {
            event: tag(job),
            persona: job.persona.clone(),
            who: call.who.clone(),
            address: self.keyring.seal(ADDRESS, &serde_json::to_vec(&call.address)?)?,
            question: self.keyring.seal(CALL, &serde_json::to_vec(&without_address(call)?)?)?,
            rank: Rank {
                class: Class::of(call).as_str().to_owned(),
                credit: call.payment.map_or(0, |payment| i64::try_from(payment.cents).unwrap_or(i64::MAX)),
                key: arrived_at.timestamp_micros(),
            },
            arrived_at,
        })
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

fn tag(job: &Job) -> EventTag {
    let call = job.call.call();
    EventTag { platform: call.address.place.platform, tag: call.event.clone(), older: call.older_events.clone() }
}
