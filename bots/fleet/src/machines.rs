//! One fleet on many machines: what `REDIS_URL` and `--role` make of this process.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::ValueEnum;
use lovelm::{
    clock::{Clock, SystemClock},
    config::{Config, Loaded},
    engine::{Engine, Profile},
    link::Link,
    pipeline::Job,
    privacy::Keyring,
    relay::{self, Patience, Post, Published, Relay, Worker},
    scheduler::{Desk, PREFIX, RedisQueue, Scheduler},
};
use secrecy::ExposeSecret as _;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{shutdown::Shutdown, wiring};

/// How often a gateway that starts looks for a worker.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a gateway waits for a reaction of a worker before it repeats itself.
const NUDGE: Duration = Duration::from_secs(3);

/// How long the worker of a gateway may take to notice that the gateway is gone: other gateways may wait for it.
const GOODBYE: Duration = Duration::from_secs(5);

/// What a process does of a fleet's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Everything; with `REDIS_URL`, sharing the line with other machines.
    #[default]
    All,
    /// Holds the chat connections and the database. Needs `REDIS_URL`.
    Gateway,
    /// Runs the model for gateways elsewhere. Needs `REDIS_URL`, and the keyring of the gateways.
    Worker,
}

/// What answers here, and in which order.
pub struct Line {
    pub scheduler: Scheduler<Job>,
    pub engine: Arc<dyn Engine>,
    pub shared: Shared,
    /// The server on which it is shared, if it is.
    pub link: Option<Arc<Link>>,
}

/// What of a line is shared with other machines, and has to be let go of.
#[derive(Default)]
pub struct Shared {
    queue: Option<Arc<RedisQueue>>,
    mill: Option<Mill>,
}

impl Shared {
    /// Tells the line that this gateway goes, and ends the worker of this process: nobody waits for its answers any more.
    pub async fn stop(self) {
        if let Some(queue) = self.queue
            && let Err(error) = queue.leave().await
        {
            tracing::warn!(%error, "the line was not told that this gateway goes");
        }
        if let Some(mill) = self.mill {
            mill.stop().await;
        }
    }
}

/// A worker at work in this process.
struct Mill {
    work: JoinHandle<()>,
    stop: CancellationToken,
}

impl Mill {
    fn start(worker: Arc<Worker>, grace: Duration) -> Self {
        let stop = CancellationToken::new();
        Self { work: tokio::spawn(worker.work(stop.clone(), grace)), stop }
    }

    /// Lets it end or give back what it has.
    async fn stop(self) {
        self.stop.cancel();
        if self.work.await.is_err() {
            tracing::error!("the worker of this process broke");
        }
    }
}

impl Role {
    /// A gateway or a worker without a Redis server is a mistake.
    ///
    /// # Errors
    /// One line.
    pub fn check(self, loaded: &Loaded) -> anyhow::Result<()> {
        let name = self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        anyhow::ensure!(
            self == Self::All || loaded.secrets.get("REDIS_URL").is_some(),
            "--role {name}: REDIS_URL is not set; gateways and workers share their line on a Redis server"
        );
        anyhow::ensure!(
            self != Self::Worker || loaded.folders.keys.is_file(),
            "{}: no keyring is there; copy that of the gateways, or name it in LOVELM_KEYS_FILE",
            loaded.folders.keys.display()
        );
        Ok(())
    }
}

