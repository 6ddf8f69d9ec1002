//! The pool of connections to Postgres, and the migrations that run before it.

use std::{fmt::Display, future::Future, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{StoreError, hold::Hold, roles};

static MIGRATIONS: Migrator = sqlx::migrate!();

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const POOL_WITHIN: Duration = Duration::from_secs(5);
const MIGRATE_WITHIN: Duration = Duration::from_mins(5);

/// What the server has not answered by then, it gives up: nobody waits for it any more. It also looks soon whether we live.
const SESSION: [(&str, &str); 6] = [
    ("statement_timeout", "6s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
];

/// Connects once for the sake of a clear error, migrates, and gives connections for the work, and a hold on what this program
/// takes in hand.
pub(super) async fn open(url: &str, connections: u32) -> Result<(PgPool, Hold), StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::BadAddress(bad_address(error)))?;
    let options = options.application_name("lovelm");
    let (host, database) = address(&options);
    let first = in_time(CONNECT_WITHIN, options.connect()).await.map_err(|reason| StoreError::Unreachable {
        host: host.clone(),
        database: database.clone(),
        reason,
    })?;
    let is_settled = migrate(first).await.map_err(|reason| StoreError::Migration {
        host: host.clone(),
        database: database.clone(),
        reason,
    })?;
    let options = options.options(SESSION).options(is_settled.then_some(("role", roles::BOTS)));
    let holding = async { Hold::begin(options.clone(), options.connect().await?).await };
    let hold = in_time(CONNECT_WITHIN, holding).await;
    let hold = hold.map_err(|reason| StoreError::Unreachable { host, database, reason })?;
    let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(POOL_WITHIN);
    // Otherwise a connection whose other end is silently gone would keep its place for as long as TCP hopes.
    let pool = pool.after_release(|connection, _| {
        Box::pin(async move {
            let answered = tokio::time::timeout(POOL_WITHIN, connection.ping()).await;
            answered.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
        })
    });
    Ok((pool.connect_lazy_with(options), hold))
}

/// Without the timeouts of [`SESSION`]: a migration may take longer than any query. Gives whether the tables' own role is there.
async fn migrate(mut connection: PgConnection) -> Result<bool, String> {
    in_time(MIGRATE_WITHIN, MIGRATIONS.run(&mut connection)).await?;
    let is_settled = roles::settle(&mut connection).await;
    connection.close().await.map_err(|error| error.to_string())?;
    Ok(is_settled)
}

async fn in_time<T, E: Display>(limit: Duration, work: impl Future<Output = Result<T, E>>) -> Result<T, String> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} s", limit.as_secs())),
    }
}

/// The host, or the folder of the socket, and the database. By libpq's rule the latter is the user's name by default.
fn address(options: &PgConnectOptions) -> (String, String) {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    (host, options.get_database().unwrap_or(options.get_username()).to_owned())
}

fn bad_address(error: sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(reason) => reason.to_string(),
        other => other.to_string(),
    }
}
