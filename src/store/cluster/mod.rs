//! Takes a data folder, gives the address of a Postgres that runs in it. Knows nothing of tables.

mod account;
mod data_dir;
mod error;
mod folder;
mod init;
mod installation;
mod package;
mod postmaster;
#[cfg(test)]
mod tests;
mod wheel;

use std::{fs::File, path::Path, time::Duration};

use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

pub use self::{
    data_dir::{DataDir, DataLock},
    error::ClusterError,
};
use self::{folder::Folder, installation::Installation, postmaster::Postmaster};

/// The role and the database of the fleet in its own cluster.
const NAME: &str = "lovelm";

/// How often a start is tried when something of the server before is still going away.
const STARTS: u32 = 10;

/// A Postgres of our own, listening on a socket that only its system user and root can reach. Every program on the data
/// folder shares one server: the first starts it, the last one out stops it.
#[derive(Debug)]
pub struct Cluster {
    folder: Folder,
    /// `None` once it was left or stopped.
    postmaster: Option<Postmaster>,
    /// Held shared as long as this program uses the server.
    using: Option<File>,
}

impl Cluster {
    /// Joins the server that runs in the data folder, an orphan of a killed program included, else starts it; makes the
    /// cluster, and looks for PostgreSQL, where that was never done. Waits a minute at most for each step.
    ///
    /// # Errors
    /// See [`ClusterError`]; nothing half made stays behind.
    pub async fn start(data: &DataDir) -> Result<Self, ClusterError> {
        let root = data.path().join("postgres");
        let installation = Installation::ensure(data.path(), &root, Folder::major(&root)).await?;
        Self::start_with(&installation, data).await
    }

    async fn start_with(installation: &Installation, data: &DataDir) -> Result<Self, ClusterError> {
        let folder = Folder::open(data.path().join("postgres"))?;
        let mut cluster = Self { folder, postmaster: None, using: None };
        // Later than `cluster`, so that a start which fails lets go of the gate before it stops the server.
        let _gate = cluster.folder.gate().await?;
        cluster.using = Some(cluster.folder.join()?);
        cluster.postmaster = Postmaster::find(&cluster.folder);
        if cluster.postmaster.is_none() {
            cluster.spawn(installation).await?;
        }
        cluster.ready(installation).await?;
        Ok(cluster)
    }

    /// The address for `DATABASE_URL`; `psql` understands it too.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://{NAME}@localhost/{NAME}?host={}&sslmode=disable", percent_encoded(self.folder.socket()))
    }

    /// Leaves the server, and stops it when nobody else uses it: first kindly, then at once. Ends within half a minute.
    ///
    /// # Errors
    /// [`ClusterError::Busy`] when another program has been starting or stopping the server for a minute.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        let gate = self.folder.gate().await?;
        if let Some(mut postmaster) = self.leave() {
            postmaster.stop().await;
        }
        drop(gate);
        Ok(())
    }

    /// Gives up the use of the server; gives the server back when it was the last.
    fn leave(&mut self) -> Option<Postmaster> {
        if let Some(using) = self.using.take() {
            // Closing would do, were it not for a process being forked just now: it has the file, too, for an instant.
            let _ = using.unlock();
        }
        self.postmaster.take().filter(|_| self.folder.is_unused())
    }

    async fn spawn(&mut self, installation: &Installation) -> Result<(), ClusterError> {
        let made = init::cluster(installation, &self.folder).await?;
        self.postmaster = Some(Postmaster::spawn(installation, &self.folder, made)?);
        Ok(())
    }

    /// Waits until the server answers, and makes the database where there is none.
    async fn ready(&mut self, installation: &Installation) -> Result<(), ClusterError> {
        for left in (0..STARTS).rev() {
            let Some(postmaster) = &mut self.postmaster else { break };
            match postmaster.answers(&self.folder, &maintenance(&self.folder)).await {
                Ok(connection) => return self.database(connection).await,
                Err(ClusterError::Start { reason, .. }) if left > 0 && postmaster::passes(&reason) => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    self.spawn(installation).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(self.folder.not_started("it goes away again and again"))
    }

    async fn database(&self, mut connection: PgConnection) -> Result<(), ClusterError> {
        let failed = |error: sqlx::Error| self.folder.not_started(&error.to_string());
        let found: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = 'lovelm'")
            .fetch_optional(&mut connection)
            .await
            .map_err(failed)?;
        if found.is_none() {
            sqlx::raw_sql("create database lovelm").execute(&mut connection).await.map_err(failed)?;
        }
        connection.close().await.map_err(failed)
    }
}

impl Drop for Cluster {
    /// For ends that go past [`Cluster::stop`]: the same, without waiting for a gate.
    fn drop(&mut self) {
        if self.postmaster.is_none() {
            return;
        }
        let gate = self.folder.try_gate();
        if let (Some(mut postmaster), Ok(Some(_gate))) = (self.leave(), gate) {
            postmaster.stop_blocking();
        }
    }
}

/// The database that every cluster has.
fn maintenance(folder: &Folder) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(folder.socket())
        .port(5432)
        .username(NAME)
        .database("postgres")
        .ssl_mode(PgSslMode::Disable)
}

fn percent_encoded(path: &Path) -> String {
    use std::{fmt::Write, os::unix::ffi::OsStrExt};
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut url, &byte| {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => url.push(char::from(byte)),
            // Writing into a `String` cannot fail.
            _ => drop(write!(url, "%{byte:02X}")),
        }
        url
    })
}
