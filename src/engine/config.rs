//! The `[engine]` section: which model answers, and how much of the machine it may take.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use crate::chat::Language;

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
    /// Answers at once. In process on a CPU it is always one: more would only slow each other down.
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
        }
    }
}

impl EngineConfig {
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
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}
