//! Where a cluster lies, and who uses it.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    time::Duration,
};

use sha2::{Digest, Sha256};

use super::{ClusterError, account::Account, data_dir};

/// A socket's path may have 103 bytes on macOS, 107 on Linux; `/.s.PGSQL.5432` is a part of it.
const LONGEST_SOCKET_FOLDER: usize = 103 - "/.s.PGSQL.5432".len();

/// How long a busy gate is waited for.
const GATE_WAIT: Duration = Duration::from_mins(1);

/// Where one cluster lies, and who uses it.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    socket: PathBuf,
    pub(super) account: Account,
}

impl Folder {
    /// Makes the folder where there is none, open to nobody but the account of Postgres.
    pub(super) fn open(root: PathBuf) -> Result<Self, ClusterError> {
        let account = Account::of(&root)?;
        account.reaches(&root)?;
        private(&root, account)?;
        let socket = socket_folder(&root);
        private(&socket, account)?;
        Ok(Self { root, socket, account })
    }

    /// The version of PostgreSQL that made the cluster in `root`.
    pub(super) fn major(root: &Path) -> Option<u32> {
        fs::read_to_string(root.join("data/PG_VERSION")).ok()?.trim().parse().ok()
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The folder of the socket.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Whoever starts or stops the server holds this.
    pub(super) async fn gate(&self) -> Result<File, ClusterError> {
        let gate = data_dir::wait_lock(&self.root.join("gate.lock"), GATE_WAIT).await;
        gate.map_err(|error| self.failed(&error))?.ok_or_else(|| ClusterError::Busy(self.root.clone()))
    }

    pub(super) fn try_gate(&self) -> Result<Option<File>, ClusterError> {
        data_dir::try_lock(&self.root.join("gate.lock")).map_err(|error| self.failed(&error))
    }

    /// Counts this program among the server's users. Only exclusive for an instant, behind the gate, so this never waits.
    pub(super) fn join(&self) -> Result<File, ClusterError> {
        let users = data_dir::lock_file(&self.root.join("users.lock")).map_err(|error| self.failed(&error))?;
        users.lock_shared().map_err(|error| self.failed(&error))?;
        Ok(users)
    }

    pub(super) fn is_unused(&self) -> bool {
        matches!(data_dir::try_lock(&self.root.join("users.lock")), Ok(Some(_)))
    }

    pub(super) fn not_started(&self, reason: &str) -> ClusterError {
        ClusterError::Start { folder: self.root.clone(), reason: reason.to_owned() }
    }

    fn failed(&self, error: &io::Error) -> ClusterError {
        ClusterError::folder(&self.root, error)
    }
}

/// Makes a folder that only the account may enter, and refuses one that somebody else made.
fn private(path: &Path, account: Account) -> Result<(), ClusterError> {
    let failed = |error: io::Error| ClusterError::folder(path, &error);
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => account.give(path).map_err(failed)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error)),
    }
    let is = fs::symlink_metadata(path).map_err(failed)?;
    if !is.is_dir() {
        return Err(failed(io::ErrorKind::NotADirectory.into()));
    }
    let owner = match account {
        Account::Ourselves => rustix::process::geteuid().as_raw(),
        Account::User { uid, .. } => uid,
    };
    // Root may have died between making it and giving it away.
    if is.uid() == 0 && owner != 0 {
        account.give(path).map_err(failed)?;
    } else if is.uid() != owner {
        return Err(ClusterError::Folder { folder: path.to_owned(), reason: "it belongs to another user".to_owned() });
    }
    fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed)
}

/// Inside the cluster's folder, or, where that makes too long a path, in the system's folder for such things under a name
/// that every program on this cluster finds.
fn socket_folder(root: &Path) -> PathBuf {
    let inside = root.join("run");
    if inside.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        return inside;
    }
    let digest = Sha256::digest(root.as_os_str().as_bytes());
    let name = digest.iter().take(8).fold(0_u64, |name, byte| name << 8 | u64::from(*byte));
    Path::new("/tmp").join(format!("lovelm-{name:016x}"))
}
