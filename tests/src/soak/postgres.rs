//! A Postgres that can be stopped, frozen, closed, made to read only, and whose disk can be filled.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use lovelm::store::cluster::{Cluster, DataDir};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::program::Folder;

/// Megabytes of a disk that can be filled.
const SMALL: u32 = 400;

/// What is refused as if the disk were full.
const REFUSING: &str = "
    create or replace function disk_full() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    create trigger full_pending before insert or update or delete on pending execute function disk_full();
    create trigger full_delivered before insert on delivered execute function disk_full();
    create trigger full_ledger before insert on ledger execute function disk_full();
    create trigger full_recent before insert on recent execute function disk_full();";
const REFUSING_NO_MORE: &str = "drop function disk_full cascade";

/// How a database is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outage {
    /// `pg_ctl stop -m immediate`: it comes back by recovery.
    Stopped,
    /// Every process of it stands still.
    Frozen,
    /// It runs, and takes no connections.
    Closed,
    ReadOnly,
    /// Every write is refused with SQLSTATE 53100.
    Refusing,
    /// The disk under it has no byte left.
    FullDisk,
}

/// The server.
pub(super) struct Postgres {
    folder: Folder,
    data: DataDir,
    cluster: Option<Cluster>,
    url: String,
    /// Where its small disk is mounted.
    mount: Option<PathBuf>,
}

impl Postgres {
    pub(super) async fn start() -> Self {
        Self::start_in(Folder::default(), None).await
    }

    /// On a disk of its own where this machine lets us mount one.
    pub(super) async fn start_on_small_disk() -> Self {
        let folder = Folder::default();
        let point = folder.path("data");
        fs::create_dir_all(&point).expect("a folder");
        let size = format!("size={SMALL}m,mode=0711");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(&point).output();
        let mounted = mounted.is_ok_and(|done| done.status.success());
        Self::start_in(folder, mounted.then_some(point)).await
    }

    async fn start_in(folder: Folder, mount: Option<PathBuf>) -> Self {
        let data = DataDir::open(&folder.path("data")).expect("a folder");
        let cluster = Cluster::start(&data).await.expect("a Postgres");
        Self { url: cluster.url(), folder, data, cluster: Some(cluster), mount }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.folder.path(".")
    }

    /// The outages that this one can have.
    pub(super) fn outages(&self) -> Vec<Outage> {
        let always = [Outage::Stopped, Outage::Frozen, Outage::Closed, Outage::ReadOnly, Outage::Refusing];
        always.into_iter().chain(self.mount.is_some().then_some(Outage::FullDisk)).collect()
    }

    /// One number; `None` when it cannot be had.
    pub(super) async fn number(&self, query: &'static str) -> Option<i64> {
        let asked = async {
            let mut connection = PgConnection::connect(&self.url).await.ok()?;
            sqlx::query_scalar(query).fetch_one(&mut connection).await.ok()
        };
        tokio::time::timeout(Duration::from_secs(5), asked).await.ok().flatten()
    }

    pub(super) async fn lose(&mut self, outage: Outage) {
        match outage {
            Outage::Stopped => {
                let postmaster = self.postmaster();
                if let Some(pid) = postmaster {
                    let _ = kill_process(pid, Signal::QUIT);
                    while is_alive(pid) {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                }
            }
            Outage::Frozen => self.signal_all(Signal::STOP),
            Outage::Closed => self.outside("alter database lovelm allow_connections false").await,
            Outage::ReadOnly => self.outside("alter database lovelm set default_transaction_read_only = on").await,
            Outage::Refusing => self.inside(REFUSING).await,
            Outage::FullDisk => self.fill(),
        }
    }

    pub(super) async fn restore(&mut self, outage: Outage) {
        match outage {
            Outage::Stopped => self.start_again().await,
            Outage::Frozen => self.signal_all(Signal::CONT),
            Outage::Closed => self.outside("alter database lovelm allow_connections true").await,
            Outage::ReadOnly => self.outside("alter database lovelm reset default_transaction_read_only").await,
            Outage::Refusing => self.inside(REFUSING_NO_MORE).await,
            Outage::FullDisk => {
                let _ = fs::remove_file(self.ballast());
                self.start_again().await;
            }
        }
    }

    pub(super) async fn end(mut self) {
        if let Some(cluster) = self.cluster.take() {
            let _ = cluster.stop().await;
        }
    }

    /// Joins it where it still runs.
    async fn start_again(&mut self) {
        let mut started = Cluster::start(&self.data).await;
        for _ in 0..20 {
            if started.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            started = Cluster::start(&self.data).await;
        }
        self.cluster = Some(started.expect("it comes back"));
    }

    /// In its own database; no session is ended.
    async fn inside(&self, statements: &'static str) {
        let mut connection = PgConnection::connect(&self.url).await.expect("it answers");
        sqlx::raw_sql(statements).execute(&mut connection).await.expect(statements);
    }

    /// From another database; then every session of the fleet ends.
    async fn outside(&self, statement: &'static str) {
        let url = self.url.replacen("/lovelm?", "/postgres?", 1);
        let mut connection = PgConnection::connect(&url).await.expect("it answers");
        sqlx::raw_sql(statement).execute(&mut connection).await.expect(statement);
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'lovelm'";
        sqlx::raw_sql(AssertSqlSafe(end)).execute(&mut connection).await.expect("sessions can be ended");
    }

    fn postmaster(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.data.path().join("postgres/data/postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.trim().parse().ok()?)
    }

    fn signal_all(&self, signal: Signal) {
        let Some(postmaster) = self.postmaster() else { return };
        // First the one that would make more of them.
        for pid in std::iter::once(postmaster).chain(children(postmaster)) {
            let _ = kill_process(pid, signal);
        }
    }

    fn ballast(&self) -> PathBuf {
        self.mount.clone().unwrap_or_else(|| self.folder()).join("ballast")
    }

    fn fill(&self) {
        let Ok(mut file) = File::create(self.ballast()) else { return };
        for size in [1 << 20, 1 << 12, 1] {
            let block = vec![0; size];
            while file.write_all(&block).is_ok() {}
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.cluster.take());
        if let Some(mount) = &self.mount {
            let _ = Command::new("umount").arg("-l").arg(mount).output();
        }
    }
}

fn is_alive(pid: Pid) -> bool {
    let is_zombie = || {
        let status = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        status.rsplit(") ").next().is_none_or(|rest| rest.starts_with('Z') || rest.is_empty())
    };
    test_kill_process(pid).is_ok() && !is_zombie()
}

/// The processes that one started.
fn children(parent: Pid) -> Vec<Pid> {
    let parent = parent.as_raw_nonzero().get();
    let running = fs::read_dir(Path::new("/proc")).into_iter().flatten().flatten().filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(entry.path().join("stat")).ok()?;
        // Behind the name, which may hold anything: state, parent.
        let of: i32 = status.rsplit(") ").next()?.split_whitespace().nth(1)?.parse().ok()?;
        (of == parent).then(|| Pid::from_raw(pid)).flatten()
    });
    running.collect()
}
