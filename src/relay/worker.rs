//! The worker: claims what its engine has room for, has it answered, and keeps its claims alive.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Post, Published, answering::Answering, letter::Order, slot::Taken};
use crate::{
    engine::{Engine, Usage},
    link::{Inbox, Letter},
    scheduler::{Desk, Grant, QueueError},
};

/// Orders of one call that may lie unread; each of them is repeated when nothing comes of it.
const ORDERS: usize = 8;
/// Orders that are kept for claims that are not known yet.
const EARLY: usize = 64;
/// How often a worker looks for work that nobody rang for.
const POLL: Duration = Duration::from_secs(1);
/// After a trouble with the server, and between two looks at what is left to do at the end.
const PAUSE: Duration = Duration::from_millis(200);
/// How long one reading waits for orders.
const READING: Duration = Duration::from_millis(500);
/// The weight of the newest answer's speed.
const NEWEST: f64 = 0.2;

/// One machine's engine at work for the whole fleet.
pub struct Worker {
    desk: Desk,
    pub(super) engine: Arc<dyn Engine>,
    pub(super) post: Post,
    /// How long a gateway may take to send the prompt of a call that was claimed for it.
    pub(super) prompt_timeout: Duration,
    slots: AtomicUsize,
    speed: Mutex<f64>,
    /// Claims that are held, by their fences, and the way to whoever answers them.
    held: Mutex<BTreeMap<u64, (Grant, mpsc::Sender<Order>)>>,
    /// Orders that came before the reply to the claim that they are for. The oldest go first.
    early: Mutex<VecDeque<Order>>,
}

impl Worker {
    /// Nothing is claimed yet: see [`Worker::work`].
    #[must_use]
    pub fn new(desk: Desk, engine: Arc<dyn Engine>, post: Post, prompt_timeout: Duration) -> Arc<Self> {
        let slots = AtomicUsize::new(engine.profile().slots.max(1));
        let (speed, early) = (Mutex::new(0.0), Mutex::default());
        Arc::new(Self { desk, engine, post, prompt_timeout, slots, speed, held: Mutex::default(), early })
    }

