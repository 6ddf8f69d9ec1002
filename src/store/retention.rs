//! Deletes what has had its time.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Store, StoreError, SweptModeration, consultations, moderation_log, pending, recent};

/// A call that nobody answered or apologised for by then has no address any more that would still work.
const OPEN_CALL: TimeDelta = TimeDelta::hours(24);
const DELIVERED: TimeDelta = TimeDelta::days(7);
const CONSULTATION: TimeDelta = TimeDelta::days(90);

/// Rows that are deleted at once: a database that was away for long holds more than one statement may take.
pub(super) const BATCH: i64 = 5_000;

/// How many rows had had their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub calls: u64,
    pub exchanges: u64,
    pub delivered: u64,
    pub consultations: u64,
    pub moderation: SweptModeration,
    /// Entries of the journal of forgets.
    pub forgets: u64,
}

/// What is kept for a while only.
#[derive(Clone, Copy)]
enum Kept {
    Calls,
    Exchanges,
    Delivered,
    Consultations,
    Forgets,
}

impl Store {
    /// Deletes what was kept as long as promised.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<Swept, StoreError> {
        Ok(Swept {
            delivered: self.sweep_all(Kept::Delivered, now).await?,
            calls: self.sweep_all(Kept::Calls, now).await?,
            exchanges: self.sweep_all(Kept::Exchanges, now).await?,
            consultations: self.sweep_all(Kept::Consultations, now).await?,
            moderation: self.sweep_moderation(now).await?,
            forgets: self.sweep_all(Kept::Forgets, now).await?,
        })
    }

    async fn sweep_moderation(&self, now: DateTime<Utc>) -> Result<SweptModeration, StoreError> {
        self.ask(async { moderation_log::expire(&mut *self.pool.acquire().await?, now).await }).await
    }

    async fn sweep_all(&self, kept: Kept, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut rows = 0;
        loop {
            let some = self.ask(self.sweep_some(kept, now)).await?;
            rows += some;
            if some < BATCH.unsigned_abs() {
                return Ok(rows);
            }
        }
    }

    /// At most [`BATCH`] rows.
    async fn sweep_some(&self, kept: Kept, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        match kept {
            Kept::Calls => pending::expire(&mut connection, now - OPEN_CALL, now).await,
            Kept::Exchanges => recent::expire(&mut connection, now - recent::KEPT).await,
            Kept::Delivered => expire_delivered(&mut connection, now - DELIVERED).await,
            Kept::Consultations => consultations::expire(&mut connection, (now - CONSULTATION).date_naive()).await,
            Kept::Forgets => match self.forgets_done_before(now) {
                Some(day) => expire_forgets(&mut connection, day).await,
                None => Ok(0),
            },
        }
    }
}

async fn expire_delivered(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from delivered where ctid = any(array(select ctid from delivered where delivered_at <= $1 limit $2))",
        before,
        BATCH
    );
    Ok(done.execute(connection).await?.rows_affected())
}

async fn expire_forgets(connection: &mut PgConnection, before: NaiveDate) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from forgotten where ctid = any(array(select ctid from forgotten where done_on < $1 limit $2))",
        before,
        BATCH
    );
    Ok(done.execute(connection).await?.rows_affected())
}
