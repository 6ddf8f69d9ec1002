//! The program that is killed: the real path on a real database, with a scripted engine, and a wire for a platform.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lovelm::{
    chat::{
        ChannelId, ChatEvent, EventId, Message, MessageId, Outbox, Payment, PaymentKind, PersonaId, Place, Platform,
        RawText, UserId,
    },
    clock::{Clock, SystemClock},
    config::Config,
    limits::Limits,
    persona,
    pipeline::{Manners, Parts, Pipeline},
    privacy::Keyring,
    store::Store,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{Semaphore, mpsc, watch},
    task::JoinSet,
};

use self::{line::Line, machine::Machine};
use super::wire::{Down, Up};
use crate::{scripted::ScriptedEngine, town};

mod line;
mod machine;

/// Events that are heard at once.
const HEARD_AT_ONCE: usize = 256;
const SLOTS: usize = 4;
/// As long as the fleet gives itself.
const DRAIN: Duration = Duration::from_secs(20);

/// What the parent says when it starts the child.
#[derive(Clone, Debug)]
pub struct Orders {
    pub platform: SocketAddr,
    pub database: String,
    pub keys: PathBuf,
    /// With the limits of production.
    pub strict: bool,
    /// Where the line is shared; in memory without.
    pub redis: Option<String>,
}

impl Orders {
    pub(super) fn arguments(&self) -> Vec<String> {
        let keys = self.keys.to_string_lossy().into_owned();
        let strict = self.strict.to_string();
        let redis = self.redis.clone().unwrap_or_default();
        vec!["child".into(), self.platform.to_string(), self.database.clone(), keys, strict, redis]
    }

    fn read(arguments: &[String]) -> Option<Self> {
        let [platform, database, keys, strict, redis] = arguments else { return None };
        let (platform, strict) = (platform.parse().ok()?, strict == "true");
        let redis = Some(redis.clone()).filter(|redis| !redis.is_empty());
        Some(Self { platform, database: database.clone(), keys: keys.into(), strict, redis })
    }
}

/// Lives until it is told to stop: [`ExitCode::SUCCESS`] when all that was accepted has ended by then.
pub async fn main(arguments: &[String]) -> ExitCode {
    let Some(orders) = Orders::read(arguments) else { return ExitCode::from(2) };
    let mut stop = signal(SignalKind::terminate()).expect("signals");
    let (events, heard) = mpsc::channel(64);
    let line = Line::open(orders.platform, events);
    let mut store = Store::connect(&orders.database, 8).await;
    while store.is_err() {
        // A service manager would start it again.
        tokio::time::sleep(Duration::from_millis(200)).await;
        store = Store::connect(&orders.database, 8).await;
    }
    let Ok(store) = store else { return ExitCode::FAILURE };
    let (pipeline, machine) = pipeline(&orders, store.clone(), &line).await;
    let working = tokio::spawn({
        let pipeline = pipeline.clone();
        async move { pipeline.work().await }
    });
    let _ = pipeline.resume().await;
    let (open, mut closed) = watch::channel(false);
    let (ears, tongue) = (pipeline.clone(), line.clone());
    let hearing = tokio::spawn(async move { hear(&ears, heard, &tongue, &mut closed).await });
    stop.recv().await;
    // Events that come from now on are somebody else's.
    let _ = open.send(true);
    pipeline.close();
    let ended = tokio::time::timeout(DRAIN, working).await;
    let _ = tokio::time::timeout(Duration::from_secs(2), hearing).await;
    machine.leave().await;
    line.flush().await;
    store.close().await;
    if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Hears what comes, many at once, and says of each when it is in good hands.
async fn hear(pipeline: &Pipeline, mut heard: mpsc::Receiver<Down>, line: &Line, closed: &mut watch::Receiver<bool>) {
    let (mut known, safe) = (HashSet::new(), Arc::new(Mutex::new(HashSet::new())));
    let (room, mut tasks) = (Arc::new(Semaphore::new(HEARD_AT_ONCE)), JoinSet::new());
    loop {
        let down = tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => break,
            down = heard.recv() => down,
        };
        let Some(down) = down else { break };
        while tasks.try_join_next().is_some() {}
        let Down::Said { event, .. } = &down else { continue };
        // Sent again because no acknowledgement came: whoever hears it will say so, or has.
        if !known.insert(*event) {
            let is_safe = safe.lock().unwrap_or_else(PoisonError::into_inner).contains(event);
            if is_safe {
                line.tell(Up::Heard { event: *event }).await;
            }
            continue;
        }
        let (number, chat) = (*event, chat_event(&down));
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let (pipeline, line, safe) = (pipeline.clone(), line.clone(), Arc::clone(&safe));
        tasks.spawn(async move {
            if let Some(chat) = chat {
                pipeline.hear(chat).await.accepted().await;
            }
            safe.lock().unwrap_or_else(PoisonError::into_inner).insert(number);
            line.tell(Up::Heard { event: number }).await;
            drop(permit);
        });
    }
    while tasks.join_next().await.is_some() {}
}

