//! The environment as a value: names that scripts rely on, and the folders that follow from it.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{Fault, Faults, StoreConfig};

/// The variables that set one key, by names of their own.
pub(super) const NAMED: [(&str, &str); 5] = [
    ("LOVELM_CACHE_DIR", "fleet.cache_dir"),
    ("LOVELM_DATA_DIR", "store.data_dir"),
    ("LOVELM_KEYS_FILE", "store.keys_file"),
    ("LOVELM_LOG", "telemetry.log"),
    ("LOVELM_MODEL", "engine.model"),
];

/// Names the configuration file.
pub(super) const CONFIG_VARIABLE: &str = "LOVELM_CONFIG";

/// What every variable of ours begins with, but for `DATABASE_URL` and `REDIS_URL`.
pub(super) const PREFIX: &str = "LOVELM_";

/// Variables of our prefix that the test and build scripts read, not the fleet.
const NOT_OURS: [&str; 2] = ["LOVELM_CI_", "LOVELM_TEST_"];

/// The environment of a process. A variable that is set to nothing counts as unset.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    root: bool,
}

impl Environment {
    /// From the variables of a process, and whether it runs as root. What is not UTF-8 is none of ours, unless its name is:
    /// then it is kept with replacement characters, and the fault shows where it is used.
    pub fn new<N: Into<OsString>, V: Into<OsString>>(variables: impl IntoIterator<Item = (N, V)>, root: bool) -> Self {
        let text = |value: OsString| value.to_string_lossy().into_owned();
        let variables = variables
            .into_iter()
            .map(|(name, value)| (text(name.into()), text(value.into())))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self { variables, root }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Every variable with our prefix.
    pub(super) fn ours(&self) -> impl Iterator<Item = (&str, &str)> {
        let ours = self.variables.iter().filter(|(name, _)| name.starts_with(PREFIX));
        ours.filter(|(name, _)| !NOT_OURS.iter().any(|other| name.starts_with(other)))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn config_file(&self) -> Option<PathBuf> {
        self.get(CONFIG_VARIABLE).map(PathBuf::from)
    }

    /// The folders, from what was configured and else by the rules of [`Folders`].
    pub(super) fn folders(&self, cache_dir: &Path, store: &StoreConfig) -> Result<Folders, Faults> {
        let cache = self.folder(cache_dir, "LOVELM_CACHE_DIR", "/var/cache/lovelm", "XDG_CACHE_HOME", ".cache/lovelm");
        let data =
            self.folder(&store.data_dir, "LOVELM_DATA_DIR", "/var/lib/lovelm", "XDG_DATA_HOME", ".local/share/lovelm");
        match (cache, data) {
            (Ok(cache), Ok(data)) => {
                let keys =
                    if store.keys_file.as_os_str().is_empty() { data.join("keys") } else { store.keys_file.clone() };
                Ok(Folders { data, cache, keys })
            }
            (cache, data) => Err(Faults::all([cache.err().map(Faults::from), data.err().map(Faults::from)])),
        }
    }

    fn folder(&self, given: &Path, variable: &str, of_root: &str, xdg: &str, in_home: &str) -> Result<PathBuf, Fault> {
        if !given.as_os_str().is_empty() {
            return Ok(given.to_path_buf());
        }
        if self.root {
            return Ok(PathBuf::from(of_root));
        }
        // The XDG specification says to ignore what is not absolute.
        let absolute = |name| self.get(name).map(Path::new).filter(|path| path.is_absolute());
        let from_xdg = absolute(xdg).map(|base| base.join("lovelm"));
        from_xdg.or_else(|| absolute("HOME").map(|home| home.join(in_home))).ok_or_else(|| {
            Fault::at(variable, "", format!("neither it, {xdg} nor HOME is set; set {variable} to a folder"))
        })
    }
}

/// Prints names only: values may be secrets.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

/// Where a process keeps its files. As root each has a place of the system's, because the embedded Postgres runs as another
/// user, who cannot enter root's home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The embedded Postgres and its lock: `LOVELM_DATA_DIR`, else as root `/var/lib/lovelm`, else `$XDG_DATA_HOME/lovelm`, else
    /// `~/.local/share/lovelm`.
    pub data: PathBuf,
    /// Models: `LOVELM_CACHE_DIR`, else as root `/var/cache/lovelm`, else `$XDG_CACHE_HOME/lovelm`, else `~/.cache/lovelm`.
    pub cache: PathBuf,
    /// The keyring, a file: `LOVELM_KEYS_FILE`, else `keys` in the data folder, beside the database, never in it.
    pub keys: PathBuf,
}
