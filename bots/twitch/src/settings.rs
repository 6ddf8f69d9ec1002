//! What a fleet on Twitch is set up with.

use std::path::PathBuf;

use lovelm::{
    chat::{Language, PersonaId},
    config::{Secrets, TwitchConfig, TwitchLimits},
};
use secrecy::SecretString;

/// Everything but the world around it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `irc://host:port` or `ircs://host:port`.
    pub irc_url: String,
    pub helix_url: String,
    pub auth_url: String,
    /// Logins of channels, in lower case and without `#`.
    pub channels: Vec<String>,
    /// How many more streamers may invite the bots to, each to their own.
    pub invited: usize,
    /// In which streamers are answered who do.
    pub language: Language,
    pub accounts: Vec<Account>,
    /// The application that the tokens belong to; without it no token can be renewed.
    pub client: Option<Client>,
    /// Where renewed tokens are kept, a file an account, and invited channels. Without it they live as long as the process.
    pub tokens: Option<PathBuf>,
    /// Logins of other people's bots, in lower case.
    pub bots: Vec<String>,
    pub cheermotes: Vec<String>,
    pub rewards: Vec<String>,
    pub limits: TwitchLimits,
}

/// A persona's account.
#[derive(Clone, Debug)]
pub struct Account {
    pub persona: PersonaId,
    /// In lower case. Empty: whoever the token belongs to.
    pub login: String,
    pub token: SecretString,
    pub refresh: Option<SecretString>,
}

/// An application registered at Twitch.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: SecretString,
    pub secret: SecretString,
}

impl Settings {
    /// From the configuration and the secrets: an account for every persona that has a token. `None` when no persona has.
    #[must_use]
    pub fn of(
        config: &TwitchConfig,
        language: Language,
        secrets: &Secrets,
        personas: &[PersonaId],
        tokens: PathBuf,
    ) -> Option<Self> {
        let account = |persona: &PersonaId| account(config, secrets, persona);
        let accounts: Vec<_> = personas.iter().filter_map(account).collect();
        let client = secrets.get("LOVELM_TWITCH_CLIENT_ID").zip(secrets.get("LOVELM_TWITCH_CLIENT_SECRET"));
        (!accounts.is_empty()).then(|| Self {
            irc_url: config.irc_url.clone(),
            helix_url: config.helix_url.trim_end_matches('/').to_owned(),
            auth_url: config.auth_url.trim_end_matches('/').to_owned(),
            channels: lower(&config.channels),
            invited: config.invited,
            language,
            accounts,
            client: client.map(|(id, secret)| Client { id: id.clone(), secret: secret.clone() }),
            tokens: Some(tokens),
            bots: lower(&config.bots),
            cheermotes: config.cheermotes.clone(),
            rewards: config.rewards.clone(),
            limits: config.limits.clone(),
        })
    }
}

fn account(config: &TwitchConfig, secrets: &Secrets, persona: &PersonaId) -> Option<Account> {
    let name = persona.as_str().to_uppercase();
    let token = secrets.get(&format!("LOVELM_TWITCH_TOKEN_{name}"))?.clone();
    let refresh = secrets.get(&format!("LOVELM_TWITCH_REFRESH_{name}")).cloned();
    let login = config.login.get(persona).map(|login| login.name.to_lowercase()).unwrap_or_default();
    Some(Account { persona: persona.clone(), login, token, refresh })
}

/// Each once, as Twitch writes logins.
fn lower(names: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        let name = name.trim_start_matches('#').to_lowercase();
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}
