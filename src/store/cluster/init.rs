//! Makes a cluster, whole or not at all.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{self, Output, Stdio},
    time::Duration,
};

use super::{ClusterError, NAME, folder::Folder, installation::Installation};

/// A cluster takes seconds to make, on a slow disk a minute.
const LONGEST: Duration = Duration::from_mins(5);

/// How a folder begins in which a cluster is being made.
const NEW: &str = "data.new-";

/// A cluster that was made to its end.
#[derive(Debug)]
pub(super) struct Made(());

/// Makes the cluster where there is none. It is made beside its place and then moved, so that whatever happens in the
/// middle, its place holds a whole cluster or nothing.
pub(super) async fn cluster(installation: &Installation, folder: &Folder) -> Result<Made, ClusterError> {
    if folder.data().join("PG_VERSION").exists() {
        return Ok(Made(()));
    }
    let failed = |reason: String| ClusterError::Init { folder: folder.root().to_owned(), reason };
    let new = folder.root().join(format!("{NEW}{}", process::id()));
    clear_leftovers(folder.root());
    clear(&new).map_err(|error| failed(error.to_string()))?;
    tracing::info!("making the database in {}", folder.root().display());
    let done = run(installation, folder, &new).await.map_err(|error| failed(error.to_string()))?;
    if !done.status.success() {
        // What is left over goes at once: the disk may be full.
        let _ = clear(&new);
        return Err(failed(reason(&done)));
    }
    fs::rename(&new, folder.data())
        .and_then(|()| File::open(folder.root())?.sync_all())
        .map_err(|error| failed(error.to_string()))?;
    Ok(Made(()))
}

/// What a start that was killed left behind. Its `initdb` may still be at work there, hence a name for each start.
fn clear_leftovers(root: &Path) {
    let children = fs::read_dir(root).into_iter().flatten().filter_map(Result::ok);
    for left in children.filter(|child| child.file_name().to_string_lossy().starts_with(NEW)) {
        let _ = clear(&left.path());
    }
}

fn clear(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn run(installation: &Installation, folder: &Folder, new: &Path) -> io::Result<Output> {
    let mut command = installation.command("initdb", folder);
    // Local connections need no password: only the account and root can reach the socket.
    command.args(["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--data-checksums"]);
    command.arg(format!("--username={NAME}"));
    command.arg(if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--no-locale" });
    command.arg("--pgdata").arg(new);
    command.stdin(Stdio::null());
    let mut command = tokio::process::Command::from(command);
    match tokio::time::timeout(LONGEST, command.kill_on_drop(true).output()).await {
        Ok(done) => done,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// The first thing that initdb complained of.
fn reason(done: &Output) -> String {
    let said = String::from_utf8_lossy(&done.stderr);
    let complaint = said.lines().find_map(|line| {
        ["error: ", "FATAL:  ", "PANIC:  "].iter().find_map(|mark| line.split_once(mark).map(|(_, reason)| reason))
    });
    complaint.or(said.lines().last()).unwrap_or("initdb failed").trim().to_owned()
}
