//! Takes commands, gives a Redis server's replies, connecting again by itself. Knows nothing of what they mean.

mod config;
mod inbox;
#[cfg(test)]
#[path = "../../tests/src/redis.rs"]
pub(crate) mod server;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Mutex, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult,
    aio::MultiplexedConnection,
};

pub use self::{
    config::RedisConfig,
    inbox::{Inbox, Letter},
};

/// Attempts of one command, where doing it twice does no harm.
const TRIES: u32 = 3;
/// Before the second attempt; twice as long before each further one.
const BACKOFF: Duration = Duration::from_millis(50);

/// Why there is no reply. Each variant is a decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nobody can be reached at that address for now, or not in time. It may be tried again.
    #[error("Redis is away: {0}")]
    Away(String),
    /// The server answered, and refused. `code` is the first word of its refusal.
    #[error("Redis refuses: {code} {detail}")]
    Refused { code: String, detail: String },
    /// The address itself cannot be.
    #[error("not an address of a Redis server: {0}")]
    Address(String),
}

/// One server, over one connection that everybody here shares.
pub struct Link {
    client: Client,
    timeout: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Link {
    /// Reads the address, such as `redis://:password@host:6379/0`. Nothing is connected yet.
    ///
    /// # Errors
    /// [`LinkError::Address`].
    pub fn open(url: &str, config: &RedisConfig) -> Result<Self, LinkError> {
        // The fault names the kind only: an address holds a password.
        let client = Client::open(url).map_err(|error| LinkError::Address(error.category().to_owned()))?;
        Ok(Self { client, timeout: config.reply_timeout, connection: Mutex::new(None) })
    }

    /// Looks whether the server answers, and knows functions: those came with Redis 7.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn greet(&self) -> Result<(), LinkError> {
        let mut functions = redis::cmd("FUNCTION");
        functions.arg("STATS");
        self.ask_patiently::<redis::Value>(&functions).await.map(drop)
    }

    /// One command, tried once.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LinkError> {
        let mut connection = self.connection().await?;
        self.done(command.query_async(&mut connection).await)
    }

    /// Several commands in one go, their replies thrown away. Tried once.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn post(&self, commands: &Pipeline) -> Result<(), LinkError> {
        let mut connection = self.connection().await?;
        self.done(commands.exec_async(&mut connection).await)
    }

    /// One command that may be done twice without harm, tried a few times while the server is away.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn ask_patiently<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LinkError> {
        let mut pause = BACKOFF;
        for _ in 1..TRIES {
            match self.ask(command).await {
                Err(LinkError::Away(_)) => tokio::time::sleep(pause).await,
                reply => return reply,
            }
            pause *= 2;
        }
        self.ask(command).await
    }

    /// Takes a name that only one may have, for so long. Gives whether it was free. Tried once: a second try would find the name
    /// taken by the first.
    ///
    /// # Errors
    /// See [`LinkError`]. The name may be taken all the same.
    pub async fn claim(&self, name: &str, time: Duration) -> Result<bool, LinkError> {
        let mut command = redis::cmd("SET");
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        command.arg(name).arg(1).arg("NX").arg("PX").arg(millis);
        let taken: Option<String> = self.ask(&command).await?;
        Ok(taken.is_some())
    }

    async fn connection(&self) -> Result<MultiplexedConnection, LinkError> {
        if let Some(open) = self.slot().clone() {
            return Ok(open);
        }
        let fresh = connect(&self.client, self.timeout, self.timeout).await?;
        Ok(self.slot().insert(fresh).clone())
    }

    /// A connection that failed is not used again.
    fn done<T>(&self, reply: RedisResult<T>) -> Result<T, LinkError> {
        reply.map_err(|error| {
            let error = fault(&error);
            if matches!(error, LinkError::Away(_)) {
                *self.slot() = None;
            }
            error
        })
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<MultiplexedConnection>> {
        self.connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

async fn connect(client: &Client, timeout: Duration, reply: Duration) -> Result<MultiplexedConnection, LinkError> {
    let config = AsyncConnectionConfig::new().set_connection_timeout(Some(timeout)).set_response_timeout(Some(reply));
    let connected = client.get_multiplexed_async_connection_with_config(&config).await;
    connected.map_err(|error| fault(&error))
}

fn fault(error: &RedisError) -> LinkError {
    let passing = [Some("LOADING"), Some("BUSY"), Some("TRYAGAIN"), Some("MASTERDOWN"), Some("READONLY")];
    let away = error.is_io_error() || error.is_timeout() || error.is_connection_dropped();
    if away || error.kind() == ErrorKind::Io || passing.contains(&error.code()) {
        return LinkError::Away(error.category().to_owned());
    }
    let code = error.code().unwrap_or("ERR").to_owned();
    LinkError::Refused { code, detail: error.detail().unwrap_or_default().to_owned() }
}
