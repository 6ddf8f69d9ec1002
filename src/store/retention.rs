//! Deletes what has had its time.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Store, StoreError, consultations, pending, recent};

/// A call that nobody answered or apologised for by then has no address any more that would still work.
const OPEN_CALL: TimeDelta = TimeDelta::hours(24);
const DELIVERED: TimeDelta = TimeDelta::days(7);
const CONSULTATION: TimeDelta = TimeDelta::days(90);

/// How many rows had had their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub calls: u64,
    pub exchanges: u64,
    pub delivered: u64,
    pub consultations: u64,
}

impl Store {
    /// Deletes what was kept as long as promised.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<Swept, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let swept = Swept {
                delivered: expire_delivered(&mut transaction, now - DELIVERED).await?,
                calls: pending::expire(&mut transaction, now - OPEN_CALL, now).await?,
                exchanges: recent::expire(&mut transaction, now - recent::KEPT).await?,
                consultations: consultations::expire(&mut transaction, (now - CONSULTATION).date_naive()).await?,
            };
            transaction.commit().await?;
            Ok(swept)
        })
        .await
    }
}

async fn expire_delivered(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = sqlx::query!("delete from delivered where delivered_at <= $1", before).execute(connection).await?;
    Ok(done.rows_affected())
}
