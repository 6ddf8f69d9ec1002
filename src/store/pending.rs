//! Calls that were paid for, until each is answered once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{EventTag, Store, StoreError, tags::Tags};
use crate::{
    chat::PersonaId,
    privacy::{Pseudonym, Sealed},
};

/// A paid call that is to be answered exactly once, whatever happens to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingCall {
    pub event: EventTag,
    pub persona: PersonaId,
    pub who: Pseudonym,
    /// Where the answer goes.
    pub address: Sealed,
    /// The scrubbed call, as its reader wants it.
    pub question: Sealed,
    pub rank: Rank,
    pub arrived_at: DateTime<Utc>,
}

/// Where a call stood in line, in the scheduler's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    pub class: String,
    /// In hundredths of a US dollar; never negative.
    pub credit: i64,
    /// Microseconds of wall time.
    pub key: i64,
}

/// Whether a call was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    New,
    /// The same event waits already for this persona, or was answered in the last 7 days.
    Duplicate,
}

/// A call that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCall {
    pub call: PendingCall,
    pub state: CallState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    Waiting,
    /// A line may have gone out. After a restart, where the platform cannot say, it is not sent again.
    Sending,
}

impl Store {
    /// Takes a call. When this returns [`Accepted::New`], the call is committed.
    pub async fn accept(&self, call: &PendingCall) -> Result<Accepted, StoreError> {
        let Tags { keys, tags } = Tags::of(call.event.all());
        let done = sqlx::query!(
            "insert into pending (
                 platform, event_key, event, persona, who_key, who, address_key, address, question_key, question,
                 class, credit, ordering_key, arrived_at
             )
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
             where not exists (
                 select from delivered
                 where platform = $1 and persona = $4
                 and (event_key, event) in (select * from unnest($15::smallint[], $16::bytea[]))
             )
             and not exists (
                 select from pending
                 where platform = $1 and persona = $4
                 and (event_key, event) in (select * from unnest($15::smallint[], $16::bytea[]))
             )
             on conflict on constraint pending_pkey do nothing",
            call.event.platform.as_str(),
            call.event.tag.key_version,
            call.event.tag.as_bytes(),
            call.persona.as_str(),
            call.who.key_version,
            call.who.as_bytes(),
            call.address.key_version,
            call.address.bytes,
            call.question.key_version,
            call.question.bytes,
            call.rank.class,
            call.rank.credit,
            call.rank.key,
            call.arrived_at,
            &keys,
            &tags
        )
        .execute(&self.pool)
        .await?;
        Ok(if done.rows_affected() == 1 { Accepted::New } else { Accepted::Duplicate })
    }

    /// Notes, before a line goes out, that it may have gone out. False when the call is not waiting any more: do not send.
    pub async fn sending(&self, event: &EventTag, persona: &PersonaId) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "update pending set state = 'sending'
             where platform = $1 and event_key = $2 and event = $3 and persona = $4 and state = 'waiting'",
            event.platform.as_str(),
            event.tag.key_version,
            event.tag.as_bytes(),
            persona.as_str()
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends a call with its answer or its apology, and remembers the event against late duplicates. False when it was not
    /// open.
    pub async fn deliver(&self, event: &EventTag, persona: &PersonaId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"with closed as (
                 delete from pending
                 where platform = $1 and event_key = $2 and event = $3 and persona = $4
                 returning platform
             ), remembered as (
                 insert into delivered (platform, event_key, event, persona, delivered_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict on constraint delivered_pkey do nothing
             )
             select exists (select from closed) as "was_open!""#,
            event.platform.as_str(),
            event.tag.key_version,
            event.tag.as_bytes(),
            persona.as_str(),
            at
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(done.was_open)
    }

    /// Every call that was accepted and not answered, the oldest first: what a program takes up when it starts.
    pub async fn open_calls(&self) -> Result<Vec<OpenCall>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            "select platform, event_key, event, persona, who_key, who, address_key, address, question_key, question,
                    class, credit, ordering_key, arrived_at, state
             from pending
             order by arrived_at, ordering_key"
        )
        .fetch_all(&self.pool)
        .await?;
        let readable = rows.into_iter().filter_map(|row| {
            OpenCall::read(row).inspect_err(|error| tracing::error!(%error, "a paid call cannot be read")).ok()
        });
        Ok(readable.collect())
    }
}

struct Row {
    platform: String,
    event_key: i16,
    event: Vec<u8>,
    persona: String,
    who_key: i16,
    who: Vec<u8>,
    address_key: i16,
    address: Vec<u8>,
    question_key: i16,
    question: Vec<u8>,
    class: String,
    credit: i64,
    ordering_key: i64,
    arrived_at: DateTime<Utc>,
    state: String,
}

impl OpenCall {
    fn read(row: Row) -> Result<Self, StoreError> {
        let platform = row.platform.parse().map_err(StoreError::Refused)?;
        let call = PendingCall {
            event: EventTag { platform, tag: pseudonym(row.event_key, &row.event)?, older: Vec::new() },
            persona: PersonaId::new(row.persona),
            who: pseudonym(row.who_key, &row.who)?,
            address: Sealed { key_version: row.address_key, bytes: row.address },
            question: Sealed { key_version: row.question_key, bytes: row.question },
            rank: Rank { class: row.class, credit: row.credit, key: row.ordering_key },
            arrived_at: row.arrived_at,
        };
        let state = if row.state == "sending" { CallState::Sending } else { CallState::Waiting };
        Ok(Self { call, state })
    }
}

fn pseudonym(key_version: i16, tag: &[u8]) -> Result<Pseudonym, StoreError> {
    let tag = tag.try_into().map_err(|_| StoreError::Refused("a pseudonym has the wrong length".to_owned()))?;
    Ok(Pseudonym::from_row(key_version, tag))
}

/// Closes every call of these people; their events stay remembered.
pub(super) async fn forget(connection: &mut PgConnection, who: &Tags, at: DateTime<Utc>) -> Result<u64, StoreError> {
    let closed = sqlx::query!(
        r#"with closed as (
             delete from pending
             where (who_key, who) in (select * from unnest($1::smallint[], $2::bytea[]))
             returning platform, event_key, event, persona
         ), remembered as (
             insert into delivered (platform, event_key, event, persona, delivered_at)
             select platform, event_key, event, persona, $3 from closed
             on conflict on constraint delivered_pkey do nothing
         )
         select count(*) as "rows!" from closed"#,
        &who.keys,
        &who.tags,
        at
    )
    .fetch_one(connection)
    .await?;
    Ok(closed.rows.unsigned_abs())
}

/// Closes every call that came before a time.
pub(super) async fn expire(
    connection: &mut PgConnection,
    before: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let closed = sqlx::query!(
        r#"with closed as (
             delete from pending where arrived_at <= $1
             returning platform, event_key, event, persona
         ), remembered as (
             insert into delivered (platform, event_key, event, persona, delivered_at)
             select platform, event_key, event, persona, $2 from closed
             on conflict on constraint delivered_pkey do nothing
         )
         select count(*) as "rows!" from closed"#,
        before,
        at
    )
    .fetch_one(connection)
    .await?;
    Ok(closed.rows.unsigned_abs())
}
