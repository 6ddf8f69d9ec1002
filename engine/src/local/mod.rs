//! mistral.rs in this process. Takes requests as text, gives answers as text. Knows nothing of servers.
//!
//! `prompt (tokens) > run (slot) > prefix (what to remember) > core (mistral.rs) > steer, draw (each token) > text`
//!
//! What mistral.rs 0.8.1 does that must not reach an answer, and where it is held off:
//! - two sequences in flight on a CPU are computed wrongly: `core`, one slot, freed when the sequence is dropped (`steer`)
//! - a CPU prefix cache grows for ever: `prefix`, which lets only shared beginnings in and has the model loaded anew
//! - one slow reader stops all: `core::submit` and `run`, every channel has room for a whole answer
//! - a dropped request that does not stream, or a dropped tokenisation, kills the engine: neither is ever made
//! - `max_len` over the context fails a whole batch: [`Local::start`] caps it
//! - greedy defaults, no seeds, no token ids, the first chunk without its leading space: `draw`, `steer`, `text`
//! - a stream may close without a word when it ends within a character: `steer` says how an answer ended
//! - panics and hangs: `run` waits no longer than the stall timeout, [`Core::lose`] has the model loaded anew
//! - a running prefill cannot be cut: its slot stays taken until the engine has let go of the sequence, and only then

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use lovelm::{
    clock::{Clock as _, SystemClock},
    engine::{Engine, EngineConfig, EngineError, Profile, Prompt, Request, TokenStream},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokenizers::Tokenizer;

mod marks;
mod prompt;
mod run;
mod steer;
mod weights;

pub mod core;
pub mod draw;
pub mod load;
pub mod prefix;
pub mod text;

use self::{core::Core, load::Plan, marks::Marks, prompt::Renderer};
use crate::{OpenError, Progress, Source};

/// Texts with more bytes a token do not exist; a prompt with more is not worth tokenising.
const PLAUSIBLE_TOKEN_BYTES: usize = 16;

/// A model in this process.
pub struct Local {
    profile: Profile,
    renderer: Renderer,
    max_answer: usize,
    seeds: Mutex<StdRng>,
    shared: Arc<Shared>,
}

/// What the answers' tasks share.
struct Shared {
    plan: Plan,
    tokenizer: Arc<Tokenizer>,
    marks: Marks,
    stall: Duration,
    prefix_bytes: usize,
    clock: SystemClock,
    core: tokio::sync::Mutex<Option<Arc<Core>>>,
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl Local {
    /// Loads the model.
    ///
    /// # Errors
    /// See [`crate::open`].
    pub async fn open(
        source: Source,
        config: &EngineConfig,
        cache: &Path,
        progress: Progress,
    ) -> Result<Self, OpenError> {
        let plan = weights::plan(source, config, cache, progress).await?;
        let loaded = load::load(&plan).await?;
        let fault = |why: String| OpenError::Load { model: plan.name.clone(), why };
        let model = loaded.traits.clone();
        let renderer = Renderer::new(model.format.clone(), Arc::clone(&model.tokenizer)).map_err(fault)?;
        let marks = Marks::find(&model, &renderer).map_err(fault)?;
        let profile = profile(&plan, config, model.context)?;
        let prefix_bytes = config.prefix_cache_mib << 20;
        let core = Core::new(loaded, &plan, prefix_bytes)?;
        let shared = Arc::new(Shared {
            plan,
            tokenizer: model.tokenizer,
            marks,
            stall: config.stall_timeout,
            prefix_bytes,
            clock: SystemClock::default(),
            core: tokio::sync::Mutex::new(Some(Arc::new(core))),
        });
        let seeds = Mutex::new(StdRng::from_os_rng());
        Ok(Self { profile, renderer, max_answer: config.max_answer, seeds, shared })
    }

    fn seed(&self) -> u64 {
        self.seeds.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    /// Whether the prompt is short enough to be worth tokenising.
    fn is_plausible(&self, prompt: &Prompt) -> bool {
        bytes(prompt) <= self.profile.context * PLAUSIBLE_TOKEN_BYTES
    }
}

fn bytes(prompt: &Prompt) -> usize {
    prompt.messages.iter().map(|turn| turn.text.len()).sum::<usize>() + prompt.so_far.len()
}

#[async_trait]
impl Engine for Local {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn count(&self, prompt: &Prompt) -> usize {
        let tokens = self.is_plausible(prompt).then(|| self.renderer.all(prompt).ok()).flatten();
        // No text has more tokens than bytes.
        tokens.map_or_else(|| bytes(prompt), |tokens| tokens.len())
    }

    async fn start(&self, request: Request) -> Result<TokenStream, EngineError> {
        if !self.is_plausible(&request.prompt) {
            let bytes = bytes(&request.prompt);
            return Err(EngineError::Rejected(format!("the prompt has {bytes} bytes, far over the context")));
        }
        let prompt = self.renderer.tokens(&request.prompt).map_err(EngineError::Rejected)?;
        // One token beside the answer's own: see `run`.
        let room = self.profile.context.saturating_sub(prompt.all.len() + 1);
        let most = request.max_tokens.min(self.max_answer).min(room);
        if most == 0 {
            let (length, context) = (prompt.all.len(), self.profile.context);
            return Err(EngineError::Rejected(format!(
                "no room for an answer: prompt {length}, context {context} tokens"
            )));
        }
        let (out, stream) = TokenStream::channel(most + 2);
        let job = run::Job {
            prompt,
            most,
            sampling: request.sampling,
            seed: self.seed(),
            begun: self.shared.clock.elapsed(),
        };
        tokio::spawn(run::drive(Arc::clone(&self.shared), job, out));
        Ok(stream)
    }
}

impl Shared {
    /// The model, loaded anew when it was lost.
    async fn core(&self) -> Result<Arc<Core>, EngineError> {
        let mut current = self.core.lock().await;
        if let Some(core) = current.as_ref().filter(|core| !core.is_lost()) {
            return Ok(Arc::clone(core));
        }
        if let Some(lost) = current.take() {
            tracing::warn!("loading the model anew");
            lost.retire().await;
        }
        let failed = |error: OpenError| EngineError::Unavailable(error.to_string());
        let loaded = load::load(&self.plan).await.map_err(failed)?;
        let core = Arc::new(Core::new(loaded, &self.plan, self.prefix_bytes).map_err(failed)?);
        *current = Some(Arc::clone(&core));
        Ok(core)
    }
}

fn profile(plan: &Plan, config: &EngineConfig, own_context: usize) -> Result<Profile, OpenError> {
    if config.languages.is_empty() {
        return Err(OpenError::Setting { key: "languages", why: "name at least one of ko, en, ja".into() });
    }
    Ok(Profile {
        name: format!("mistral.rs {}", plan.name),
        slots: plan.slots,
        context: config.context.min(own_context / prefix::STEP * prefix::STEP),
        languages: config.languages.clone(),
        can_continue: true,
    })
}
