//! The `[engine]` section: which models answer, how much of the machine they may take, and what happens when they fail.

mod trouble;

use std::{collections::BTreeMap, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;

pub use self::trouble::{AdaptConfig, BreakerConfig, OutageConfig};
use crate::chat::Language;

/// The name under which metrics and messages know the engine of `[engine]` itself.
const FIRST: &str = "main";

/// The `[engine]` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineConfig {
    /// Empty for the default model; else a `.gguf` file, a folder of safetensors, a hub id `owner/name`, or the address
    /// (`http://`, `https://`) of a server that speaks the OpenAI API.
    pub model: String,
    /// The name under which a server serves its model. Empty where the server does not care.
    pub served_model: String,
    /// The server's key. From the environment only (`LOVELM_ENGINE_KEY`).
    #[serde(skip)]
    pub key: Option<SecretString>,
    /// Answers at once. In process on a CPU it is always one: more would only slow each other down. A server begins with so many
    /// and finds its own number.
    pub slots: usize,
    /// Prompt and answer together, in tokens. A model with a smaller context keeps its own.
    pub context: usize,
    /// The longest answer in tokens, whatever a persona asks for.
    pub max_answer: usize,
    /// The languages that the model writes well, the best first.
    pub languages: Vec<Language>,
    /// No token for this long means that the engine hangs.
    #[serde(with = "humantime_serde")]
    pub stall_timeout: Duration,
    /// How long a server may take to accept a connection.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// Memory that remembered prompt beginnings may take, in MiB. In process only.
    pub prefix_cache_mib: usize,
    /// Further engines, by a name of the operator's.
    pub also: BTreeMap<String, AlsoConfig>,
    pub breaker: BreakerConfig,
    pub outage: OutageConfig,
    pub adapt: AdaptConfig,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            model: String::new(),
            served_model: String::new(),
            key: None,
            slots: 4,
            context: 4096,
            max_answer: 512,
            languages: vec![Language::En],
            stall_timeout: Duration::from_mins(2),
            connect_timeout: Duration::from_secs(10),
            prefix_cache_mib: 1024,
            also: BTreeMap::new(),
            breaker: BreakerConfig::default(),
            outage: OutageConfig::default(),
            adapt: AdaptConfig::default(),
        }
    }
}

/// `[engine.also.NAME]`: one more engine. What is not set is as in `[engine]`; its key is `LOVELM_ENGINE_KEY_NAME`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlsoConfig {
    pub model: String,
    #[serde(default)]
    pub served_model: String,
    pub slots: Option<usize>,
    pub context: Option<usize>,
    pub max_answer: Option<usize>,
    pub languages: Option<Vec<Language>>,
    #[serde(default, with = "humantime_serde")]
    pub stall_timeout: Option<Duration>,
    #[serde(default, with = "humantime_serde")]
    pub connect_timeout: Option<Duration>,
    pub prefix_cache_mib: Option<usize>,
}

impl EngineConfig {
    /// Every engine by its name, the one of `[engine]` first, none with a key.
    #[must_use]
    pub fn each(&self) -> Vec<(String, Self)> {
        let alone = Self { key: None, also: BTreeMap::new(), ..self.clone() };
        let also = self.also.iter().map(|(name, also)| (name.clone(), also.on(&alone)));
        std::iter::once((FIRST.to_owned(), alone.clone())).chain(also).collect()
    }

    /// Answers at once that the engine may be tried with, when it says that it has `slots`. Only a server can take more than it
    /// was made for.
    #[must_use]
    pub fn most_slots(&self, slots: usize) -> usize {
        if self.model.contains("://") { self.adapt.most.max(slots) } else { slots }
    }

    /// Finds the first key that cannot be, and says what it must be.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let rules = [
            ((1..=4096).contains(&self.slots), "slots", "must be 1 to 4096"),
            (self.context >= 512, "context", "must be 512 or more"),
            ((16..self.context).contains(&self.max_answer), "max_answer", "must be 16 or more and below `context`"),
            (!self.languages.is_empty(), "languages", "must name at least one"),
            (!self.stall_timeout.is_zero(), "stall_timeout", "must be longer than nothing"),
            (!self.connect_timeout.is_zero(), "connect_timeout", "must be longer than nothing"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds).map(|(_, key, must)| (key, must));
        let trouble = [self.breaker.check(), self.outage.check(), self.adapt.check()];
        broken.or_else(|| trouble.into_iter().find_map(Result::err)).map_or(Ok(()), Err)
    }

    /// The same for the further engines: the first wrong key of each, below `[engine]`.
    pub fn check_also(&self) -> Vec<(String, &'static str)> {
        let named = |(name, also): (&String, &AlsoConfig)| {
            if !is_name(name) {
                return Some((format!("also.{name}"), "must be called by a to z, 0 to 9 and _, and not `main`"));
            }
            if also.model.trim().is_empty() {
                return Some((format!("also.{name}.model"), "must name a model or a server"));
            }
            let (key, must) = also.on(self).check().err()?;
            Some((format!("also.{name}.{key}"), must))
        };
        // What is wrong in `[engine]` itself is wrong in all of them, and told once.
        if self.check().is_err() { Vec::new() } else { self.also.iter().filter_map(named).collect() }
    }
}

impl AlsoConfig {
    fn on(&self, first: &EngineConfig) -> EngineConfig {
        EngineConfig {
            model: self.model.clone(),
            served_model: self.served_model.clone(),
            key: None,
            slots: self.slots.unwrap_or(first.slots),
            context: self.context.unwrap_or(first.context),
            max_answer: self.max_answer.unwrap_or(first.max_answer),
            languages: self.languages.clone().unwrap_or_else(|| first.languages.clone()),
            stall_timeout: self.stall_timeout.unwrap_or(first.stall_timeout),
            connect_timeout: self.connect_timeout.unwrap_or(first.connect_timeout),
            prefix_cache_mib: self.prefix_cache_mib.unwrap_or(first.prefix_cache_mib),
            also: BTreeMap::new(),
            ..first.clone()
        }
    }
}

/// Whether it can end the name of a variable, too.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.len() <= 32 && name.chars().all(fits) && name != FIRST
}
