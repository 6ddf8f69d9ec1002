//! Takes an account's tokens, keeps one that works at hand. Knows nothing of chat.

use std::{sync::Arc, time::Duration};

use lovelm::{chat::PersonaId, clock::Clock};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::{
    oauth::{Identity, OAuth, Refused, Tokens},
    settings::{Account, Settings},
    store::TokenFile,
};

/// Twitch asks for it: whoever holds a token looks at it every hour.
const VALIDATE_EVERY: Duration = Duration::from_hours(1);
/// What reading chat and speaking there takes, whichever way a line goes.
const READS: &str = "chat:read";
const SPEAKS: &str = "chat:edit";

/// Why an account cannot log in until somebody does something. Says which, and what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error(
        "the token of {0} is not accepted and could not be renewed: make a new one, and set LOVELM_TWITCH_TOKEN_{name} and \
         LOVELM_TWITCH_REFRESH_{name} (and LOVELM_TWITCH_CLIENT_ID, LOVELM_TWITCH_CLIENT_SECRET)",
        name = .0.as_str().to_uppercase()
    )]
    Token(PersonaId),
    #[error("the token of {0} belongs to another account than [twitch.login.{0}] names: change one of the two")]
    Account(PersonaId),
    #[error("the token of {0} does not allow {1}: make one with the scopes chat:read and chat:edit")]
    Scope(PersonaId, &'static str),
    #[error(
        "it cannot be found out whose the token of {0} is: set [twitch.login.{0}] name, or wait for the identity server"
    )]
    Nameless(PersonaId),
}

/// Somebody who can log in.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub login: String,
    pub token: SecretString,
    /// What the identity server said, when it could be asked.
    pub identity: Option<Identity>,
}

/// One account's tokens.
pub(crate) struct Keeper {
    pub persona: PersonaId,
    login: String,
    oauth: OAuth,
    file: Option<TokenFile>,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

struct Held {
    tokens: Tokens,
    identity: Option<Identity>,
    validated: Option<Duration>,
}

impl Keeper {
    pub(crate) fn new(account: &Account, oauth: OAuth, settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        let given = Tokens { access: account.token.clone(), refresh: account.refresh.clone() };
        let file = settings.tokens.as_ref().map(|folder| TokenFile::new(folder, &account.persona, &given));
        let tokens = file.as_ref().and_then(TokenFile::read).unwrap_or(given);
        let held = Mutex::new(Held { tokens: bare(tokens), identity: None, validated: None });
        Self { persona: account.persona.clone(), login: account.login.clone(), oauth, file, clock, held }
    }

    /// A token that is good as far as is known: looked at within the last hour, renewed when it was refused.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub(crate) async fn pass(&self) -> Result<Pass, Trouble> {
        let mut held = self.held.lock().await;
        let now = self.clock.elapsed();
        if held.validated.is_none_or(|at| now >= at + VALIDATE_EVERY) {
            self.validate(&mut held).await?;
        }
        self.known(&held)
    }

    /// Somebody refused this token. The next [`Keeper::pass`] has another one.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub(crate) async fn refused(&self, token: &SecretString) -> Result<(), Trouble> {
        let mut held = self.held.lock().await;
        // Another user of it may have been here first.
        if held.tokens.access.expose_secret() == token.expose_secret() {
            held.validated = None;
            self.renew(&mut held).await?;
        }
        Ok(())
    }

    /// Somebody did not accept this token. The next [`Keeper::pass`] looks at it, and has another one if it is over.
    pub(crate) async fn doubted(&self, token: &SecretString) {
        let mut held = self.held.lock().await;
        if held.tokens.access.expose_secret() == token.expose_secret() {
            held.validated = None;
        }
    }

    async fn validate(&self, held: &mut Held) -> Result<(), Trouble> {
        let mut answer = self.oauth.validate(&held.tokens.access).await;
        if answer.as_ref().is_err_and(|refused| *refused == Refused::Token) {
            self.renew(held).await?;
            answer = self.oauth.validate(&held.tokens.access).await;
        }
        match answer {
            Ok(identity) => {
                held.validated = Some(self.clock.elapsed());
                self.check(&identity)?;
                held.identity = Some(identity);
                Ok(())
            }
            Err(Refused::Token) => Err(Trouble::Token(self.persona.clone())),
            Err(Refused::Unknown) => {
                tracing::warn!(persona = %self.persona, "the identity server cannot be asked about a token");
                Ok(())
            }
        }
    }

    async fn renew(&self, held: &mut Held) -> Result<(), Trouble> {
        match self.oauth.renew(&held.tokens).await {
            Ok(tokens) => {
                held.tokens = bare(tokens);
                metrics::counter!("lovelm_twitch_tokens_renewed_total").increment(1);
                self.keep(held.tokens.clone()).await;
                Ok(())
            }
            Err(Refused::Token) => Err(Trouble::Token(self.persona.clone())),
            Err(Refused::Unknown) => {
                tracing::warn!(persona = %self.persona, "a token cannot be renewed now");
                Ok(())
            }
        }
    }

    async fn keep(&self, tokens: Tokens) {
        let Some(file) = self.file.clone() else { return };
        let written = tokio::task::spawn_blocking(move || file.write(&tokens)).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::error!(persona = %self.persona, "a renewed token is not kept: a restart may need a new one");
        }
    }

    fn check(&self, identity: &Identity) -> Result<(), Trouble> {
        let persona = || self.persona.clone();
        if !self.login.is_empty() && !identity.login.eq_ignore_ascii_case(&self.login) {
            return Err(Trouble::Account(persona()));
        }
        // Lines may go by Helix, under another scope; reading goes by IRC.
        match [READS, SPEAKS].into_iter().find(|scope| !identity.allows(scope)) {
            Some(SPEAKS) if identity.allows(crate::helix::SAYS) => Ok(()),
            Some(missing) => Err(Trouble::Scope(persona(), missing)),
            None => Ok(()),
        }
    }

    fn known(&self, held: &Held) -> Result<Pass, Trouble> {
        let validated = held.identity.as_ref().map(|identity| identity.login.to_lowercase());
        let login = Some(self.login.clone()).filter(|login| !login.is_empty()).or(validated);
        let login = login.ok_or_else(|| Trouble::Nameless(self.persona.clone()))?;
        Ok(Pass { login, token: held.tokens.access.clone(), identity: held.identity.clone() })
    }
}

/// Tools print tokens with `oauth:` in front.
fn bare(tokens: Tokens) -> Tokens {
    let access = tokens.access.expose_secret().trim_start_matches("oauth:").to_owned();
    Tokens { access: SecretString::from(access), refresh: tokens.refresh }
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").field("persona", &self.persona).finish_non_exhaustive()
    }
}
