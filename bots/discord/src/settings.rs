//! What a fleet on Discord is set up with.

use std::path::PathBuf;

use lovelm::{
    chat::{Language, PersonaId},
    config::{DISCORD, DiscordConfig, DiscordLimits, Secrets},
};
use secrecy::SecretString;

/// Everything but the world around it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https://discord.com`, or a server that speaks for it.
    pub api_url: String,
    /// With it `api_url` is asked under Discord's own name.
    pub api_ca: Option<PathBuf>,
    pub message_content: bool,
    /// Servers that get the commands at once.
    pub guilds: Vec<u64>,
    /// Of what is written on buttons and to moderators.
    pub language: Language,
    pub accounts: Vec<Account>,
    /// Worth of a boost, and of a purchase, in hundredths of a US dollar.
    pub boost_cents: u64,
    pub premium_cents: u64,
    pub limits: DiscordLimits,
}

/// A persona's application.
#[derive(Clone, Debug)]
pub struct Account {
    pub persona: PersonaId,
    pub token: SecretString,
}

impl Settings {
    /// From the configuration and the secrets: an account for every persona that has a token. `None` when no persona has.
    #[must_use]
    pub fn of(config: &DiscordConfig, language: Language, secrets: &Secrets, personas: &[PersonaId]) -> Option<Self> {
        let account = |persona: &PersonaId| {
            let token = secrets.get(&format!("LOVELM_DISCORD_TOKEN_{}", persona.as_str().to_uppercase()))?.clone();
            Some(Account { persona: persona.clone(), token })
        };
        let accounts: Vec<_> = personas.iter().filter_map(account).collect();
        (!accounts.is_empty()).then(|| Self {
            api_url: config.api_url.trim_end_matches('/').to_owned(),
            api_ca: Some(config.api_ca.clone()).filter(|path| !path.as_os_str().is_empty()),
            message_content: config.message_content,
            guilds: config.guilds.clone(),
            language,
            accounts,
            boost_cents: config.boost_cents,
            premium_cents: config.premium_cents,
            limits: config.limits.clone(),
        })
    }

    /// Whether requests go out under Discord's own name, and by serenity's limiter.
    pub(crate) fn is_discord(&self) -> bool {
        self.api_ca.is_some() || self.api_url == DISCORD
    }
}
