//! What moderators want in their places.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{
    PgConnection,
    postgres::{PgListener, PgPoolOptions},
};

use super::{Store, StoreError, tags::Tags};
use crate::{
    chat::Hours,
    moderation::{Change, Edit, Rule, Tone},
    privacy::{Pseudonym, Sealed},
};

/// Where programs hear that something is wanted otherwise.
const CHANNEL: &str = "lovelm_moderation";
/// The name of the lock that lets one program at a time change what is wanted.
const CHANGING: i64 = 0x006c_6f76_6d6f_6473;
const LISTEN_WITHIN: Duration = Duration::from_secs(5);

/// What is wanted in all places, and who is blocked where.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub places: Vec<(Pseudonym, Rule)>,
    pub blocked: Vec<(Pseudonym, Pseudonym)>,
    /// Whether there is more than was asked for.
    pub more: bool,
}

/// What is kept of a person beside what they asked and paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moderated {
    /// Places in which they are blocked.
    pub blocks: u64,
    /// What they did as a moderator.
    pub deeds: u64,
}

/// Where a program hears that something is wanted otherwise.
#[derive(Debug)]
pub struct Changes(PgListener);

impl Changes {
    /// Waits for the next change by anybody. Safe to be dropped and asked again.
    ///
    /// # Errors
    /// When the database went away: what changed meanwhile was not heard.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        match self.0.try_recv().await? {
            Some(_) => Ok(()),
            None => Err(StoreError::Unavailable("its connection broke".into())),
        }
    }
}

impl Store {
    /// Reads what is wanted everywhere, up to so many places and blocks.
    pub async fn wanted(&self, places: usize, blocks: usize) -> Result<Wanted, StoreError> {
        self.ask(async {
            let mut wanted = Wanted { places: rules(&self.pool, places).await?, ..Wanted::default() };
            wanted.blocked = blocked(&self.pool, blocks).await?;
            wanted.more = wanted.places.len() > places || wanted.blocked.len() > blocks;
            wanted.places.truncate(places);
            wanted.blocked.truncate(blocks);
            Ok(wanted)
        })
        .await
    }

    /// Writes down what is wanted otherwise, and tells everybody who listens.
    pub async fn want(&self, change: &Change) -> Result<(), StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            sqlx::query!("select pg_advisory_xact_lock($1)", CHANGING).execute(&mut *transaction).await?;
            match &change.edit {
                Edit::Block(who) => block(&mut transaction, change, who).await?,
                Edit::Unblock(who) => unblock(&mut transaction, change, who).await?,
                edit => rewrite(&mut transaction, change, edit).await?,
            }
            sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Listens, on a connection of its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn changes(&self) -> Result<Changes, StoreError> {
        self.ask(async {
            let alone = PgPoolOptions::new().max_connections(1).acquire_timeout(LISTEN_WITHIN);
            let alone = alone.connect_lazy_with(self.hold.options().clone());
            let mut listener = PgListener::connect_with(&alone).await?;
            listener.listen(CHANNEL).await?;
            Ok(Changes(listener))
        })
        .await
    }

