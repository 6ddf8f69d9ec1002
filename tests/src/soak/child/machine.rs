//! The child's line and engine: of this process alone, or shared by a Redis server as the machines of a fleet share it.

use std::{sync::Arc, time::Duration};

use lovelm::{
    clock::Clock,
    config::Config,
    engine::Engine,
    link::Link,
    pipeline::Job,
    privacy::Keyring,
    relay::{self, Patience, Post, Published, Relay, Worker},
    scheduler::{Desk, PREFIX, QueueError, RedisQueue, Scheduler},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::SLOTS;
use crate::scripted::ScriptedEngine;

/// How long the worker may take to notice that its gateway is gone.
const GOODBYE: Duration = Duration::from_secs(2);
/// Between two tries to reach the server.
const AGAIN: Duration = Duration::from_millis(200);

/// What answers.
pub(super) struct Machine {
    pub scheduler: Scheduler<Job>,
    pub engine: Arc<dyn Engine>,
    shared: Option<Shared>,
}

struct Shared {
    queue: Arc<RedisQueue>,
    work: JoinHandle<()>,
    stop: CancellationToken,
}

impl Machine {
    pub(super) fn alone(config: &Config, engine: ScriptedEngine, clock: Arc<dyn Clock>) -> Self {
        let scheduler = Scheduler::start(&config.scheduler, SLOTS, clock);
        Self { scheduler, engine: Arc::new(engine), shared: None }
    }

    /// Gateway and worker in one; waits for the server.
    pub(super) async fn sharing(
        url: &str,
        config: &Config,
        engine: ScriptedEngine,
        parts: (&Arc<Keyring>, &Arc<dyn Clock>),
    ) -> Self {
        let engine: Arc<dyn Engine> = Arc::new(engine);
        loop {
            match Self::join(url, config, &engine, parts).await {
                Ok(machine) => return machine,
                // A service manager would start it again.
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    async fn join(
        url: &str,
        config: &Config,
        engine: &Arc<dyn Engine>,
        (keyring, clock): (&Arc<Keyring>, &Arc<dyn Clock>),
    ) -> Result<Self, QueueError> {
        let link = Arc::new(Link::open(url, &config.redis).expect("an address"));
        let name = relay::fresh_name().expect("a name");
        let settings = (&config.scheduler, &config.redis);
        let queue = RedisQueue::join(Arc::clone(&link), PREFIX, &name, settings, Arc::clone(clock)).await?;
        let post = Post::new(Arc::clone(&link), Arc::clone(keyring), PREFIX);
        let desk = Desk::join(link, PREFIX, &name, settings).await?;
        let worker = Worker::new(desk, Arc::clone(engine), post.clone(), config.redis.prompt_timeout);
        worker.enter().await?;
        let profile = relay::common(&Published::of(&queue.profiles().await?)).expect("this worker at least");
        let stop = CancellationToken::new();
        let work = tokio::spawn(worker.work(stop.clone(), GOODBYE));
        let patience = Patience {
            stall: Duration::from_mins(1),
            worker: Duration::from_secs(30),
            nudge: Duration::from_millis(500),
        };
        let relay = Relay::start(Arc::clone(&queue), post, &name, profile, patience);
        let scheduler = Scheduler::over(Arc::clone(&queue) as _);
        Ok(Self { scheduler, engine: Arc::new(relay), shared: Some(Shared { queue, work, stop }) })
    }

    /// Goes as a fleet goes.
    pub(super) async fn leave(self) {
        if let Some(Shared { queue, work, stop }) = self.shared {
            let _ = queue.leave().await;
            stop.cancel();
            let _ = work.await;
        }
    }
}