fn chat_event(down: &Down) -> Option<ChatEvent> {
    let Down::Said { event, platform, user, cents, text } = down else { return None };
    let place = Place { platform: *platform, channel: ChannelId::new("plaza") };
    let id = EventId::new(format!("event-{event}"));
    let at = SystemClock::default().wall();
    let mut message = Message::said(id, place, UserId::new(format!("user-{user}")), RawText::new(text.as_str()), at);
    message.id = Some(MessageId::new(event.to_string()));
    message.author.name = RawText::new(format!("viewer{user}"));
    if !text.is_empty() {
        message.mentions = vec![PersonaId::new("omar")];
    }
    let payment = Payment { kind: PaymentKind::Bits, units: *cents, cents: *cents };
    Some(if *cents > 0 { ChatEvent::Paid(message, payment) } else { ChatEvent::Said(message) })
}

async fn pipeline(orders: &Orders, store: Store, line: &Line) -> (Pipeline, Machine) {
    let config = config(orders);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let keyring = Arc::new(Keyring::open_or_create(&orders.keys).expect("a keyring"));
    let engine = town::saying(|_| town::ANSWER.to_owned()).with_slots(SLOTS);
    pace(&engine);
    let machine = match &orders.redis {
        None => Machine::alone(&config, engine, Arc::clone(&clock)),
        Some(url) => Machine::sharing(url, &config, engine, (&keyring, &clock)).await,
    };
    let outboxes = [Platform::Twitch, Platform::Discord]
        .map(|platform| (platform, Arc::new(line.outbox(platform)) as Arc<dyn Outbox>));
    let pipeline = Pipeline::new(Parts {
        personas: persona::load(&config.personas.dir).expect("the personas of this repository"),
        keyring,
        limits: Limits::new(&config.limits, Arc::clone(&clock)),
        scheduler: machine.scheduler.clone(),
        engine: Arc::clone(&machine.engine),
        store,
        outboxes: HashMap::from(outboxes),
        manners: Manners::of(&config),
        clock,
    });
    (pipeline, machine)
}

fn config(orders: &Orders) -> Config {
    let mut config = if orders.strict { Config::default() } else { town::calm() };
    config.personas.dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../personas");
    let usual = Config::default();
    // All ask the same.
    config.moderation.copies.accounts = 0;
    config.scheduler.deadline = usual.scheduler.deadline;
    config.scheduler.tell_after = usual.scheduler.tell_after;
    config.store.away.look_every = Duration::from_secs(1);
    if !orders.strict {
        // Whoever is refused is told so each time: the book knows no other silence than a loss.
        config.limits.tell_again = Duration::ZERO;
    }
    (config.redis.lease, config.redis.reply_timeout) = (Duration::from_secs(2), Duration::from_millis(500));
    config
}

/// An answer takes some milliseconds, so that there is a middle of it.
fn pace(engine: &ScriptedEngine) {
    engine.hold();
    let engine = engine.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            engine.step(SLOTS * 2);
            engine.forget_requests();
        }
    });
}
