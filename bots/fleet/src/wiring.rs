//! Puts the rooms together. What cannot work is found before anything starts.

use std::{collections::HashMap, io::IsTerminal as _, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use lovelm::{
    chat::{Outbox, Platform},
    clock::{Clock, SystemClock},
    config::{Config, Loaded},
    engine::{Engine, Member, Pool},
    limits::Limits,
    persona::{self, Personas},
    pipeline::{Job, Manners, Parts, Pipeline},
    privacy::Keyring,
    scheduler::Scheduler,
    store::{
        Journal, Store,
        cluster::{Cluster, DataDir, DataLock},
    },
};
use lovelm_engine::Progress;
use rand::{SeedableRng as _, rngs::StdRng};
use secrecy::ExposeSecret as _;

use crate::{
    claims::Claims,
    machines::{self, Role, Shared},
};

/// How long the database may take to end what runs there.
const LONGEST_GOODBYE: Duration = Duration::from_secs(5);

/// What the keys of further engines begin with; their name follows.
const ENGINE_KEYS: &str = "LOVELM_ENGINE_KEY_";

/// A fleet that is ready to hear, and what has to be let go of when it stops.
pub struct Fleet {
    pub pipeline: Pipeline,
    /// Where other processes may hear the same.
    pub claims: Option<Arc<Claims>>,
    store: Store,
    cluster: Option<Cluster>,
    shared: Shared,
    _lock: DataLock,
}

impl Fleet {
    /// Stops what was started, the database last.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.shared.stop().await;
        // A database that does not answer must not keep the program.
        if tokio::time::timeout(LONGEST_GOODBYE, self.store.close()).await.is_err() {
            tracing::warn!("the database did not answer at the end");
        }
        match self.cluster {
            Some(cluster) => Ok(cluster.stop().await?),
            None => Ok(()),
        }
    }
}

/// The personas of the configuration, with a host among them.
pub fn personas(config: &Config) -> anyhow::Result<Personas> {
    let personas = persona::load(&config.personas.dir).map_err(|faults| anyhow::anyhow!(lines(&faults)))?;
    let host = &config.personas.host;
    anyhow::ensure!(
        personas.get(host).is_some(),
        "personas.host: no persona `{host}` in {}",
        config.personas.dir.display()
    );
    Ok(personas)
}

/// The engines of the configuration as one; fetches the default model when it is needed and not there.
pub async fn engine(loaded: &Loaded) -> anyhow::Result<Arc<dyn Engine>> {
    let mut members = engines(loaded).await?.into_iter();
    let first = members.next().context("engine: there is none")?;
    let clock = Arc::new(SystemClock::default());
    Ok(Arc::new(Pool::new(first, members.collect(), &loaded.config.engine, clock, StdRng::from_os_rng())))
}

/// Every engine of the configuration, the one of `[engine]` first. All faults are told at once.
pub async fn engines(loaded: &Loaded) -> anyhow::Result<Vec<Member>> {
    let progress = if std::io::stderr().is_terminal() { Progress::Stderr } else { Progress::Hidden };
    let (mut members, mut faults) = (Vec::new(), strange_keys(loaded));
    for (index, (name, mut config)) in loaded.config.engine.each().into_iter().enumerate() {
        let key = if index == 0 { "LOVELM_ENGINE_KEY".into() } else { format!("{ENGINE_KEYS}{}", name.to_uppercase()) };
        config.key = loaded.secrets.get(&key).cloned();
        match lovelm_engine::open(&config, &loaded.folders.cache, progress).await {
            Ok(engine) => {
                let most_slots = config.most_slots(engine.profile().slots);
                members.push(Member { name, engine, most_slots });
            }
            Err(error) if index == 0 => faults.push(error.to_string()),
            Err(error) => faults.push(format!("engine.also.{name}: {error}")),
        }
    }
    anyhow::ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(members)
}

/// Keys for engines that nobody configured: a slip of the pen that would show as a server's refusal.
fn strange_keys(loaded: &Loaded) -> Vec<String> {
    let also = &loaded.config.engine.also;
    let strange = loaded.secrets.with_prefix(ENGINE_KEYS).filter(|(name, _)| !also.contains_key(name));
    strange.map(|(name, _)| format!("{ENGINE_KEYS}{}: there is no [engine.also.{name}]", name.to_uppercase())).collect()
}

