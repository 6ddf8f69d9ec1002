//! `lovelm storm`: scripted viewers ask the configured model through the whole path. What they ask is stored in a database of
//! its own, which is gone when the storm is over.

mod meter;
mod plan;
mod sentences;
mod street;
mod tally;
mod viewer;

use std::{
    collections::HashMap, fs::Permissions, io::Write as _, os::unix::fs::PermissionsExt as _, process::ExitCode,
    sync::Arc, time::Duration,
};

use anyhow::Context as _;
use lovelm::{
    chat::{Outbox, Platform},
    config::{Config, Loaded},
    limits::RateConfig,
    pipeline::Pipeline,
    privacy::Keyring,
    store::{
        Store,
        cluster::{Cluster, DataDir},
    },
};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::plan::Mix;
use self::{meter::Meter, plan::Plan, sentences::Sentences, street::Street, tally::Tally, viewer::Viewer};
use crate::{
    cli::Storm,
    shutdown::Shutdown,
    wiring::{self, Answering},
};

/// Where the viewers are: where an answer is worth least for long.
const PLATFORM: Platform = Platform::Twitch;
/// What a call may take beyond its deadline and the longest grace. Then it is lost.
const PATIENCE: Duration = Duration::from_mins(2);

/// A database that goes with its folder.
struct Ground {
    store: Store,
    cluster: Cluster,
    _folder: TempDir,
}

/// Prints what became of the calls. Fails when one of them came to no end that its viewer was told of.
///
/// # Errors
/// Whatever keeps the fleet from starting, one line each.
pub async fn storm(loaded: &Loaded, storm: &Storm) -> anyhow::Result<ExitCode> {
    let plan = Arc::new(Plan::of(storm)?);
    let shutdown = Shutdown::on_signal()?;
    let personas = wiring::personas(&loaded.config)?;
    let meter = Meter::install()?;
    let street = Arc::new(Street::new(Sentences::of(&personas)));
    let starting = async { tokio::try_join!(wiring::engine(loaded), ground(loaded)) };
    let Some(started) = shutdown.unless_told(Box::pin(starting)).await.transpose()? else {
        return Ok(ExitCode::SUCCESS);
    };
    let (engine, ground) = started;
    let config = unlimited(&loaded.config);
    let outboxes = HashMap::from([(PLATFORM, Arc::clone(&street) as Arc<dyn Outbox>)]);
    let keyring = Arc::new(Keyring::ephemeral()?);
    let answering = Answering::alone(&config, Arc::clone(&engine));
    let parts = wiring::parts(&config, personas, keyring, answering, ground.store.clone(), outboxes);
    let took = ask(&config, &Pipeline::new(parts), &plan, &street, &shutdown).await;
    let tally = Tally::of(&street.calls(), &meter.waits(), engine.as_ref(), took);
    ground.end().await?;
    let mut out = std::io::stdout().lock();
    if storm.json {
        writeln!(out, "{}", tally.json())?;
    } else {
        write!(out, "{tally}")?;
    }
    Ok(if tally.lost() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lets the viewers ask until the plan is done or a signal comes; gives how long it took.
async fn ask(
    config: &Config,
    pipeline: &Pipeline,
    plan: &Arc<Plan>,
    street: &Arc<Street>,
    shutdown: &Shutdown,
) -> Duration {
    let working = pipeline.clone();
    let mut worked = tokio::spawn(async move { working.work().await });
    let enough = CancellationToken::new();
    let longest = config.scheduler.deadline.twitch + config.scheduler.overdue_grace + PATIENCE;
    let mut viewers = JoinSet::new();
    for number in 0..plan.viewers {
        let viewer = Viewer::new(number, plan, street, pipeline.clone(), longest);
        viewers.spawn(Box::pin(viewer.live(enough.clone())));
    }
    let asking = async { while viewers.join_next().await.is_some() {} };
    let until = plan.length.unwrap_or(Duration::MAX);
    tokio::select! {
        () = asking => {}
        () = tokio::time::sleep(until) => enough.cancel(),
        () = shutdown.told() => enough.cancel(),
    }
    if shutdown.is_told() {
        // Who waits is told; what runs may end.
        pipeline.close();
    }
    shutdown.within(longest, async { while viewers.join_next().await.is_some() {} }).await;
    pipeline.close();
    if shutdown.within(config.fleet.drain, &mut worked).await.is_none() {
        worked.abort();
    }
    street.now()
}

/// The configuration without limits a person: the line is what is measured, and refusals of the limits are not always told.
fn unlimited(config: &Config) -> Config {
    let mut config = config.clone();
    let much = RateConfig { burst: RateConfig::MOST, every: Duration::from_millis(1) };
    let limits = &mut config.limits;
    (limits.person, limits.supporter, limits.channel, limits.persona) = (much, much, much, much);
    (limits.daily, limits.supporter_daily) = (u32::MAX, u32::MAX);
    // Every viewer is told how their own call ended.
    (limits.told, limits.tell_again) = (much, Duration::ZERO);
    (config.coalesce.gap, config.coalesce.most_askers) = (Duration::ZERO, 1);
    // Viewers of a storm have few sentences between them.
    config.moderation.copies.accounts = 0;
    config
}

async fn ground(loaded: &Loaded) -> anyhow::Result<Ground> {
    // Postgres may run as a user of its own, who has to pass through.
    let passable = Permissions::from_mode(0o711);
    let folder = tempfile::Builder::new().prefix("lovelm-storm-").permissions(passable).tempdir();
    let folder = folder.context("a temporary folder cannot be made")?;
    let cluster = Cluster::start(&DataDir::open(folder.path())?).await?;
    let store = Store::connect(&cluster.url(), loaded.config.store.connections).await?;
    Ok(Ground { store, cluster, _folder: folder })
}

impl Ground {
    async fn end(self) -> anyhow::Result<()> {
        self.store.close().await;
        Ok(self.cluster.stop().await?)
    }
}
