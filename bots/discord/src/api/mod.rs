//! Takes a call to Discord's API, gives what came of it. Waits out what Discord asks us to wait; knows nothing of why it is called.

mod body;
mod call;
mod holds;
mod reply;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lovelm::{chat::SendError, clock::Clock, config::DISCORD};
use secrecy::{ExposeSecret as _, SecretString};
use serenity::http::{LightMethod, Ratelimiter, Request};

pub(crate) use self::holds::Holds;
#[cfg(test)]
pub(crate) use self::holds::Told;
use self::reply::Reply;
pub(crate) use self::{
    body::Body,
    call::{Call, deferred},
    holds::Invalid,
    reply::Failed,
};
use crate::settings::Settings;

/// How long one call may take.
const LONGEST_CALL: Duration = Duration::from_secs(15);
/// What is waited for here before a call; whoever may have to wait longer is told so.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a call is tried that does no harm twice.
const TRIES: usize = 5;
/// Before it is tried again.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a call that may have been done is tried: less than whoever shows an answer waits for one line.
const DOUBTED: Duration = Duration::from_secs(20);
/// What calls that nobody waits for are waited for.
const LONG_PATIENCE: Duration = Duration::from_mins(2);

/// What the accounts share.
#[derive(Clone)]
pub(crate) struct Far {
    client: reqwest12::Client,
    /// The address before the path of every call; `None` where calls go out under Discord's own name, by its limiter.
    proxy: Option<String>,
    invalid: Arc<Mutex<Invalid>>,
    clock: Arc<dyn Clock>,
}

/// One account's way to the API.
pub(crate) struct Api {
    far: Far,
    /// `Bot` and the token.
    token: SecretString,
    limiter: Option<Ratelimiter>,
    holds: Mutex<Holds>,
    /// One call at a time to a place: whoever comes second knows what the first was told.
    lanes: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// Why Discord cannot be called at all.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("discord.api_ca: {0}")]
    Authority(String),
    #[error("discord.api_url: {0}")]
    Address(String),
    #[error("this machine offers no TLS: {0}")]
    Tls(String),
}

impl Far {
    pub(crate) fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let limits = &settings.limits;
        Ok(Self {
            client: client(settings)?,
            proxy: (!settings.is_discord()).then(|| settings.api_url.clone()),
            invalid: Arc::new(Mutex::new(Invalid::new(limits.invalid, limits.invalid_window))),
            clock,
        })
    }
}

impl Api {
    pub(crate) fn new(far: &Far, token: &SecretString) -> Self {
        let token = SecretString::from(format!("Bot {}", token.expose_secret()));
        let limiter = far.proxy.is_none().then(|| Ratelimiter::new(far.client.clone(), token.expose_secret()));
        Self { far: far.clone(), token, limiter, holds: Mutex::default(), lanes: Mutex::default() }
    }

