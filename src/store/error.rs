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
    /// Out of reach, or out of resources, for now. Try again.
    #[error("the database is out of reach: {0}")]
    Unavailable(String),
    /// The database refused. Trying again would not help.
    #[error("the database refused: {0}")]
    Refused(String),
}

/// Classes of SQLSTATE that pass: connection, transaction rollback, resources (a full disk among them), an operator's
/// hand (a statement's timeout among them), a lock's timeout.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
const PASSING: [&str; 5] = ["08", "40", "53", "57", "55P03"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refused) => {
                // The message alone: the detail shows values of the row.
                let reason = refused.message().to_owned();
                let code = refused.code().unwrap_or_default();
                if PASSING.iter().any(|class| code.starts_with(class)) {
                    Self::Unavailable(reason)
                } else {
                    Self::Refused(reason)
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}
