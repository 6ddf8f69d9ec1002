//! A town of people around the real pipeline: real rooms, a real Postgres, a scripted engine, a clock that is moved by hand.
//! What is shown is read line by line; a line that no test reads, and a receipt that never comes, are faults.

mod county;
mod event;
mod log;
mod square;

use std::{
    collections::HashMap,
    future::Future,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use lovelm::{
    chat::{ChatEvent, Outbox, Payment, PaymentKind, Platform, UserId},
    clock::{Clock, ManualClock, SystemClock},
    config::Config,
    engine::{Engine, Member, Pool, Profile, Prompt},
    limits::Limits,
    persona,
    pipeline::{Manners, Parts, Pipeline, Receipt, Records},
    privacy::Keyring,
    scheduler::Scheduler,
    store::{Journal, Store},
};
use rand::{SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;
use tokio::task::JoinHandle;

pub use self::{
    county::{County, Mill},
    event::{CHANNEL, PLATFORM},
    log::Log,
    square::Square,
};
use crate::{database::Database, scripted::ScriptedEngine};

/// What every persona says unless a test has it say something else.
pub const ANSWER: &str = "Breathe first. Then ask them once.";

/// Bytes as a dump of the database writes them, without what stands before.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// What of it are answers of personas, without sentences of ours.
pub fn answers(heard: Vec<String>) -> Vec<String> {
    heard.into_iter().filter(|line| !line.starts_with('(')).collect()
}

/// How long anything may take. Only a fault takes as long.
const PATIENCE: Duration = Duration::from_secs(90);

/// The town.
pub struct Town {
    pub pipeline: Pipeline,
    pub engine: ScriptedEngine,
    pub clock: Arc<ManualClock>,
    pub database: Arc<Database>,
    pub store: Store,
    url: String,
    pub square: Square,
    pub keyring: Arc<Keyring>,
    config: Config,
    keys: Arc<TempDir>,
    work: Option<JoinHandle<()>>,
    events: AtomicUsize,
}

/// What a town is made of; each part has a default.
pub struct Plan {
    pub config: Config,
    pub engine: ScriptedEngine,
    /// Further engines, by their names.
    pub also: Vec<(&'static str, Arc<dyn Engine>)>,
    /// Instead of a database of the shared server.
    pub url: Option<String>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { config: calm(), engine: saying(|_| ANSWER.to_owned()), also: Vec::new(), url: None }
    }
}

/// An engine with one slot that says what `script` makes of a prompt.
pub fn saying(script: impl Fn(&Prompt) -> String + Send + Sync + 'static) -> ScriptedEngine {
    let languages = lovelm::chat::Language::ALL.to_vec();
    let profile = Profile { name: "scripted".into(), slots: 1, context: 8192, languages, can_continue: true };
    ScriptedEngine::new(profile, script)
}

/// Settings under which nobody is refused and nothing is late.
pub fn calm() -> Config {
    let mut config = Config::default();
    let much = Duration::from_hours(10);
    config.limits.person.burst = 1000;
    config.limits.supporter.burst = 1000;
    config.limits.channel.burst = 1000;
    config.limits.persona.burst = 1000;
    (config.limits.daily, config.limits.supporter_daily) = (10_000, 10_000);
    config.limits.command.burst = 1000;
    config.limits.told.burst = 1000;
    // Everybody has an answer of their own.
    (config.coalesce.gap, config.coalesce.most_askers) = (Duration::ZERO, 1);
    config.moderation.copies.accounts = 0;
    config.scheduler.line = much;
    config.scheduler.tell_after = much;
    (config.scheduler.deadline.twitch, config.scheduler.deadline.discord) = (much, much);
    config.personas.dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../personas");
    config
}

/// Noon in Seoul.
fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_023_600, 0).expect("a time")
}

