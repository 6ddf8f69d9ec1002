//! A real Postgres for tests: one server, and a database that no other test uses.

use std::{
    env,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
};

use lovelm::store::cluster::{Cluster, DataDir};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

use crate::program::Folder;

/// The server of the tests that run now. It stops with the last of them; its folder stays for the next time.
static SERVER: Mutex<Weak<Cluster>> = Mutex::const_new(Weak::new());

/// An empty database. It is free again when this is dropped.
#[derive(Debug)]
pub struct Database {
    url: String,
    /// Holds the lock by which the database is ours.
    claim: Mutex<PgConnection>,
    _cluster: Arc<Cluster>,
    _folder: Option<Folder>,
}

impl Database {
    /// The first database that nobody uses, emptied: making one for each test would take longer than the test.
    pub async fn open() -> Self {
        let cluster = server().await;
        for number in 0..100 {
            let name = format!("town_{number}");
            let url = cluster.url().replacen("/lovelm?", &format!("/{name}?options[synchronous_commit]=off&"), 1);
            let mut claim = match PgConnection::connect(&url).await {
                Ok(claim) => claim,
                Err(_) => create(&cluster, &name, &url).await,
            };
            let ours = sqlx::query_scalar("select pg_try_advisory_lock(1)").fetch_one(&mut claim).await;
            if ours.expect("a lock can be asked for") {
                let empty = "set client_min_messages = error; drop schema public cascade; create schema public";
                sqlx::raw_sql(empty).execute(&mut claim).await.expect("the database can be emptied");
                return Self { url, claim: Mutex::new(claim), _cluster: cluster, _folder: None };
            }
        }
        panic!("a hundred tests run at once");
    }

    /// On a server of its own, all of whose files are this database's. It keeps every byte that it logs ahead of its writes.
    pub async fn alone() -> Self {
        let folder = Folder::default();
        let data = DataDir::open(&folder.path("data")).expect("a folder");
        let cluster = Arc::new(Cluster::start(&data).await.expect("a Postgres"));
        let url = cluster.url();
        let claim = Mutex::new(PgConnection::connect(&url).await.expect("the server answers"));
        let database = Self { url, claim, _cluster: cluster, _folder: Some(folder) };
        for setting in ["alter system set wal_keep_size = '16GB'", "select pg_reload_conf()"] {
            database.change(setting).await;
        }
        database
    }

    /// The folder of the server's files, everything written.
    pub async fn files(&self) -> PathBuf {
        self.change("checkpoint").await;
        self.texts("select current_setting('data_directory')").await.remove(0).into()
    }

    /// For `DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// One number.
    pub async fn number(&self, query: &'static str) -> i64 {
        let claim = &mut *self.claim.lock().await;
        sqlx::query_scalar(query).fetch_one(claim).await.expect(query)
    }

    /// One text a row.
    pub async fn texts(&self, query: &'static str) -> Vec<String> {
        let claim = &mut *self.claim.lock().await;
        sqlx::query_scalar(query).fetch_all(claim).await.expect(query)
    }

    /// Does something to the rows.
    pub async fn change(&self, statement: &'static str) {
        let claim = &mut *self.claim.lock().await;
        sqlx::raw_sql(statement).execute(claim).await.expect(statement);
    }

    /// What `pg_dump` writes, as it is told by the README of the deployment.
    pub async fn back_up(&self, file: &Path) {
        let file = file.to_str().expect("UTF-8");
        self.tool("pg_dump", &["--format=custom", "--file", file]).await;
    }

    /// Brings a backup back, in the place of what is there.
    pub async fn restore(&self, file: &Path) {
        let file = file.to_str().expect("UTF-8");
        self.tool("pg_restore", &["--clean", "--if-exists", "--no-owner", "--no-privileges", file]).await;
    }

    /// What `pg_dump` writes for people to read.
    pub async fn pg_dump(&self) -> Vec<u8> {
        self.tool("pg_dump", &[]).await
    }

    async fn tool(&self, name: &str, arguments: &[&str]) -> Vec<u8> {
        let folder = self.texts("select setting from pg_config where name = 'BINDIR'").await.remove(0);
        // The setting is a spelling of sqlx's alone.
        let url = self.url.replace("options[synchronous_commit]=off&", "");
        let mut command = tokio::process::Command::new(Path::new(&folder).join(name));
        let done = command.arg("--dbname").arg(url).args(arguments).output().await.expect("the tool is there");
        assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    /// Every row of every table of ours as JSON, one a line, behind its table's name. Bytes stand as `\x` and digits, and
    /// once more as the text they would be.
    pub async fn dump(&self) -> String {
        let tables =
            "select tablename::text from pg_tables where schemaname = 'public' and tablename !~ '^_sqlx' order by 1";
        let mut dump = String::new();
        for table in self.texts(tables).await {
            let claim = &mut *self.claim.lock().await;
            let rows = AssertSqlSafe(format!("select row_to_json(r)::text from {table} r"));
            let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(claim).await.expect("the table can be read");
            for row in rows {
                dump.extend([table.as_str(), " ", &row, " ", &bytes_as_text(&row), "\n"]);
            }
        }
        dump
    }
}

/// What stands behind each `\x`, read as UTF-8 where it is.
fn bytes_as_text(row: &str) -> String {
    let runs = row.split("\\x").skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let bytes = (0..digits.len() / 2).filter_map(|n| u8::from_str_radix(&digits[n * 2..n * 2 + 2], 16).ok());
        String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
    });
    runs.collect::<Vec<_>>().join(" ").replace(char::is_control, " ")
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
    let data = DataDir::open(&env::temp_dir().join(format!("lovelm-journeys-{user}"))).expect("a folder for Postgres");
    Cluster::start(&data).await.expect("a Postgres for the tests")
}

async fn create(cluster: &Cluster, name: &str, url: &str) -> PgConnection {
    let mut connection = PgConnection::connect(&cluster.url()).await.expect("the server answers");
    // Another test may be faster.
    let _ = sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await;
    connection.close().await.expect("the connection closes");
    PgConnection::connect(url).await.expect("the database is there")
}
