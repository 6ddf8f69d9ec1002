//! Why the store did not do something.

/// What became of a query. Names no person and no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The address is none.
    #[error("DATABASE_URL is not understood: {0}; expected postgres://user@host/database")]
    BadAddress(String),
    /// Nobody answers there, or not to us.
    #[error("cannot open database `{database}` on {host}: {reason}")]
    Unreachable { host: String, database: String, reason: String },
    /// The tables are not those of this program.
    #[error("cannot bring database `{database}` on {host} to this version: {reason}")]
    Migration { host: String, database: String, reason: String },
    /// Out of reach. Try again.
    #[error("the database is out of reach: {0}")]
    Unavailable(String),
    /// It answers, and cannot do this for now: a full disk, a server that only reads, a lock, too many connections. Try again.
    #[error("the database cannot do this now: {0}")]
    Busy(String),
    /// The journal of forgets beside the keyring cannot be read.
    #[error("the journal of forgotten people cannot be read: {0}")]
    Journal(String),
    /// The database refused. Trying again would not help.
    #[error("the database refused: {0}")]
    Refused(String),
}

/// SQLSTATEs, and beginnings of them, of a server that is not there for us: connection, shutdown, crash, recovery.
/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>
const AWAY: [&str; 2] = ["08", "57P"];

/// The same of a server that is there and cannot for now: it only reads, transaction rollback, resources (a full disk among
/// them), closed to connections, a lock's and a statement's timeout, the system's own errors.
const BUSY: [&str; 7] = ["25006", "40", "53", "55000", "55P03", "57014", "58"];

impl StoreError {
    /// Whether trying again may help.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Busy(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refused) => {
                // The message alone: the detail shows values of the row.
                let reason = refused.message().to_owned();
                let code = refused.code().unwrap_or_default();
                let is_of = |classes: &[&str]| classes.iter().any(|class| code.starts_with(class));
                if is_of(&AWAY) {
                    Self::Unavailable(reason)
                } else if is_of(&BUSY) {
                    Self::Busy(reason)
                } else {
                    Self::Refused(reason)
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::BeginFailed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}