/// The rooms of a fleet, ready to be joined.
pub(crate) fn parts(
    config: &Config,
    engine: Arc<dyn Engine>,
    store: Store,
    keyring: Arc<Keyring>,
    outboxes: HashMap<Platform, Arc<dyn Outbox>>,
    clock: Arc<dyn Clock>,
) -> Parts {
    let slots = engine.profile().slots;
    Parts {
        personas: persona::load(&config.personas.dir).expect("the personas of this repository"),
        keyring,
        limits: Limits::new(&config.limits, Arc::clone(&clock)),
        scheduler: Scheduler::start(&config.scheduler, slots, Arc::clone(&clock)),
        engine,
        store,
        outboxes,
        manners: Manners::of(config),
        clock,
    }
}

impl Town {
    pub async fn open() -> Self {
        Self::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Self {
        let database = Arc::new(Database::open().await);
        let url = plan.url.unwrap_or_else(|| database.url().to_owned());
        let keys = Arc::new(TempDir::new().expect("a folder"));
        let store = opened(&url, 8, &keys).await;
        let clock = Arc::new(ManualClock::at(noon()));
        Self::around(plan.config, plan.engine, plan.also, database, (url, store), keys, clock)
    }

    fn around(
        config: Config,
        engine: ScriptedEngine,
        also: Vec<(&'static str, Arc<dyn Engine>)>,
        database: Arc<Database>,
        (url, store): (String, Store),
        keys: Arc<TempDir>,
        manual: Arc<ManualClock>,
    ) -> Self {
        let keyring = Arc::new(Keyring::open_or_create(&keys.path().join("keys")).expect("a keyring"));
        let square = Square::default();
        let clock: Arc<dyn Clock> = manual.clone();
        let outboxes = [Platform::Console, Platform::Discord, Platform::Twitch]
            .map(|platform| (platform, Arc::new(square.outbox(platform)) as Arc<dyn Outbox>));
        let outboxes = HashMap::from(outboxes);
        let pool: Arc<dyn Engine> = Arc::new(pool(&config, &engine, also, &clock));
        let pipeline = Pipeline::new(parts(&config, pool, store.clone(), Arc::clone(&keyring), outboxes, clock));
        let working = pipeline.clone();
        let work = Some(tokio::spawn(async move { working.work().await }));
        let (clock, events) = (manual, AtomicUsize::new(0));
        Self { pipeline, engine, clock, database, store, url, square, keyring, config, keys, work, events }
    }

    /// The power goes and comes back: a new pipeline on the same rows and keys, and an empty square. Hold the engine before,
    /// so that what the old one was doing stays undone.
    pub async fn crash(mut self, engine: ScriptedEngine) -> Self {
        let work = self.work.take().expect("it worked");
        work.abort();
        let _ = work.await;
        let clock = Arc::new(ManualClock::at(self.clock.wall()));
        // The database notices that the old program is gone; what it had in hand is free.
        Box::pin(self.store.close()).await;
        let (database, keys) = (Arc::clone(&self.database), Arc::clone(&self.keys));
        let store = Box::pin(opened(&self.url, 8, &keys)).await;
        Box::pin(store.replay_forgets(clock.wall())).await.expect("the journal can be read");
        let base = (self.url.clone(), store);
        let after = Self::around(self.config.clone(), engine, Vec::new(), database, base, keys, clock);
        // Ids of events never come twice.
        after.events.store(self.events.load(Ordering::SeqCst), Ordering::SeqCst);
        after
    }

    /// Another program on the same rows, keys and clock, with a line and a square of its own.
    pub async fn beside(&self, engine: ScriptedEngine) -> Self {
        let store = Store::connect(&self.url, 8).await.expect("a store");
        let (database, keys) = (Arc::clone(&self.database), Arc::clone(&self.keys));
        let base = (self.url.clone(), store);
        let other =
            Self::around(self.config.clone(), engine, Vec::new(), database, base, keys, Arc::clone(&self.clock));
        // Ids of events never come twice.
        other.events.store(self.events.load(Ordering::SeqCst) + 1_000_000, Ordering::SeqCst);
        other
    }

    /// The keyring's file: other programs may change it.
    pub fn keys_file(&self) -> PathBuf {
        self.keys.path().join("keys")
    }

    /// The rows and the keys in the hands of an operator, as another program beside this one has them.
    pub async fn records(&self) -> Records {
        let keyring = Keyring::open_existing(&self.keys_file()).expect("a keyring");
        let (store, clock) = (opened(&self.url, 2, &self.keys).await, Arc::new(SystemClock::default()));
        Records { store, keyring: Arc::new(keyring), clock }
    }

    /// Makes these people no strangers: they were told of us a minute ago, and nobody asks them for consent.
    pub async fn know(&self, people: &[&str]) {
        for person in people {
            for platform in [Platform::Console, Platform::Discord, Platform::Twitch] {
                let who = self.keyring.pseudonym(platform, &UserId::new(event::user_of(person)));
                let before = self.clock.wall() - chrono::TimeDelta::minutes(1);
                self.store.noticed(&who, before).await.expect("written down");
            }
        }
    }

    /// Hears an event, and gives what is to be waited for.
    pub async fn hear(&self, event: ChatEvent) -> Receipt {
        within("the event was not heard", self.pipeline.hear(event)).await
    }

    /// Waits until all that an event caused is done.
    pub async fn done(&self, receipt: Receipt) {
        within("a receipt hung", receipt.done()).await;
    }

    /// Hears an event, waits for all of it, and reads what was shown.
    pub async fn tell(&self, event: ChatEvent) -> Vec<String> {
        let receipt = self.hear(event).await;
        self.done(receipt).await;
        self.square.read()
    }

    /// Somebody writes in the channel; reads what was shown.
    pub async fn say(&self, who: &str, text: &str) -> Vec<String> {
        self.tell(ChatEvent::Said(self.message(who, text))).await
    }

    /// Somebody gives a command, such as `panel what now?`.
    pub async fn command(&self, who: &str, line: &str) -> Vec<String> {
        self.tell(self.invocation(who, line)).await
    }

    /// A hundred bits are a dollar.
    pub fn bits(units: u64) -> Payment {
        Payment { kind: PaymentKind::Bits, units, cents: units }
    }

    /// Waits until something is so.
    pub async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        within(what, async {
            while !so(self) {
                tokio::task::yield_now().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
        .await;
    }

    /// Lets everything that can go on go on, where there is nothing to wait for.
    pub async fn idle(&self) {
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Moves the clock in small steps until something is so.
    pub async fn later(&self, what: &str, so: impl Fn(&Self) -> bool) {
        within(what, async {
            while !so(self) {
                self.clock.advance(Duration::from_millis(100));
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
        .await;
    }

    /// Closes the town: work ends, and nothing was said that no test read.
    pub async fn end(mut self) {
        self.pipeline.close();
        let work = self.work.take().expect("it worked");
        within("work did not end", work).await.expect("work ended well");
        assert_eq!(self.square.read(), [""; 0], "nobody read this");
        self.until("an answer is still in the making", |town| town.engine.running() == 0).await;
        // The server of all tests has room for so many only.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.store.close()).await;
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        assert!(self.work.is_none() || std::thread::panicking(), "a town was left without its end");
    }
}

/// A store as the fleet opens it.
async fn opened(url: &str, connections: u32, keys: &TempDir) -> Store {
    let store = Store::connect(url, connections).await.expect("a store");
    store.with_journal(Journal::beside(&keys.path().join("keys"), Duration::from_hours(365 * 24)))
}

/// The engines as the fleet joins them. Chance is the same in every test.
fn pool(
    config: &Config,
    engine: &ScriptedEngine,
    also: Vec<(&'static str, Arc<dyn Engine>)>,
    clock: &Arc<dyn Clock>,
) -> Pool {
    let member = |name: &str, engine: Arc<dyn Engine>| {
        let most_slots = engine.profile().slots;
        Member { name: name.to_owned(), engine, most_slots }
    };
    let also = also.into_iter().map(|(name, engine)| member(name, engine)).collect();
    let first = member("main", Arc::new(engine.clone()));
    Pool::new(first, also, &config.engine, Arc::clone(clock), StdRng::seed_from_u64(4))
}

async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("{what}"))
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").finish_non_exhaustive()
    }
}