/// The engine and the line of a process that holds chat connections.
///
/// # Errors
/// One line: the engine, the server, or no worker in time.
pub async fn line(loaded: &Loaded, role: Role, keyring: &Arc<Keyring>, clock: Arc<dyn Clock>) -> anyhow::Result<Line> {
    let config = &loaded.config;
    let own = if role == Role::Gateway { None } else { Some(wiring::engine(loaded).await?) };
    let Some(link) = link(loaded).await? else {
        let engine = own.context("--role gateway: REDIS_URL is not set")?;
        let scheduler = Scheduler::start(&config.scheduler, engine.profile().slots, clock);
        return Ok(Line { scheduler, engine, shared: Shared::default(), link: None });
    };
    let name = relay::fresh_name()?;
    let settings = (&config.scheduler, &config.redis);
    let queue = RedisQueue::join(Arc::clone(&link), PREFIX, &name, settings, clock).await.context("REDIS_URL")?;
    let post = Post::new(Arc::clone(&link), Arc::clone(keyring), PREFIX);
    let shared_on = Some(Arc::clone(&link));
    let mill = match &own {
        Some(engine) => {
            let worker = worker(config, link, post.clone(), Arc::clone(engine), &name).await?;
            Some(Mill::start(worker, GOODBYE))
        }
        None => None,
    };
    let profile = common(&queue, config).await?;
    let patience = Patience { stall: config.engine.stall_timeout, worker: config.redis.worker_wait, nudge: NUDGE };
    let engine = Arc::new(Relay::start(Arc::clone(&queue), post, &name, profile, patience));
    let shared = Shared { queue: Some(Arc::clone(&queue)), mill };
    Ok(Line { scheduler: Scheduler::over(queue), engine, shared, link: shared_on })
}

/// Runs as a worker alone: no platform, no database.
///
/// # Errors
/// Whatever keeps it from starting, one line each.
pub async fn work(loaded: &Loaded, shutdown: &Shutdown) -> anyhow::Result<ExitCode> {
    let config = &loaded.config;
    let keyring = Arc::new(Keyring::open_or_create(&loaded.folders.keys)?);
    let link = link(loaded).await?.context("REDIS_URL is not set")?;
    let Some(engine) = shutdown.unless_told(wiring::engine(loaded)).await.transpose()? else {
        return Ok(ExitCode::SUCCESS);
    };
    let post = Post::new(Arc::clone(&link), Arc::clone(&keyring), PREFIX);
    let worker = worker(config, link, post, engine, &relay::fresh_name()?).await?;
    tracing::info!("this worker takes calls");
    let mill = Mill::start(worker, config.fleet.drain);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let watching = tokio::spawn(keyring.watch(clock));
    shutdown.told().await;
    watching.abort();
    // A second signal cuts the drain short; the line gets back what was left when the claims run out.
    let _ = shutdown.within(config.fleet.drain * 2, mill.stop()).await;
    Ok(ExitCode::SUCCESS)
}

/// The operator's Redis server, reached once, so that a wrong address shows at the start. `None` where there is none.
///
/// # Errors
/// One line that names the variable and not its value.
pub async fn link(loaded: &Loaded) -> anyhow::Result<Option<Arc<Link>>> {
    let Some(url) = loaded.secrets.get("REDIS_URL") else { return Ok(None) };
    let link = Link::open(url.expose_secret(), &loaded.config.redis).context("REDIS_URL")?;
    link.greet().await.context("REDIS_URL")?;
    Ok(Some(Arc::new(link)))
}

async fn worker(
    config: &Config,
    link: Arc<Link>,
    post: Post,
    engine: Arc<dyn Engine>,
    name: &str,
) -> anyhow::Result<Arc<Worker>> {
    let settings = (&config.scheduler, &config.redis);
    let desk = Desk::join(link, PREFIX, name, settings).await.context("REDIS_URL")?;
    let worker = Worker::new(desk, engine, post, config.redis.prompt_timeout);
    worker.enter().await.context("REDIS_URL")?;
    Ok(worker)
}

/// What every worker can. The first one may come a little later than the gateway.
async fn common(queue: &RedisQueue, config: &Config) -> anyhow::Result<Profile> {
    let first = async {
        loop {
            let published = Published::of(&queue.profiles().await.context("REDIS_URL")?);
            if let Some(profile) = relay::common(&published) {
                return Ok(profile);
            }
            tracing::warn!("no worker is there yet");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let found = tokio::time::timeout(config.redis.worker_wait, first).await;
    found.unwrap_or_else(|_| {
        anyhow::bail!(
            "--role gateway: no worker came within {}s (redis.worker_wait)",
            config.redis.worker_wait.as_secs()
        )
    })
}
