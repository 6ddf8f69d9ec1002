//! As whom Postgres runs.

use std::{
    fs, io,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use super::ClusterError;

/// As whom Postgres runs: as ourselves, except that it refuses root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    Ourselves,
    User { uid: u32, gid: u32 },
}

impl Account {
    /// For root the owner of the cluster's folder, where there is one, else `postgres`.
    pub(super) fn of(folder: &Path) -> Result<Self, ClusterError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ourselves);
        }
        match fs::metadata(folder) {
            Ok(owned) if owned.uid() != 0 => Ok(Self::User { uid: owned.uid(), gid: owned.gid() }),
            _ => Self::named("postgres").ok_or(ClusterError::NoAccount),
        }
    }

    fn named(name: &str) -> Option<Self> {
        // `id` asks every source of users that the system knows, `/etc/passwd` is only one.
        let ask = |option| {
            let told = Command::new("id").args([option, name]).output().ok()?;
            String::from_utf8(told.stdout).ok()?.trim().parse().ok()
        };
        Some(Self::User { uid: ask("-u")?, gid: ask("-g")? })
    }

    /// Lets the account have what we made.
    pub(super) fn give(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::User { uid, gid } => chown(path, Some(uid), Some(gid)),
        }
    }

    pub(super) fn run_as(self, command: &mut Command) {
        if let Self::User { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
    }

    /// Checks that the account can reach the folder through all that lie above it.
    pub(super) fn reaches(self, folder: &Path) -> Result<(), ClusterError> {
        let Self::User { uid, gid } = self else { return Ok(()) };
        for above in folder.ancestors().skip(1) {
            let is = fs::metadata(above).map_err(|error| ClusterError::folder(above, &error))?;
            let search = match (is.uid() == uid, is.gid() == gid) {
                (true, _) => 0o100,
                (false, true) => 0o010,
                (false, false) => 0o001,
            };
            if is.mode() & search == 0 {
                return Err(ClusterError::Closed { folder: above.to_owned(), user: uid });
            }
        }
        Ok(())
    }
}
