//! Real servers from a PostgreSQL that is installed, and false ones where a real one cannot be made to fail.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::{Signal, geteuid, kill_process};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::{Cluster, ClusterError, DataDir, Installation, Postmaster, percent_encoded};

/// A folder that Postgres may pass through even when we are root.
fn open_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

fn installed() -> Installation {
    Installation::find(None).expect("these tests need PostgreSQL 15 or later")
}

async fn ask(cluster: &Cluster, sql: &'static str) -> i64 {
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    let answer = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    answer
}

/// As `kill -9` would leave it: the server runs, and nobody holds a lock.
fn abandon(mut cluster: Cluster) {
    drop(cluster.using.take());
    std::mem::forget(cluster);
}

fn server(cluster: &Cluster) -> Option<Postmaster> {
    Postmaster::find(&cluster.folder)
}

#[tokio::test]
async fn a_cluster_lives_through_stops_crashes_and_orphanhood() {
    let above = open_folder();
    let data = DataDir::open(&above.path().join("data")).unwrap();

    let cluster = Cluster::start(&data).await.unwrap();
    ask(&cluster, "with made as (select 1) select count(*) from made").await;
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    sqlx::raw_sql("create table kept (n bigint); insert into kept values (7)").execute(&mut connection).await.unwrap();
    let checksums: String = sqlx::query_scalar("show data_checksums").fetch_one(&mut connection).await.unwrap();
    let encoding: String = sqlx::query_scalar("show server_encoding").fetch_one(&mut connection).await.unwrap();
    assert_eq!((checksums.as_str(), encoding.as_str()), ("on", "UTF8"));

    // A stop ends the server although a connection is open.
    let root = cluster.folder.root().to_owned();
    cluster.stop().await.unwrap();
    assert!(!root.join("data/postmaster.pid").exists());
    assert!(connection.ping().await.is_err());

    // The server is killed under us: the next start recovers it.
    let cluster = Cluster::start(&data).await.unwrap();
    assert_eq!(ask(&cluster, "select n from kept").await, 7);
    kill_process(cluster.postmaster.as_ref().unwrap().pid(), Signal::KILL).unwrap();
    drop(cluster);
    assert!(root.join("data/postmaster.pid").exists());
    let cluster = Cluster::start(&data).await.unwrap();
    assert_eq!(ask(&cluster, "select n from kept").await, 7);

    // We are killed: the next start takes the orphan over, and stops it.
    let orphan = server(&cluster).unwrap().pid();
    abandon(cluster);
    let cluster = Cluster::start(&data).await.unwrap();
    assert_eq!(server(&cluster).unwrap().pid(), orphan);
    assert_eq!(ask(&cluster, "select n from kept").await, 7);
    cluster.stop().await.unwrap();
    assert!(!root.join("data/postmaster.pid").exists());

    // A lock file whose number belongs to a stranger by now, and one of a socket.
    fs::write(root.join("data/postmaster.pid"), format!("{}\n", std::process::id())).unwrap();
    fs::write(root.join("run/.s.PGSQL.5432.lock"), format!("{}\n", std::process::id())).unwrap();
    let cluster = Cluster::start(&data).await.unwrap();
    assert_eq!(ask(&cluster, "select n from kept").await, 7);

    // Without a word of farewell, the server ends with its handle.
    drop(cluster);
    assert!(!root.join("data/postmaster.pid").exists());
}

