//! Anonymised questions and answers, of people who consented.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::{Store, StoreError, retention::BATCH, tags::Tags};
use crate::{
    chat::{Language, PersonaId},
    privacy::{Pseudonym, Pseudonymous, Scrubbed},
};

/// A story and what the personas said to it. A panel is one of these with four answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    pub language: Language,
    pub story: Scrubbed,
    /// In the order in which they spoke, each persona once.
    pub answers: Vec<(PersonaId, Scrubbed)>,
    /// No time finer than the day is kept.
    pub asked_on: NaiveDate,
}

impl Store {
    /// Keeps a consultation if its writer consented, and says whether it did. The consent cannot be taken back in between.
    pub async fn keep_consultation(&self, told: &Pseudonymous<Consultation>) -> Result<bool, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let consented = consent(&mut transaction, told.who()).await?;
            if consented {
                let id = write_story(&mut transaction, told).await?;
                write_answers(&mut transaction, id, &told.value().answers).await?;
            }
            transaction.commit().await?;
            Ok(consented)
        })
        .await
    }
}

/// Whoever takes the consent back waits until this transaction is over.
async fn consent(connection: &mut PgConnection, who: &Pseudonym) -> Result<bool, StoreError> {
    let row = sqlx::query!(
        "select consent_consultation from person where key_version = $1 and tag = $2 for share",
        who.key_version,
        who.as_bytes()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some_and(|row| row.consent_consultation))
}

async fn write_story(connection: &mut PgConnection, told: &Pseudonymous<Consultation>) -> Result<i64, StoreError> {
    let row = sqlx::query!(
        "insert into consultation (who_key, who, language, story, asked_on) values ($1, $2, $3, $4, $5) returning id",
        told.who().key_version,
        told.who().as_bytes(),
        told.value().language.as_str(),
        storable(&told.value().story),
        told.value().asked_on
    )
    .fetch_one(connection)
    .await?;
    Ok(row.id)
}

async fn write_answers(
    connection: &mut PgConnection,
    consultation: i64,
    answers: &[(PersonaId, Scrubbed)],
) -> Result<(), StoreError> {
    let personas: Vec<String> = answers.iter().map(|(persona, _)| persona.as_str().to_owned()).collect();
    let texts: Vec<String> = answers.iter().map(|(_, text)| storable(text)).collect();
    sqlx::query!(
        "insert into answer (consultation_id, turn, persona, text)
         select $1, turn::smallint, persona, text
         from unnest($2::text[], $3::text[]) with ordinality as said (persona, text, turn)",
        consultation,
        &personas,
        &texts
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Postgres keeps every character but one.
fn storable(text: &Scrubbed) -> String {
    text.as_str().replace('\0', "\u{fffd}")
}

/// The consent was taken back.
pub(super) async fn forget(connection: &mut PgConnection, who: &Tags) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from consultation where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))",
        &who.keys,
        &who.tags
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn expire(connection: &mut PgConnection, before: NaiveDate) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from consultation where id in (select id from consultation where asked_on <= $1 limit $2)",
        before,
        BATCH
    );
    Ok(done.execute(connection).await?.rows_affected())
}
