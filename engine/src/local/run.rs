//! Takes one request, gives its text as it is made. One task an answer; ends when its reader is gone.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use lovelm::{
    clock::Clock as _,
    engine::{Chunk, EngineError, Finish, Sampling, Usage},
};
use tokenizers::Tokenizer;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::{
    Shared,
    core::Core,
    draw::Draw,
    prompt::Tokens,
    steer::{Inbox, State, Steer, Step},
    text::Detokenizer,
};

/// A request, in tokens.
#[derive(Debug)]
pub struct Job {
    pub prompt: Tokens,
    /// Tokens to draw.
    pub most: usize,
    pub sampling: Sampling,
    pub seed: u64,
    /// When it was asked for.
    pub begun: Duration,
}

type Out = mpsc::Sender<Result<Chunk, EngineError>>;

/// Loads and renewals that one request waits for before it gives up.
const ATTEMPTS: usize = 3;

/// Tokens in a block of paged attention.
const BLOCK: usize = 32;

/// Runs `job` when a slot is free.
pub async fn drive(shared: Arc<Shared>, job: Job, out: Out) {
    let outcome = match place(&shared, &job.prompt, &out).await {
        Ok(Some(place)) => answer(&shared, place, job, &out).await,
        Ok(None) => return,
        Err(error) => Err(error),
    };
    // Text and outcome have places in the channel from the start; only a gone reader refuses them.
    let _ = out.try_send(outcome.map(Chunk::Done));
}

/// A slot in a model that is alive and remembers what the prompt begins with.
struct Place {
    core: Arc<Core>,
    slot: OwnedSemaphorePermit,
    /// Tokens of the prompt that were remembered before.
    cached: usize,
}

/// Waits for a slot as long as another answer takes; None when the reader goes meanwhile. A load or the computing of a
/// beginning is not given up with the reader: both serve those who come after.
async fn place(shared: &Shared, prompt: &Tokens, out: &Out) -> Result<Option<Place>, EngineError> {
    for _ in 0..ATTEMPTS {
        let core = shared.core().await?;
        let slot = tokio::select! {
            () = out.closed() => return Ok(None),
            slot = Arc::clone(&core.slots).acquire_owned() => slot,
        };
        let Ok(slot) = slot else { continue };
        let plan = core.prefixes().plan(&prompt.all, prompt.constant);
        if plan.renew {
            // The engine can forget nothing but everything, with the model. This is an idle moment: the slot is ours.
            core.lose();
            continue;
        }
        if let Some(length) = plan.keep.filter(|_| !shared.plan.paged) {
            core.remember(&prompt.all[..length], shared.marks.never, shared.stall).await?;
        }
        // Paged attention remembers every whole block by itself.
        let cached = if shared.plan.paged { plan.agreed / BLOCK * BLOCK } else { plan.cached };
        return Ok(Some(Place { core, slot, cached }));
    }
    Err(EngineError::Unavailable("the model is lost again and again".into()))
}

async fn answer(shared: &Shared, place: Place, job: Job, out: &Out) -> Result<Usage, EngineError> {
    let Place { core, slot, cached } = place;
    let all = job.prompt.all;
    let (steps_tx, steps) = mpsc::channel(job.most + 2);
    let (messages, inbox) = mpsc::channel(job.most + 16);
    let inbox = Inbox::new(inbox);
    let said = &all[all.len() - job.prompt.answer..];
    let steer = Steer {
        steps: steps_tx,
        inbox: inbox.clone(),
        state: Mutex::new(State { draw: Draw::new(job.sampling, said, job.seed), left: job.most, over: false }),
        end: Arc::clone(&shared.marks.end),
        plain: shared.marks.plain,
        _slot: slot,
    };
    let mut answer = Answer::new(&all, cached, job.begun, Arc::clone(&shared.tokenizer));
    // One more than we draw: the engine's own limit must not end the answer before ours does.
    core.submit(all, job.most + 1, Arc::new(steer), messages).await?;
    answer.follow(shared, &core, steps, &inbox, out).await
}

struct Answer {
    begun: Duration,
    text: Detokenizer,
    first: Option<Duration>,
    last: Duration,
    usage: Usage,
}

impl Answer {
    fn new(prompt: &[u32], cached: usize, begun: Duration, tokenizer: Arc<Tokenizer>) -> Self {
        let usage = Usage {
            prompt_tokens: prompt.len(),
            cached_tokens: cached,
            output_tokens: 0,
            first_token: Duration::ZERO,
            decode: Duration::ZERO,
            finish: Finish::Stop,
        };
        Self { begun, text: Detokenizer::behind(prompt, tokenizer), first: None, last: begun, usage }
    }

    /// Passes the text on until the answer ends, fails, hangs or loses its reader.
    async fn follow(
        &mut self,
        shared: &Shared,
        core: &Core,
        mut steps: mpsc::Receiver<Step>,
        inbox: &Inbox,
        out: &Out,
    ) -> Result<Usage, EngineError> {
        let (mut fault, mut listening) = (None, true);
        loop {
            tokio::select! {
                biased;
                () = out.closed() => {
                    inbox.close();
                    // Whoever hangs does not let go of the slot: without a reader, too, that is noticed here.
                    let let_go = async { while steps.recv().await.is_some() {} };
                    if tokio::time::timeout(shared.stall, let_go).await.is_err() {
                        core.lose();
                    }
                    return Err(EngineError::Unavailable("nobody reads the answer".into()));
                }
                step = steps.recv() => match step {
                    Some(Step::Token(token)) => self.token(token, shared.clock.elapsed(), out),
                    Some(Step::End(finish)) => return Ok(self.end(finish)),
                    None => return Err(fault.unwrap_or_else(|| died(core))),
                },
                message = inbox.next(), if listening => match message {
                    Some(message) => fault = core.fault(message).or(fault),
                    None => listening = false,
                },
                () = tokio::time::sleep(shared.stall) => {
                    core.lose();
                    return Err(EngineError::Stalled(shared.stall));
                }
            }
        }
    }

    fn token(&mut self, token: u32, now: Duration, out: &Out) {
        self.first.get_or_insert(now);
        self.last = now;
        self.usage.output_tokens += 1;
        if let Some(text) = self.text.push(token) {
            let _ = out.try_send(Ok(Chunk::Text(text)));
        }
    }

    fn end(&self, finish: Finish) -> Usage {
        let first = self.first.unwrap_or(self.last);
        Usage {
            first_token: first.saturating_sub(self.begun),
            decode: self.last.saturating_sub(first),
            finish,
            ..self.usage
        }
    }
}

fn died(core: &Core) -> EngineError {
    core.lose();
    EngineError::Unavailable("the model's thread has ended in the middle".into())
}
