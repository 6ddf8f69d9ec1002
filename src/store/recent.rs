//! Sealed exchanges of the last day, for follow-ups.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Store, StoreError, retention::BATCH, tags::Tags};
use crate::{
    chat::PersonaId,
    privacy::{Pseudonym, Pseudonymous, Sealed},
};

/// How long a follow-up finds what it follows.
pub(super) const KEPT: TimeDelta = TimeDelta::hours(24);

/// A question and its answer, for what may follow. Its person is the [`Pseudonymous`] around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub place: Pseudonym,
    pub persona: PersonaId,
    /// The asker's message, where the platform has such a thing.
    pub message: Option<Pseudonym>,
    /// Scrubbed question and answer, as their reader wants them.
    pub sealed: Sealed,
    pub answered_at: DateTime<Utc>,
}

impl Store {
    /// Keeps an exchange for 24 hours.
    pub async fn remember(&self, exchange: &Pseudonymous<Exchange>) -> Result<(), StoreError> {
        self.ask(async {
            let (who, exchange) = (exchange.who(), exchange.value());
            sqlx::query!(
                "insert into recent (
                 place_key, place, who_key, who, persona, message_key, message, exchange_key, exchange, answered_at
             )
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                exchange.place.key_version,
                exchange.place.as_bytes(),
                who.key_version,
                who.as_bytes(),
                exchange.persona.as_str(),
                exchange.message.as_ref().map(|message| message.key_version),
                exchange.message.as_ref().map(|message| message.as_bytes().as_slice()),
                exchange.sealed.key_version,
                exchange.sealed.bytes,
                exchange.answered_at
            )
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }

    /// What a person was last answered in a place, and by whom, unless that is over 24 hours ago. Place and person under
    /// every live key.
    pub async fn latest(
        &self,
        place: &[Pseudonym],
        who: &[Pseudonym],
        now: DateTime<Utc>,
    ) -> Result<Option<(PersonaId, Sealed)>, StoreError> {
        self.ask(async {
            let (place, who) = (Tags::of(place), Tags::of(who));
            let row = sqlx::query!(
                "select persona, exchange_key, exchange
             from recent
             where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))
             and (place_key, place) in (select * from unnest($3::smallint[], $4::bytea[]))
             and answered_at > $5
             order by answered_at desc, id desc
             limit 1",
                &who.keys,
                &who.tags,
                &place.keys,
                &place.tags,
                now - KEPT
            )
            .fetch_optional(&self.pool)
            .await?;
            Ok(row.map(|row| {
                (PersonaId::new(row.persona), Sealed { key_version: row.exchange_key, bytes: row.exchange })
            }))
        })
        .await
    }

    /// Drops the exchanges about a message, given under every live key: it was deleted. Gives their number.
    pub async fn forget_message(&self, message: &[Pseudonym]) -> Result<u64, StoreError> {
        self.ask(async {
            let message = Tags::of(message);
            let done = sqlx::query!(
            "delete from recent where (message_key, message) in (select * from unnest($1::smallint[], $2::bytea[]))",
            &message.keys,
            &message.tags
        )
        .execute(&self.pool)
        .await?;
            Ok(done.rows_affected())
        })
        .await
    }

    /// Drops a person's exchanges in a place, both under every live key: a timeout or a ban. Gives their number.
    pub async fn forget_in_place(&self, place: &[Pseudonym], who: &[Pseudonym]) -> Result<u64, StoreError> {
        self.ask(async {
            let (place, who) = (Tags::of(place), Tags::of(who));
            let done = sqlx::query!(
                "delete from recent
             where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))
             and (place_key, place) in (select * from unnest($3::smallint[], $4::bytea[]))",
                &who.keys,
                &who.tags,
                &place.keys,
                &place.tags
            )
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected())
        })
        .await
    }

    /// Drops all exchanges of a place, given under every live key: its chat was cleared. Gives their number.
    pub async fn forget_place(&self, place: &[Pseudonym]) -> Result<u64, StoreError> {
        self.ask(async {
            let place = Tags::of(place);
            let done = sqlx::query!(
                "delete from recent where (place_key, place) in (select * from unnest($1::smallint[], $2::bytea[]))",
                &place.keys,
                &place.tags
            )
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected())
        })
        .await
    }
}

pub(super) async fn expire(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from recent where id in (select id from recent where answered_at <= $1 limit $2)",
        before,
        BATCH
    );
    Ok(done.execute(connection).await?.rows_affected())
}
