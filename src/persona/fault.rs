//! What is wrong with a persona file, in one line an operator can act on.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::text;

/// One thing wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: PathBuf,
    /// Where in the file, such as `ko.examples[2].answer`, counted from 0. Empty when it is the file itself.
    pub key: String,
    pub problem: String,
    /// What to do about it, where that is not plain from the problem.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.problem)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for Fault {}

/// The faults of one file, each place told once.
#[derive(Debug)]
pub(super) struct Faults {
    file: PathBuf,
    found: Vec<Fault>,
    /// Keys of which everything has been said.
    settled: Vec<String>,
}

impl Faults {
    pub fn of(file: &Path) -> Self {
        Self { file: file.to_owned(), found: Vec::new(), settled: Vec::new() }
    }

    /// Notes a fault, unless its key lies at or under one that has been settled.
    pub fn add(&mut self, key: &str, problem: impl Into<String>, hint: Option<String>) {
        if self.settled.iter().any(|settled| lies_under(key, settled)) {
            return;
        }
        self.found.push(Fault { file: self.file.clone(), key: key.to_owned(), problem: problem.into(), hint });
    }

    /// Says no more of this key.
    pub fn settle(&mut self, key: String) {
        self.settled.push(key);
    }

    pub fn into_result<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.found.is_empty() { Ok(value) } else { Err(self.found) }
    }
}

fn lies_under(key: &str, ancestor: &str) -> bool {
    key.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A hint for a key that nobody knows: the nearest known one, or all of them.
pub(super) fn known_keys(unknown: &str, known: &[&str]) -> String {
    text::nearest(unknown, known)
        .map_or_else(|| format!("known here: {}", known.join(", ")), |key| format!("did you mean `{key}`?"))
}
