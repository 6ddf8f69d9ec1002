//! What is kept of a person: shown, deleted, and put under another key.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::{Counts, Person, Store, StoreError, people, register, tags::Tags};
use crate::{chat::PersonaId, privacy::Pseudonym};

/// What is kept of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MyData {
    pub person: Option<Person>,
    /// Rows by table.
    pub rows: Counts,
    pub fandom: Vec<Counted>,
    /// Of all payments, in hundredths of a US dollar.
    pub cents: u64,
}

impl MyData {
    /// How many rows a table has.
    #[must_use]
    pub fn of(&self, table: &str) -> u64 {
        self.rows.get(table).copied().unwrap_or_default()
    }
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
            let data = MyData {
                rows: register::count(&mut transaction, &who).await?,
                person: newest_person(&mut transaction, &who).await?,
                fandom: counters(&mut transaction, &who).await?,
                cents: cents(&mut transaction, &who).await?,
            };
            transaction.commit().await?;
            Ok(data)
        })
        .await
    }

    /// Every row that is kept of a person, given under every live key, by table. Bytes stand as `\x` and digits.
    pub async fn rows_of(&self, who: &[Pseudonym]) -> Result<BTreeMap<&'static str, Vec<Value>>, StoreError> {
        self.ask(async {
            let mut connection = self.pool.acquire().await?;
            register::show(&mut connection, &Tags::of(who)).await
        })
        .await
    }

    /// Deletes everything of a person, given under every live key. Amounts stay in the ledger without them; events that
    /// were still to be answered are remembered as done. Every other program is told, and the journal, where there is one,
    /// remembers it for a database that is brought back from a backup.
    pub async fn forget(&self, who: &[Pseudonym], at: DateTime<Utc>) -> Result<Forgotten, StoreError> {
        let noted = self.note_forget(who, at).await;
        let done = self
            .ask(async {
                let mut transaction = self.pool.begin().await?;
                let rows = register::forget(&mut transaction, &Tags::of(who), at).await?;
                if let Some(entry) = &noted {
                    super::journal::done(&mut transaction, entry, at).await?;
                }
                self.hold.tell_of(&mut transaction, who).await?;
                transaction.commit().await?;
                Ok(Forgotten { rows })
            })
            .await;
        if let (Err(_), Some(entry)) = (&done, &noted) {
            self.strike_forget(entry).await;
        }
        done
    }

    /// The same, behind another program that did it: what this one was just writing goes as well. Nobody is told.
    pub async fn forget_after(&self, who: &[Pseudonym], at: DateTime<Utc>) -> Result<Forgotten, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let rows = register::forget(&mut transaction, &Tags::of(who), at).await?;
            transaction.commit().await?;
            Ok(Forgotten { rows })
        })
        .await
    }

    /// Puts the rows of a person under another key, and gives how many.
    pub async fn bring_over(&self, older: &[Pseudonym], newest: &Pseudonym) -> Result<u64, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let rows = register::bring_over(&mut transaction, &Tags::of(older), newest).await?;
            transaction.commit().await?;
            Ok(rows)
        })
        .await
    }

    /// How many rows there are under a version of the key, by table.
    pub async fn rows_under(&self, key_version: i16) -> Result<Counts, StoreError> {
        self.ask(async {
            let mut connection = self.pool.acquire().await?;
            register::count_under(&mut connection, key_version).await
        })
        .await
    }

    /// Paid calls that nobody could answer without this version of the key.
    pub async fn open_under(&self, key_version: i16) -> Result<u64, StoreError> {
        self.ask(async {
            let open = sqlx::query_scalar!(
                r#"select count(*) as "rows!" from pending where $1 in (event_key, who_key, address_key, question_key)"#,
                key_version
            );
            Ok(open.fetch_one(&self.pool).await?.unsigned_abs())
        })
        .await
    }

    /// Lets go of what nobody can use or find without a key that was destroyed: settings, counters and exchanges. Gives the
    /// rows that stay, with nobody to them.
    pub async fn bury(&self, key_version: i16) -> Result<Counts, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let left = register::bury(&mut transaction, key_version).await?;
            transaction.commit().await?;
            Ok(left)
        })
        .await
    }
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

async fn cents(connection: &mut PgConnection, who: &Tags) -> Result<u64, StoreError> {
    let cents = sqlx::query_scalar!(
        r#"select least(coalesce(sum(cents), 0), 9223372036854775807)::bigint as "cents!"
         from ledger
         where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))"#,
        &who.keys,
        &who.tags
    );
    Ok(cents.fetch_one(connection).await?.unsigned_abs())
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
