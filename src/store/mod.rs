//! Takes what belongs to a pseudonym, gives it back as long as it was promised to be kept. Knows nothing of platforms,
//! models or keys.

pub mod cluster;
mod connection;
mod consultations;
mod error;
mod event;
mod fandom;
mod hold;
mod journal;
mod ledger;
mod moderation;
mod moderation_log;
mod pending;
mod people;
mod reach;
mod recent;
mod register;
mod retention;
mod rights;
mod roles;
mod tags;
#[cfg(test)]
mod tests;
mod told;

use std::sync::Arc;

use sqlx::PgPool;

pub use self::{
    consultations::Consultation,
    error::StoreError,
    event::EventTag,
    fandom::{Deed, FanDeed},
    journal::Journal,
    ledger::Support,
    moderation::{Changes, Moderated, Wanted},
    moderation_log::{ModDeed, ModDone, SweptModeration},
    pending::{Accepted, Attempt, CallState, OpenCall, PendingCall},
    people::{AgeBand, Person},
    reach::Insistence,
    recent::Exchange,
    register::Counts,
    retention::Swept,
    rights::{Counted, Forgotten, MyData},
    told::ForgottenElsewhere,
};
use self::{hold::Hold, reach::Reach};

/// The tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    reach: Arc<Reach>,
    hold: Arc<Hold>,
    /// Where it remembers whom it forgot.
    journal: Option<Journal>,
    /// Whether it asks even while the database is known not to answer.
    insists: bool,
}

impl Store {
    /// Opens the database, and brings its tables to this version. Ends within seconds where nobody answers.
    ///
    /// # Errors
    /// One line that names the host and the database, never the password.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        let (pool, hold) = connection::open(url, connections).await?;
        Ok(Self { pool, reach: Arc::default(), hold: Arc::new(hold), journal: None, insists: false })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not, within seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.ask(async {
            sqlx::query!(r#"select 1 as "one!""#).fetch_one(&self.pool).await?;
            Ok(())
        })
        .await
    }

    /// Closes the connections; what runs is waited for. Open calls are free for whoever comes next.
    pub async fn close(&self) {
        self.hold.end().await;
        self.pool.close().await;
    }
}
