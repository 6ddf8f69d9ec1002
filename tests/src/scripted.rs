//! An engine without a model: it answers by a script, can be held in the middle of a word, and remembers what it was asked.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lovelm::{
    chat::Language,
    engine::{Chunk, Engine, EngineError, Finish, Profile, Prompt, Request, Role, TokenStream, Usage},
};
use tokio::sync::{Semaphore, mpsc};

use crate::speech::{echo, pieces};

type Script = dyn Fn(&Prompt) -> String + Send + Sync;

/// The engine. A clone is the same engine.
#[derive(Clone)]
pub struct ScriptedEngine {
    profile: Profile,
    script: Arc<Script>,
    inner: Arc<Inner>,
}

struct Inner {
    /// One permit a piece: none left holds every answer where it is.
    pace: Semaphore,
    requests: Mutex<Vec<Request>>,
    /// What happens to the next requests, first come first served.
    faults: Mutex<Vec<Fault>>,
    running: AtomicUsize,
    most_running: AtomicUsize,
    cancelled: AtomicUsize,
}

/// Something that goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The request is not taken.
    Refuse(EngineError),
    /// The answer breaks off behind so many pieces.
    Break(usize, EngineError),
}

impl Default for ScriptedEngine {
    /// One slot; repeats every question.
    fn default() -> Self {
        let profile = Profile {
            name: "scripted".into(),
            slots: 1,
            context: 4096,
            languages: Language::ALL.to_vec(),
            can_continue: true,
        };
        Self::new(profile, |prompt| echo(question(prompt)))
    }
}

/// The last thing that a person said in a prompt.
pub fn question(prompt: &Prompt) -> &str {
    prompt.messages.iter().rfind(|turn| turn.role == Role::User).map_or("", |turn| &turn.text)
}

impl ScriptedEngine {
    /// Answers every prompt with what `script` makes of it.
    pub fn new(profile: Profile, script: impl Fn(&Prompt) -> String + Send + Sync + 'static) -> Self {
        let inner = Inner {
            pace: Semaphore::new(Semaphore::MAX_PERMITS),
            requests: Mutex::default(),
            faults: Mutex::default(),
            running: AtomicUsize::new(0),
            most_running: AtomicUsize::new(0),
            cancelled: AtomicUsize::new(0),
        };
        Self { profile, script: Arc::new(script), inner: Arc::new(inner) }
    }

    /// The same with other slots.
    #[must_use]
    pub fn with_slots(mut self, slots: usize) -> Self {
        self.profile.slots = slots;
        self
    }

    /// Stops every answer before its next piece.
    pub fn hold(&self) {
        self.inner.pace.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets `pieces` more pieces out of a held engine, whosever they are.
    pub fn step(&self, pieces: usize) {
        self.inner.pace.add_permits(pieces);
    }

    /// Ends a hold.
    pub fn release(&self) {
        self.inner.pace.add_permits(Semaphore::MAX_PERMITS - self.inner.pace.available_permits());
    }

    /// Lets something go wrong with the next request that has no fault yet.
    pub fn fault(&self, fault: Fault) {
        lock(&self.inner.faults).push(fault);
    }

    /// Everything that was asked of it, in order.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.inner.requests).clone()
    }

    /// Remembers nothing of what was asked until now: for those who ask for long.
    pub fn forget_requests(&self) {
        lock(&self.inner.requests).clear();
    }

    /// Answers in the making.
    pub fn running(&self) -> usize {
        self.inner.running.load(Ordering::SeqCst)
    }

    /// The most answers that were ever in the making at once.
    pub fn most_running(&self) -> usize {
        self.inner.most_running.load(Ordering::SeqCst)
    }

    /// Answers whose reader went away before their end.
    pub fn cancelled(&self) -> usize {
        self.inner.cancelled.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Engine for ScriptedEngine {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn count(&self, prompt: &Prompt) -> usize {
        let messages: usize = prompt.messages.iter().map(|turn| pieces(&turn.text).len()).sum();
        messages + pieces(&prompt.so_far).len()
    }

    async fn start(&self, request: Request) -> Result<TokenStream, EngineError> {
        lock(&self.inner.requests).push(request.clone());
        let fault = {
            let mut faults = lock(&self.inner.faults);
            if faults.is_empty() { None } else { Some(faults.remove(0)) }
        };
        if let Some(Fault::Refuse(error)) = fault {
            return Err(error);
        }
        let prompt_tokens = self.count(&request.prompt);
        if prompt_tokens >= self.profile.context {
            return Err(EngineError::Rejected("longer than the context".into()));
        }
        let answer = (self.script)(&request.prompt);
        let rest = answer.strip_prefix(&request.prompt.so_far).unwrap_or(&answer);
        let most = request.max_tokens.min(self.profile.context - prompt_tokens);
        let (sender, stream) = TokenStream::channel(8);
        let run = Run { engine: Arc::clone(&self.inner), pieces: pieces(rest), most, prompt_tokens, fault, sender };
        run.engine.begin();
        tokio::spawn(run.speak());
        Ok(stream)
    }
}

/// One answer in the making.
struct Run {
    engine: Arc<Inner>,
    pieces: Vec<String>,
    most: usize,
    prompt_tokens: usize,
    fault: Option<Fault>,
    sender: mpsc::Sender<Result<Chunk, EngineError>>,
}

impl Run {
    async fn speak(self) {
        let heard = self.say_all().await;
        self.engine.end(heard.is_none());
    }

    /// `None` when the reader went away.
    async fn say_all(&self) -> Option<()> {
        for (nth, piece) in self.pieces.iter().take(self.most).enumerate() {
            tokio::select! {
                () = self.sender.closed() => return None,
                permit = self.engine.pace.acquire() => permit.ok()?.forget(),
            }
            match &self.fault {
                Some(Fault::Break(after, error)) if nth == *after => return self.say(Err(error.clone())).await,
                _ => self.say(Ok(Chunk::Text(piece.clone()))).await?,
            }
        }
        self.say(Ok(Chunk::Done(self.usage()))).await
    }

    async fn say(&self, chunk: Result<Chunk, EngineError>) -> Option<()> {
        self.sender.send(chunk).await.ok()
    }

    fn usage(&self) -> Usage {
        let output_tokens = self.pieces.len().min(self.most);
        let finish = if self.pieces.len() > self.most { Finish::Length } else { Finish::Stop };
        Usage {
            prompt_tokens: self.prompt_tokens,
            cached_tokens: 0,
            output_tokens,
            first_token: Duration::from_millis(10),
            decode: Duration::from_millis(30) * u32::try_from(output_tokens).unwrap_or(u32::MAX),
            finish,
        }
    }
}

impl Inner {
    fn begin(&self) {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
    }

    fn end(&self, cancelled: bool) {
        self.cancelled.fetch_add(usize::from(cancelled), Ordering::SeqCst);
        self.running.fetch_sub(1, Ordering::SeqCst);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for ScriptedEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedEngine").field("profile", &self.profile).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
