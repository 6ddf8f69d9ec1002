//! The policy on the server: one function an operation.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use redis::{Cmd, FromRedisValue};

use crate::{
    clock::Clock,
    link::{Link, LinkError, RedisConfig},
    scheduler::{Class, Micros, SchedulerConfig, Side, policy::Policy},
};

/// Read from the top: each part uses those before it.
const SOURCE: &str = concat!(
    include_str!("lua/numbers.lua"),
    include_str!("lua/desk.lua"),
    include_str!("lua/ledgers.lua"),
    include_str!("lua/line.lua"),
    include_str!("lua/running.lua"),
    include_str!("lua/turns.lua"),
    include_str!("lua/door.lua"),
    include_str!("lua/fleet.lua"),
    include_str!("lua/verbs.lua"),
);

/// How long what a gateway was told lies in its stream.
const EVENTS_KEPT_SECONDS: u64 = 60;
/// A manual clock begins here on the server, as the state in memory does.
const ORIGIN: Micros = Micros::new(7 * 86_400_000_000);

/// Why an operation was not done. Each variant is a decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// The line that we knew is gone: flushed, or another one. Open it, and add again what lives.
    #[error("the line on the Redis server is another generation")]
    Stale,
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl QueueError {
    /// A server that lost its functions lost its data before.
    fn of(error: LinkError) -> Self {
        match error {
            LinkError::Refused { code, .. } if code == "STALE" => Self::Stale,
            LinkError::Refused { code, detail } if is_missing(&code, &detail) => Self::Stale,
            error => error.into(),
        }
    }
}

/// The functions on one server, for one process that knows one generation of the line.
pub(super) struct Library {
    link: Arc<Link>,
    prefix: String,
    policy: Vec<u64>,
    generation: RwLock<String>,
    clock: Option<Arc<dyn Clock>>,
}

impl Library {
    pub fn new(link: Arc<Link>, prefix: &str, config: &SchedulerConfig, redis: &RedisConfig) -> Self {
        let policy = numbers(config, redis);
        Self { link, prefix: prefix.to_owned(), policy, generation: RwLock::default(), clock: None }
    }

    /// The time comes from this clock instead of the server's.
    pub fn timed_by(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock: Some(clock), ..self }
    }

    pub fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// A key of this line.
    pub fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// Loads the functions of this version, and opens the line.
    pub async fn enter(&self) -> Result<(), QueueError> {
        self.load().await?;
        self.open().await.map(drop)
    }

    /// Begins a generation, or learns which one there is; loads the functions where they are missing. Gives whether the
    /// generation is another than before.
    pub async fn open(&self) -> Result<bool, QueueError> {
        let mut open = self.function("open");
        open.arg(&self.policy);
        let generation: String = match self.link.ask_patiently(&open).await {
            Err(LinkError::Refused { code, detail }) if is_missing(&code, &detail) => {
                self.load().await?;
                self.link.ask_patiently(&open).await?
            }
            reply => reply?,
        };
        let mut known = self.generation.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = *known != generation;
        *known = generation;
        Ok(is_new)
    }

    /// Calls an operation that may be done twice without harm.
    pub async fn call<T: FromRedisValue>(&self, operation: &str, arguments: &[String]) -> Result<T, QueueError> {
        self.link.ask_patiently(&self.operation(operation, arguments)).await.map_err(QueueError::of)
    }

    /// Calls an operation that must not be done twice.
    pub async fn call_once<T: FromRedisValue>(&self, operation: &str, arguments: &[String]) -> Result<T, QueueError> {
        self.link.ask(&self.operation(operation, arguments)).await.map_err(QueueError::of)
    }

    fn operation(&self, operation: &str, arguments: &[String]) -> Cmd {
        let mut command = self.function(operation);
        command.arg(&*self.generation.read().unwrap_or_else(PoisonError::into_inner)).arg(arguments);
        command
    }

    fn function(&self, operation: &str) -> Cmd {
        let mut command = redis::cmd("FCALL");
        let now = self.clock.as_ref().map(|clock| ORIGIN.plus(clock.elapsed().into()).get().to_string());
        command.arg(format!("lovelm_{operation}")).arg(1).arg(&self.prefix).arg(now.unwrap_or_default());
        command
    }

    async fn load(&self) -> Result<(), QueueError> {
        let mut load = redis::cmd("FUNCTION");
        load.arg("LOAD").arg("REPLACE").arg(SOURCE);
        Ok(self.link.ask_patiently(&load).await?)
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").finish_non_exhaustive()
    }
}

fn is_missing(code: &str, detail: &str) -> bool {
    code == "ERR" && detail.contains("Function not found")
}

/// The policy in the order in which the function `open` reads it.
fn numbers(config: &SchedulerConfig, redis: &RedisConfig) -> Vec<u64> {
    let policy = Policy::new(config);
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let mut numbers = vec![
        wide(policy.most_waiting),
        wide(policy.most_each(Side::Express)),
        wide(policy.most_each(Side::Common)),
        // Of a whole slot so long: the line itself.
        policy.longest_line(1000).get(),
        wide(policy.shortest_line),
        policy.phi,
        // Of a thousand slots so many: thousandths.
        wide(policy.reserved(1000)),
        policy.turned_away.get(),
        policy.load_window.get(),
        policy.overdue_grace.get(),
        Micros::from(redis.lease).get(),
        EVENTS_KEPT_SECONDS,
    ];
    numbers.extend(Class::ALL.map(|class| policy.share(class)));
    // Whatever is larger is as good as endless, and would not be exact there.
    numbers.iter().map(|number| (*number).min(1 << 53)).collect()
}
