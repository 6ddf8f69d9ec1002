//! The sections that belong to no room of their own.

use std::{path::PathBuf, time::Duration};

use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de::Error};
use tracing_subscriber::EnvFilter;

use crate::chat::{Language, PersonaId};

/// `[fleet]`: the process as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FleetConfig {
    /// For people and places whose language is not known.
    pub language: Language,
    /// By which days and quiet hours go, as the IANA time zone database names it.
    #[serde(deserialize_with = "time_zone")]
    pub time_zone: Tz,
    /// How long answers that have begun may go on after a signal to stop.
    #[serde(with = "humantime_serde")]
    pub drain: Duration,
    /// Where models are kept. Empty: see [`super::Folders::cache`].
    pub cache_dir: PathBuf,
}

impl Default for FleetConfig {
    fn default() -> Self {
        let (language, time_zone) = (Language::Ko, Tz::Asia__Seoul);
        Self { language, time_zone, drain: Duration::from_secs(20), cache_dir: PathBuf::new() }
    }
}

fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| D::Error::custom(format!("`{name}` is no time zone; write it like Asia/Seoul")))
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
    /// How long it is remembered, beside the keyring, who was forgotten: no backup that is older may be brought back.
    #[serde(with = "humantime_serde")]
    pub forgets_kept: Duration,
    pub away: AwayConfig,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            keys_file: PathBuf::new(),
            connections: 8,
            forgets_kept: Duration::from_hours(365 * 24),
            away: AwayConfig::default(),
        }
    }
}

impl StoreConfig {
    /// The key that cannot be, and what it must be.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let AwayConfig { retry_first, retry_most, look_every, most_calls, most_notes } = self.away;
        let rules: [(bool, &'static str, &'static str); 7] = [
            ((1..=100).contains(&self.connections), "connections", "must be 1 to 100"),
            (self.forgets_kept >= Duration::from_hours(24), "forgets_kept", "must be a day or longer"),
            (!retry_first.is_zero(), "away.retry_first", "must be longer than nothing"),
            (retry_most >= retry_first, "away.retry_most", "must be `away.retry_first` or longer"),
            (!look_every.is_zero(), "away.look_every", "must be longer than nothing"),
            (most_calls > 0, "away.most_calls", "must be 1 or more"),
            (most_notes > 0, "away.most_notes", "must be 1 or more"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}

/// `[store.away]`: what waits in memory while the database is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AwayConfig {
    /// How long to wait before the database is asked again; twice as long each time, up to `retry_most`.
    #[serde(with = "humantime_serde")]
    pub retry_first: Duration,
    #[serde(with = "humantime_serde")]
    pub retry_most: Duration,
    /// How often a process looks for paid calls that are in nobody's hands, and makes sure of its own.
    #[serde(with = "humantime_serde")]
    pub look_every: Duration,
    /// Paid calls that may wait to be committed; what comes beyond is apologised for.
    pub most_calls: usize,
    /// Amounts and ends of calls that may wait to be written down; what comes beyond is lost, and logged.
    pub most_notes: usize,
}

impl Default for AwayConfig {
    fn default() -> Self {
        Self {
            retry_first: Duration::from_millis(250),
            retry_most: Duration::from_secs(5),
            look_every: Duration::from_secs(15),
            most_calls: 1_000,
            most_notes: 100_000,
        }
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
