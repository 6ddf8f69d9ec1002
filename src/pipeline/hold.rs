//! Between the line and the engine: while no engine is in order, the line stands still.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::sync::watch;

use super::{Pipeline, Rooms, job::Job};
use crate::{
    engine::Engine,
    scheduler::{Next, Pick, Scheduler},
};

/// What the work loop knows of the engine's room.
pub(super) struct Gate {
    room: watch::Receiver<usize>,
    slots: Option<usize>,
    outage: Outage,
}

#[derive(Clone, Copy)]
enum Outage {
    None,
    Since(Duration),
    /// Everybody but who paid was told.
    Told,
}

impl Gate {
    pub(super) fn of(engine: &dyn Engine) -> Self {
        Self { room: engine.room(), slots: None, outage: Outage::None }
    }

    /// Hands what room there is to the scheduler. Gives whether there is any.
    fn look(&mut self, rooms: &Rooms) -> bool {
        let slots = *self.room.borrow_and_update();
        if slots == 0 {
            if matches!(self.outage, Outage::None) {
                tracing::error!("no engine is in order; the line stands still");
                self.outage = Outage::Since(rooms.clock.elapsed());
            }
        } else if self.slots != Some(slots) {
            rooms.scheduler.set_slots(slots);
            rooms.is_out.store(false, Ordering::Release);
            self.outage = Outage::None;
        }
        self.slots = Some(slots);
        slots > 0
    }

    /// When everybody but who paid is to be told.
    fn told_at(&self, patience: Duration) -> Option<Duration> {
        match self.outage {
            Outage::Since(since) => Some(since.saturating_add(patience)),
            Outage::None | Outage::Told => None,
        }
    }
}

impl Pipeline {
    /// What is to be done next. While no engine is in order nothing is begun; what leaves the line by itself still comes, and
    /// after a while everything is let go that nobody paid for.
    pub(super) async fn next(&self, gate: &mut Gate) -> Option<Next<Job>> {
        let rooms = &self.0;
        loop {
            let open = gate.look(rooms);
            let told_at = gate.told_at(rooms.manners.outage.patience);
            tokio::select! {
                biased;
                () = changed(&mut gate.room) => {}
                () = rooms.until(told_at) => {
                    gate.outage = Outage::Told;
                    rooms.is_out.store(true, Ordering::Release);
                    rooms.scheduler.cancel(Pick::Unpromised).await;
                }
                next = take(&rooms.scheduler, open) => return next,
            }
        }
    }
}

async fn take(scheduler: &Scheduler<Job>, open: bool) -> Option<Next<Job>> {
    if open { scheduler.next().await } else { scheduler.next_dropped().await }
}

async fn changed(room: &mut watch::Receiver<usize>) {
    if room.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

impl Rooms {
    /// Whether no engine has been in order for longer than anybody is patient who did not pay.
    pub(super) fn is_out(&self) -> bool {
        self.is_out.load(Ordering::Acquire)
    }

    /// Whether a call is not worth a place in line: nothing answers, and nobody owes it one.
    pub(super) fn turns_away(&self, job: &Job) -> bool {
        let waits = job.is_paid() && self.manners.deadlines.on(job.call.call().address.place.platform).is_some();
        self.is_out() && !waits
    }

    /// Lets go of a call for which there is no engine. Whoever did not pay is told once in a while only: chat is quick to ask
    /// again.
    pub(super) async fn let_go(&self, job: Job) {
        let (now, every) = (self.clock.elapsed(), self.manners.outage.tell_again);
        let mut tell = true;
        self.troubled.note(job.call.call().who.clone(), |last| {
            tell = last.is_none_or(|last| now.saturating_sub(last) >= every);
            if tell {
                *last = Some(now);
            }
        });
        if tell || job.is_paid() {
            self.trouble(&job).await;
        }
        self.close_paid(&job).await;
        self.end(job).await;
    }

    /// Says in the persona's own words that it cannot answer.
    pub(super) async fn trouble(&self, job: &Job) {
        match self.cast().get(&job.persona) {
            Some(persona) => self.last_word(job, &persona.voice(job.language).trouble).await,
            None => self.last_sentence(job, "engine-trouble").await,
        }
    }

    async fn until(&self, at: Option<Duration>) {
        match at {
            Some(at) => self.clock.until(at).await,
            None => std::future::pending().await,
        }
    }
}