    /// Notes that whoever is blocked here was told so. Gives whether nobody had told them; all under every live key.
    pub async fn tell_blocked(
        &self,
        places: &[Pseudonym],
        who: &[Pseudonym],
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.ask(async {
            let (places, who) = (Tags::of(places), Tags::of(who));
            let done = sqlx::query!(
                "update place_block set told_at = $5
                 where told_at is null
                 and (place_key, place) in (select * from unnest($1::smallint[], $2::bytea[]))
                 and (who_key, who) in (select * from unnest($3::smallint[], $4::bytea[]))",
                &places.keys,
                &places.tags,
                &who.keys,
                &who.tags,
                at
            )
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    /// What is kept of a person, given under every live key, in what moderators wanted and did.
    pub async fn moderated(&self, who: &[Pseudonym]) -> Result<Moderated, StoreError> {
        self.ask(async {
            let who = Tags::of(who);
            let row = sqlx::query!(
                r#"with me (who_key, who) as (select * from unnest($1::smallint[], $2::bytea[]))
                 select
                     (select count(*) from place_block join me using (who_key, who)) as "blocks!",
                     (select count(*) from moderation_log join me using (who_key, who)) as "deeds!""#,
                &who.keys,
                &who.tags
            )
            .fetch_one(&self.pool)
            .await?;
            Ok(Moderated { blocks: row.blocks.unsigned_abs(), deeds: row.deeds.unsigned_abs() })
        })
        .await
    }
}

/// A row of `place_rule`.
struct Row {
    place_key: i16,
    place: Vec<u8>,
    tone: String,
    allowed: bool,
    per_minute: Option<i32>,
    per_day: Option<i32>,
    quiet_from: Option<i16>,
    quiet_until: Option<i16>,
    alerts_key: Option<i16>,
    alerts: Option<Vec<u8>>,
}

impl Row {
    fn read(self) -> Option<(Pseudonym, Rule)> {
        let count = |count: Option<i32>| count.and_then(|count| u32::try_from(count).ok());
        let minute = |minute: Option<i16>| minute.and_then(|minute| u16::try_from(minute).ok());
        let hours = minute(self.quiet_from).zip(minute(self.quiet_until));
        let alerts = self.alerts_key.zip(self.alerts);
        let rule = Rule {
            tone: Tone::read(&self.tone)?,
            allowed: self.allowed,
            per_minute: count(self.per_minute),
            per_day: count(self.per_day),
            quiet_hours: hours.and_then(|(from, until)| Hours::new(from, until)),
            alerts: alerts.map(|(key_version, bytes)| Sealed { key_version, bytes }),
        };
        Some((pseudonym(self.place_key, self.place)?, rule))
    }
}

fn pseudonym(key_version: i16, mac: Vec<u8>) -> Option<Pseudonym> {
    Some(Pseudonym::from_row(key_version, mac.try_into().ok()?))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn rules(pool: &sqlx::PgPool, most: usize) -> Result<Vec<(Pseudonym, Rule)>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "select place_key, place, tone, allowed, per_minute, per_day, quiet_from, quiet_until, alerts_key, alerts
         from place_rule
         order by place_key desc, place
         limit $1",
        number(most.saturating_add(1))
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(Row::read).collect())
}

async fn blocked(pool: &sqlx::PgPool, most: usize) -> Result<Vec<(Pseudonym, Pseudonym)>, StoreError> {
    let rows = sqlx::query!(
        "select place_key, place, who_key, who
         from place_block
         order by place_key desc, place, who_key desc, who
         limit $1",
        number(most.saturating_add(1))
    )
    .fetch_all(pool)
    .await?;
    let pairs = rows.into_iter();
    Ok(pairs.filter_map(|row| pseudonym(row.place_key, row.place).zip(pseudonym(row.who_key, row.who))).collect())
}

/// Changes the rule of a place. It moves under the newest key; a rule that wants nothing goes.
async fn rewrite(connection: &mut PgConnection, change: &Change, edit: &Edit) -> Result<(), StoreError> {
    let Some(newest) = change.place.first() else { return Ok(()) };
    let places = Tags::of(&change.place);
    let mut rows = sqlx::query_as!(
        Row,
        "delete from place_rule
         where (place_key, place) in (select * from unnest($1::smallint[], $2::bytea[]))
         returning place_key, place, tone, allowed, per_minute, per_day, quiet_from, quiet_until, alerts_key, alerts",
        &places.keys,
        &places.tags
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.place_key));
    let mut rule = rows.into_iter().find_map(Row::read).map(|(_, rule)| rule).unwrap_or_default();
    rule.apply(edit);
    if rule.is_default() { Ok(()) } else { insert(connection, newest, &rule).await }
}

async fn insert(connection: &mut PgConnection, place: &Pseudonym, rule: &Rule) -> Result<(), StoreError> {
    let count = |count: Option<u32>| count.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
    let minute = |minute: u16| i16::try_from(minute).unwrap_or_default();
    sqlx::query!(
        "insert into place_rule (
             place_key, place, tone, allowed, per_minute, per_day, quiet_from, quiet_until, alerts_key, alerts
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        place.key_version,
        place.as_bytes(),
        rule.tone.as_str(),
        rule.allowed,
        count(rule.per_minute),
        count(rule.per_day),
        rule.quiet_hours.map(|hours| minute(hours.from())),
        rule.quiet_hours.map(|hours| minute(hours.until())),
        rule.alerts.as_ref().map(|sealed| sealed.key_version),
        rule.alerts.as_ref().map(|sealed| sealed.bytes.as_slice())
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Blocks under the newest keys, and under these alone.
async fn block(connection: &mut PgConnection, change: &Change, who: &[Pseudonym]) -> Result<(), StoreError> {
    let Some((place, who_now)) = change.place.first().zip(who.first()) else { return Ok(()) };
    unblock(connection, change, who).await?;
    sqlx::query!(
        "insert into place_block (place_key, place, who_key, who) values ($1, $2, $3, $4) on conflict do nothing",
        place.key_version,
        place.as_bytes(),
        who_now.key_version,
        who_now.as_bytes()
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn unblock(connection: &mut PgConnection, change: &Change, who: &[Pseudonym]) -> Result<(), StoreError> {
    let (places, who) = (Tags::of(&change.place), Tags::of(who));
    sqlx::query!(
        "delete from place_block
         where (place_key, place) in (select * from unnest($1::smallint[], $2::bytea[]))
         and (who_key, who) in (select * from unnest($3::smallint[], $4::bytea[]))",
        &places.keys,
        &places.tags,
        &who.keys,
        &who.tags
    )
    .execute(connection)
    .await?;
    Ok(())
}
