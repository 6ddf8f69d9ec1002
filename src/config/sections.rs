//! The sections that belong to no room of their own.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};
use tracing_subscriber::EnvFilter;

use crate::chat::{Language, PersonaId};

/// `[fleet]`: the process as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FleetConfig {
    /// For people and places whose language is not known.
    pub language: Language,
    /// How long answers that have begun may go on after a signal to stop.
    #[serde(with = "humantime_serde")]
    pub drain: Duration,
    /// Where models are kept. Empty: see [`super::Folders::cache`].
    pub cache_dir: PathBuf,
}

impl Default for FleetConfig {
    fn default() -> Self {
        Self { language: Language::Ko, drain: Duration::from_secs(20), cache_dir: PathBuf::new() }
    }
}

/// `[personas]`: who answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonasConfig {
    /// The folder of persona files.
    pub dir: PathBuf,
    /// Who answers where nobody is named.
    pub host: PersonaId,
}

impl Default for PersonasConfig {
    fn default() -> Self {
        Self { dir: PathBuf::from("personas"), host: PersonaId::new("hongcha") }
    }
}

/// `[store]`: where rows and keys lie. The address of a Postgres of one's own is a secret: `DATABASE_URL`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Empty: see [`super::Folders::data`].
    pub data_dir: PathBuf,
    /// Empty: see [`super::Folders::keys`].
    pub keys_file: PathBuf,
    /// Connections to Postgres that one process holds, 1 to 100.
    pub connections: u32,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { data_dir: PathBuf::new(), keys_file: PathBuf::new(), connections: 8 }
    }
}

impl StoreConfig {
    /// The key that cannot be, and what it must be.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if (1..=100).contains(&self.connections) { Ok(()) } else { Err(("connections", "must be 1 to 100")) }
    }
}

/// `[console]`: the terminal as a chat platform.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsoleConfig {
    /// As whom one speaks until `/as NAME`.
    pub viewer: String,
}

impl Default for ConsoleConfig {
    fn default() -> Self {
        Self { viewer: "viewer".into() }
    }
}

/// `[telemetry]`: what is logged, on standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// `tracing` directives, such as `info,lovelm::scheduler=debug`. Empty: `warn` on a terminal, else `info`.
    #[serde(deserialize_with = "directives")]
    pub log: String,
    pub format: LogFormat,
}

fn directives<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let given = String::deserialize(deserializer)?;
    EnvFilter::try_new(&given).map_err(|error| D::Error::custom(format!("not a log filter: {error}")))?;
    Ok(given)
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Plain,
    /// One JSON object a line.
    Json,
}
