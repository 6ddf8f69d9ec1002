//! Why no engine could be opened.

use std::{io, path::PathBuf};

use crate::model::FetchError;

/// One line for the operator. Each variant is something that can be put right.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("engine.model: no such file or folder: {}", .0.display())]
    Missing(PathBuf),
    #[error("engine.model: {} cannot be read: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("engine.model: {} is not a model: {why}", path.display())]
    NotAModel { path: PathBuf, why: String },
    #[error("engine.model: {} is cut off: {have} bytes of {need}; fetch it again", path.display())]
    Truncated { path: PathBuf, have: u64, need: u64 },
    #[error("engine.model: {} is of architecture `{architecture}`, which this engine cannot run; known are {known}", path.display())]
    Architecture { path: PathBuf, architecture: String, known: String },
    #[error("engine.model: `{address}` is not an address: {why}")]
    Address { address: String, why: String },
    #[error("engine.{key}: {why}")]
    Setting { key: &'static str, why: String },
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("engine.model: {model} cannot be loaded: {why}")]
    Load { model: String, why: String },
}

/// The first line of an error chain, short enough for one line of an operator's terminal.
pub(crate) fn one_line(error: impl std::fmt::Display) -> String {
    const LONGEST: usize = 300;
    let text = error.to_string();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
