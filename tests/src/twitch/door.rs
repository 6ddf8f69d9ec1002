//! What a fleet is given to come in: addresses, accounts and their tokens.

use std::path::PathBuf;

use lovelm::{
    chat::{Language, PersonaId},
    config::TwitchLimits,
};
use lovelm_twitch::{Account, Client, Settings};

use super::{CLIENT_ID, CLIENT_SECRET, Pair, Twitch};

/// Where everything happens unless a test says otherwise.
pub const CHANNEL: &str = "streamer";
/// Whose account is whose.
pub const BOTS: [(&str, &str); 4] =
    [("hongcha", "hongcha_bot"), ("omar", "omar_bot"), ("kimdal", "kimdal_bot"), ("shuhi", "shuhi_bot")];
/// What a token allows that speaks by IRC, and what one allows that speaks by Helix.
pub const BY_IRC: [&str; 2] = ["chat:read", "chat:edit"];
pub const BY_HELIX: [&str; 3] = ["chat:read", "chat:edit", "user:write:chat"];
/// What one allows that whispers as well.
pub const WHISPERING: [&str; 3] = ["chat:read", "chat:edit", "user:manage:whispers"];

/// Four accounts that can log in.
#[derive(Clone, Debug)]
pub struct Door {
    pub irc_url: String,
    pub helix_url: String,
    pub auth_url: String,
    pub channels: Vec<String>,
    /// The tokens of [`BOTS`], in their order.
    pub tokens: [Pair; 4],
}

impl Door {
    /// Opens the channels and the accounts. `web` is where Helix and the authorisation server are; the bots moderate the
    /// channels or do not.
    pub fn open(
        twitch: &Twitch,
        irc_url: String,
        web: &str,
        channels: &[String],
        scopes: &[&str],
        moderators: bool,
    ) -> Self {
        let tokens = twitch.with(|network, at| {
            for channel in channels {
                network.channel(channel);
            }
            BOTS.map(|(_, login)| {
                let pair = network.account(at, login, scopes);
                for channel in channels.iter().filter(|_| moderators) {
                    network.promote(channel, login);
                }
                pair
            })
        });
        let (helix_url, auth_url) = (format!("{web}/helix"), web.to_owned());
        Self { irc_url, helix_url, auth_url, channels: channels.to_vec(), tokens }
    }

    /// On free ports of this machine.
    pub async fn listen(twitch: &Twitch, channels: &[String], scopes: &[&str], moderators: bool) -> Self {
        let irc_url = twitch.listen().await.expect("a port");
        let web = format!("http://{}", twitch.serve().await.expect("a port"));
        Self::open(twitch, irc_url, &web, channels, scopes, moderators)
    }

    /// The adapter's settings. `tokens` is the folder where renewed tokens are kept.
    pub(super) fn settings(&self, tokens: Option<PathBuf>, rewards: &[String], limits: &TwitchLimits) -> Settings {
        let accounts = BOTS.iter().zip(&self.tokens).map(|((persona, login), pair)| Account {
            persona: PersonaId::new(*persona),
            login: (*login).to_owned(),
            token: pair.access.clone().into(),
            refresh: Some(pair.refresh.clone().into()),
        });
        Settings {
            irc_url: self.irc_url.clone(),
            helix_url: self.helix_url.clone(),
            auth_url: self.auth_url.clone(),
            channels: self.channels.clone(),
            invited: 2,
            language: Language::En,
            accounts: accounts.collect(),
            client: Some(Client { id: CLIENT_ID.to_owned().into(), secret: CLIENT_SECRET.to_owned().into() }),
            tokens,
            bots: vec!["nightbot".to_owned()],
            cheermotes: vec!["cheer".to_owned()],
            rewards: rewards.to_vec(),
            limits: limits.clone(),
        }
    }

    /// The same as the program's configuration.
    pub fn config(&self) -> String {
        let channels: Vec<_> = self.channels.iter().map(|channel| format!("\"{channel}\"")).collect();
        let logins: Vec<_> =
            BOTS.iter().map(|(persona, login)| format!("[twitch.login.{persona}]\nname = \"{login}\"\n")).collect();
        format!(
            "[twitch]\nirc_url = \"{}\"\nhelix_url = \"{}\"\nauth_url = \"{}\"\nchannels = [{}]\n\n{}",
            self.irc_url,
            self.helix_url,
            self.auth_url,
            channels.join(", "),
            logins.join("\n")
        )
    }

    /// The same as the program's secrets: names and values.
    pub fn environment(&self) -> Vec<(String, String)> {
        let tokens = BOTS.iter().zip(&self.tokens).flat_map(|((persona, _), pair)| {
            let persona = persona.to_uppercase();
            [
                (format!("LOVELM_TWITCH_TOKEN_{persona}"), pair.access.clone()),
                (format!("LOVELM_TWITCH_REFRESH_{persona}"), pair.refresh.clone()),
            ]
        });
        let client = [("LOVELM_TWITCH_CLIENT_ID", CLIENT_ID), ("LOVELM_TWITCH_CLIENT_SECRET", CLIENT_SECRET)];
        tokens.chain(client.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
    }
}
