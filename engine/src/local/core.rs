//! Takes token requests, gives them to one loaded model. Knows nothing of text, and of nobody who waits.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lovelm::engine::EngineError;
use mistralrs::{
    Constraint, CustomLogitsProcessor, Model, NormalRequest, Request, RequestMessage, Response, SamplingParams,
};
use tokio::sync::{Semaphore, mpsc};

use super::{
    load::{Loaded, Plan},
    prefix::PrefixCache,
    steer::{Force, Inbox},
};
use crate::{OpenError, error::one_line};

/// How long an old model may take to leave memory before a new one is loaded beside it.
const FAREWELL: Duration = Duration::from_secs(10);

/// One model in memory, until it is lost.
pub struct Core {
    /// Ends the engine's thread when it is dropped.
    _model: Model,
    engine: mpsc::Sender<Request>,
    /// Sequences that the engine may hold. On a CPU one: with a prefix cache and two sequences of different length it
    /// computes wrong logits (`mistralrs-core/src/engine/mod.rs`, `last_completion_ids`).
    pub slots: Arc<Semaphore>,
    prefixes: Mutex<PrefixCache>,
    lost: AtomicBool,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("lost", &self.lost).finish_non_exhaustive()
    }
}

impl Core {
    /// # Errors
    /// The engine has died already.
    pub fn new(loaded: Loaded, plan: &Plan, prefix_bytes: usize) -> Result<Self, OpenError> {
        // Asked for once: asked later, mistral.rs would restart a dead thread on a model whose locks a panic has poisoned.
        let engine = loaded.model.inner().get_sender(None);
        let engine = engine.map_err(|error| OpenError::Load { model: plan.name.clone(), why: one_line(error) })?;
        Ok(Self {
            _model: loaded.model,
            engine,
            slots: Arc::new(Semaphore::new(plan.slots)),
            prefixes: Mutex::new(PrefixCache::new(loaded.traits.token_bytes, prefix_bytes)),
            lost: AtomicBool::new(false),
        })
    }

    pub fn prefixes(&self) -> MutexGuard<'_, PrefixCache> {
        self.prefixes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives this model up: the next request loads it anew, and so does whoever waits for a slot.
    pub fn lose(&self) {
        self.lost.store(true, Ordering::Release);
        self.slots.close();
    }

    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Ends the engine's thread and waits until it has let go of the model.
    pub async fn retire(self: Arc<Self>) {
        let engine = self.engine.clone();
        let ended = async {
            let _ = engine.send(Request::Terminate).await;
            drop(self);
            engine.closed().await;
        };
        if tokio::time::timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("the old model does not leave memory");
        }
    }

    /// Hands `tokens` to the engine. Its messages come through the inbox, which has room for all of them: the engine
    /// awaits every send inside its step, and one slow reader would stop it.
    pub async fn submit(
        &self,
        tokens: Vec<u32>,
        most: usize,
        hook: Arc<dyn CustomLogitsProcessor>,
        messages: mpsc::Sender<Response>,
    ) -> Result<(), EngineError> {
        let request = Request::Normal(Box::new(NormalRequest {
            sampling_params: sampling(most),
            logits_processors: Some(vec![hook]),
            is_streaming: true,
            constraint: Constraint::None,
            ..NormalRequest::new_simple(
                RequestMessage::CompletionTokens(tokens),
                sampling(most),
                messages,
                0,
                None,
                None,
            )
        }));
        self.engine.send(request).await.map_err(|_| self.dead("its thread has ended"))
    }

    fn dead(&self, why: &str) -> EngineError {
        self.lose();
        EngineError::Unavailable(why.to_owned())
    }

    /// What a message of the engine means for a running answer. None: nothing, text comes through the hook.
    pub fn fault(&self, message: Response) -> Option<EngineError> {
        match message {
            Response::ValidationError(why) => Some(EngineError::Rejected(one_line(why))),
            Response::InternalError(why) => Some(EngineError::Unavailable(one_line(why))),
            Response::ModelError(why, _) | Response::CompletionModelError(why, _) => {
                // A step that fails empties the engine's prefix cache.
                self.prefixes().forget();
                Some(EngineError::Unavailable(one_line(why)))
            }
            _ => None,
        }
    }

    /// Makes the engine remember `beginning`: a sequence of one token, which is left to finish. That token is `mark`, which
    /// follows the beginning in no prompt: the engine counts it to what it remembers, but has not computed it.
    pub async fn remember(&self, beginning: &[u32], mark: u32, stall: Duration) -> Result<(), EngineError> {
        let (messages, inbox) = mpsc::channel(16);
        let inbox = Inbox::new(inbox);
        self.submit(beginning.to_vec(), 1, Arc::new(Force(mark)), messages).await?;
        let finished = async {
            let mut finished = false;
            while let Some(message) = inbox.next().await {
                finished |= is_finish(&message);
            }
            finished
        };
        match tokio::time::timeout(stall, finished).await {
            Ok(true) => self.prefixes().kept(beginning),
            Ok(false) => return Err(self.dead("it died on the beginning of a prompt")),
            Err(_) => {
                self.lose();
                return Err(EngineError::Stalled(stall));
            }
        }
        Ok(())
    }
}

/// The engine's own sampler takes the likeliest token; the hook leaves it only one.
fn sampling(most: usize) -> SamplingParams {
    SamplingParams { temperature: Some(0.0), max_len: Some(most), ..SamplingParams::neutral() }
}

/// Whether the engine says that it has ended a sequence by itself.
fn is_finish(message: &Response) -> bool {
    matches!(message, Response::CompletionChunk(chunk) if chunk.choices.iter().any(|c| c.finish_reason.is_some()))
}
