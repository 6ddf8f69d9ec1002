//! The data folder and its lock.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::Pid;

use super::ClusterError;

/// The folder in which everything of one fleet lies.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

/// Held by the one fleet that runs on a data folder. The system lets go of it when the program ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataDir {
    /// Makes the folder where there is none. Others may not look into it; as root they may pass through it, since
    /// Postgres, which refuses root, has its own folder inside.
    ///
    /// # Errors
    /// [`ClusterError::Folder`] when it cannot be made or entered.
    pub fn open(path: &Path) -> Result<Self, ClusterError> {
        let failed = |error: io::Error| ClusterError::folder(path, &error);
        let path = std::path::absolute(path).map_err(failed)?;
        let root = rustix::process::geteuid().is_root();
        let mode = if root { 0o711 } else { 0o700 };
        let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.exists()).collect();
        DirBuilder::new().recursive(true).mode(mode).create(&path).map_err(failed)?;
        for made in missing {
            // Whatever the umask was.
            fs::set_permissions(made, Permissions::from_mode(mode)).map_err(failed)?;
        }
        // One name for every program, whichever way it was reached.
        let path = fs::canonicalize(path).map_err(failed)?;
        let now = fs::metadata(&path).map_err(failed)?;
        if root && now.uid() == 0 && now.mode() & 0o011 != 0o011 && is_ours(&path) {
            fs::set_permissions(&path, Permissions::from_mode(now.mode() & 0o7777 | 0o011)).map_err(failed)?;
        }
        Ok(Self(path))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The process that runs a fleet on this folder now.
    ///
    /// # Errors
    /// [`ClusterError::Folder`] when that cannot be found out.
    pub fn holder(&self) -> Result<Option<Pid>, ClusterError> {
        let failed = |error: io::Error| ClusterError::folder(&self.0, &error);
        let file = self.0.join("lovelm.lock");
        if !file.exists() || try_lock(&file).map_err(failed)?.is_some() {
            return Ok(None);
        }
        let noted = fs::read_to_string(&file).map_err(failed)?;
        Ok(noted.trim().parse().ok().and_then(Pid::from_raw))
    }

    /// Takes the folder for one running fleet.
    ///
    /// # Errors
    /// [`ClusterError::Locked`] when another has it.
    pub fn lock(&self) -> Result<DataLock, ClusterError> {
        match try_lock(&self.0.join("lovelm.lock")) {
            Ok(Some(mut file)) => {
                // For whoever wants to tell this program something.
                let noted = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                noted.map_err(|error| ClusterError::folder(&self.0, &error))?;
                Ok(DataLock { _file: file })
            }
            Ok(None) => Err(ClusterError::Locked(self.0.clone())),
            Err(error) => Err(ClusterError::folder(&self.0, &error)),
        }
    }
}

/// Whether the folder is empty or was used by us: nobody else's becomes passable by a slip in a path.
fn is_ours(path: &Path) -> bool {
    let ours = ["lovelm.lock", "postgres"].iter().any(|name| path.join(name).exists());
    ours || fs::read_dir(path).is_ok_and(|mut children| children.next().is_none())
}

/// Opens a lock file, making it where there is none.
pub(super) fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)
}

/// The file, locked exclusively; nothing when another has it locked.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// How often a busy lock is tried.
const PAUSE: Duration = Duration::from_millis(100);

/// The same, when another lets go of it within this time.
pub(super) async fn wait_lock(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let tries = patience.as_millis() / PAUSE.as_millis();
    for _ in 0..tries {
        if let Some(file) = try_lock(path)? {
            return Ok(Some(file));
        }
        tokio::time::sleep(PAUSE).await;
    }
    try_lock(path)
}
