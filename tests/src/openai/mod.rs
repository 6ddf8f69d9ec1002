//! A server that speaks the OpenAI API and says what a script says, with faults on demand.

mod answer;
mod wire;

use std::{
    collections::VecDeque,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    routing::{get, post},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::speech::echo;

/// A running server. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What happens to one request for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// The scripted answer.
    Answer,
    /// A refusal with this HTTP status and, where given, `Retry-After` in seconds.
    Refuse(u16, Option<u64>),
    /// The request is taken and nothing ever comes.
    Hang,
    /// So many pieces, then nothing more, the connection left open.
    Stall(usize),
    /// So many pieces, then the connection is cut without an end.
    Cut(usize),
    /// A line that is no JSON.
    Garbage,
}

/// A request, as a model would see it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The body.
    pub body: Value,
    /// The `Authorization` header.
    pub authorization: Option<String>,
}

impl Asked {
    /// The last message with this role, if its content is plain text.
    pub fn last(&self, role: &str) -> Option<&str> {
        let messages = self.body["messages"].as_array()?;
        messages.iter().rfind(|message| message["role"] == role)?["content"].as_str()
    }
}

type Script = dyn Fn(&Asked) -> String + Send + Sync;

struct Shared {
    script: Box<Script>,
    /// The key that clients must bring.
    key: Option<String>,
    /// Between two pieces.
    pace: Duration,
    planned: Mutex<VecDeque<Behaviour>>,
    asked: Mutex<Vec<Asked>>,
    /// Streams that the client left before their end.
    left: watch::Sender<usize>,
}

/// What a server does before it is started.
pub struct Setup {
    script: Box<Script>,
    key: Option<String>,
    pace: Duration,
}

impl Default for Setup {
    /// Repeats every question, at once, for everybody.
    fn default() -> Self {
        let script = |asked: &Asked| echo(asked.last("user").unwrap_or_default());
        Self { script: Box::new(script), key: None, pace: Duration::ZERO }
    }
}

impl Setup {
    /// Answers with what `script` makes of a request.
    #[must_use]
    pub fn script(mut self, script: impl Fn(&Asked) -> String + Send + Sync + 'static) -> Self {
        self.script = Box::new(script);
        self
    }

    /// Refuses whoever does not bring this key.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Waits so long before each piece.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Serves on a free port of this machine.
    pub async fn start(self) -> std::io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: self.script,
            key: self.key,
            pace: self.pace,
            planned: Mutex::default(),
            asked: Mutex::default(),
            left: watch::Sender::new(0),
        });
        let routes = Router::new()
            .route("/v1/models", get(answer::models))
            .route("/v1/chat/completions", post(answer::chat))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
        Ok(Server { address, shared, task })
    }
}

impl Server {
    /// A server that repeats every question.
    pub async fn start() -> std::io::Result<Self> {
        Setup::default().start().await
    }

    /// `http://127.0.0.1:PORT/v1`.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What happens to the next request without a plan.
    pub fn plan(&self, behaviour: Behaviour) {
        lock(&self.shared.planned).push_back(behaviour);
    }

    /// Every request for an answer so far, refused ones too.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.shared.asked).clone()
    }

    /// Waits until so many streams were left by their clients before their end.
    pub async fn left(&self, streams: usize) {
        let mut left = self.shared.left.subscribe();
        // The sender lives in `self`: the wait ends with the count, or with the test's patience.
        let _ = left.wait_for(|left| *left >= streams).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("pace", &self.pace).finish_non_exhaustive()
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("pace", &self.pace).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
