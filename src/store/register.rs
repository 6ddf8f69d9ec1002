//! The one list of tables that know people, and what can be done to all of them: count, show, forget, bring over to another
//! key, and bury with a key that is destroyed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

use super::{StoreError, fandom, pending, people, tags::Tags};
use crate::privacy::Pseudonym;

/// How many rows there are, by table. Those that have none are left out.
pub type Counts = BTreeMap<&'static str, u64>;

/// Every table that knows people, a line each:
///
/// - its name, and the columns of its person's key and tag;
/// - what forget does: the row is `deleted`, `closed` (a call that somebody may wait for), stays without its person (`unset`, and
///   the columns that go), or `stays`;
/// - what becomes of it when its key is destroyed: one of the same;
/// - how a row is shown to its person.
///
/// The person's own row goes first: what checks a consent waits behind it and then finds none. A table with one row a person
/// is merged when rows are brought over to another key; see [`bring_over`].
macro_rules! tables_of_people {
    ($each:ident $with:tt) => {
        $each!("person" ("key_version", "tag") deleted deleted "to_jsonb(kept)", $with);
        $each!("pending" ("who_key", "who") closed closed "to_jsonb(kept)", $with);
        $each!("recent" ("who_key", "who") deleted deleted "to_jsonb(kept)", $with);
        $each!("consultation" ("who_key", "who") deleted stays
            "to_jsonb(kept) || jsonb_build_object('answers', (
                 select jsonb_agg(jsonb_build_object('persona', persona, 'text', text) order by turn)
                 from answer where consultation_id = kept.id
             ))", $with);
        $each!("fan_count" ("who_key", "who") deleted deleted "to_jsonb(kept)", $with);
        $each!("ledger" ("who_key", "who") (unset "who_key = null, who = null") (unset "who_key = null, who = null")
            "to_jsonb(kept)", $with);
        $each!("moderation_log" ("who_key", "who") (unset "who_key = null, who = null, name_key = null, name = null")
            (unset "who_key = null, who = null, name_key = null, name = null") "to_jsonb(kept)", $with);
        // Whoever is blocked stays so, or a block would be none.
        $each!("place_block" ("who_key", "who") stays deleted "to_jsonb(kept)", $with);
    };
}

/// The names of these tables, and of their columns.
#[cfg(test)]
pub(super) fn tables() -> Vec<(&'static str, &'static str)> {
    let mut tables = Vec::new();
    macro_rules! name {
        ($table:tt ($key:tt, $tag:tt) $forget:tt $bury:tt $shown:tt, ($tables:ident)) => {
            $tables.push(($table, $tag));
        };
    }
    tables_of_people!(name(tables));
    tables
}

/// How many rows each table has of these people.
pub(super) async fn count(connection: &mut PgConnection, who: &Tags) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    macro_rules! count {
        ($table:tt ($key:tt, $tag:tt) $forget:tt $bury:tt $shown:tt, ($connection:ident, $who:ident, $counts:ident)) => {
            let rows = sqlx::query_scalar!(
                r#"select count(*) as "rows!" from "#
                    + $table
                    + " where ("
                    + $key
                    + ", "
                    + $tag
                    + ") in (select * from unnest($1::smallint[], $2::bytea[]))",
                &$who.keys,
                &$who.tags
            );
            note(&mut $counts, $table, rows.fetch_one(&mut *$connection).await?);
        };
    }
    tables_of_people!(count(connection, who, counts));
    Ok(counts)
}

/// How many rows each table has under a version of the key.
pub(super) async fn count_under(connection: &mut PgConnection, key_version: i16) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    macro_rules! count {
        ($table:tt ($key:tt, $tag:tt) $forget:tt $bury:tt $shown:tt, ($connection:ident, $version:ident, $counts:ident)) => {
            let rows = sqlx::query_scalar!(
                r#"select count(*) as "rows!" from "# + $table + " where " + $key + " = $1",
                $version
            );
            note(&mut $counts, $table, rows.fetch_one(&mut *$connection).await?);
        };
    }
    tables_of_people!(count(connection, key_version, counts));
    Ok(counts)
}

/// Every row of these people, by table, bytes as `\x` and digits.
pub(super) async fn show(
    connection: &mut PgConnection,
    who: &Tags,
) -> Result<BTreeMap<&'static str, Vec<Value>>, StoreError> {
    let mut shown = BTreeMap::new();
    macro_rules! show {
        ($table:tt ($key:tt, $tag:tt) $forget:tt $bury:tt $shown:tt, ($connection:ident, $who:ident, $all:ident)) => {
            let rows = sqlx::query_scalar!(
                "select ("
                    + $shown
                    + r#")::text as "row!" from "#
                    + $table
                    + " as kept where (kept."
                    + $key
                    + ", kept."
                    + $tag
                    + ") in (select * from unnest($1::smallint[], $2::bytea[]))",
                &$who.keys,
                &$who.tags
            );
            let rows = rows.fetch_all(&mut *$connection).await?;
            $all.insert($table, rows.iter().filter_map(|row| serde_json::from_str(row).ok()).collect());
        };
    }
    tables_of_people!(show(connection, who, shown));
    Ok(shown)
}

