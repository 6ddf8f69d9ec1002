//! `[discord]`: where Discord is, what is heard there, and the limits that it sets. Tokens are secrets.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;

/// Where Discord really is.
pub const DISCORD: &str = "https://discord.com";
/// What Discord takes as one message: its own rule.
const LONGEST_MESSAGE: usize = 2_000;
/// Calls that a machine may get wrong in ten minutes before Discord shuts it out: its own rule.
const MOST_INVALID: usize = 10_000;

/// `[discord]`: a platform of its own, on as soon as a persona has a token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiscordConfig {
    /// Discord's own address, or that of a server which speaks for it.
    pub api_url: String,
    /// A certificate authority, as PEM. With it `api_url` is asked under Discord's own name, and nobody else is believed. Empty: none.
    pub api_ca: PathBuf,
    /// Whether the applications have the intent to read every message: then personas answer to their names without a mention.
    pub message_content: bool,
    /// Servers that get the commands at once. Without any, all servers get them, within an hour.
    pub guilds: Vec<u64>,
    /// What a boost, and a purchase, are taken for, in hundredths of a US dollar: Discord does not say.
    pub boost_cents: u64,
    pub premium_cents: u64,
    pub limits: DiscordLimits,
}

/// `[discord.limits]`: what Discord allows an account, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiscordLimits {
    /// The least time between two changes of an account in a channel.
    #[serde(with = "humantime_serde")]
    pub edit_every: Duration,
    /// Changes that one answer may take, the last included.
    pub edits: u32,
    /// Characters of a message, the asker's name included.
    pub message: usize,
    /// Messages that an answer may take before the rest waits for `/more`.
    pub lines: usize,
    /// Messages that are followed upwards when somebody replies.
    pub replies: usize,
    /// How far back a start looks for mentions that nobody answered; nothing: not at all. And in how many channels.
    #[serde(with = "humantime_serde")]
    pub catch_up: Duration,
    pub catch_up_channels: usize,
    /// How long a slash command or a button can be answered.
    #[serde(with = "humantime_serde")]
    pub callback: Duration,
    /// How long Discord knows a message again by its nonce.
    #[serde(with = "humantime_serde")]
    pub remembers: Duration,
    /// Calls that all accounts together may get wrong in a window before they rest.
    pub invalid: usize,
    #[serde(with = "humantime_serde")]
    pub invalid_window: Duration,
}

impl Default for DiscordConfig {
    fn default() -> Self {
        Self {
            api_url: DISCORD.into(),
            api_ca: PathBuf::new(),
            message_content: false,
            guilds: Vec::new(),
            boost_cents: 499,
            premium_cents: 199,
            limits: DiscordLimits::default(),
        }
    }
}

impl Default for DiscordLimits {
    fn default() -> Self {
        Self {
            edit_every: Duration::from_millis(1_500),
            edits: 8,
            message: LONGEST_MESSAGE,
            lines: 3,
            replies: 4,
            catch_up: Duration::from_mins(5),
            catch_up_channels: 20,
            callback: Duration::from_secs(14 * 60 + 30),
            remembers: Duration::from_mins(2),
            invalid: 2_000,
            invalid_window: Duration::from_mins(10),
        }
    }
}

impl DiscordConfig {
    /// The key that cannot be, and what it must be.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let is_http = self.api_url.starts_with("https://") || self.api_url.starts_with("http://");
        let has_ca = !self.api_ca.as_os_str().is_empty();
        let limits = &self.limits;
        let faults = [
            (!is_http, "api_url", "must begin with https:// or http://"),
            (has_ca && !self.api_url.starts_with("https://"), "api_ca", "is of use with an https:// address alone"),
            (self.guilds.contains(&0), "guilds", "must be ids of servers"),
            (limits.edits == 0, "limits.edits", "must be 1 or more"),
            (!(200..=LONGEST_MESSAGE).contains(&limits.message), "limits.message", "must be 200 to 2000"),
            (limits.lines == 0, "limits.lines", "must be 1 or more"),
            (limits.callback > Duration::from_mins(15), "limits.callback", "must be 15min or less"),
            (!(1..MOST_INVALID).contains(&limits.invalid), "limits.invalid", "must be 1 to 9999"),
        ];
        faults.into_iter().find(|(wrong, _, _)| *wrong).map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}
