//! The scheduler as the fleet holds it: verbs on a handle, one task that watches the time, and the state between them.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{Notify, watch};

use super::{
    Account, Claim, Dropped, Effect, Line, Micros, NewCall, Next, Pick, Placed, SchedulerConfig, State, Stop, TicketId,
    Turned, Waiting,
};
use crate::clock::Clock;

/// When the state's time begins, on its own scale: what waited before this start has a time before it.
const ORIGIN: Micros = Micros::new(7 * 86_400_000_000);

/// A line of calls in front of an engine's slots. Clones share it.
#[derive(Debug)]
pub struct Scheduler<J>(Arc<Shared<J>>);

impl<J> Clone for Scheduler<J> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<J: Send + 'static> Scheduler<J> {
    /// An empty line in front of `slots` slots (at least one). Inside a tokio runtime.
    #[must_use]
    pub fn start(config: &SchedulerConfig, slots: usize, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner {
            state: State::new(config, slots),
            jobs: BTreeMap::new(),
            stops: BTreeMap::new(),
            drops: VecDeque::new(),
            closed: false,
        };
        let shared = Arc::new(Shared {
            inner: Mutex::new(inner),
            clock: Arc::clone(&clock),
            work: Notify::new(),
            due: Arc::new(Notify::new()),
            most_dropped: config.most_waiting.max(1),
        });
        tokio::spawn(watch_time(Arc::downgrade(&shared), clock, Arc::clone(&shared.due)));
        Self(shared)
    }

    /// Puts a call into the line, or gives it back with the reason why not. Never waits for room.
    #[expect(clippy::unused_async, reason = "the verbs of a line that may lie on another machine")]
    pub async fn enqueue(&self, call: NewCall, job: J) -> Result<Placed, (J, Turned)> {
        self.0.with(|inner, now| {
            // What was dropped waits for its worker within the same bounds as what was not.
            if inner.drops.len() >= self.0.most_dropped {
                return Err((job, Turned::Full));
            }
            match inner.state.enqueue(now, &call) {
                Ok(placed) => {
                    inner.jobs.insert(placed.ticket, job);
                    Ok(placed)
                }
                Err(turned) => Err((job, turned)),
            }
        })
    }

    /// What is to be done next: waits for a free slot and a call, or for a call that was dropped. `None` once the scheduler
    /// is closed and all that was accepted has ended. Several tasks may ask; who answers within the asking task should have more
    /// of them than slots, or nobody is told of a drop while all are busy.
    pub async fn next(&self) -> Option<Next<J>> {
        loop {
            let mut woken = std::pin::pin!(self.0.work.notified());
            woken.as_mut().enable();
            match self.0.take() {
                Taken::Next(next) => return Some(next),
                Taken::End => return None,
                Taken::Nothing => woken.await,
            }
        }
    }

    /// Where a person's waiting calls stand, the oldest first.
    #[expect(clippy::unused_async, reason = "the verbs of a line that may lie on another machine")]
    pub async fn standing(&self, account: &Account) -> Vec<Waiting> {
        self.0.with(|inner, _| inner.state.standing(account))
    }

    #[expect(clippy::unused_async, reason = "the verbs of a line that may lie on another machine")]
    pub async fn line(&self) -> Line {
        self.0.with(|inner, _| inner.state.line())
    }

    /// Cancels calls and gives how many it met: waiting ones come out of [`Scheduler::next`] as dropped, running ones see
    /// [`Claim::stopped`].
    #[expect(clippy::unused_async, reason = "the verbs of a line that may lie on another machine")]
    pub async fn cancel(&self, pick: Pick) -> usize {
        self.0.with(|inner, now| inner.state.cancel(now, pick))
    }

    /// How many answers may run at once from now on.
    pub fn set_slots(&self, slots: usize) {
        self.0.with(|inner, _| inner.state.set_slots(slots));
    }

    /// Accepts nothing more. What waits comes out as [`Dropped::Closed`]; what runs may end.
    pub fn close(&self) {
        self.0.with(|inner, now| {
            inner.closed = true;
            inner.state.close(now);
        });
    }
}

