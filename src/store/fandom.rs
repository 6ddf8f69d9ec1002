//! How often fans did what for a persona.

use sqlx::PgConnection;

use super::{Store, StoreError, tags::Tags};
use crate::{
    chat::PersonaId,
    privacy::{Pseudonym, Pseudonymous},
};

/// Something that a fan did for a persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FanDeed {
    pub persona: PersonaId,
    pub deed: Deed,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    Asked,
    Supported,
}

impl Deed {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Supported => "supported",
        }
    }
}

impl Store {
    /// Counts a deed: always for the fleet, for the fan if they consented, which is what this says.
    pub async fn count(&self, done: &Pseudonymous<FanDeed>) -> Result<bool, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let counted = count_for_fan(&mut transaction, done).await?;
            count_for_fleet(&mut transaction, done.value()).await?;
            transaction.commit().await?;
            Ok(counted)
        })
        .await
    }

    /// How often a deed was done for a persona, by whomever.
    pub async fn fan_total(&self, deed: &FanDeed) -> Result<u64, StoreError> {
        self.ask(async {
            let row = sqlx::query!(
                "select count from fan_total where persona = $1 and deed = $2",
                deed.persona.as_str(),
                deed.deed.as_str()
            )
            .fetch_optional(&self.pool)
            .await?;
            Ok(row.map_or(0, |row| row.count.unsigned_abs()))
        })
        .await
    }
}

/// Whoever takes the consent back waits until this transaction is over.
async fn count_for_fan(connection: &mut PgConnection, done: &Pseudonymous<FanDeed>) -> Result<bool, StoreError> {
    let counted = sqlx::query!(
        "insert into fan_count as so_far (who_key, who, persona, deed, count)
         select fan.key_version, fan.tag, $3, $4, 1
         from (select key_version, tag from person where key_version = $1 and tag = $2 and consent_fandom for share) as fan
         on conflict on constraint fan_count_pkey do update set count = so_far.count + 1",
        done.who().key_version,
        done.who().as_bytes(),
        done.value().persona.as_str(),
        done.value().deed.as_str()
    )
    .execute(connection)
    .await?;
    Ok(counted.rows_affected() == 1)
}

async fn count_for_fleet(connection: &mut PgConnection, done: &FanDeed) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into fan_total as so_far (persona, deed, count) values ($1, $2, 1)
         on conflict on constraint fan_total_pkey do update set count = so_far.count + 1",
        done.persona.as_str(),
        done.deed.as_str()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The consent was taken back.
pub(super) async fn forget(connection: &mut PgConnection, who: &Tags) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from fan_count where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))",
        &who.keys,
        &who.tags
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Adds a fan's counters under other keys to those under this one.
pub(super) async fn merge(connection: &mut PgConnection, older: &Tags, newest: &Pseudonym) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "with old as (
             delete from fan_count
             where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))
             returning persona, deed, count
         )
         insert into fan_count as so_far (who_key, who, persona, deed, count)
         select $3, $4, persona, deed, sum(count) from old group by persona, deed
         on conflict on constraint fan_count_pkey do update set count = so_far.count + excluded.count",
        &older.keys,
        &older.tags,
        newest.key_version,
        newest.as_bytes()
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
