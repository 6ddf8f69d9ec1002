//! Takes one TOML file and the environment, gives a checked [`Config`], the [`Secrets`] and the folders. Knows nothing of what
//! the settings do.
//!
//! Later layers win: the defaults in the code, the file, the environment. Secrets come from the environment or from files that
//! it names, never from the TOML. Every fault that can be seen at once is told at once, one line each.

mod discord;
mod environment;
mod fault;
mod layers;
mod secrets;
mod sections;
mod twitch;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{
    coalesce::CoalesceConfig, context::ContextConfig, engine::EngineConfig, limits::LimitsConfig, link::RedisConfig,
    moderation::ModerationConfig, scheduler::SchedulerConfig,
};

pub use self::{
    discord::{DISCORD, DiscordConfig, DiscordLimits},
    environment::{Environment, Folders},
    fault::{Fault, Faults},
    secrets::Secrets,
    sections::{AwayConfig, ConsoleConfig, FleetConfig, LogFormat, PersonasConfig, StoreConfig, TelemetryConfig},
    twitch::{TwitchConfig, TwitchLimits, TwitchLogin},
};

/// The settings of a fleet; `deploy/lovelm.toml` shows every one of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub fleet: FleetConfig,
    pub personas: PersonasConfig,
    pub moderation: ModerationConfig,
    pub limits: LimitsConfig,
    pub coalesce: CoalesceConfig,
    pub scheduler: SchedulerConfig,
    pub context: ContextConfig,
    pub engine: EngineConfig,
    pub store: StoreConfig,
    pub redis: RedisConfig,
    pub console: ConsoleConfig,
    pub discord: DiscordConfig,
    pub twitch: TwitchConfig,
    pub telemetry: TelemetryConfig,
}

impl Config {
    /// What a type alone cannot rule out: the first thing wrong in each section, as key and problem.
    fn check(&self) -> Vec<(String, String)> {
        let sections = [
            ("moderation", self.moderation.check()),
            ("limits", self.limits.check()),
            ("coalesce", self.coalesce.check()),
            ("scheduler", self.scheduler.check()),
            ("context", self.context.check()),
            ("engine", self.engine.check()),
            ("store", self.store.check()),
            ("redis", self.redis.check()),
            ("discord", self.discord.check()),
            ("twitch", self.twitch.check()),
        ];
        let faults = sections.into_iter().filter_map(|(section, checked)| Some((section, checked.err()?)));
        let faults = faults.map(|(section, (key, must))| (format!("{section}.{key}"), must.to_owned()));
        let also = self.engine.check_also().into_iter();
        faults.chain(also.map(|(key, must)| (format!("engine.{key}"), must.to_owned()))).collect()
    }
}

/// What a process starts with.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    pub secrets: Secrets,
    pub folders: Folders,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

/// The name of the file that is read when none is given and it lies in the working folder.
pub const DEFAULT_FILE: &str = "lovelm.toml";

/// Reads the configuration: from `file`, else from the file that `LOVELM_CONFIG` names, else from `lovelm.toml` in the
/// working folder if there is one; then from the environment.
///
/// # Errors
/// Every fault found, each naming its file or variable and its key.
pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Loaded, Faults> {
    let file = file.map(Path::to_path_buf).or_else(|| environment.config_file()).or_else(default_file);
    let text = match &file {
        Some(path) => read(path)?,
        None => String::new(),
    };
    let name = file.as_deref().unwrap_or(Path::new(DEFAULT_FILE)).display().to_string();
    let config = layers::merge(&name, &text, environment);
    let secrets = Secrets::read(environment);
    let (config, secrets) = match (config, secrets) {
        (Ok(config), Ok(secrets)) => (config, secrets),
        (config, secrets) => return Err(Faults::all([config.err(), secrets.err()])),
    };
    let folders = environment.folders(&config.fleet.cache_dir, &config.store)?;
    Ok(Loaded { config, secrets, folders, file })
}

fn default_file() -> Option<PathBuf> {
    Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file())
}

fn read(path: &Path) -> Result<String, Faults> {
    std::fs::read_to_string(path).map_err(|error| Fault::in_file(path, format!("cannot be read: {error}")).into())
}

#[cfg(test)]
mod tests;
