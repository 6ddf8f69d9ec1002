//! The scheduler as the fleet holds it: verbs on a handle. The jobs stay here; the line behind it knows their numbers only.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Account, Claim, Line, Micros, NewCall, Next, Pick, Placed, SchedulerConfig, TicketId, Turned, Waiting,
    queue::{Came, Queue, memory::MemoryQueue},
};
use crate::clock::Clock;

/// A line of calls in front of engines' slots. Clones share it.
#[derive(Debug)]
pub struct Scheduler<J>(Arc<Shared<J>>);

impl<J> Clone for Scheduler<J> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// What all handles and claims share.
pub(super) struct Shared<J> {
    queue: Arc<dyn Queue>,
    /// Of the calls that are not out as claims. Bounded by the line.
    jobs: Mutex<BTreeMap<TicketId, J>>,
}

impl<J: Send + 'static> Scheduler<J> {
    /// An empty line of this process alone, in front of `slots` slots (at least one). Inside a tokio runtime.
    #[must_use]
    pub fn start(config: &SchedulerConfig, slots: usize, clock: Arc<dyn Clock>) -> Self {
        Self::over(MemoryQueue::start(config, slots, clock))
    }

    /// A handle in front of a line, of which it is the only one here.
    #[must_use]
    pub fn over(queue: Arc<dyn Queue>) -> Self {
        Self(Arc::new(Shared { queue, jobs: Mutex::default() }))
    }

    /// Puts a call into the line, or gives it back with the reason why not. Never waits for room.
    pub async fn enqueue(&self, call: NewCall, job: J) -> Result<Placed, (J, Turned)> {
        let ticket = self.0.queue.number();
        // Before the line has it, or its turn could come first.
        self.0.jobs().insert(ticket, job);
        self.0.queue.enqueue(ticket, call).await.map_err(|turned| {
            let job = self.0.jobs().remove(&ticket).expect("what is turned away never comes out of the line");
            (job, turned)
        })
    }

    /// What is to be done next: waits for a free slot and a call, or for a call that was dropped. `None` once the scheduler
    /// is closed and all that was accepted has ended. Several tasks may ask; who answers within the asking task should have more
    /// of them than slots, or nobody is told of a drop while all are busy.
    pub async fn next(&self) -> Option<Next<J>> {
        self.wait_for(true).await
    }

    /// The same, but begins nothing: what may run stays in the line.
    pub async fn next_dropped(&self) -> Option<Next<J>> {
        self.wait_for(false).await
    }

    async fn wait_for(&self, may_run: bool) -> Option<Next<J>> {
        loop {
            match self.0.queue.next(may_run).await? {
                Came::Run(ticket) => {
                    let job = self.0.jobs().remove(&ticket);
                    let stop = self.0.queue.stops().of(ticket);
                    if let (Some(job), Some(stop)) = (job, stop) {
                        return Some(Next::Run(Claim::new(job, ticket, stop, Arc::clone(&self.0))));
                    }
                    self.0.queue.settle(ticket, Some(Micros::ZERO));
                }
                Came::Dropped(ticket, why) => {
                    if let Some(job) = self.0.jobs().remove(&ticket) {
                        return Some(Next::Dropped(job, why));
                    }
                }
            }
        }
    }

    /// Where a person's waiting calls stand, the oldest first.
    pub async fn standing(&self, account: &Account) -> Vec<Waiting> {
        self.0.queue.standing(account).await
    }

    /// Looks at the jobs of the calls that wait, in the order of their numbers. Of a line that many machines share: those that came
    /// in here.
    pub fn look<T>(&self, look: impl FnMut((&TicketId, &J)) -> Option<T>) -> Vec<T> {
        self.0.jobs().iter().filter_map(look).collect()
    }

    pub async fn line(&self) -> Line {
        self.0.queue.line().await
    }

    /// Cancels calls and gives how many it met: waiting ones come out of [`Scheduler::next`] as dropped, running ones see
    /// [`Claim::stopped`].
    pub async fn cancel(&self, pick: Pick) -> usize {
        self.0.queue.cancel(pick).await
    }

    /// How many answers may run at once from now on, where the slots are this process's own.
    pub fn set_slots(&self, slots: usize) {
        self.0.queue.set_slots(slots);
    }

    /// Accepts nothing more. What waits comes out as [`super::Dropped::Closed`]; what runs may end.
    pub fn close(&self) {
        self.0.queue.close();
    }
}

impl<J> Shared<J> {
    pub fn queue(&self) -> &dyn Queue {
        self.queue.as_ref()
    }

    /// Takes the job of a call that waits again.
    pub fn keep(&self, ticket: TicketId, job: J) {
        self.jobs().insert(ticket, job);
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeMap<TicketId, J>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J> fmt::Debug for Shared<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").finish_non_exhaustive()
    }
}
