use std::{
    env,
    ops::Deref,
    sync::{Arc, Weak},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

use crate::store::{
    Store,
    cluster::{Cluster, DataDir},
};

/// The server of the tests that run now. It stops with the last of them; its folder stays for the next time.
static SERVER: Mutex<Weak<Cluster>> = Mutex::const_new(Weak::new());

/// A store in an empty database that no other test uses, in this process or another.
pub(super) struct TestStore {
    store: Store,
    url: String,
    /// Holds the lock by which the database is ours.
    _claim: PgConnection,
    _cluster: Arc<Cluster>,
}

impl TestStore {
    pub(super) async fn open() -> Self {
        let cluster = server().await;
        let (claim, url) = claim(&cluster).await;
        let store = Store::connect(&url, 8).await.unwrap();
        Self { store, url, _claim: claim, _cluster: cluster }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Does something that the store itself may not.
    pub(super) async fn as_owner(&self, statement: &'static str) {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

async fn server() -> Arc<Cluster> {
    let mut running = SERVER.lock().await;
    let cluster = match running.upgrade() {
        Some(cluster) => cluster,
        None => Arc::new(start().await),
    };
    *running = Arc::downgrade(&cluster);
    cluster
}

async fn start() -> Cluster {
    let user = rustix::process::geteuid().as_raw();
    let data = DataDir::open(&env::temp_dir().join(format!("lovelm-store-tests-{user}"))).unwrap();
    Cluster::start(&data).await.unwrap()
}

/// The first database that nobody uses, emptied. Making and dropping one for each test would take longer than the test.
async fn claim(cluster: &Cluster) -> (PgConnection, String) {
    for number in 0..100 {
        let database = format!("test_{number}");
        let url = cluster.url().replacen("/lovelm?", &format!("/{database}?options[synchronous_commit]=off&"), 1);
        let mut claim = match PgConnection::connect(&url).await {
            Ok(claim) => claim,
            Err(_) => create(cluster, &database, &url).await,
        };
        let ours = sqlx::query_scalar("select pg_try_advisory_lock(1)").fetch_one(&mut claim).await.unwrap();
        if ours {
            let empty = "set client_min_messages = error; drop schema public cascade; create schema public";
            sqlx::raw_sql(empty).execute(&mut claim).await.unwrap();
            return (claim, url);
        }
    }
    panic!("a hundred tests run at once");
}

async fn create(cluster: &Cluster, database: &str, url: &str) -> PgConnection {
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    // Another test may be faster.
    let _ = sqlx::raw_sql(AssertSqlSafe(format!("create database {database}"))).execute(&mut connection).await;
    connection.close().await.unwrap();
    PgConnection::connect(url).await.unwrap()
}