#[tokio::test]
async fn programs_on_one_folder_share_a_server_and_the_last_one_out_stops_it() {
    let above = open_folder();
    // Quotes and commas end a setting, a long path is none for a socket.
    let strange = format!("it's, \"so\" 사랑 {}", "long ".repeat(20));
    let data = DataDir::open(&above.path().join(strange)).unwrap();
    // What a start that was killed leaves.
    let half_made = data.path().join("postgres/data.new-1");
    fs::create_dir_all(&half_made).unwrap();
    fs::write(half_made.join("PG_VERSION"), "15").unwrap();
    if let Ok(account) = super::account::Account::of(Path::new("/nowhere")) {
        account.give(&data.path().join("postgres")).unwrap();
    }

    let (first, second) = tokio::join!(Cluster::start(&data), Cluster::start(&data));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert!(!half_made.exists());
    assert_eq!(server(&first).unwrap().pid(), server(&second).unwrap().pid());
    assert_eq!(first.url(), second.url());

    first.stop().await.unwrap();
    assert_eq!(ask(&second, "select 1::bigint").await, 1);
    let third = Cluster::start(&data).await.unwrap();
    drop(second);
    assert_eq!(ask(&third, "select 2::bigint").await, 2);
    let socket = third.folder.socket().to_owned();
    assert!(socket.starts_with("/tmp") && !socket.starts_with(data.path()));
    third.stop().await.unwrap();
    assert!(!data.path().join("postgres/data/postmaster.pid").exists());
    fs::remove_dir_all(socket).unwrap();
}

#[test]
fn one_fleet_runs_on_a_data_folder() {
    let above = open_folder();
    let data = DataDir::open(&above.path().join("a/b")).unwrap();
    let lock = data.lock().unwrap();
    let error = DataDir::open(data.path()).unwrap().lock().unwrap_err();
    assert!(error.to_string().starts_with(&format!("another lovelm runs on {}", data.path().display())), "{error}");
    drop(lock);
    data.lock().unwrap();
}

#[test]
fn others_cannot_look_into_the_data_folder() {
    let above = open_folder();
    let data = DataDir::open(&above.path().join("a/b")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let expected = if geteuid().is_root() { 0o711 } else { 0o700 };
    assert_eq!((mode(data.path()), mode(data.path().parent().unwrap())), (expected, expected));

    // As `mktemp -d` makes it.
    let private = tempfile::tempdir().unwrap();
    fs::set_permissions(private.path(), Permissions::from_mode(0o700)).unwrap();
    DataDir::open(private.path()).unwrap();
    assert_eq!(mode(private.path()), expected);

    // Somebody else's, given by mistake, stays as it is.
    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("letter"), "").unwrap();
    fs::set_permissions(foreign.path(), Permissions::from_mode(0o700)).unwrap();
    DataDir::open(foreign.path()).unwrap();
    assert_eq!(mode(foreign.path()), 0o700);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named_in_one_line() {
    let above = open_folder();
    let file = above.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("below")] {
        let error = DataDir::open(&path).unwrap_err();
        assert!(matches!(&error, ClusterError::Folder { folder, .. } if *folder == path), "{error}");
        one_line(&error);
    }

    let closed = above.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o500)).unwrap();
    let start = async {
        let data = DataDir::open(&closed.join("data"))?;
        Cluster::start(&data).await
    };
    let error = start.await.unwrap_err();
    let expected = if geteuid().is_root() { "may not enter" } else { "permission denied" };
    assert!(error.to_string().contains(expected) && error.to_string().contains("closed"), "{error}");
    assert!(!closed.join("data/postgres").exists());
    one_line(&error);
}

/// A PostgreSQL whose programs are these shell scripts.
fn false_installation(folder: &Path, initdb: &str, postgres: &str) -> Installation {
    let version = "if [ \"$1\" = --version ]; then echo 'postgres (PostgreSQL) 15.99 (False)'; exit; fi";
    for (name, body) in [("initdb", initdb), ("postgres", postgres)] {
        // Written by another process: a file that this one had open for writing could be busy when it is to be run.
        let script = format!("#!/bin/sh\n{version}\n{body}\n");
        let write = "printf %s \"$1\" > \"$0\" && chmod 755 \"$0\"";
        assert!(Command::new("sh").arg("-c").arg(write).arg(folder.join(name)).arg(script).status().unwrap().success());
    }
    Installation::at(folder).unwrap()
}