    /// Joins the line: its slots count from here on.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn enter(&self) -> Result<(), QueueError> {
        self.renew().await
    }

    /// Works until it is told to stop. What runs then may go on for `grace`; what is left is given back to the line.
    pub async fn work(self: Arc<Self>, stop: CancellationToken, grace: Duration) {
        let ring = Arc::new(Notify::new());
        let mut tending = JoinSet::new();
        tending.spawn(Arc::clone(&self).read(self.desk.inbox(self.post.orders(self.desk.name())), Arc::clone(&ring)));
        tending.spawn(Arc::clone(&self).keep(stop.clone()));
        let mut answers = JoinSet::new();
        self.claim(&stop, &ring, &mut answers).await;
        if timeout(grace, self.all_done()).await.is_err() {
            tracing::warn!("answers that had begun are given back to the line");
        }
        answers.shutdown().await;
        let left: Vec<_> = std::mem::take(&mut *self.held()).into_values().collect();
        for (grant, _) in left {
            self.release(&grant).await;
        }
        tending.shutdown().await;
        if let Err(error) = self.desk.leave().await {
            tracing::warn!(%error, "the line was not told that this worker goes");
        }
    }

    /// Claims as long as the engine has room and calls wait.
    async fn claim(self: &Arc<Self>, stop: &CancellationToken, ring: &Notify, answers: &mut JoinSet<()>) {
        let (taken, mut room) = (Arc::<Taken>::default(), self.engine.room());
        while stop.run_until_cancelled(self.wait_for_room(&mut room, &taken)).await.is_some() {
            while answers.try_join_next().is_some() {}
            match self.desk.claim().await {
                Ok(Some(grant)) => {
                    let orders = self.hold(&grant);
                    answers.spawn(Answering::new(Arc::clone(self), grant).answer(orders, taken.one()));
                }
                Ok(None) => {
                    let something = async {
                        tokio::select! { () = ring.notified() => {}, () = sleep(POLL) => {} }
                    };
                    stop.run_until_cancelled(something).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "nothing can be claimed");
                    sleep(PAUSE).await;
                }
            }
        }
        self.slots.store(0, Ordering::Relaxed);
    }

    /// Waits until fewer slots are taken than the engine has room for, which changes with its health and its load.
    async fn wait_for_room(&self, room: &mut watch::Receiver<usize>, taken: &Taken) {
        loop {
            let slots = *room.borrow_and_update();
            self.slots.store(slots, Ordering::Relaxed);
            if taken.count() < slots {
                return;
            }
            tokio::select! { () = taken.freed() => {}, () = changed(room) => {} }
        }
    }

    /// Says again and again that this worker lives, and lets go of claims that it has lost.
    async fn keep(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let renewed = self.renew().await;
            if let Err(error) = &renewed {
                tracing::warn!(%error, "claims are not renewed");
            }
            // At the end, what gateways have settled is to be known soon.
            let pause = if renewed.is_err() || stop.is_cancelled() { PAUSE } else { self.desk.lease() / 3 };
            tokio::select! { () = sleep(pause) => {}, () = stop.cancelled(), if !stop.is_cancelled() => {} }
        }
    }

    async fn renew(&self) -> Result<(), QueueError> {
        let grants: Vec<_> = self.held().values().map(|(grant, _)| grant.clone()).collect();
        let tokens_per_second = *self.speed.lock().unwrap_or_else(PoisonError::into_inner);
        let published = Published { profile: self.engine.profile().clone(), tokens_per_second };
        let slots = self.slots.load(Ordering::Relaxed);
        for fence in self.desk.renew(slots, &published.written(), &grants).await? {
            self.let_go(fence);
        }
        Ok(())
    }

    /// Hands orders to whoever answers, and rings when there may be work.
    async fn read(self: Arc<Self>, mut inbox: Inbox, ring: Arc<Notify>) {
        let stream = self.post.orders(self.desk.name());
        loop {
            match inbox.next(READING).await {
                Ok(letters) => letters.iter().for_each(|letter| self.hear(&stream, letter, &ring)),
                Err(error) => {
                    tracing::warn!(%error, "prompts are late");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn hear(&self, stream: &str, letter: &Letter, ring: &Notify) {
        let Letter::Own(letter) = letter else { return ring.notify_one() };
        match self.post.open::<Order>(stream, letter) {
            Ok(order) => self.hand_over(order),
            Err(error) => tracing::error!(%error, "a prompt is lost"),
        }
    }

    fn hand_over(&self, order: Order) {
        let held = self.held();
        if let Some((_, orders)) = held.get(&order.fence()) {
            let _ = orders.try_send(order);
            return;
        }
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        early.push_back(order);
        if early.len() > EARLY {
            early.pop_front();
        }
    }

    fn hold(&self, grant: &Grant) -> mpsc::Receiver<Order> {
        let (sender, orders) = mpsc::channel(ORDERS);
        let mut held = self.held();
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        let (ours, others) = early.drain(..).partition::<VecDeque<_>, _>(|order| order.fence() == grant.fence);
        *early = others;
        for order in ours {
            let _ = sender.try_send(order);
        }
        held.insert(grant.fence, (grant.clone(), sender));
        orders
    }

    /// A claim is over here: whoever answers it hears no more orders.
    pub(super) fn let_go(&self, fence: u64) {
        self.held().remove(&fence);
    }

    /// Gives a call back that will not be answered here.
    pub(super) async fn release(&self, grant: &Grant) {
        self.let_go(grant.fence);
        if let Err(error) = self.desk.release(grant).await {
            tracing::warn!(%error, "a claim is not given back; it runs out by itself");
        }
    }

    pub(super) fn learn(&self, usage: &Usage) {
        let seconds = usage.decode.as_secs_f64();
        let tokens = f64::from(u32::try_from(usage.output_tokens.saturating_sub(1)).unwrap_or(u32::MAX));
        if seconds > 0.0 && tokens > 0.0 {
            let mut speed = self.speed.lock().unwrap_or_else(PoisonError::into_inner);
            let seen = tokens / seconds;
            *speed = if *speed > 0.0 { *speed + NEWEST * (seen - *speed) } else { seen };
        }
    }

    async fn all_done(&self) {
        while !self.held().is_empty() {
            sleep(PAUSE).await;
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u64, (Grant, mpsc::Sender<Order>)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("profile", self.engine.profile()).finish_non_exhaustive()
    }
}

/// Never, once nobody is left who could change it.
async fn changed(room: &mut watch::Receiver<usize>) {
    if room.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
