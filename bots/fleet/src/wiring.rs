//! Puts the rooms together. What cannot work is found before anything starts.

use std::{collections::HashMap, io::IsTerminal as _, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use lovelm::{
    chat::{Outbox, Platform},
    clock::{Clock, SystemClock},
    config::{Config, Loaded},
    engine::Engine,
    limits::Limits,
    persona::{self, Personas},
    pipeline::{Manners, Parts, Pipeline},
    privacy::Keyring,
    scheduler::Scheduler,
    store::{
        Store,
        cluster::{Cluster, DataDir, DataLock},
    },
};
use lovelm_engine::Progress;
use secrecy::ExposeSecret as _;

/// How long the database may take to end what runs there.
const LONGEST_GOODBYE: Duration = Duration::from_secs(5);

/// A fleet that is ready to hear, and what has to be let go of when it stops.
pub struct Fleet {
    pub pipeline: Pipeline,
    store: Store,
    cluster: Option<Cluster>,
    _lock: DataLock,
}

impl Fleet {
    /// Stops what was started, the database last.
    pub async fn stop(self) -> anyhow::Result<()> {
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

/// What is set and means nothing to this build, a line each.
pub fn unused(loaded: &Loaded) -> Vec<&'static str> {
    let notes = [
        ("REDIS_URL", "REDIS_URL: this build has no queue in Redis"),
        ("LOVELM_DISCORD_", "LOVELM_DISCORD_*: this build has no Discord"),
        ("LOVELM_TWITCH_", "LOVELM_TWITCH_*: this build has no Twitch"),
    ];
    let is_set = |prefix: &str| loaded.secrets.with_prefix(prefix).next().is_some();
    notes.into_iter().filter(|(prefix, _)| is_set(prefix)).map(|(_, note)| note).collect()
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

/// The engine of the configuration; fetches the default model when it is needed and not there.
pub async fn engine(loaded: &Loaded) -> anyhow::Result<Arc<dyn Engine>> {
    let mut config = loaded.config.engine.clone();
    config.key = loaded.secrets.get("LOVELM_ENGINE_KEY").cloned();
    let progress = if std::io::stderr().is_terminal() { Progress::Stderr } else { Progress::Hidden };
    Ok(lovelm_engine::open(&config, &loaded.folders.cache, progress).await?)
}

/// The database: the operator's own, else the embedded one.
pub async fn database(loaded: &Loaded, dir: &DataDir) -> anyhow::Result<(Store, Option<Cluster>)> {
    let connections = loaded.config.store.connections;
    if let Some(url) = loaded.secrets.get("DATABASE_URL") {
        return Ok((Store::connect(url.expose_secret(), connections).await.context("DATABASE_URL")?, None));
    }
    let cluster = Cluster::start(dir).await?;
    match Store::connect(&cluster.url(), connections).await {
        Ok(store) => Ok((store, Some(cluster))),
        Err(error) => {
            cluster.stop().await?;
            Err(error.into())
        }
    }
}

/// Everything but the platforms, which come with their outboxes.
pub async fn fleet(
    loaded: &Loaded,
    personas: Personas,
    outboxes: HashMap<Platform, Arc<dyn Outbox>>,
) -> anyhow::Result<Fleet> {
    let dir = DataDir::open(&loaded.folders.data)?;
    let lock = dir.lock()?;
    let keyring = Arc::new(keyring(&loaded.folders.keys)?);
    // Independent, and both take seconds.
    let (engine, database) = tokio::join!(engine(loaded), database(loaded, &dir));
    let (store, cluster) = database?;
    let engine = match engine {
        Ok(engine) => engine,
        Err(error) => {
            store.close().await;
            if let Some(cluster) = cluster {
                cluster.stop().await?;
            }
            return Err(error);
        }
    };
    let parts = parts(&loaded.config, personas, keyring, engine, store.clone(), outboxes);
    Ok(Fleet { pipeline: Pipeline::new(parts), store, cluster, _lock: lock })
}

fn parts(
    config: &Config,
    personas: Personas,
    keyring: Arc<Keyring>,
    engine: Arc<dyn Engine>,
    store: Store,
    outboxes: HashMap<Platform, Arc<dyn Outbox>>,
) -> Parts {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let slots = engine.profile().slots;
    Parts {
        limits: Limits::new(&config.limits, Arc::clone(&clock)),
        scheduler: Scheduler::start(&config.scheduler, slots, Arc::clone(&clock)),
        manners: Manners::of(config),
        clock,
        personas,
        keyring,
        engine,
        store,
        outboxes,
    }
}

fn keyring(file: &Path) -> anyhow::Result<Keyring> {
    Ok(Keyring::open_or_create(file)?)
}

fn lines<T: ToString>(faults: &[T]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
