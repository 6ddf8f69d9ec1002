//! By what a program holds its calls: a number of its own, locked in the database as long as the program lives.

use std::{fmt, time::Duration};

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::Mutex;

use super::{Store, StoreError};

/// The first half of the locks' names; the second is a holder's number.
pub(super) const HOLDERS: i32 = 0x6c6f_766c;

const LOCK_WITHIN: Duration = Duration::from_secs(3);

/// A holder. Its lock goes with its connection: when the program dies, the database knows.
pub(super) struct Hold {
    pub number: i32,
    pub options: PgConnectOptions,
    connection: Mutex<Option<PgConnection>>,
}

impl Hold {
    /// Draws a number and locks it, on a connection that does nothing else.
    pub async fn begin(options: PgConnectOptions, mut connection: PgConnection) -> Result<Self, StoreError> {
        let number = draw(&mut connection).await?;
        let locked = lock(&mut connection, number).await?;
        let connection = Mutex::new(Some(connection).filter(|_| locked));
        Ok(Self { number, options, connection })
    }

    /// By which the database is reached.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    async fn keep(&self) -> Result<(), StoreError> {
        let mut held = self.connection.lock().await;
        // Taken out: a wait that is given up leaves no half-read connection behind.
        if let Some(mut connection) = held.take()
            && connection.ping().await.is_ok()
        {
            *held = Some(connection);
            return Ok(());
        }
        let mut connection = self.options.connect().await?;
        // Not ours yet: the server has not noticed that the connection before this one is gone.
        *held = lock(&mut connection, self.number).await?.then_some(connection);
        Ok(())
    }

    /// Lets go of everything at once, for an orderly end.
    pub async fn end(&self) {
        let goodbye = async {
            if let Some(mut connection) = self.connection.lock().await.take() {
                let unlocked = unlock(&mut connection, self.number).await;
                let _ = unlocked.and(connection.close().await.map_err(StoreError::from));
            }
        };
        // Whatever it says, the lock goes with the connection.
        let _ = tokio::time::timeout(LOCK_WITHIN, goodbye).await;
    }
}

/// Without its options, which hold a password.
impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Store {
    /// Holds on to the calls of this program; to be called every few seconds. Between a loss of the database and this, another
    /// program may have taken them up.
    pub async fn keep_hold(&self) -> Result<(), StoreError> {
        let keeping = async {
            let kept = tokio::time::timeout(LOCK_WITHIN, self.hold.keep()).await;
            kept.unwrap_or_else(|_| Err(StoreError::Unavailable("it does not answer".into())))
        };
        self.ask(keeping).await
    }
}

async fn draw(connection: &mut PgConnection) -> Result<i32, StoreError> {
    let drawn = sqlx::query_scalar!(r#"select nextval('pending_holder')::integer as "number!""#);
    Ok(drawn.fetch_one(connection).await?)
}

async fn lock(connection: &mut PgConnection, number: i32) -> Result<bool, StoreError> {
    let locked = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1, $2) as "locked!""#, HOLDERS, number);
    Ok(locked.fetch_one(connection).await?)
}

async fn unlock(connection: &mut PgConnection, number: i32) -> Result<bool, StoreError> {
    let unlocked = sqlx::query_scalar!(r#"select pg_advisory_unlock($1, $2) as "unlocked!""#, HOLDERS, number);
    Ok(unlocked.fetch_one(connection).await?)
}
