//! `lovelm forget` and `lovelm export`: what an operator does for a person who asks. Both join the database of a fleet that runs.

use std::{io::Write as _, process::ExitCode, sync::Arc};

use lovelm::{
    clock::SystemClock,
    config::Loaded,
    pipeline::Records,
    privacy::Keyring,
    store::{
        MyData,
        cluster::{Cluster, DataDir},
    },
};

use crate::{cli::Subject, wiring};

/// The records of this fleet, and the cluster that was joined for them.
pub struct Opened {
    pub records: Records,
    cluster: Option<Cluster>,
}

impl Opened {
    /// Opens the keyring that is there, and the database.
    ///
    /// # Errors
    /// No keyring, or no database: one line.
    pub async fn of(loaded: &Loaded) -> anyhow::Result<Self> {
        let keyring = Arc::new(Keyring::open_existing(&loaded.folders.keys)?);
        let dir = DataDir::open(&loaded.folders.data)?;
        let (store, cluster) = wiring::database(loaded, &dir).await?;
        Ok(Self { records: Records { store, keyring, clock: Arc::new(SystemClock::default()) }, cluster })
    }

    /// Leaves what was joined.
    ///
    /// # Errors
    /// When the cluster is being started or stopped for a minute.
    pub async fn close(self) -> anyhow::Result<()> {
        self.records.store.close().await;
        match self.cluster {
            Some(cluster) => Ok(cluster.stop().await?),
            None => Ok(()),
        }
    }
}

/// Deletes, and says how many entries.
///
/// # Errors
/// As [`Opened::of`], or a database that cannot do it.
pub async fn forget(loaded: &Loaded, subject: &Subject) -> anyhow::Result<ExitCode> {
    let opened = Opened::of(loaded).await?;
    let forgotten = opened.records.forget(subject.platform, &subject.user()).await;
    opened.close().await?;
    let mut out = std::io::stdout().lock();
    match forgotten?.rows {
        0 => writeln!(out, "nothing is kept of this account")?,
        1 => writeln!(out, "1 entry is deleted")?,
        rows => writeln!(out, "{rows} entries are deleted")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a summary, or everything as JSON.
///
/// # Errors
/// As [`Opened::of`], or a database that cannot be read.
pub async fn export(loaded: &Loaded, subject: &Subject, as_json: bool) -> anyhow::Result<ExitCode> {
    let opened = Opened::of(loaded).await?;
    let (platform, user) = (subject.platform, subject.user());
    let mut out = std::io::stdout();
    let printed = if as_json {
        let exported = opened.records.export(platform, &user).await;
        opened.close().await?;
        serde_json::to_string_pretty(&exported?)?
    } else {
        let summary = opened.records.summary(platform, &user).await;
        opened.close().await?;
        table(&summary?)
    };
    writeln!(out, "{}", printed.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn table(kept: &MyData) -> String {
    if kept.rows.is_empty() {
        return "nothing is kept of this account".to_owned();
    }
    let lines = kept.rows.iter().map(|(table, rows)| format!("{rows:>8}  {table}\n"));
    lines.collect::<Vec<_>>().concat()
}
