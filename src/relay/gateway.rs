//! The engine of a gateway: every prompt goes to the worker that claimed its call.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::{Post, hearing, letter::Piece};
use crate::{
    engine::{Engine, EngineError, Estimate, Profile, Prompt, Request, Seat, TokenStream},
    link::Letter,
    scheduler::RedisQueue,
};

/// What an answer may be ahead of its reader. What comes beyond is let go of here, and asked for again.
const CHUNKS: usize = 64;
const PIECES: usize = 256;
/// How long one reading waits for pieces; a relay that nobody holds any more is noticed as fast.
const READING: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(200);

/// How long a relay waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the next piece of an answer.
    pub stall: Duration,
    /// For a worker, where the one that had claimed the call is gone.
    pub worker: Duration,
    /// Before an order is repeated that nobody reacts to.
    pub nudge: Duration,
}

/// The engine. Its answers are made by workers.
pub struct Relay {
    profile: Profile,
    shared: Arc<Shared>,
}

/// What the answers' tasks share.
pub(super) struct Shared {
    pub queue: Arc<RedisQueue>,
    pub post: Post,
    pub patience: Patience,
    pub estimate: Estimate,
    stream: String,
    /// To the answers that are under way here, by the fences of their claims.
    hearers: Mutex<BTreeMap<u64, mpsc::Sender<Piece>>>,
}

impl Relay {
    /// Begins to listen as `gateway`, the name under which `queue` was joined. `profile` is what every worker can. Inside a tokio
    /// runtime.
    #[must_use]
    pub fn start(queue: Arc<RedisQueue>, post: Post, gateway: &str, profile: Profile, patience: Patience) -> Self {
        let stream = post.pieces(gateway);
        let (estimate, hearers) = (Estimate::default(), Mutex::default());
        let shared = Arc::new(Shared { queue, post, patience, estimate, stream, hearers });
        tokio::spawn(listen(Arc::downgrade(&shared)));
        Self { profile, shared }
    }
}

#[async_trait]
impl Engine for Relay {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn count(&self, prompt: &Prompt) -> usize {
        self.shared.estimate.tokens(prompt)
    }

    async fn start(&self, _request: Request) -> Result<TokenStream, EngineError> {
        Err(EngineError::Rejected("a prompt without a place in the line has no worker".into()))
    }

    async fn start_at(&self, seat: Seat, request: Request) -> Result<TokenStream, EngineError> {
        let (out, stream) = TokenStream::channel(CHUNKS);
        tokio::spawn(hearing::drive(Arc::clone(&self.shared), seat, request, out));
        Ok(stream)
    }
}

impl Shared {
    /// The pieces of an answer from now on.
    pub fn hear(&self, fence: u64) -> mpsc::Receiver<Piece> {
        let (sender, pieces) = mpsc::channel(PIECES);
        self.hearers().insert(fence, sender);
        pieces
    }

    pub fn hear_no_more(&self, fence: u64) {
        self.hearers().remove(&fence);
    }

    /// Who reads too slowly loses what does not fit, and asks for it again: nobody else waits.
    fn pass_on(&self, piece: Piece) {
        let fence = piece.fence;
        let mut hearers = self.hearers();
        if hearers.get(&fence).is_some_and(|hearer| hearer.try_send(piece).is_err()) {
            hearers.remove(&fence);
        }
    }

    fn hearers(&self) -> MutexGuard<'_, BTreeMap<u64, mpsc::Sender<Piece>>> {
        self.hearers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn listen(shared: Weak<Shared>) {
    let Some(mut inbox) = shared.upgrade().map(|shared| shared.post.inbox(shared.stream.clone())) else { return };
    while shared.strong_count() > 0 {
        let letters = inbox.next(READING).await;
        let Some(shared) = shared.upgrade() else { return };
        match letters {
            Ok(letters) => letters.iter().for_each(|letter| read(&shared, letter)),
            Err(error) => {
                tracing::warn!(%error, "answers of workers are late");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn read(shared: &Shared, letter: &Letter) {
    let Letter::Own(letter) = letter else { return };
    match shared.post.open(&shared.stream, letter) {
        Ok(piece) => shared.pass_on(piece),
        Err(error) => tracing::error!(%error, "a piece of an answer is lost"),
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").field("profile", &self.profile).finish_non_exhaustive()
    }
}
