//! What a fleet is given to come in: an address, and four bots with their tokens.

use std::path::{Path, PathBuf};

use lovelm::{
    chat::{Language, PersonaId},
    config::{DiscordConfig, DiscordLimits},
};
use lovelm_discord::{Account, Settings};

use super::{BOTS, Discord, Person, id_of, intent};

/// Where everything happens unless a test says otherwise.
pub const GUILD: &str = "town";
pub const CHANNEL: &str = "lounge";

/// Four bots that can connect.
#[derive(Clone, Debug)]
pub struct Door {
    pub api_url: String,
    /// The certificate of the authority that vouches for the address.
    pub api_ca: Option<PathBuf>,
    pub message_content: bool,
    /// The tokens of [`BOTS`], in their order.
    pub tokens: [String; 4],
}

impl Door {
    /// Opens the guild, its channels and the bots on a free port of this machine.
    pub async fn listen(discord: &Discord, channels: &[String], message_content: bool) -> Self {
        let api_url = discord.listen().await.expect("a port");
        let tokens = discord.with(|network, _| {
            network.guild(GUILD);
            for channel in channels {
                network.channel(GUILD, channel);
            }
            network.meet(&Person::named("owner").moderator());
            BOTS.map(|bot| {
                let token = network.bot(bot);
                if message_content {
                    network.grant(bot, intent::MESSAGE_CONTENT);
                }
                token
            })
        });
        Self { api_url, api_ca: None, message_content, tokens }
    }

    /// The same under Discord's own name, in TLS. The authority's certificate goes to `folder`.
    #[must_use]
    pub async fn as_discord(self, discord: &Discord, folder: &Path) -> Self {
        let (port, authority) = discord.listen_as_discord().await.expect("a port");
        let file = folder.join("authority.pem");
        std::fs::write(&file, authority).expect("a file");
        Self { api_url: format!("https://127.0.0.1:{port}"), api_ca: Some(file), ..self }
    }

    /// The adapter's settings.
    pub(super) fn settings(&self, language: Language, limits: &DiscordLimits) -> Settings {
        let account =
            |(bot, token): (&str, &String)| Account { persona: PersonaId::new(bot), token: token.clone().into() };
        let worth = DiscordConfig::default();
        Settings {
            api_url: self.api_url.clone(),
            api_ca: self.api_ca.clone(),
            message_content: self.message_content,
            guilds: vec![id_of(GUILD)],
            accounts: BOTS.into_iter().zip(&self.tokens).map(account).collect(),
            language,
            boost_cents: worth.boost_cents,
            premium_cents: worth.premium_cents,
            limits: limits.clone(),
        }
    }

    /// The same as the program's configuration.
    pub fn config(&self) -> String {
        let authority = self.api_ca.as_deref().map_or(Path::new(""), |file| file).display();
        format!(
            "[discord]\napi_url = \"{}\"\napi_ca = \"{authority}\"\nmessage_content = {}\nguilds = [{}]\n",
            self.api_url,
            self.message_content,
            id_of(GUILD),
        )
    }

    /// The same as the program's secrets: names and values.
    pub fn environment(&self) -> Vec<(String, String)> {
        let named =
            |(bot, token): (&str, &String)| (format!("LOVELM_DISCORD_TOKEN_{}", bot.to_uppercase()), token.clone());
        BOTS.into_iter().zip(&self.tokens).map(named).collect()
    }
}
