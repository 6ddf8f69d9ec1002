//! What is decided before an evening begins.

use lovelm::config::{Config, DiscordLimits};

use super::CHANNEL;
use crate::{
    scripted::ScriptedEngine,
    town::{ANSWER, calm, saying},
};

/// What an evening is made of.
#[derive(Debug)]
pub struct Plan {
    pub config: Config,
    pub engine: ScriptedEngine,
    /// The first is [`CHANNEL`].
    pub channels: Vec<String>,
    /// Whether the bots may read what does not concern them.
    pub message_content: bool,
    /// Whether the far end is reached under Discord's own name, in TLS.
    pub as_discord: bool,
    pub limits: DiscordLimits,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            config: calm(),
            engine: saying(|_| ANSWER.to_owned()).with_slots(4),
            channels: vec![CHANNEL.to_owned()],
            message_content: false,
            as_discord: false,
            limits: DiscordLimits::default(),
        }
    }
}
