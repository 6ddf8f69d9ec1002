//! What moderators did, and the codes by which a place gets the alerts of another.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Store, StoreError, tags::Tags};
use crate::privacy::{Pseudonym, Sealed};

/// How long it is known who did it.
pub(super) const WHO_KEPT: TimeDelta = TimeDelta::days(30);
/// How long it is known that it was done.
pub(super) const KEPT: TimeDelta = TimeDelta::days(365);

/// Something that a moderator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModDeed {
    pub place: Pseudonym,
    /// Its name in the locale files.
    pub deed: &'static str,
    /// A number or hours; never a name, an id or words.
    pub detail: Option<String>,
    pub done_at: DateTime<Utc>,
    /// The moderator, under the newest key, and their name.
    pub who: Pseudonym,
    pub name: Sealed,
}

/// The same, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModDone {
    pub deed: String,
    pub detail: Option<String>,
    pub done_at: DateTime<Utc>,
    /// Nothing once it is over 30 days ago, or its moderator asked to be forgotten.
    pub name: Option<Sealed>,
}

/// What was forgotten of what moderators did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweptModeration {
    /// Deeds whose moderator is not known any more.
    pub names: u64,
    pub deeds: u64,
    pub codes: u64,
}

impl Store {
    /// Writes down what a moderator did.
    pub async fn note_deed(&self, deed: &ModDeed) -> Result<(), StoreError> {
        self.ask(async {
            sqlx::query!(
                "insert into moderation_log (place_key, place, deed, detail, done_at, who_key, who, name_key, name)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                deed.place.key_version,
                deed.place.as_bytes(),
                deed.deed,
                deed.detail,
                deed.done_at,
                deed.who.key_version,
                deed.who.as_bytes(),
                deed.name.key_version,
                deed.name.bytes
            )
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }

    /// What was done last in a place, given under every live key, the newest first.
    pub async fn deeds(&self, place: &[Pseudonym], most: usize) -> Result<Vec<ModDone>, StoreError> {
        self.ask(async {
            let place = Tags::of(place);
            let rows = sqlx::query!(
                "select deed, detail, done_at, name_key, name
                 from moderation_log
                 where (place_key, place) in (select * from unnest($1::smallint[], $2::bytea[]))
                 order by id desc
                 limit $3",
                &place.keys,
                &place.tags,
                i64::try_from(most).unwrap_or(i64::MAX)
            )
            .fetch_all(&self.pool)
            .await?;
            let done = rows.into_iter().map(|row| ModDone {
                deed: row.deed,
                detail: row.detail,
                done_at: row.done_at,
                name: row.name_key.zip(row.name).map(|(key_version, bytes)| Sealed { key_version, bytes }),
            });
            Ok(done.collect())
        })
        .await
    }

    /// Keeps the place behind a code until then.
    pub async fn offer_alerts(&self, code: &Pseudonym, place: &Sealed, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.ask(async {
            sqlx::query!(
                "insert into alert_code (code_key, code, place_key, place, until) values ($1, $2, $3, $4, $5)
                 on conflict do nothing",
                code.key_version,
                code.as_bytes(),
                place.key_version,
                place.bytes,
                until
            )
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }

    /// Takes the place behind a code, given under every live key. Once.
    pub async fn take_alerts(&self, code: &[Pseudonym], now: DateTime<Utc>) -> Result<Option<Sealed>, StoreError> {
        self.ask(async {
            let code = Tags::of(code);
            let row = sqlx::query!(
                "delete from alert_code
                 where (code_key, code) in (select * from unnest($1::smallint[], $2::bytea[])) and until > $3
                 returning place_key, place",
                &code.keys,
                &code.tags,
                now
            )
            .fetch_optional(&self.pool)
            .await?;
            Ok(row.map(|row| Sealed { key_version: row.place_key, bytes: row.place }))
        })
        .await
    }
}

pub(super) async fn expire(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<SweptModeration, StoreError> {
    let names = sqlx::query!(
        "update moderation_log set who_key = null, who = null, name_key = null, name = null
         where done_at <= $1 and who is not null",
        now - WHO_KEPT
    );
    let names = names.execute(&mut *connection).await?.rows_affected();
    let deeds = sqlx::query!("delete from moderation_log where done_at <= $1", now - KEPT);
    let deeds = deeds.execute(&mut *connection).await?.rows_affected();
    let codes = sqlx::query!("delete from alert_code where until <= $1", now).execute(connection).await?;
    Ok(SweptModeration { names, deeds, codes: codes.rows_affected() })
}
