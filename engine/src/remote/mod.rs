//! A server that speaks the OpenAI API. Takes requests as text, gives answers as text. Knows nothing of mistral.rs.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lovelm::{
    clock::SystemClock,
    engine::{Engine, EngineConfig, EngineError, Estimate, Profile, Prompt, Request, TokenStream},
};
use reqwest::{Client, StatusCode, Url, header};
use secrecy::ExposeSecret as _;

mod answer;
mod wire;

use crate::{OpenError, error::one_line};

/// What a server's answer may be ahead of its reader.
const CHUNKS: usize = 1024;

/// One server.
pub struct Remote {
    profile: Profile,
    max_answer: usize,
    shared: Arc<Shared>,
}

/// What the answers' tasks share.
struct Shared {
    client: Client,
    completions: Url,
    /// The name under which it serves its model.
    model: String,
    stall: Duration,
    estimate: Estimate,
    /// It refuses sampling that is not in the OpenAI API.
    strict: AtomicBool,
    clock: SystemClock,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl Remote {
    /// Greets the server. One that does not answer may come later: that is only warned of.
    ///
    /// # Errors
    /// A faulty setting, or a key that the server refuses.
    pub async fn open(url: Url, config: &EngineConfig) -> Result<Self, OpenError> {
        let client = client(config)?;
        let served = greet(&client, &below(&url, "models")?, config).await?;
        let model = match (config.served_model.as_str(), served.as_ref()) {
            ("", Some(served)) => served.id.clone(),
            ("", None) => "default".to_owned(),
            (named, _) => named.to_owned(),
        };
        if config.languages.is_empty() {
            return Err(OpenError::Setting { key: "languages", why: "name at least one of ko, en, ja".into() });
        }
        let profile = Profile {
            name: format!("{model} at {}", url.host_str().unwrap_or_default()),
            slots: config.slots.max(1),
            context: served.and_then(|served| served.max_model_len).unwrap_or(usize::MAX).min(config.context),
            languages: config.languages.clone(),
            can_continue: false,
        };
        let shared = Shared {
            client,
            completions: below(&url, "chat/completions")?,
            model,
            stall: config.stall_timeout,
            estimate: Estimate::default(),
            strict: AtomicBool::new(false),
            clock: SystemClock::default(),
        };
        Ok(Self { profile, max_answer: config.max_answer, shared: Arc::new(shared) })
    }
}

#[async_trait]
impl Engine for Remote {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn count(&self, prompt: &Prompt) -> usize {
        self.shared.estimate.tokens(prompt)
    }

    async fn start(&self, request: Request) -> Result<TokenStream, EngineError> {
        if !request.prompt.so_far.is_empty() {
            return Err(EngineError::Rejected("a server cannot continue an answer".into()));
        }
        // An estimate must not refuse what might fit: the server has the last word.
        let room = self.profile.context.saturating_sub(self.count(&request.prompt)).max(1);
        let most = request.max_tokens.min(self.max_answer).min(room);
        let (out, stream) = TokenStream::channel(CHUNKS);
        tokio::spawn(answer::drive(Arc::clone(&self.shared), Request { max_tokens: most, ..request }, out));
        Ok(stream)
    }
}

impl Shared {
    fn is_strict(&self) -> bool {
        self.strict.load(Ordering::Relaxed)
    }
}

fn client(config: &EngineConfig) -> Result<Client, OpenError> {
    let fault = |why: String| OpenError::Setting { key: "key", why };
    let mut headers = header::HeaderMap::new();
    if let Some(key) = &config.key {
        let mut value = header::HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
            .map_err(|_| fault("LOVELM_ENGINE_KEY has characters that no key has".into()))?;
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    Client::builder()
        .default_headers(headers)
        .connect_timeout(config.connect_timeout)
        .build()
        .map_err(|error| fault(one_line(error)))
}

/// `{url}/v1/{path}`, whether or not the operator has written the `/v1`.
fn below(url: &Url, path: &str) -> Result<Url, OpenError> {
    let base = url.as_str().trim_end_matches('/').trim_end_matches("/v1");
    Url::parse(&format!("{base}/v1/{path}"))
        .map_err(|error| OpenError::Address { address: url.to_string(), why: error.to_string() })
}

/// Asks what is served. None when the server does not say, or is not there.
async fn greet(client: &Client, models: &Url, config: &EngineConfig) -> Result<Option<wire::Model>, OpenError> {
    let asked = client.get(models.clone()).timeout(config.connect_timeout).send().await;
    let answer = match asked {
        Ok(answer) => answer,
        Err(error) => {
            tracing::warn!("the model server does not answer yet: {}", one_line(error.without_url()));
            return Ok(None);
        }
    };
    match answer.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Err(OpenError::Setting { key: "model", why: "the server refuses the key in LOVELM_ENGINE_KEY".into() })
        }
        status if status.is_success() => {
            Ok(answer.json::<wire::Models>().await.ok().and_then(|models| models.data.into_iter().next()))
        }
        _ => Ok(None),
    }
}
