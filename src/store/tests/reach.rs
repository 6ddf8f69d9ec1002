use std::time::Duration;

use super::{TestStore, accept, call, noon, persona};
use crate::store::{Store, StoreError};

async fn lost() -> Store {
    let store = TestStore::open().await;
    store.pool.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    Store::clone(&store)
}

#[tokio::test]
async fn while_one_looks_for_a_lost_database_the_others_are_told_at_once() {
    let store = lost().await;
    let looking = store.insist().await;
    let asked =
        store.fan_total(&crate::store::FanDeed { persona: persona("omar"), deed: crate::store::Deed::Asked }).await;
    let told = asked.unwrap_err().to_string();
    assert!(told.contains("did not answer lately"), "{told}");
    let told = looking.ping().await.unwrap_err().to_string();
    assert!(told.contains("closed pool"), "whoever looks does ask: {told}");
    drop(looking);
    let told = store.ping().await.unwrap_err().to_string();
    assert!(told.contains("closed pool"), "nobody looks: the next one does: {told}");
}

#[tokio::test]
async fn a_loss_is_seen_and_any_answer_ends_it() {
    let store = TestStore::open().await;
    let other = Store { pool: store.pool.clone(), ..lost().await };
    other.lost().await;
    let refused = crate::store::PendingCall { persona: persona("a\0b"), ..call(1, 1) };
    assert!(accept(&other, &refused).await.is_err(), "an answer all the same");
    let still = tokio::time::timeout(Duration::from_millis(20), other.lost()).await;
    assert!(still.is_err(), "it is not lost any more");
}

#[tokio::test]
async fn a_server_that_only_reads_answers_and_is_tried_again() {
    let store = TestStore::open().await;
    let only = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let only = only.after_connect(|connection, _| {
        Box::pin(
            async move { sqlx::query("set default_transaction_read_only = on").execute(connection).await.map(drop) },
        )
    });
    let pool = only.connect(store.url()).await.unwrap();
    let reading = Store { pool, ..Store::clone(&store) };
    let error = accept(&reading, &call(1, 1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)) && error.passes(), "{error}");
    let error = reading.deliver(&call(1, 1).event, &persona("omar"), noon()).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error}");
    reading.ping().await.unwrap();
}
