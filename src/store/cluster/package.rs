//! The way in where PostgreSQL is missing: the system's own package, where we are root and the system has apt.

use std::{fs, io, path::Path, process::Stdio, time::Duration};

use tokio::process::Command;

use super::ClusterError;

/// Debian's package makes and starts a cluster of its own unless this file says otherwise.
const DEBIAN_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

const LONGEST: Duration = Duration::from_mins(15);

/// Whether the system lets us install its packages.
pub(super) fn is_possible() -> bool {
    rustix::process::geteuid().is_root() && Path::new("/usr/bin/apt-get").exists()
}

pub(super) async fn install() -> Result<(), ClusterError> {
    if !is_possible() {
        return Err(ClusterError::NotInstalled);
    }
    tracing::warn!("PostgreSQL is not installed; installing Debian's package `postgresql` with apt-get");
    apt(&["update"]).await?;
    apt(&["install", "--yes", "--no-install-recommends", "postgresql-common"]).await?;
    let before =
        without_own_cluster(Path::new(DEBIAN_CLUSTER)).map_err(|error| ClusterError::Install(error.to_string()))?;
    let installed = apt(&["install", "--yes", "--no-install-recommends", "postgresql"]).await;
    // Later clusters are the operator's business again.
    fs::write(DEBIAN_CLUSTER, before).map_err(|error| ClusterError::Install(error.to_string()))?;
    installed
}

/// Gives back what the file said before.
pub(super) fn without_own_cluster(file: &Path) -> io::Result<String> {
    let before = fs::read_to_string(file)?;
    let others = before.lines().filter(|line| !line.trim_start().starts_with("create_main_cluster"));
    let now: String = others.chain(["create_main_cluster = false"]).flat_map(|line| [line, "\n"]).collect();
    fs::write(file, now)?;
    Ok(before)
}

/// Everything apt says goes to standard error: standard output belongs to the answers.
async fn apt(arguments: &[&str]) -> Result<(), ClusterError> {
    let mut command = Command::new("/usr/bin/apt-get");
    command.args(["-o", "DPkg::Lock::Timeout=300", "--quiet"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.stdin(Stdio::null()).stdout(io::stderr()).kill_on_drop(true);
    match tokio::time::timeout(LONGEST, command.status()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(ClusterError::Install(format!("apt-get {} ended with {status}", arguments[0]))),
        Ok(Err(error)) => Err(ClusterError::Install(error.to_string())),
        Err(_) => Err(ClusterError::Install(format!("apt-get {} did not end", arguments[0]))),
    }
}
