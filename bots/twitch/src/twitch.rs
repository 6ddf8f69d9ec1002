//! Takes settings and a world, gives a way to say things and a task that listens. Knows nothing of what is said.

use std::{fmt, future::Future, sync::Arc};

use lovelm::{
    chat::{ChatEvent, Outbox, Roster},
    clock::Clock,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use crate::{
    account::Keeper,
    connection::{self, Connection, Recent},
    dial::{Dial, Tcp},
    hear::Hearing,
    helix::Helix,
    hub::{self, Hub},
    oauth::OAuth,
    outbox::Voice,
    settings::Settings,
    web::{Https, Web},
};

/// Reports of connections that wait for the hub, which never waits long.
const REPORTS: usize = 1024;
/// Lines on their way to the hub. Beyond, whoever speaks is asked to wait.
const ORDERS: usize = 256;

/// What Twitch is reached by.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "nothing in it can be printed")]
pub struct World {
    pub clock: Arc<dyn Clock>,
    pub dial: Arc<dyn Dial>,
    pub web: Arc<dyn Web>,
}

/// Why there is no Twitch with these settings.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("twitch.irc_url: {0}")]
    Address(String),
    #[error("this machine offers no TLS: {0}")]
    Tls(#[from] reqwest::Error),
}

/// Twitch, set up. Nothing runs yet.
pub struct Twitch {
    voice: Arc<Voice>,
    hub: Hub,
    connections: Vec<Connection>,
}

impl World {
    /// The network, at the addresses of the settings.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn real(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let dial = Arc::new(Tcp::to(&settings.irc_url).map_err(Fault::Address)?);
        Ok(Self { clock, dial, web: Arc::new(Https::new()?) })
    }
}

impl Twitch {
    /// Joins the parts. What is heard goes to `ears`, in the order of each channel; while `ears` is full, plain lines are
    /// dropped and counted, and whatever was paid, commanded or deleted waits. When its receiver is gone, nothing is heard.
    #[must_use]
    pub fn connect(settings: &Settings, roster: Roster, world: &World, ears: mpsc::Sender<ChatEvent>) -> Self {
        let oauth = OAuth::new(settings, Arc::clone(&world.web));
        let keepers: Vec<_> = settings
            .accounts
            .iter()
            .map(|account| Arc::new(Keeper::new(account, oauth.clone(), settings, Arc::clone(&world.clock))))
            .collect();
        let hearing = watch::Sender::new(Arc::new(Hearing::of(settings, roster)));
        let (reports, reported) = mpsc::channel(REPORTS);
        let (orders, ordered) = mpsc::channel(ORDERS);
        let recent = Arc::new(Recent::default());
        let mut wires = Vec::new();
        let mut connections = Vec::new();
        for (seat, keeper) in keepers.iter().enumerate() {
            let (wire, lines) = mpsc::channel(connection::OUTGOING);
            wires.push(wire);
            connections.push(Connection {
                seat,
                keeper: Arc::clone(keeper),
                world: world.clone(),
                silence: settings.limits.silence,
                hearing: hearing.clone(),
                recent: Arc::clone(&recent),
                ears: ears.clone(),
                reports: reports.clone(),
                lines,
            });
        }
        // Only connections hear: when they end, so does the queue.
        drop(ears);
        let helix = Helix::new(settings, Arc::clone(&world.web));
        let parts = hub::Parts { keepers, wires, helix, hearing, clock: Arc::clone(&world.clock), reported, ordered };
        let personas = settings.accounts.iter().map(|account| account.persona.clone()).collect();
        Self {
            voice: Arc::new(Voice::new(personas, settings.limits.line, orders)),
            hub: Hub::new(settings, parts),
            connections,
        }
    }

    /// The way out, which works while [`Twitch::run`] runs.
    #[must_use]
    pub fn outbox(&self) -> Arc<dyn Outbox> {
        Arc::clone(&self.voice) as Arc<dyn Outbox>
    }

    /// Stays connected until `shutdown`. One account's trouble is logged, with what to do, and never ends the others.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let Self { voice, hub, connections } = self;
        // Ours to the end, so that the hub's queue of orders never closes.
        let _voice = voice;
        let mut tasks = JoinSet::new();
        for connection in connections {
            tasks.spawn(connection.keep());
        }
        tasks.spawn(hub.run());
        tokio::select! {
            () = shutdown => {}
            Some(ended) = tasks.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a part of Twitch broke");
                }
            }
        }
        tasks.shutdown().await;
    }
}

impl fmt::Debug for Twitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twitch").field("accounts", &self.connections.len()).finish_non_exhaustive()
    }
}