/// The database: the operator's own, else the embedded one.
pub async fn database(loaded: &Loaded, dir: &DataDir) -> anyhow::Result<(Store, Option<Cluster>)> {
    let connections = loaded.config.store.connections;
    let journal = Journal::beside(&loaded.folders.keys, loaded.config.store.forgets_kept);
    if let Some(url) = loaded.secrets.get("DATABASE_URL") {
        let store = Store::connect(url.expose_secret(), connections).await.context("DATABASE_URL")?;
        return Ok((store.with_journal(journal), None));
    }
    let cluster = Cluster::start(dir).await?;
    match Store::connect(&cluster.url(), connections).await {
        Ok(store) => Ok((store.with_journal(journal), Some(cluster))),
        Err(error) => {
            cluster.stop().await?;
            Err(error.into())
        }
    }
}

/// Everything but the platforms, which come with their outboxes.
pub async fn fleet(
    loaded: &Loaded,
    role: Role,
    personas: Personas,
    outboxes: HashMap<Platform, Arc<dyn Outbox>>,
) -> anyhow::Result<Fleet> {
    let dir = DataDir::open(&loaded.folders.data)?;
    let lock = dir.lock()?;
    let keyring = Arc::new(keyring(&loaded.folders.keys)?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    // Independent, and both take seconds.
    let line = machines::line(loaded, role, &keyring, Arc::clone(&clock));
    let (line, database) = tokio::join!(line, database(loaded, &dir));
    let (line, (store, cluster)) = match (line, database) {
        (Ok(line), Ok(database)) => (line, database),
        (Ok(line), Err(error)) => {
            line.shared.stop().await;
            return Err(error);
        }
        (Err(error), database) => {
            stop(database.ok()).await?;
            return Err(error);
        }
    };
    if let Err(error) = replay_forgets(&store, clock.as_ref()).await {
        line.shared.stop().await;
        stop(Some((store, cluster))).await?;
        return Err(error);
    }
    let answering = Answering { scheduler: line.scheduler, engine: line.engine, clock };
    let claims = line.link.map(|link| Arc::new(Claims::new(link, Arc::clone(&keyring))));
    let parts = parts(&loaded.config, personas, keyring, answering, store.clone(), outboxes);
    Ok(Fleet { pipeline: Pipeline::new(parts), claims, store, cluster, shared: line.shared, _lock: lock })
}

/// Nobody is answered before everybody is forgotten whom a database from a backup knows again.
async fn replay_forgets(store: &Store, clock: &dyn Clock) -> anyhow::Result<()> {
    let replayed = store.replay_forgets(clock.wall()).await?;
    if replayed > 0 {
        tracing::warn!(replayed, "the database is older than its journal of forgets: these were done again");
    }
    Ok(())
}

/// What answers, and in which order.
pub struct Answering {
    pub scheduler: Scheduler<Job>,
    pub engine: Arc<dyn Engine>,
    pub clock: Arc<dyn Clock>,
}

impl Answering {
    /// A line of this process alone.
    pub fn alone(config: &Config, engine: Arc<dyn Engine>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let scheduler = Scheduler::start(&config.scheduler, engine.profile().slots, Arc::clone(&clock));
        Self { scheduler, engine, clock }
    }
}

/// What a pipeline is built from, as configured.
pub fn parts(
    config: &Config,
    personas: Personas,
    keyring: Arc<Keyring>,
    answering: Answering,
    store: Store,
    outboxes: HashMap<Platform, Arc<dyn Outbox>>,
) -> Parts {
    let Answering { scheduler, engine, clock } = answering;
    Parts {
        limits: Limits::new(&config.limits, Arc::clone(&clock)),
        scheduler,
        manners: Manners::of(config),
        clock,
        personas,
        keyring,
        engine,
        store,
        outboxes,
    }
}

/// Stops the database, where the rest cannot start.
async fn stop(database: Option<(Store, Option<Cluster>)>) -> anyhow::Result<()> {
    let Some((store, cluster)) = database else { return Ok(()) };
    store.close().await;
    match cluster {
        Some(cluster) => Ok(cluster.stop().await?),
        None => Ok(()),
    }
}

fn keyring(file: &Path) -> anyhow::Result<Keyring> {
    Ok(Keyring::open_or_create(file)?)
}

fn lines<T: ToString>(faults: &[T]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