/// Wakes the state when a deadline comes. Ends when the last handle and the last claim are gone.
async fn watch_time<J>(shared: Weak<Shared<J>>, clock: Arc<dyn Clock>, changed: Arc<Notify>) {
    while let Some(due) = shared.upgrade().map(|shared| shared.with(Inner::tick)) {
        match due {
            Some(due) => tokio::select! {
                () = clock.until(due.minus(ORIGIN).into()) => {}
                () = changed.notified() => {}
            },
            None => changed.notified().await,
        }
    }
}

/// What all handles and claims share.
pub(super) struct Shared<J> {
    inner: Mutex<Inner<J>>,
    clock: Arc<dyn Clock>,
    /// Something may be there to be taken. Passed on from taker to taker.
    work: Notify,
    /// The next deadline may be another.
    due: Arc<Notify>,
    most_dropped: usize,
}

pub(super) struct Inner<J> {
    pub state: State,
    /// Of the calls that wait.
    pub jobs: BTreeMap<TicketId, J>,
    /// To the workers of the calls that run.
    pub stops: BTreeMap<TicketId, watch::Sender<Option<Stop>>>,
    /// Left the line, not yet fetched. Bounded by what may wait, twice.
    drops: VecDeque<(J, Dropped)>,
    closed: bool,
}

enum Taken<J> {
    Next(Next<J>),
    End,
    Nothing,
}

impl<J> Shared<J> {
    pub fn now(&self) -> Micros {
        ORIGIN.plus(self.clock.elapsed().into())
    }

    /// Changes the state, carries out what it decided, and wakes whoever may care.
    pub fn with<T>(&self, change: impl FnOnce(&mut Inner<J>, Micros) -> T) -> T {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let due = inner.state.next_due();
        let changed = change(&mut inner, self.now());
        inner.carry_out();
        let due_changed = inner.state.next_due() != due;
        drop(inner);
        self.work.notify_one();
        if due_changed {
            self.due.notify_one();
        }
        changed
    }
}

impl<J> Shared<J> {
    fn take(self: &Arc<Self>) -> Taken<J> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = inner.take(self.now(), self);
        drop(inner);
        // There may be more: the next taker looks.
        if !matches!(taken, Taken::Nothing) {
            self.work.notify_one();
            self.due.notify_one();
        }
        taken
    }
}

impl<J> Inner<J> {
    fn take(&mut self, now: Micros, shared: &Arc<Shared<J>>) -> Taken<J> {
        self.state.tick(now);
        self.carry_out();
        if let Some((job, why)) = self.drops.pop_front() {
            return Taken::Next(Next::Dropped(job, why));
        }
        if let Some(ticket) = self.state.claim(now)
            && let Some(job) = self.jobs.remove(&ticket)
        {
            let (stop, stopped) = watch::channel(None);
            self.stops.insert(ticket, stop);
            return Taken::Next(Next::Run(Claim::new(job, ticket, now, stopped, Arc::clone(shared))));
        }
        if self.closed && self.state.is_empty() { Taken::End } else { Taken::Nothing }
    }

    fn tick(&mut self, now: Micros) -> Option<Micros> {
        self.state.tick(now);
        self.state.next_due()
    }

    fn carry_out(&mut self) {
        for effect in self.state.take_effects() {
            match effect {
                Effect::Dropped(ticket, why) => self.drops.extend(self.jobs.remove(&ticket).map(|job| (job, why))),
                Effect::Stop(ticket, why) => {
                    if let Some(stop) = self.stops.get(&ticket) {
                        stop.send_replace(Some(why));
                    }
                }
            }
        }
    }
}

impl<J> Drop for Shared<J> {
    fn drop(&mut self) {
        self.due.notify_one();
    }
}

impl<J> fmt::Debug for Shared<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").finish_non_exhaustive()
    }
}
