//! Calls that were paid for, until each is answered once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{EventTag, Store, StoreError, hold::HOLDERS, retention::BATCH, tags::Tags};
use crate::{
    chat::{PersonaId, Platform},
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
    /// The scrubbed call, as its reader wants it. No two sealings are alike: by it the call knows its own row.
    pub question: Sealed,
    pub arrived_at: DateTime<Utc>,
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

/// How often whoever wants to send has asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    First,
    /// The database did not say what became of the attempt before.
    Again,
}

impl Store {
    /// Takes the calls of one event, all or none. When this returns [`Accepted::New`], a call is committed, and this program
    /// holds it. Asked again with the same calls after an error, it says the same as the first time.
    pub async fn accept(&self, calls: &[PendingCall]) -> Result<Vec<Accepted>, StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let mut accepted = Vec::with_capacity(calls.len());
            for call in calls {
                accepted.push(insert(&mut transaction, call, self.hold.number).await?);
            }
            transaction.commit().await?;
            Ok(accepted)
        })
        .await
    }

    /// Notes, before a line goes out, that it may have gone out. False when the call is not waiting any more, or another program
    /// holds it: do not send.
    pub async fn sending(&self, event: &EventTag, persona: &PersonaId, attempt: Attempt) -> Result<bool, StoreError> {
        self.ask(async {
            let done = sqlx::query!(
                "update pending set state = 'sending'
             where platform = $1 and event_key = $2 and event = $3 and persona = $4
             and holder = $5 and (state = 'waiting' or $6)",
                event.platform.as_str(),
                event.tag.key_version,
                event.tag.as_bytes(),
                persona.as_str(),
                self.hold.number,
                attempt == Attempt::Again
            )
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }

    /// Whether a call is still open and in this program's hands, as a write: a database that only reads says nothing.
    pub async fn still_holds(&self, event: &EventTag, persona: &PersonaId) -> Result<bool, StoreError> {
        self.ask(async {
            let done = sqlx::query!(
                "update pending set holder = holder
                 where platform = $1 and event_key = $2 and event = $3 and persona = $4 and holder = $5",
                event.platform.as_str(),
                event.tag.key_version,
                event.tag.as_bytes(),
                persona.as_str(),
                self.hold.number
            )
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }

    /// Ends a call with its answer or its apology, and remembers the event against late duplicates, also where it never had a
    /// row. False when this program did not hold it open; another's row stays as it is.
    pub async fn deliver(&self, event: &EventTag, persona: &PersonaId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        self.ask(async {
            let done = sqlx::query!(
                r#"with closed as (
                 delete from pending
                 where platform = $1 and event_key = $2 and event = $3 and persona = $4 and holder = $6
                 returning platform
             ), remembered as (
                 insert into delivered (platform, event_key, event, persona, delivered_at)
                 select $1, $2, $3, $4, $5
                 where not exists (
                     select from pending
                     where platform = $1 and event_key = $2 and event = $3 and persona = $4
                     and holder is distinct from $6
                 )
                 on conflict on constraint delivered_pkey do nothing
             )
             select exists (select from closed) as "was_open!""#,
                event.platform.as_str(),
                event.tag.key_version,
                event.tag.as_bytes(),
                persona.as_str(),
                at,
                self.hold.number
            )
            .fetch_one(&self.pool)
            .await?;
            Ok(done.was_open)
        })
        .await
    }

    /// Takes up the calls on these platforms whose holder is gone, the oldest first. Of several programs that do so at once, one
    /// gets each call.
    pub async fn take_up(&self, platforms: &[Platform]) -> Result<Vec<OpenCall>, StoreError> {
        self.ask(async {
            let platforms: Vec<String> = platforms.iter().map(|platform| platform.as_str().to_owned()).collect();
            let rows = sqlx::query_as!(
                Row,
                r#"with held as materialized (
                 select distinct holder from pending where platform = any($3)
             ), gone as materialized (
                 select holder from held
                 where holder is distinct from $1 and (holder is null or pg_try_advisory_xact_lock($2, holder))
             ), taken as (
                 update pending set holder = $1
                 from gone
                 where pending.holder is not distinct from gone.holder and pending.platform = any($3)
                 returning pending.*
             )
             select platform as "platform!", event_key as "event_key!", event as "event!", persona as "persona!",
                    who_key as "who_key!", who as "who!", address_key as "address_key!", address as "address!",
                    question_key as "question_key!", question as "question!", arrived_at as "arrived_at!",
                    state as "state!"
             from taken
             order by arrived_at"#,
                self.hold.number,
                HOLDERS,
                &platforms
            )
            .fetch_all(&self.pool)
            .await?;
            Ok(read(rows))
        })
        .await
    }

    /// Every call that was accepted and not answered, the oldest first, whoever holds it. Takes none of them.
    pub async fn open_calls(&self) -> Result<Vec<OpenCall>, StoreError> {
        self.ask(async {
            let rows = sqlx::query_as!(
            Row,
            "select platform, event_key, event, persona, who_key, who, address_key, address, question_key, question,
                    arrived_at, state
             from pending
             order by arrived_at"
        )
            .fetch_all(&self.pool)
            .await?;
            Ok(read(rows))
        })
        .await
    }
}

async fn insert(connection: &mut PgConnection, call: &PendingCall, holder: i32) -> Result<Accepted, StoreError> {
    let Tags { keys, tags } = Tags::of(call.event.all());
    let row = sqlx::query!(
        r#"with new as (
             insert into pending (
                 platform, event_key, event, persona, who_key, who, address_key, address, question_key, question,
                 arrived_at, holder
             )
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
             where not exists (
                 select from delivered
                 where platform = $1 and persona = $4
                 and (event_key, event) in (select * from unnest($13::smallint[], $14::bytea[]))
             )
             and not exists (
                 select from pending
                 where platform = $1 and persona = $4
                 and (event_key, event) in (select * from unnest($13::smallint[], $14::bytea[]))
             )
             on conflict on constraint pending_pkey do nothing
             returning platform
         ), own as (
             select from pending
             where platform = $1 and event_key = $2 and event = $3 and persona = $4
             and question = $10 and holder = $12 and state = 'waiting'
         )
         select exists (select from new) or exists (select from own) as "is_new!""#,
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
        call.arrived_at,
        holder,
        &keys,
        &tags
    )
    .fetch_one(connection)
    .await?;
    Ok(if row.is_new { Accepted::New } else { Accepted::Duplicate })
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
    arrived_at: DateTime<Utc>,
    state: String,
}

fn read(rows: Vec<Row>) -> Vec<OpenCall> {
    let readable = rows.into_iter().filter_map(|row| {
        OpenCall::read(row).inspect_err(|error| tracing::error!(%error, "a paid call cannot be read")).ok()
    });
    readable.collect()
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

/// Closes calls that came before a time, a batch of them.
pub(super) async fn expire(
    connection: &mut PgConnection,
    before: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let closed = sqlx::query!(
        r#"with closed as (
             delete from pending
             where ctid = any(array(select ctid from pending where arrived_at <= $1 limit $3))
             returning platform, event_key, event, persona
         ), remembered as (
             insert into delivered (platform, event_key, event, persona, delivered_at)
             select platform, event_key, event, persona, $2 from closed
             on conflict on constraint delivered_pkey do nothing
         )
         select count(*) as "rows!" from closed"#,
        before,
        at,
        BATCH
    )
    .fetch_one(connection)
    .await?;
    Ok(closed.rows.unsigned_abs())
}
