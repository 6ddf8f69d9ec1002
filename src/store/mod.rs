//! Takes what belongs to a pseudonym, gives it back as long as it was promised to be kept. Knows nothing of platforms,
//! models or keys.

pub mod cluster;
mod connection;
mod consultations;
mod error;
mod event;
mod fandom;
mod ledger;
mod pending;
mod people;
mod recent;
mod retention;
mod rights;
mod tags;
#[cfg(test)]
mod tests;

use sqlx::PgPool;

pub use self::{
    consultations::Consultation,
    error::StoreError,
    event::EventTag,
    fandom::{Deed, FanDeed},
    ledger::Support,
    pending::{Accepted, CallState, OpenCall, PendingCall, Rank},
    people::{AgeBand, Person},
    recent::Exchange,
    retention::Swept,
    rights::{Counted, Forgotten, MyData},
};

/// The tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Opens the database, and brings its tables to this version. Ends within seconds where nobody answers.
    ///
    /// # Errors
    /// One line that names the host and the database, never the password.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        connection::open(url, connections).await.map(|pool| Self { pool })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not, within seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query!(r#"select 1 as "one!""#).fetch_one(&self.pool).await?;
        Ok(())
    }

    /// Closes the connections; what runs is waited for.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
