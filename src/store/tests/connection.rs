use super::{TestStore, rows};
use crate::store::{Store, StoreError};

#[tokio::test]
async fn migrations_run_from_nothing_and_twice() {
    let store = TestStore::open().await;
    store.ping().await.unwrap();
    let (one, two) = tokio::join!(Store::connect(store.url(), 8), Store::connect(store.url(), 8));
    one.unwrap().ping().await.unwrap();
    two.unwrap().ping().await.unwrap();
    assert_eq!(rows(&store, "select count(*) from person").await, 0);
}

#[tokio::test]
async fn tables_of_another_program_are_left_alone() {
    let store = TestStore::open().await;
    store.as_owner("update _sqlx_migrations set checksum = '\\x00' where version = 1").await;
    let error = Store::connect(store.url(), 8).await.unwrap_err();
    assert!(matches!(error, StoreError::Migration { .. }), "{error}");
}

#[tokio::test]
async fn every_constraint_has_a_name_of_its_table() {
    let store = TestStore::open().await;
    let unnamed = "select count(*) from pg_constraint
                   where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'f', 'p')
                   and conrelid::regclass::text <> '_sqlx_migrations'
                   and (conname ~ '_check[0-9]*$' or not starts_with(conname, conrelid::regclass::text))";
    assert_eq!(rows(&store, unnamed).await, 0);
}

#[tokio::test]
async fn an_unreachable_database_is_named_without_its_password() {
    let cases = [
        ("postgres://minsu:geheim@127.0.0.1:9/love", "cannot open database `love` on 127.0.0.1:9: "),
        (
            "postgres://minsu:geheim@localhost/love?host=/nowhere/at/all",
            "cannot open database `love` on /nowhere/at/all: ",
        ),
        ("postgres://minsu:geheim@localhost:99999/love", "DATABASE_URL is not understood: "),
        ("not an address: geheim", "DATABASE_URL is not understood: "),
        ("", "DATABASE_URL is not understood: "),
    ];
    for (url, expected) in cases {
        let error = Store::connect(url, 8).await.unwrap_err();
        let told = error.to_string();
        assert!(told.starts_with(expected) && !told.contains('\n'), "{told}");
        assert!(!told.contains("geheim") && !format!("{error:?}").contains("geheim"), "{told}");
    }
}

#[tokio::test]
async fn an_open_store_prints_no_password() {
    let store = TestStore::open().await;
    let url = store.url().replace("postgres://lovelm@", "postgres://lovelm:geheim@");
    let with_password = Store::connect(&url, 8).await.unwrap();
    let printed = format!("{with_password:?} {:?}", with_password.insist().await);
    assert!(printed.contains("Store") && !printed.contains("geheim"), "{printed}");
    with_password.close().await;
}

#[tokio::test]
async fn a_missing_database_and_a_lost_server_are_told_apart() {
    let store = TestStore::open().await;
    let missing = store.url().replace("/test_", "/no_test_");
    assert!(matches!(Store::connect(&missing, 8).await.unwrap_err(), StoreError::Unreachable { .. }));
    let terminate = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                     where datname = current_database() and application_name = 'lovelm' and pid <> pg_backend_pid()";
    store.as_owner(terminate).await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(matches!(store.ping().await.unwrap_err(), StoreError::Unavailable(_)));
}

#[tokio::test]
async fn errors_of_a_row_show_none_of_its_values() {
    let store = TestStore::open().await;
    let wrong = "insert into person (key_version, tag, language) values (1, 'canary', 'canary')";
    let error = StoreError::from(sqlx::query(wrong).execute(&store.pool).await.unwrap_err());
    assert!(matches!(error, StoreError::Refused(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains("canary"));
}
