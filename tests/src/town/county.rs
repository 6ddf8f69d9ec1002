//! Several towns of one fleet: gateways and workers around one real Redis and one real Postgres, each with what a machine of its
//! own would have. Workers can be killed, and Redis can lose everything.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use lovelm::{
    chat::{Outbox, Platform},
    clock::{Clock, ManualClock},
    config::Config,
    engine::Engine,
    limits::Limits,
    link::Link,
    persona,
    pipeline::{Manners, Parts, Pipeline},
    privacy::Keyring,
    relay::{self, Patience, Post, Published, Relay, Worker},
    scheduler::{Desk, PREFIX, RedisQueue, Scheduler},
    store::Store,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Square, Town, calm, noon, saying};
use crate::{database::Database, redis::RedisServer, scripted::ScriptedEngine};

/// What the machines share.
#[derive(Debug)]
pub struct County {
    pub redis: RedisServer,
    pub database: Arc<Database>,
    config: Config,
    keys: Arc<TempDir>,
}

impl County {
    pub async fn open() -> Self {
        Self::on(Database::open().await)
    }

    /// Around this database.
    pub fn on(database: Database) -> Self {
        let mut config = calm();
        config.redis.lease = Duration::from_secs(2);
        config.redis.reply_timeout = Duration::from_millis(500);
        let database = Arc::new(database);
        Self { redis: RedisServer::start(), database, config, keys: Arc::new(TempDir::new().expect("a folder")) }
    }

    fn link(&self) -> Arc<Link> {
        Arc::new(Link::open(&self.redis.url(), &self.config.redis).expect("an address"))
    }

    fn keyring(&self) -> Arc<Keyring> {
        Arc::new(Keyring::open_or_create(&self.keys.path().join("keys")).expect("a keyring"))
    }

    /// A machine with people and without a model. A worker has to be there.
    pub async fn town(&self, name: &str) -> Town {
        let (link, keyring, clock) = (self.link(), self.keyring(), Arc::new(ManualClock::at(noon())));
        let timed: Arc<dyn Clock> = clock.clone();
        let settings = (&self.config.scheduler, &self.config.redis);
        let queue = RedisQueue::join(Arc::clone(&link), PREFIX, name, settings, Arc::clone(&timed)).await;
        let queue = queue.expect("a place at the line");
        let post = Post::new(link, Arc::clone(&keyring), PREFIX);
        let patience = Patience {
            stall: Duration::from_mins(1),
            worker: Duration::from_secs(30),
            nudge: Duration::from_millis(500),
        };
        let published = Published::of(&queue.profiles().await.expect("an answer"));
        let profile = relay::common(&published).expect("a worker");
        let relay = Relay::start(Arc::clone(&queue), post, name, profile, patience);
        let store = Store::connect(self.database.url(), 8).await.expect("a store");
        let square = Square::default();
        let outboxes = [Platform::Console, Platform::Discord, Platform::Twitch]
            .map(|platform| (platform, Arc::new(square.outbox(platform)) as Arc<dyn Outbox>));
        let pipeline = Pipeline::new(Parts {
            personas: persona::load(&self.config.personas.dir).expect("the personas of this repository"),
            keyring: Arc::clone(&keyring),
            limits: Limits::new(&self.config.limits, Arc::clone(&timed)),
            scheduler: Scheduler::over(queue),
            engine: Arc::new(relay),
            store: store.clone(),
            outboxes: HashMap::from(outboxes),
            manners: Manners::of(&self.config),
            clock: timed,
        });
        let working = pipeline.clone();
        Town {
            pipeline,
            // Its own stands still: answers come from elsewhere.
            engine: saying(|_| String::new()),
            clock,
            database: Arc::clone(&self.database),
            store,
            url: self.database.url().to_owned(),
            square,
            keyring,
            config: self.config.clone(),
            keys: Arc::clone(&self.keys),
            work: Some(tokio::spawn(async move { working.work().await })),
            events: AtomicUsize::new(name.bytes().map(usize::from).sum::<usize>() * 1000),
        }
    }

    /// A machine with a model and without people.
    pub async fn worker(&self, name: &str, engine: &ScriptedEngine) -> Mill {
        let link = self.link();
        let settings = (&self.config.scheduler, &self.config.redis);
        let desk = Desk::join(Arc::clone(&link), PREFIX, name, settings).await.expect("a place at the line");
        let post = Post::new(link, self.keyring(), PREFIX);
        let engine: Arc<dyn Engine> = Arc::new(engine.clone());
        let worker = Worker::new(desk, engine, post, self.config.redis.prompt_timeout);
        worker.enter().await.expect("the line can be entered");
        let stop = CancellationToken::new();
        let work = tokio::spawn(worker.work(stop.clone(), Duration::from_millis(300)));
        Mill { work, stop }
    }
}

/// A worker at work. Dropped, it is killed.
#[derive(Debug)]
pub struct Mill {
    work: JoinHandle<()>,
    stop: CancellationToken,
}

impl Mill {
    /// The power of its machine goes.
    pub async fn kill(&mut self) {
        self.work.abort();
        let _ = (&mut self.work).await;
    }

    /// It is told to stop, and goes as a worker goes.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        (&mut self.work).await.expect("it ends well");
    }
}

impl Drop for Mill {
    fn drop(&mut self) {
        self.work.abort();
    }
}
