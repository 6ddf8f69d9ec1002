use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRng, TestRunner},
};
use sqlx::{Connection, PgConnection, Row};

use super::{TestStore, rows, tag};
use crate::store::Store;

/// Cells with fewer people are not shown.
const FEWEST: usize = 5;

async fn analytics(store: &TestStore) -> PgConnection {
    let mut connection = PgConnection::connect(store.url()).await.unwrap();
    sqlx::raw_sql("set role lovelm_analytics").execute(&mut connection).await.unwrap();
    connection
}

fn names(kind: &'static str) -> &'static str {
    match kind {
        "tables" => "select tablename::text from pg_tables where schemaname = 'public'",
        _ => "select viewname::text from pg_views where schemaname = 'public'",
    }
}

#[tokio::test]
async fn bots_write_rows_and_change_no_table() {
    let store = TestStore::open().await;
    let acting: String = sqlx::query_scalar("select current_user::text").fetch_one(&store.pool).await.unwrap();
    assert_eq!(acting, "lovelm_bots");
    store.noticed(&tag(1), super::noon()).await.unwrap();
    for forbidden in [
        "create table another (a int)",
        "drop table person",
        "alter table person add column name text",
        "truncate person",
        "select * from _sqlx_migrations",
        "create role another",
    ] {
        let error = sqlx::query(forbidden).execute(&store.pool).await.unwrap_err();
        let code =
            error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default().into_owned();
        assert_eq!(code, "42501", "{forbidden}: {error}");
    }
}

#[tokio::test]
async fn analytics_reads_every_view_and_no_table() {
    let store = TestStore::open().await;
    let tables: Vec<String> = sqlx::query_scalar(names("tables")).fetch_all(&store.pool).await.unwrap();
    let views: Vec<String> = sqlx::query_scalar(names("views")).fetch_all(&store.pool).await.unwrap();
    assert!(tables.len() >= 10 && views.len() >= 4, "{tables:?} {views:?}");
    let mut reader = analytics(&store).await;
    for table in tables {
        let read = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let error = sqlx::query(read).execute(&mut reader).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{table}: {error}");
    }
    for view in views {
        let read = sqlx::AssertSqlSafe(format!("select count(*) from {view} where people < 5"));
        let shown: i64 = sqlx::query_scalar(read).fetch_one(&mut reader).await.unwrap();
        assert_eq!(shown, 0, "{view}");
    }
    for write in ["insert into fan_deeds values ('omar', 'asked', 9, 9)", "select settle_roles()"] {
        let _ = sqlx::query(write).execute(&mut reader).await;
    }
    assert_eq!(rows(&store, "select count(*) from fan_count").await, 0);
}

#[tokio::test]
async fn a_cell_of_four_is_not_shown_and_one_of_five_is() {
    let store = TestStore::open().await;
    store
        .as_owner(
            "insert into ledger (platform, event_key, event, who_key, who, kind, units, cents, paid_on)
             select 'twitch', 1, sha256(('four' || n)::bytea), 1, sha256((n % 4)::text::bytea), 'bits', 1, 100, '2026-05-04'
             from generate_series(1, 40) as n;
             insert into ledger (platform, event_key, event, who_key, who, kind, units, cents, paid_on)
             select 'twitch', 1, sha256(('five' || n)::bytea), 1, sha256((n % 5)::text::bytea), 'sub', 1, 100, '2026-05-04'
             from generate_series(1, 40) as n;
             -- Four people under two versions of the key, and payments of nobody known.
             insert into ledger (platform, event_key, event, who_key, who, kind, units, cents, paid_on)
             select 'twitch', 1, sha256(('two' || n)::bytea), 1 + n % 2, sha256((n % 8)::text::bytea), 'gift', 1, 100,
                    '2026-05-04'
             from generate_series(1, 40) as n;
             insert into ledger (platform, event_key, event, kind, units, cents, paid_on)
             select 'twitch', 1, sha256(('none' || n)::bytea), 'boost', 1, 100, '2026-05-04' from generate_series(1, 40) as n",
        )
        .await;
    let mut reader = analytics(&store).await;
    let cells =
        sqlx::query("select kind, people, payments, cents from weekly_support").fetch_all(&mut reader).await.unwrap();
    assert_eq!(cells.len(), 1);
    let cell: (String, i64, i64, i64) = (cells[0].get(0), cells[0].get(1), cells[0].get(2), cells[0].get(3));
    assert_eq!(cell, ("sub".to_owned(), 5, 40, 4000));
}

#[tokio::test]
async fn no_view_shows_a_cell_of_fewer_than_five_whatever_is_kept() {
    let config = Config { cases: 1, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha));
    let told = vec((0..9_u8, 0..3_usize, 0..3_u64), 0..120);
    let store = TestStore::open().await;
    for _ in 0..12 {
        let told = told.new_tree(&mut runner).unwrap().current();
        store.as_owner("delete from consultation").await;
        let monday = NaiveDate::from_isoywd_opt(2026, 20, Weekday::Mon).unwrap();
        let mut people: BTreeMap<(NaiveDate, usize), std::collections::BTreeSet<u8>> = BTreeMap::new();
        for (who, language, weeks) in told {
            let day = monday + Days::new(weeks * 7 + u64::from(who) % 7);
            let week = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
            people.entry((week, language)).or_default().insert(who);
            let insert =
                "insert into consultation (who_key, who, language, story, asked_on) values (1, $1, $2, 'x', $3)";
            let tagged = tag(who);
            let insert =
                sqlx::query(insert).bind(tagged.as_bytes().as_slice()).bind(["ko", "en", "ja"][language]).bind(day);
            insert.execute(&store.pool).await.unwrap();
        }
        let expected: Vec<_> = people.into_iter().filter(|(_, who)| who.len() >= FEWEST).collect();
        let shown = "select week, people from weekly_consultations order by week, array_position(array['ko', 'en', 'ja'], language)";
        let shown = sqlx::query(shown).fetch_all(&mut analytics(&store).await).await.unwrap();
        let shown: Vec<(NaiveDate, i64)> = shown.iter().map(|row| (row.get(0), row.get(1))).collect();
        let expected: Vec<_> =
            expected.into_iter().map(|((week, _), who)| (week, i64::try_from(who.len()).unwrap())).collect();
        assert_eq!(shown, expected);
    }
}

#[tokio::test]
async fn where_roles_cannot_be_made_or_used_everything_works_all_the_same() {
    let store = TestStore::open().await;
    store
        .as_owner(
            "do $$ begin create role theirs login; exception when duplicate_object or unique_violation then null; end $$;
             drop schema public cascade; create schema public authorization theirs",
        )
        .await;
    let theirs = Store::connect(&store.url().replace("postgres://lovelm@", "postgres://theirs@"), 4).await.unwrap();
    theirs.noticed(&tag(1), super::noon()).await.unwrap();
    let acting: String = sqlx::query_scalar("select current_user::text").fetch_one(&theirs.pool).await.unwrap();
    assert_eq!(acting, "theirs");
    assert_eq!(theirs.forget(&[tag(1)], super::noon()).await.unwrap().rows, 1);
    theirs.close().await;
}