    /// Once. Waits for its turn, and no longer than a reader is patient.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Reply, Failed> {
        self.may_call()?;
        let place = call.place();
        if self.limiter.is_some() && !call.is_callback() {
            return self.perform(call).await;
        }
        let lane = Arc::clone(lock(&self.lanes).entry(place.clone()).or_default());
        let turn = lane.lock().await;
        let done = self.in_turn(call, &place).await;
        drop(turn);
        drop(lane);
        lock(&self.lanes).retain(|_, lane| Arc::strong_count(lane) > 1);
        done
    }

    /// The same, for what does no harm twice: until it is known what became of it. What may have been done is in doubt at worst,
    /// whatever its repetition met: whoever believed it undone would do it twice.
    pub(crate) async fn call_surely(&self, call: &Call<'_>) -> Result<Reply, Failed> {
        let clock = &self.far.clock;
        let (late, mut tries, mut doubted) = (clock.elapsed() + DOUBTED, 1, false);
        loop {
            let done = self.call(call).await;
            doubted |= matches!(done, Err(Failed::Unsure));
            let pause = match &done {
                Err(Failed::Unsure | Failed::Unreached) if tries < TRIES => PAUSE,
                Err(Failed::Wait(wait)) if doubted && clock.elapsed() + *wait < late => (*wait).max(PAUSE),
                _ if doubted => return done.map_err(|failed| failed.behind_a_doubt(call.shows())),
                _ => return done,
            };
            tries += usize::from(!matches!(done, Err(Failed::Wait(_))));
            self.pause(pause).await;
        }
    }

    /// The same, for what nobody waits for: also what Discord wants waited.
    pub(crate) async fn call_patiently(&self, call: &Call<'_>) -> Result<Reply, Failed> {
        let until = self.far.clock.elapsed() + LONG_PATIENCE;
        loop {
            match self.call_surely(call).await {
                Err(Failed::Wait(wait)) if self.far.clock.elapsed() + wait < until => self.pause(wait).await,
                done => return done,
            }
        }
    }

    fn may_call(&self) -> Result<(), Failed> {
        let now = self.far.clock.elapsed();
        let rest = lock(&self.far.invalid).rest(now);
        rest.map_or(Ok(()), |rest| Err(Failed::Wait(rest)))
    }

    async fn in_turn(&self, call: &Call<'_>, place: &str) -> Result<Reply, Failed> {
        let clock = &self.far.clock;
        let free = lock(&self.holds).free(place, call.kind());
        let wait = free.saturating_sub(clock.elapsed());
        if wait > PATIENCE {
            return Err(Failed::Wait(wait));
        }
        clock.until(free).await;
        let base = self.far.proxy.as_deref().unwrap_or(DISCORD);
        let method = match call.method {
            LightMethod::Delete => reqwest12::Method::DELETE,
            LightMethod::Get => reqwest12::Method::GET,
            LightMethod::Patch => reqwest12::Method::PATCH,
            LightMethod::Post => reqwest12::Method::POST,
            LightMethod::Put => reqwest12::Method::PUT,
        };
        let address = call.path().replace(DISCORD, base);
        let mut request = self.far.client.request(method, address);
        request = request.header("authorization", self.token.expose_secret());
        if let Some(body) = &call.body {
            request = request.header("content-type", "application/json").body(body.clone());
        }
        let reply = Reply::of(request.send().await).await;
        if let Ok(reply) = &reply {
            lock(&self.holds).learn(place, call.kind(), reply.told, clock.elapsed());
        }
        self.judge(reply)
    }

    /// By serenity's limiter, which waits and repeats what came too early.
    async fn perform(&self, call: &Call<'_>) -> Result<Reply, Failed> {
        let Some((limiter, route)) = self.limiter.as_ref().zip(call.route) else { return Err(Failed::Unreached) };
        let request = Request::new(route, call.method).body(call.body.clone()).params(call.params.clone());
        self.judge(Reply::of_limiter(limiter.perform(request).await).await)
    }

    fn judge(&self, reply: Result<Reply, Failed>) -> Result<Reply, Failed> {
        let reply = reply?;
        if reply.is_invalid() {
            if lock(&self.far.invalid).note(self.far.clock.elapsed()) {
                tracing::error!("too many calls went wrong: nothing is asked of Discord for a while");
            }
            metrics::counter!("lovelm_discord_invalid_calls_total", "status" => reply.status.to_string()).increment(1);
        }
        reply.judged()
    }

    async fn pause(&self, time: Duration) {
        self.far.clock.until(self.far.clock.elapsed() + time).await;
    }
}

impl From<Failed> for SendError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Wait(wait) => Self::Wait(wait),
            Failed::Unsure => Self::InDoubt,
            Failed::Unreached => Self::Wait(PATIENCE),
            Failed::Refused { status: 400, code } => Self::Refused(format!("code {code}")),
            Failed::Refused { code: AUTOMOD, .. } => Self::Refused("automod".to_owned()),
            Failed::Refused { .. } => Self::Gone,
        }
    }
}

/// The server's own rules do not want this text.
const AUTOMOD: i64 = 200_000;

/// Holds nothing between waits.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn client(settings: &Settings) -> Result<reqwest12::Client, Fault> {
    let builder = reqwest12::Client::builder().timeout(LONGEST_CALL).pool_max_idle_per_host(4).user_agent(AGENT);
    let builder = match &settings.api_ca {
        None => builder,
        Some(authority) => {
            let (host, address) = stand_in(&settings.api_url)?;
            let authority = certificate(authority)?;
            builder.tls_built_in_root_certs(false).add_root_certificate(authority).resolve(host, address)
        }
    };
    builder.build().map_err(|error| Fault::Tls(error.to_string()))
}

/// Discord asks for a name and an address.
const AGENT: &str = concat!("DiscordBot (https://github.com/lovelm, ", env!("CARGO_PKG_VERSION"), ")");

fn certificate(path: &Path) -> Result<reqwest12::Certificate, Fault> {
    let fault = |why: String| Fault::Authority(format!("{}: {why}", path.display()));
    let pem = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
    reqwest12::Certificate::from_pem(&pem).map_err(|_| fault("is no certificate".to_owned()))
}

/// Whose name is asked, and where.
fn stand_in(url: &str) -> Result<(&'static str, std::net::SocketAddr), Fault> {
    let fault = || Fault::Address(format!("`{url}` is no https://ADDRESS:PORT"));
    let url = reqwest12::Url::parse(url).map_err(|_| fault())?;
    let addresses = url.socket_addrs(|| None).map_err(|_| fault())?;
    let name = DISCORD.strip_prefix("https://").unwrap_or(DISCORD);
    addresses.first().map(|address| (name, *address)).ok_or_else(fault)
}