/// Takes these people out of every table, and gives how many rows that changed.
pub(super) async fn forget(connection: &mut PgConnection, who: &Tags, at: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut rows = 0;
    macro_rules! forget {
        ($table:tt ($key:tt, $tag:tt) deleted $bury:tt $shown:tt, ($connection:ident, $who:ident, $at:ident, $rows:ident)) => {
            let done = sqlx::query!(
                "delete from "
                    + $table
                    + " where ("
                    + $key
                    + ", "
                    + $tag
                    + ") in (select * from unnest($1::smallint[], $2::bytea[]))",
                &$who.keys,
                &$who.tags
            );
            $rows += done.execute(&mut *$connection).await?.rows_affected();
        };
        ($table:tt ($key:tt, $tag:tt) (unset $columns:tt) $bury:tt $shown:tt, ($connection:ident, $who:ident, $at:ident, $rows:ident)) => {
            let done = sqlx::query!(
                "update "
                    + $table
                    + " set "
                    + $columns
                    + " where ("
                    + $key
                    + ", "
                    + $tag
                    + ") in (select * from unnest($1::smallint[], $2::bytea[]))",
                &$who.keys,
                &$who.tags
            );
            $rows += done.execute(&mut *$connection).await?.rows_affected();
        };
        ($table:tt ($key:tt, $tag:tt) closed $bury:tt $shown:tt, ($connection:ident, $who:ident, $at:ident, $rows:ident)) => {
            $rows += pending::forget(&mut *$connection, $who, $at).await?;
        };
        ($table:tt ($key:tt, $tag:tt) stays $bury:tt $shown:tt, ($connection:ident, $who:ident, $at:ident, $rows:ident)) => {};
    }
    tables_of_people!(forget(connection, who, at, rows));
    Ok(rows)
}

/// Puts the rows of a person under another key. Where both have one and there can be one only, they become one: of consents
/// what both gave, of numbers the sum. A table that nobody merges keeps such rows under the older key.
pub(super) async fn bring_over(
    connection: &mut PgConnection,
    older: &Tags,
    newest: &Pseudonym,
) -> Result<u64, StoreError> {
    let mut rows = people::merge(connection, older, newest).await?;
    rows += fandom::merge(connection, older, newest).await?;
    macro_rules! bring {
        ($table:tt ($key:tt, $tag:tt) $forget:tt $bury:tt $shown:tt, ($connection:ident, $older:ident, $newest:ident, $rows:ident)) => {
            let done = sqlx::query!(
                "update "
                    + $table
                    + " set "
                    + $key
                    + " = $3, "
                    + $tag
                    + " = $4 where ("
                    + $key
                    + ", "
                    + $tag
                    + ") in (select * from unnest($1::smallint[], $2::bytea[]))",
                &$older.keys,
                &$older.tags,
                $newest.key_version,
                $newest.as_bytes()
            );
            let mut apart = $connection.begin().await?;
            match done.execute(&mut *apart).await {
                Ok(done) => {
                    apart.commit().await?;
                    $rows += done.rows_affected();
                }
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => apart.rollback().await?,
                Err(error) => return Err(error.into()),
            }
        };
    }
    tables_of_people!(bring(connection, older, newest, rows));
    Ok(rows)
}

/// The key of these rows is gone: what is of use to nobody any more goes, what stays knows nobody. Gives the rows that stay.
pub(super) async fn bury(connection: &mut PgConnection, key_version: i16) -> Result<Counts, StoreError> {
    macro_rules! bury {
        ($table:tt ($key:tt, $tag:tt) $forget:tt deleted $shown:tt, ($connection:ident, $version:ident)) => {
            let done = sqlx::query!("delete from " + $table + " where " + $key + " = $1", $version);
            done.execute(&mut *$connection).await?;
        };
        ($table:tt ($key:tt, $tag:tt) $forget:tt closed $shown:tt, ($connection:ident, $version:ident)) => {
            bury!($table ($key, $tag) $forget deleted $shown, ($connection, $version));
        };
        ($table:tt ($key:tt, $tag:tt) $forget:tt (unset $columns:tt) $shown:tt, ($connection:ident, $version:ident)) => {
            let done =
                sqlx::query!("update " + $table + " set " + $columns + " where " + $key + " = $1", $version);
            done.execute(&mut *$connection).await?;
        };
        ($table:tt ($key:tt, $tag:tt) $forget:tt stays $shown:tt, ($connection:ident, $version:ident)) => {};
    }
    tables_of_people!(bury(connection, key_version));
    count_under(connection, key_version).await
}

fn note(counts: &mut Counts, table: &'static str, rows: i64) {
    if rows > 0 {
        counts.insert(table, rows.unsigned_abs());
    }
}
