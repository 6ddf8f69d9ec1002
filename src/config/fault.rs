//! What is wrong with a configuration, in one line that says where and what to do.

use std::{fmt, path::Path};

use crate::text;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file or the environment variable.
    pub source: String,
    /// The key inside a file, dotted. Empty when the whole source is at fault.
    pub key: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl Fault {
    pub fn in_file(path: &Path, problem: impl Into<String>) -> Self {
        Self { source: path.display().to_string(), key: String::new(), problem: problem.into() }
    }

    pub fn at(source: impl Into<String>, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { source: source.into(), key: key.into(), problem: problem.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_empty() { String::new() } else { format!(" {}:", self.key) };
        // One line, whatever a parser said.
        let problem = self.problem.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{}:{key} {problem}", self.source)
    }
}

/// All faults that were found, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub(super) fn all(parts: impl IntoIterator<Item = Option<Self>>) -> Self {
        Self(parts.into_iter().flatten().flat_map(|faults| faults.0).collect())
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// `unknown`, and the known name that was probably meant, else all of them.
pub(super) fn unknown<'a>(what: &str, given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.into_iter().collect();
    match text::nearest(given, &known) {
        Some(name) => format!("unknown {what} `{given}`; did you mean `{name}`?"),
        None if known.is_empty() => format!("unknown {what} `{given}`"),
        None => format!("unknown {what} `{given}`; known are {}", known.join(", ")),
    }
}
