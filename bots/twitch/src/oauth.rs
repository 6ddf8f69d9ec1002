//! Takes tokens, gives whose they are and newer ones. Knows nothing of where they are kept.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::{
    settings::{Client, Settings},
    web::{Method, Request, Web},
};

/// Twitch's identity server.
#[derive(Clone)]
pub(crate) struct OAuth {
    url: String,
    client: Option<Client>,
    web: Arc<dyn Web>,
}

/// An access token and what renews it.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub access: SecretString,
    pub refresh: Option<SecretString>,
}

/// Whose a token is and what it allows.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Identity {
    pub client_id: String,
    pub login: String,
    pub user_id: String,
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// Why a question about a token has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// The token is no good any more.
    #[error("the token is not accepted")]
    Token,
    /// Nothing is known of the token; ask again later.
    #[error("the identity server cannot be asked")]
    Unknown,
}

#[derive(Deserialize)]
struct Renewed {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
}

impl OAuth {
    pub(crate) fn new(settings: &Settings, web: Arc<dyn Web>) -> Self {
        Self { url: settings.auth_url.clone(), client: settings.client.clone(), web }
    }

    /// Whose the token is.
    pub(crate) async fn validate(&self, token: &SecretString) -> Result<Identity, Refused> {
        let request = Request {
            method: Method::Get,
            url: format!("{}/oauth2/validate", self.url),
            authorization: Some(SecretString::from(format!("OAuth {}", token.expose_secret()))),
            client: None,
        };
        let reply = self.web.fetch(request).await.map_err(|_| Refused::Unknown)?;
        match reply.status {
            200 => reply.json().ok_or(Refused::Unknown),
            401 => Err(Refused::Token),
            _ => Err(Refused::Unknown),
        }
    }

    /// New tokens for an old refresh token. Without an application, or without a refresh token, there are none.
    pub(crate) async fn renew(&self, tokens: &Tokens) -> Result<Tokens, Refused> {
        let (Some(client), Some(refresh)) = (&self.client, &tokens.refresh) else { return Err(Refused::Token) };
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
            ("client_id", client.id.expose_secret()),
            ("client_secret", client.secret.expose_secret()),
        ];
        let form: Vec<_> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request {
            method: Method::Form(SecretString::from(form.join("&"))),
            url: format!("{}/oauth2/token", self.url),
            authorization: None,
            client: None,
        };
        let reply = self.web.fetch(request).await.map_err(|_| Refused::Unknown)?;
        match reply.status {
            200 => {
                let renewed: Renewed = reply.json().ok_or(Refused::Unknown)?;
                // Twitch may keep the old one.
                let refresh = renewed.refresh_token.or_else(|| tokens.refresh.clone());
                Ok(Tokens { access: renewed.access_token, refresh })
            }
            400 | 401 | 403 => Err(Refused::Token),
            _ => Err(Refused::Unknown),
        }
    }
}

impl Identity {
    pub(crate) fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// As in a form: everything but letters, digits and a few marks as `%XX`.
fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Prints neither names nor ids.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("scopes", &self.scopes.len()).finish_non_exhaustive()
    }
}
