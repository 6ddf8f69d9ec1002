//! The seam to a model. Takes a [`Request`], gives a stream of text. Knows nothing of chat, people or waiting.

mod config;
mod estimate;
mod pool;

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

pub use self::{
    config::{AdaptConfig, AlsoConfig, BreakerConfig, EngineConfig, OutageConfig},
    estimate::Estimate,
    pool::{Member, Pool},
};
use crate::chat::Language;

/// A model that answers: mistral.rs in this process, or a server that speaks the OpenAI API.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// What this engine is and can do. Constant for its lifetime.
    fn profile(&self) -> &Profile;

    /// How many answers it can run at once just now: none while it is out of order, and fewer or more than [`Profile::slots`]
    /// as it finds out what it can bear. Never changes unless it says otherwise.
    fn room(&self) -> watch::Receiver<usize> {
        watch::Sender::new(self.profile().slots).subscribe()
    }

    /// Length of the rendered prompt in tokens, `so_far` included. Exact where the tokeniser is at hand, else an estimate
    /// that [`Usage::prompt_tokens`] corrects. Never waits for running work.
    fn count(&self, prompt: &Prompt) -> usize;

    /// Starts an answer. Dropping the stream stops it within a token.
    ///
    /// # Errors
    /// See [`EngineError`]; what happens after the start comes through the stream.
    async fn start(&self, request: Request) -> Result<TokenStream, EngineError>;

    /// Starts an answer where a place was claimed for it. Only engines that lie behind a shared line have such places.
    ///
    /// # Errors
    /// As [`Engine::start`].
    async fn start_at(&self, _seat: Seat, request: Request) -> Result<TokenStream, EngineError> {
        self.start(request).await
    }
}

/// The place in a shared line that an answer was claimed for: the number of its call there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat(u64);

impl Seat {
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What an engine is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// For metrics and messages: `mistral.rs SmolLM2-135M-Instruct`.
    pub name: String,
    /// Answers it runs at once without slowing itself down.
    pub slots: usize,
    /// Prompt and answer together, in tokens.
    pub context: usize,
    /// The languages its model writes well, the best first. Never empty.
    pub languages: Vec<Language>,
    /// Whether [`Prompt::so_far`] is continued. Only such engines are preempted.
    pub can_continue: bool,
}

/// Messages, and the text of an answer that was cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// The constant part first, the question last: the prefix cache lives on it.
    pub messages: Vec<Turn>,
    /// What of the answer exists already. The stream continues behind it, without repeating or losing a character.
    pub so_far: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub role: Role,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    System,
    User,
    Assistant,
}

impl Role {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One answer to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub prompt: Prompt,
    /// The longest answer in tokens, what is in `so_far` not counted. Engines cap it to their context.
    pub max_tokens: usize,
    pub sampling: Sampling,
}

/// How tokens are drawn. A persona's file sets it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sampling {
    /// 0 draws the likeliest token.
    pub temperature: f64,
    pub top_p: f64,
    pub top_k: usize,
    /// 1 is none.
    pub repetition_penalty: f32,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 0.7, top_p: 0.9, top_k: 40, repetition_penalty: 1.1 }
    }
}

/// What comes out of an engine, in order: any number of `Text`, then one `Done`.
#[derive(Clone, Debug, PartialEq)]
pub enum Chunk {
    /// Valid UTF-8, as soon as it is whole.
    Text(String),
    Done(Usage),
}

/// What an answer cost, measured by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub prompt_tokens: usize,
    /// Of these, found in the engine's prefix cache, as far as can be known.
    pub cached_tokens: usize,
    pub output_tokens: usize,
    /// From the start to the first text.
    pub first_token: Duration,
    /// From the first text to the last.
    pub decode: Duration,
    pub finish: Finish,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finish {
    /// The model ended its answer.
    Stop,
    /// `max_tokens` or the context ended it.
    Length,
}

/// Why there is no answer, or no more of it. Each variant is a decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum EngineError {
    /// The request can never be served: too long, malformed. Do not try again.
    #[error("the engine cannot take this request: {0}")]
    Rejected(String),
    /// No slot is free, or nothing is in order. Nothing was tried: wait for [`Engine::room`].
    #[error("the engine has no slot for this now")]
    Busy,
    /// Out of order for now. What was not shown may be tried again.
    #[error("the engine is out of order: {0}")]
    Unavailable(String),
    /// No token for too long.
    #[error("the engine gave nothing for {0:?}")]
    Stalled(Duration),
}

/// The text of one answer. Dropping it cancels the answer.
#[derive(Debug)]
pub struct TokenStream(mpsc::Receiver<Result<Chunk, EngineError>>);

impl TokenStream {
    /// A stream and its other end. When sending fails, the reader is gone: stop.
    #[must_use]
    pub fn channel(capacity: usize) -> (mpsc::Sender<Result<Chunk, EngineError>>, Self) {
        let (tx, rx) = mpsc::channel(capacity);
        (tx, Self(rx))
    }

    /// The next chunk. An engine that goes away without [`Chunk::Done`] is an error, never a silent end.
    ///
    /// # Errors
    /// The engine's own, or [`EngineError::Unavailable`].
    pub async fn next(&mut self) -> Result<Chunk, EngineError> {
        self.0.recv().await.unwrap_or_else(|| Err(EngineError::Unavailable("it went away in the middle".into())))
    }
}
