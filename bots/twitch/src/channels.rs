//! Takes the channels of the configuration and what streamers ask for theirs, gives where to listen. Knows nothing of who does.
//!
//! A streamer speaks for their own channel alone, from any channel in which a bot hears them. What they asked for lies in a
//! file: a channel that left stays away, even a configured one, until its streamer calls again.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{settings::Settings, store};

/// Where to listen.
#[derive(Clone, Debug)]
pub(crate) struct Channels {
    configured: Vec<String>,
    asked: Asked,
    most: usize,
}

/// What streamers asked for, as it lies in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    joined: BTreeSet<String>,
    left: BTreeSet<String>,
}

/// What became of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Done,
    /// It was so already.
    AsItIs,
    /// As many are invited as may be.
    Full,
}

impl Channels {
    /// As configured, and as asked for until now. A file that cannot be read is as good as none, and is said.
    pub(crate) fn of(settings: &Settings) -> Self {
        let asked = match path(settings).map(fs::read) {
            Some(Ok(bytes)) => serde_json::from_slice(&bytes).unwrap_or_else(|_| {
                tracing::error!("the file of invited channels cannot be read; streamers have to invite again");
                Asked::default()
            }),
            _ => Asked::default(),
        };
        Self { configured: settings.channels.clone(), asked, most: settings.invited }
    }

    /// All of them, each once.
    pub(crate) fn all(&self) -> Vec<String> {
        let stays = |channel: &&String| !self.asked.left.contains(*channel);
        let configured = self.configured.iter().filter(stays);
        let invited = self.asked.joined.iter().filter(|channel| !self.configured.contains(channel));
        configured.chain(invited.take(self.most)).cloned().collect()
    }

    pub(crate) fn join(&mut self, channel: &str) -> Wish {
        if self.all().iter().any(|known| known == channel) {
            return Wish::AsItIs;
        }
        if self.configured.iter().any(|known| known == channel) {
            self.asked.left.remove(channel);
            return Wish::Done;
        }
        if self.asked.joined.len() >= self.most {
            return Wish::Full;
        }
        self.asked.joined.insert(channel.to_owned());
        Wish::Done
    }

    pub(crate) fn leave(&mut self, channel: &str) -> Wish {
        if !self.all().iter().any(|known| known == channel) {
            return Wish::AsItIs;
        }
        self.asked.joined.remove(channel);
        if self.configured.iter().any(|known| known == channel) {
            self.asked.left.insert(channel.to_owned());
        }
        Wish::Done
    }

    pub(crate) fn asked(&self) -> Asked {
        self.asked.clone()
    }
}

/// Where the file lies, where there is a folder for it.
pub(crate) fn path(settings: &Settings) -> Option<PathBuf> {
    settings.tokens.as_ref().map(|folder| folder.join("channels.json"))
}

impl Asked {
    /// Keeps it: all of it or, when the machine fails in between, what was kept before.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        store::replace(path, &serde_json::to_vec(self)?)
    }
}
