//! What is kept of a person, shown and deleted.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Person, Store, StoreError, consultations, fandom, ledger, pending, people, recent, tags::Tags};
use crate::{chat::PersonaId, privacy::Pseudonym};

/// What is kept of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MyData {
    pub person: Option<Person>,
    pub open_calls: u64,
    pub exchanges: u64,
    pub consultations: u64,
    pub fandom: Vec<Counted>,
    pub payments: u64,
    /// In hundredths of a US dollar.
    pub cents: u64,
}

/// A counter of a fan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub persona: PersonaId,
    /// As [`super::Deed::as_str`] names it.
    pub deed: String,
    pub times: u64,
}

/// How many rows were deleted, or, in the ledger, have no person any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub rows: u64,
}

impl Store {
    /// Shows what is kept of a person, given under every live key.
    pub async fn mydata(&self, who: &[Pseudonym]) -> Result<MyData, StoreError> {
        self.ask(async {
            let who = Tags::of(who);
            let mut transaction = self.pool.begin().await?;
            let mut data = numbers(&mut transaction, &who).await?;
            data.person = newest_person(&mut transaction, &who).await?;
            data.fandom = counters(&mut transaction, &who).await?;
            transaction.commit().await?;
            Ok(data)
        })
        .await
    }

    /// Deletes everything of a person, given under every live key. Amounts stay in the ledger without them; events that
    /// were still to be answered are remembered as done.
    pub async fn forget(&self, who: &[Pseudonym], at: DateTime<Utc>) -> Result<Forgotten, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let rows = forget(&mut transaction, who, at).await?;
            transaction.commit().await?;
            Ok(Forgotten { rows })
        })
        .await
    }
}

/// The person's row goes first: what checks a consent waits behind it and then finds none.
pub(super) async fn forget(
    connection: &mut PgConnection,
    who: &[Pseudonym],
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let who = Tags::of(who);
    Ok(forget_person(connection, &who).await?
        + pending::forget(connection, &who, at).await?
        + recent::forget(connection, &who).await?
        + consultations::forget(connection, &who).await?
        + fandom::forget(connection, &who).await?
        + ledger::forget(connection, &who).await?)
}

async fn forget_person(connection: &mut PgConnection, who: &Tags) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from person where (key_version, tag) in (select * from unnest($1::smallint[], $2::bytea[]))",
        &who.keys,
        &who.tags
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

async fn numbers(connection: &mut PgConnection, who: &Tags) -> Result<MyData, StoreError> {
    let row = sqlx::query!(
        r#"with me (who_key, who) as (select * from unnest($1::smallint[], $2::bytea[]))
         select
             (select count(*) from pending join me using (who_key, who)) as "open_calls!",
             (select count(*) from recent join me using (who_key, who)) as "exchanges!",
             (select count(*) from consultation join me using (who_key, who)) as "consultations!",
             (select count(*) from ledger join me using (who_key, who)) as "payments!",
             (select least(coalesce(sum(cents), 0), 9223372036854775807)::bigint
              from ledger join me using (who_key, who)) as "cents!""#,
        &who.keys,
        &who.tags
    )
    .fetch_one(connection)
    .await?;
    Ok(MyData {
        open_calls: row.open_calls.unsigned_abs(),
        exchanges: row.exchanges.unsigned_abs(),
        consultations: row.consultations.unsigned_abs(),
        payments: row.payments.unsigned_abs(),
        cents: row.cents.unsigned_abs(),
        ..MyData::default()
    })
}

async fn newest_person(connection: &mut PgConnection, who: &Tags) -> Result<Option<Person>, StoreError> {
    let row = sqlx::query_as!(
        people::Row,
        "select consent_consultation, consent_fandom, consent_memory, language, age_band, last_notice_at
         from person
         where (key_version, tag) in (select * from unnest($1::smallint[], $2::bytea[]))
         order by key_version desc
         limit 1",
        &who.keys,
        &who.tags
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Person::from))
}

async fn counters(connection: &mut PgConnection, who: &Tags) -> Result<Vec<Counted>, StoreError> {
    let rows = sqlx::query!(
        r#"select persona, deed, sum(count)::bigint as "times!"
         from fan_count
         where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))
         group by persona, deed
         order by persona, deed"#,
        &who.keys,
        &who.tags
    )
    .fetch_all(connection)
    .await?;
    let counted = rows.into_iter().map(|row| Counted {
        persona: PersonaId::new(row.persona),
        deed: row.deed,
        times: row.times.unsigned_abs(),
    });
    Ok(counted.collect())
}
