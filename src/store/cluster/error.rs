//! Why there is no database of our own.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why there is no database of our own. Each is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error("another lovelm runs on {}: stop it, or set LOVELM_DATA_DIR to another folder", .0.display())]
    Locked(PathBuf),
    #[error("cannot use the data folder {}: {reason}; set LOVELM_DATA_DIR to another folder", folder.display())]
    Folder { folder: PathBuf, reason: String },
    #[error(
        "PostgreSQL does not run as root, and its user {user} may not enter {}; set LOVELM_DATA_DIR to another folder, \
         such as /var/lib/lovelm, or allow it with `chmod o+x`", folder.display()
    )]
    Closed { folder: PathBuf, user: u32 },
    #[error("PostgreSQL is not installed: install version 15 or later, or set DATABASE_URL")]
    NotInstalled,
    #[error(
        "the database in {} was made by PostgreSQL {major}, which is not installed: install it, or move the folder away",
        folder.display()
    )]
    OtherVersion { folder: PathBuf, major: u32 },
    #[error("PostgreSQL does not run as root, and there is no user `postgres`: create it, or start as another user")]
    NoAccount,
    #[error("installing PostgreSQL failed: {0}; install version 15 or later, or set DATABASE_URL")]
    Install(String),
    #[error("PostgreSQL cannot make its files in {}: {reason}", folder.display())]
    Init { folder: PathBuf, reason: String },
    #[error("PostgreSQL does not start in {}: {reason}", folder.display())]
    Start { folder: PathBuf, reason: String },
    #[error("another program has been starting or stopping the database in {} for too long", .0.display())]
    Busy(PathBuf),
}

impl ClusterError {
    /// Names the folder and what the system said, without the system's error number.
    pub(super) fn folder(folder: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "it is not a folder".to_owned(),
            io::ErrorKind::StorageFull => "no space left on the disk".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
            _ => error.to_string(),
        };
        Self::Folder { folder: folder.to_owned(), reason }
    }
}
