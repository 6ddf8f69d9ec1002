//! A line under test, with a clock that is moved by hand. In Redis a worker claims when a test asks what comes next.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use crate::{
    clock::{Clock, ManualClock},
    link::{Link, RedisConfig, server::RedisServer},
    scheduler::{
        Account, Claim, Class, Desk, Dropped, Line, NewCall, Next, Pick, RedisQueue, Scheduler, SchedulerConfig,
        TicketId, Waiting, call::Admission,
    },
};

pub const SECOND: Duration = Duration::from_secs(1);
/// Nothing takes as long.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a bystander looks away between two looks.
const BLINK: Duration = Duration::from_millis(2);

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Memory,
    Redis,
}

impl Kind {
    pub async fn scene(self, slots: usize) -> Scene {
        self.scene_with(&SchedulerConfig::default(), slots).await
    }

    pub async fn scene_with(self, config: &SchedulerConfig, slots: usize) -> Scene {
        let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
        let timed: Arc<dyn Clock> = clock.clone();
        match self {
            Self::Memory => Scene { line: Scheduler::start(config, slots, timed), clock, redis: None },
            Self::Redis => {
                let redis = InRedis::start(config, slots, timed).await;
                Scene { line: Scheduler::over(redis.queue.clone()), clock, redis: Some(redis) }
            }
        }
    }
}

pub struct Scene {
    pub line: Scheduler<&'static str>,
    pub clock: Arc<ManualClock>,
    redis: Option<InRedis>,
}

/// What lies behind a line in Redis.
struct InRedis {
    queue: Arc<RedisQueue>,
    desk: Arc<Desk>,
    pulse: JoinHandle<()>,
    _server: RedisServer,
}

impl InRedis {
    async fn start(config: &SchedulerConfig, slots: usize, clock: Arc<dyn Clock>) -> Self {
        let server = RedisServer::start();
        // Nobody dies here, however far the clock is moved.
        let redis = RedisConfig { lease: Duration::from_hours(1000), ..RedisConfig::default() };
        let link = Arc::new(Link::open(&server.url(), &redis).unwrap());
        let settings = (config, &redis);
        let desk = Desk::join_timed(Arc::clone(&link), "{t}", "w", settings, Arc::clone(&clock)).await.unwrap();
        desk.renew(slots, "", &[]).await.unwrap();
        let queue = RedisQueue::join_timed(link, "{t}", "g", settings, clock).await.unwrap();
        let desk = Arc::new(desk);
        let pulse = tokio::spawn(pulse(Arc::clone(&queue)));
        Self { queue, desk, pulse, _server: server }
    }
}

impl Drop for InRedis {
    fn drop(&mut self) {
        self.pulse.abort();
    }
}

/// Any operation moves the line's time on.
async fn pulse(queue: Arc<RedisQueue>) {
    loop {
        let _ = queue.profiles().await;
        tokio::time::sleep(10 * BLINK).await;
    }
}

impl Scene {
    pub async fn ask(&self, job: &'static str, call: NewCall) -> TicketId {
        self.calm().await;
        self.line.enqueue(call, job).await.unwrap().ticket
    }

    pub async fn cancel(&self, pick: Pick) -> usize {
        self.calm().await;
        self.line.cancel(pick).await
    }

    pub async fn standing(&self, account: &Account) -> Vec<Waiting> {
        self.calm().await;
        self.line.standing(account).await
    }

    pub async fn counts(&self) -> Line {
        self.calm().await;
        self.line.line().await
    }

    pub async fn set_slots(&self, slots: usize) {
        match &self.redis {
            Some(redis) => drop(redis.desk.renew(slots, "", &[]).await.unwrap()),
            None => self.line.set_slots(slots),
        }
    }

    /// What comes next, which must be there or come by itself.
    pub async fn next(&self) -> Next<&'static str> {
        let next = tokio::time::timeout(PATIENCE, self.take());
        next.await.expect("something comes").expect("the line is open")
    }

    pub async fn run(&self, job: &str) -> Claim<&'static str> {
        match self.next().await {
            Next::Run(claim) if *claim.job() == job => claim,
            other => panic!("{other:?} instead of {job}"),
        }
    }

    pub async fn dropped(&self, job: &str) -> Dropped {
        match self.next().await {
            Next::Dropped(dropped, why) if dropped == job => why,
            other => panic!("{other:?} instead of {job}"),
        }
    }

    /// Whether nothing comes, however often everyone has had their say.
    pub async fn is_still(&self) -> bool {
        let mut next = Box::pin(self.take());
        for _ in 0..20 {
            match &self.redis {
                Some(_) => tokio::time::sleep(BLINK).await,
                None => tokio::task::yield_now().await,
            }
            if futures::poll!(&mut next).is_ready() {
                return false;
            }
        }
        true
    }

    /// Lets workers take whatever comes, where they are not the takers themselves.
    pub fn work(&self) -> Option<JoinHandle<()>> {
        let desk = Arc::clone(&self.redis.as_ref()?.desk);
        Some(tokio::spawn(async move {
            loop {
                let _ = desk.claim().await;
                tokio::time::sleep(BLINK).await;
            }
        }))
    }

    /// Waits until so many calls were dropped and are to be fetched.
    pub async fn until_dropped(&self, count: usize) {
        let Some(redis) = &self.redis else { return };
        while redis.queue.unfetched() < count {
            tokio::time::sleep(BLINK).await;
        }
    }

    /// What was dropped comes first, as it does where nothing lies between.
    async fn take(&self) -> Option<Next<&'static str>> {
        self.calm().await;
        let Some(redis) = &self.redis else { return self.line.next().await };
        let mut next = Box::pin(self.line.next());
        loop {
            for _ in 0..5 {
                if let std::task::Poll::Ready(came) = futures::poll!(&mut next) {
                    return came;
                }
                tokio::time::sleep(BLINK).await;
            }
            redis.desk.claim().await.unwrap();
        }
    }

    /// Waits until the server knows all that was done here.
    async fn calm(&self) {
        let Some(redis) = &self.redis else { return };
        while !redis.queue.is_caught_up() {
            tokio::time::sleep(BLINK).await;
        }
    }
}

pub fn call(person: u8, class: Class) -> NewCall {
    NewCall {
        account: Account::new([person; 32]),
        place: Account::new([200; 32]),
        newcomer: false,
        class,
        credit_cents: 100,
        estimate: 5 * SECOND,
        waited: Duration::ZERO,
        deadline: None,
        resume: Some(SECOND),
        admission: Admission,
    }
}

pub fn free(person: u8) -> NewCall {
    call(person, Class::Free)
}
