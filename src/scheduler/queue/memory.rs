//! The line in this process: the state behind a lock, and one task that watches the time.

mod numbers;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use tokio::sync::Notify;

use self::numbers::Numbers;
use super::{Came, Queue, Stops};
use crate::{
    clock::Clock,
    scheduler::{
        Account, Dropped, Effect, Line, Micros, NewCall, Pick, Placed, SchedulerConfig, State, TicketId, Turned,
        Waiting,
    },
};

/// When the state's time begins, on its own scale: what waited before this start has a time before it.
const ORIGIN: Micros = Micros::new(7 * 86_400_000_000);

/// The line in memory. It knows its calls by the handle's numbers, the state by its own.
pub struct MemoryQueue {
    inner: Mutex<Inner>,
    newest: AtomicU64,
    stops: Stops,
    clock: Arc<dyn Clock>,
    /// Something may be there to be taken. Passed on from taker to taker.
    work: Notify,
    /// The next deadline may be another.
    due: Arc<Notify>,
    most_dropped: usize,
}

struct Inner {
    state: State,
    numbers: Numbers,
    /// Since when a call runs.
    since: BTreeMap<TicketId, Micros>,
    /// Left the line, not yet fetched. Bounded by what may wait, twice.
    drops: VecDeque<(TicketId, Dropped)>,
    closed: bool,
}

impl MemoryQueue {
    /// An empty line in front of `slots` slots (at least one). Inside a tokio runtime.
    pub fn start(config: &SchedulerConfig, slots: usize, clock: Arc<dyn Clock>) -> Arc<Self> {
        let inner = Inner {
            state: State::new(config, slots),
            numbers: Numbers::default(),
            since: BTreeMap::new(),
            drops: VecDeque::new(),
            closed: false,
        };
        let queue = Arc::new(Self {
            inner: Mutex::new(inner),
            newest: AtomicU64::new(0),
            stops: Stops::default(),
            clock: Arc::clone(&clock),
            work: Notify::new(),
            due: Arc::new(Notify::new()),
            most_dropped: config.most_waiting.max(1),
        });
        tokio::spawn(watch_time(Arc::downgrade(&queue), clock, Arc::clone(&queue.due)));
        queue
    }

    /// Changes the state, carries out what it decided, and wakes whoever may care.
    fn with<T>(&self, change: impl FnOnce(&mut Inner, Micros) -> T) -> T {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let due = inner.state.next_due();
        let changed = change(&mut inner, self.now());
        inner.carry_out(&self.stops);
        let due_changed = inner.state.next_due() != due;
        drop(inner);
        self.work.notify_one();
        if due_changed {
            self.due.notify_one();
        }
        changed
    }

    fn take(&self, may_run: bool) -> Taken {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = inner.take(self.now(), &self.stops, may_run);
        drop(inner);
        // There may be more: the next taker looks.
        if !matches!(taken, Taken::Nothing) {
            self.work.notify_one();
            self.due.notify_one();
        }
        taken
    }

    fn now(&self) -> Micros {
        ORIGIN.plus(self.clock.elapsed().into())
    }
}

