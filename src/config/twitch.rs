//! `[twitch]`: where Twitch is, who we are there, and the limits that it sets. Tokens are secrets.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;

use crate::chat::PersonaId;

/// What a login and a channel's name may be: Twitch's own rule.
const LONGEST_NAME: usize = 25;
/// Four accounts hear 400 channels.
const MOST_INVITED: usize = 1000;

/// `[twitch]`: a platform of its own, on as soon as a persona has a token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TwitchConfig {
    /// `ircs://host:port`, or `irc://host:port` without encryption.
    pub irc_url: String,
    pub helix_url: String,
    pub auth_url: String,
    /// Where the bots listen: channels by their login, with or without `#`.
    pub channels: Vec<String>,
    /// How many more streamers may invite the bots to, each to their own, by `!lovelm join`. 0 lets nobody.
    pub invited: usize,
    /// Who the personas are there. Without an entry the token says.
    pub login: BTreeMap<PersonaId, TwitchLogin>,
    /// Logins of other people's bots, which are never answered.
    pub bots: Vec<String>,
    /// Cheermotes' prefixes besides those that Twitch lists.
    pub cheermotes: Vec<String>,
    /// Ids of channel-point rewards whose text is a question.
    pub rewards: Vec<String>,
    pub limits: TwitchLimits,
}

/// `[twitch.login.PERSONA]`: one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TwitchLogin {
    /// The account's login.
    pub name: String,
}

/// `[twitch.limits]`: what Twitch allows an account, a little below it: its clock is not ours.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TwitchLimits {
    /// Lines of an account in a `window`, and where it is moderator, VIP or broadcaster.
    pub messages: usize,
    pub privileged_messages: usize,
    #[serde(with = "humantime_serde")]
    pub window: Duration,
    /// The least time between two lines in a channel, where not privileged.
    #[serde(with = "humantime_serde")]
    pub channel_gap: Duration,
    /// How long an account may not repeat its last line in a channel.
    #[serde(with = "humantime_serde")]
    pub duplicate: Duration,
    /// Channels joined, and logins tried, by an account in a `join_window`; channels that it may be in.
    pub joins: usize,
    #[serde(with = "humantime_serde")]
    pub join_window: Duration,
    pub most_channels: usize,
    /// Characters of a line.
    pub line: usize,
    /// Lines that wait, of all channels.
    pub waiting: usize,
    /// How long an answer may wait for its turn, and anything else of ours.
    #[serde(with = "humantime_serde")]
    pub stale_answer: Duration,
    #[serde(with = "humantime_serde")]
    pub stale_notice: Duration,
    /// How long a line may stay unacknowledged before it is in doubt.
    #[serde(with = "humantime_serde")]
    pub acknowledged: Duration,
    /// How long a connection may be silent before it is asked, and again before it is given up.
    #[serde(with = "humantime_serde")]
    pub silence: Duration,
}

impl Default for TwitchConfig {
    fn default() -> Self {
        let bots = ["nightbot", "streamelements", "streamlabs", "moobot", "fossabot", "wizebot", "soundalerts"];
        let cheermotes = ["cheer", "bday", "corgo", "pride", "showlove", "streamlabs", "muxy", "doodlecheer", "anon"];
        Self {
            irc_url: "ircs://irc.chat.twitch.tv:6697".into(),
            helix_url: "https://api.twitch.tv/helix".into(),
            auth_url: "https://id.twitch.tv".into(),
            channels: Vec::new(),
            invited: 20,
            login: BTreeMap::new(),
            bots: bots.map(str::to_owned).to_vec(),
            cheermotes: cheermotes.map(str::to_owned).to_vec(),
            rewards: Vec::new(),
            limits: TwitchLimits::default(),
        }
    }
}

impl Default for TwitchLimits {
    fn default() -> Self {
        Self {
            messages: 20,
            privileged_messages: 100,
            window: Duration::from_secs(31),
            channel_gap: Duration::from_millis(1100),
            duplicate: Duration::from_secs(31),
            joins: 20,
            join_window: Duration::from_millis(10_500),
            most_channels: 100,
            line: 480,
            waiting: 500,
            stale_answer: Duration::from_secs(25),
            stale_notice: Duration::from_secs(10),
            acknowledged: Duration::from_secs(5),
            silence: Duration::from_secs(4),
        }
    }
}

impl TwitchConfig {
    /// The key that cannot be, and what it must be.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let is_irc = |url: &str| url.starts_with("irc://") || url.starts_with("ircs://");
        let is_http = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let named = |name: &String| is_name(name.strip_prefix('#').unwrap_or(name));
        let limits = &self.limits;
        let faults = [
            (!is_irc(&self.irc_url), "irc_url", "must begin with ircs:// or irc://"),
            (!is_http(&self.helix_url), "helix_url", "must begin with https:// or http://"),
            (!is_http(&self.auth_url), "auth_url", "must begin with https:// or http://"),
            (!self.channels.iter().all(named), "channels", "must be logins: letters, digits and _, 25 at most"),
            (
                !self.login.values().all(|login| login.name.is_empty() || is_name(&login.name)),
                "login",
                "must give logins: letters, digits and _, 25 at most",
            ),
            (self.invited > MOST_INVITED, "invited", "must be 1000 or fewer"),
            (limits.messages == 0 || limits.privileged_messages == 0, "limits.messages", "must be 1 or more"),
            (limits.joins == 0, "limits.joins", "must be 1 or more"),
            (limits.most_channels == 0, "limits.most_channels", "must be 1 or more"),
            (!(100..=500).contains(&limits.line), "limits.line", "must be 100 to 500"),
            (limits.waiting == 0, "limits.waiting", "must be 1 or more"),
            (limits.acknowledged.is_zero(), "limits.acknowledged", "must be more than nothing"),
            (limits.silence.is_zero(), "limits.silence", "must be more than nothing"),
        ];
        faults.into_iter().find(|(wrong, _, _)| *wrong).map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
