//! What is decided before an evening begins.

use lovelm::config::{Config, TwitchLimits};

use super::{BY_IRC, CHANNEL};
use crate::{
    scripted::ScriptedEngine,
    town::{ANSWER, calm, saying},
};

/// What an evening is made of.
#[derive(Debug)]
pub struct Plan {
    pub config: Config,
    pub engine: ScriptedEngine,
    pub channels: Vec<String>,
    pub scopes: Vec<&'static str>,
    /// Whether the bots moderate the channels: they may then say more.
    pub moderators: bool,
    pub limits: TwitchLimits,
    /// Ids of rewards whose text is a question.
    pub rewards: Vec<String>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            config: calm(),
            engine: saying(|_| ANSWER.to_owned()),
            channels: vec![CHANNEL.to_owned()],
            scopes: BY_IRC.to_vec(),
            moderators: true,
            limits: TwitchLimits::default(),
            rewards: Vec::new(),
        }
    }
}