/// Wakes the state when a deadline comes. Ends when the last handle and the last claim are gone.
async fn watch_time(queue: Weak<MemoryQueue>, clock: Arc<dyn Clock>, changed: Arc<Notify>) {
    while let Some(due) = queue.upgrade().map(|queue| queue.with(Inner::tick)) {
        match due {
            Some(due) => tokio::select! {
                () = clock.until(due.minus(ORIGIN).into()) => {}
                () = changed.notified() => {}
            },
            None => changed.notified().await,
        }
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    fn number(&self) -> TicketId {
        TicketId(self.newest.fetch_add(1, Ordering::Relaxed) + 1)
    }

    async fn enqueue(&self, ticket: TicketId, call: NewCall) -> Result<Placed, Turned> {
        self.with(|inner, now| {
            // What was dropped waits for its worker within the same bounds as what was not.
            if inner.drops.len() >= self.most_dropped {
                return Err(Turned::Full);
            }
            let placed = inner.state.enqueue(now, &call)?;
            inner.numbers.pair(ticket, placed.ticket);
            Ok(Placed { ticket, ..placed })
        })
    }

    async fn next(&self, may_run: bool) -> Option<Came> {
        loop {
            let mut woken = std::pin::pin!(self.work.notified());
            woken.as_mut().enable();
            match self.take(may_run) {
                Taken::Came(came) => return Some(came),
                Taken::End => return None,
                Taken::Nothing => woken.await,
            }
        }
    }

    fn prefilled(&self, ticket: TicketId) {
        self.with(|inner, now| {
            if let Some(states) = inner.numbers.states(ticket) {
                inner.state.prefilled(now, states);
            }
        });
    }

    fn settle(&self, ticket: TicketId, used: Option<Micros>) {
        self.with(|inner, now| {
            let since = inner.since.remove(&ticket).unwrap_or(now);
            let Some(states) = inner.numbers.states(ticket) else { return };
            inner.numbers.end(states);
            self.stops.close(ticket);
            inner.state.settle(now, states, used.unwrap_or(now.minus(since)));
        });
    }

    fn give_back(&self, ticket: TicketId, used: Micros, left: Micros) {
        self.with(|inner, now| {
            inner.since.remove(&ticket);
            self.stops.close(ticket);
            if let Some(states) = inner.numbers.states(ticket) {
                inner.state.give_back(now, states, used, left);
            }
        });
    }

    async fn cancel(&self, pick: Pick) -> usize {
        self.with(|inner, now| {
            let pick = match pick {
                Pick::Ticket(ticket) => inner.numbers.states(ticket).map(Pick::Ticket),
                pick => Some(pick),
            };
            pick.map_or(0, |pick| inner.state.cancel(now, pick))
        })
    }

    async fn standing(&self, account: &Account) -> Vec<Waiting> {
        self.with(|inner, _| {
            let standing = inner.state.standing(account).into_iter();
            standing.filter_map(|one| Some(Waiting { ticket: inner.numbers.ours(one.ticket)?, ..one })).collect()
        })
    }

    async fn line(&self) -> Line {
        self.with(|inner, now| {
            inner.state.tick(now);
            inner.state.line()
        })
    }

    fn set_slots(&self, slots: usize) {
        self.with(|inner, _| inner.state.set_slots(slots));
    }

    fn close(&self) {
        self.with(|inner, now| {
            inner.closed = true;
            inner.state.close(now);
        });
    }

    fn stops(&self) -> &Stops {
        &self.stops
    }
}

enum Taken {
    Came(Came),
    End,
    Nothing,
}

impl Inner {
    fn take(&mut self, now: Micros, stops: &Stops, may_run: bool) -> Taken {
        self.state.tick(now);
        self.carry_out(stops);
        if let Some((ticket, why)) = self.drops.pop_front() {
            return Taken::Came(Came::Dropped(ticket, why));
        }
        if may_run
            && let Some(states) = self.state.claim(now)
            && let Some(ticket) = self.numbers.ours(states)
        {
            self.since.insert(ticket, now);
            stops.open(ticket);
            return Taken::Came(Came::Run(ticket));
        }
        if self.closed && self.state.is_empty() { Taken::End } else { Taken::Nothing }
    }

    fn tick(&mut self, now: Micros) -> Option<Micros> {
        self.state.tick(now);
        self.state.next_due()
    }

    fn carry_out(&mut self, stops: &Stops) {
        for effect in self.state.take_effects() {
            match effect {
                Effect::Dropped(states, why) => {
                    self.drops.extend(self.numbers.end(states).map(|ticket| (ticket, why)));
                }
                Effect::Stop(states, why) => {
                    if let Some(ticket) = self.numbers.ours(states) {
                        stops.tell(ticket, why);
                    }
                }
            }
        }
    }
}

impl Drop for MemoryQueue {
    fn drop(&mut self) {
        self.due.notify_one();
    }
}

impl fmt::Debug for MemoryQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryQueue").finish_non_exhaustive()
    }
}