#[tokio::test]
async fn a_disk_that_fills_up_leaves_nothing_half_made() {
    let (above, bin) = (open_folder(), open_folder());
    let data = DataDir::open(above.path()).unwrap();
    let full = "for new; do :; done; mkdir $new; echo 15 > $new/PG_VERSION
                echo 'creating subdirectories ... initdb: error: could not write: No space left on device' >&2; exit 1";
    let error = Cluster::start_with(&false_installation(bin.path(), full, ""), &data).await.unwrap_err();
    assert!(error.to_string().ends_with("could not write: No space left on device"), "{error}");
    one_line(&error);
    let left = fs::read_dir(data.path().join("postgres")).unwrap().map(|left| left.unwrap().file_name());
    assert!(left.into_iter().all(|left| !left.to_string_lossy().starts_with("data")));
}

#[tokio::test]
async fn a_server_that_does_not_start_says_why() {
    let (above, bin) = (open_folder(), open_folder());
    let data = DataDir::open(above.path()).unwrap();
    let make = "for new; do :; done; mkdir $new; echo 15 > $new/PG_VERSION";
    let die = "echo '2026-01-01 00:00:00 UTC [1] FATAL:  could not map memory' >&2; exit 1";
    let error = Cluster::start_with(&false_installation(bin.path(), make, die), &data).await.unwrap_err();
    assert!(error.to_string().ends_with("could not map memory"), "{error}");
    one_line(&error);
}

#[tokio::test]
async fn a_cluster_of_a_version_that_is_not_installed_is_left_alone() {
    let above = open_folder();
    let data = DataDir::open(above.path()).unwrap();
    let version = data.path().join("postgres/data/PG_VERSION");
    fs::create_dir_all(version.parent().unwrap()).unwrap();
    fs::write(&version, "9\n").unwrap();
    let error = Cluster::start(&data).await.unwrap_err();
    assert!(matches!(&error, ClusterError::OtherVersion { major: 9, .. }), "{error}");
    one_line(&error);
    assert_eq!(fs::read_to_string(version).unwrap(), "9\n");
}

#[test]
fn the_newest_installation_is_found_and_links_are_followed() {
    let bin = open_folder();
    assert_eq!(Installation::at(bin.path()), None);
    let found = installed();
    assert!(found.major() >= 15);
    assert_eq!(Installation::find(Some(found.major())).unwrap().major(), found.major());
    assert_eq!(Installation::find(Some(3)), None);
}

#[tokio::test]
async fn what_the_system_does_not_have_is_fetched_once_and_runs() {
    let above = open_folder();
    let data = DataDir::open(&above.path().join("data")).unwrap();
    let (first, second) = tokio::join!(super::wheel::install(data.path()), super::wheel::install(data.path()));
    first.and(second).unwrap();
    let fetched = Installation::at(&super::wheel::bin(data.path())).expect("what was fetched can be run");
    assert!(fetched.major() >= 15);
    assert!(!data.path().join("postgresql.part").exists());

    let cluster = Cluster::start_with(&fetched, &data).await.unwrap();
    assert_eq!(ask(&cluster, "select 6 * 7::bigint").await, 42);
    cluster.stop().await.unwrap();
    // Whatever else is installed, the cluster goes on with what made it.
    let cluster = Cluster::start(&data).await.unwrap();
    assert_eq!(ask(&cluster, "select current_setting('server_version_num')::bigint / 10000").await, 16);
    cluster.stop().await.unwrap();
}

#[test]
fn debian_is_told_to_make_no_cluster_of_its_own() {
    let above = open_folder();
    let file = above.path().join("createcluster.conf");
    let before = "# create_main_cluster = true\ncreate_main_cluster=true\nstart_conf = 'auto'\n";
    fs::write(&file, before).unwrap();
    assert_eq!(super::package::without_own_cluster(&file).unwrap(), before);
    let now = "# create_main_cluster = true\nstart_conf = 'auto'\ncreate_main_cluster = false\n";
    assert_eq!(fs::read_to_string(file).unwrap(), now);
}

#[test]
fn every_byte_of_a_path_survives_the_address() {
    assert_eq!(percent_encoded(&PathBuf::from("/a b/사&?%")), "/a%20b/%EC%82%AC%26%3F%25");
}

fn one_line(error: &ClusterError) {
    assert!(!error.to_string().contains('\n'), "{error}");
}
