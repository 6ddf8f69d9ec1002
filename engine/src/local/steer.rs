//! Takes the logits of each step inside the engine, gives it the token to go on with. Knows nothing of text.
//!
//! This is the hook (`CustomLogitsProcessor`) through which an answer of ours stays ours: which token was drawn is known
//! here and nowhere else in mistral.rs 0.8.1.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use candle_core::{Device, Result, Tensor};
use lovelm::engine::Finish;
use mistralrs::{CustomLogitsProcessor, Response};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::draw::Draw;

/// What happens in one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Token(u32),
    End(Finish),
}

/// The receiving end of the engine's own messages. Closing it is the only way to stop a sequence: the engine notices at
/// its next chunk, in the same step. A sequence stopped so does not enter the prefix cache.
#[derive(Clone, Debug)]
pub struct Inbox(Arc<Mutex<mpsc::Receiver<Response>>>);

impl Inbox {
    pub fn new(messages: mpsc::Receiver<Response>) -> Self {
        Self(Arc::new(Mutex::new(messages)))
    }

    pub fn close(&self) {
        self.lock().close();
    }

    /// The next message. None when the engine has let go of the sequence, or the inbox is closed.
    pub async fn next(&self) -> Option<Response> {
        std::future::poll_fn(|context| self.lock().poll_recv(context)).await
    }

    fn lock(&self) -> MutexGuard<'_, mpsc::Receiver<Response>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Steers one answer.
pub struct Steer {
    pub steps: mpsc::Sender<Step>,
    pub inbox: Inbox,
    pub state: Mutex<State>,
    /// The tokens with which the model ends an answer.
    pub end: Arc<[u32]>,
    /// A token of plain text: handed to the engine once the answer is over, so that it has a chunk to send, fails to,
    /// and stops. The token that ended the answer would make it finish, and remember, the sequence.
    pub plain: u32,
    /// Free again when the engine has dropped the sequence, and this with it; not before, or two would be in flight.
    pub _slot: OwnedSemaphorePermit,
}

#[derive(Debug)]
pub struct State {
    pub draw: Draw,
    /// Tokens that may still be drawn.
    pub left: usize,
    pub over: bool,
}

impl std::fmt::Debug for Steer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Steer").finish_non_exhaustive()
    }
}

impl Steer {
    /// Draws the next token, or says that there is none.
    fn step(&self, logits: &Tensor) -> Result<Option<u32>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over || self.steps.is_closed() {
            return Ok(None);
        }
        let token = state.draw.next(&mut logits.to_vec1::<f32>()?);
        if self.end.contains(&token) {
            state.over = true;
            self.tell(Step::End(Finish::Stop));
            return Ok(None);
        }
        state.left = state.left.saturating_sub(1);
        self.tell(Step::Token(token));
        if state.left == 0 {
            state.over = true;
            self.tell(Step::End(Finish::Length));
            return Ok(None);
        }
        Ok(Some(token))
    }

    /// Never waits: the channel holds a whole answer. A reader that is gone is noticed at the next step.
    fn tell(&self, step: Step) {
        let _ = self.steps.try_send(step);
    }
}

impl CustomLogitsProcessor for Steer {
    fn apply(&self, logits: &Tensor, _context: &[u32]) -> Result<Tensor> {
        let token = self.step(logits)?.unwrap_or_else(|| {
            self.inbox.close();
            self.plain
        });
        only(token, logits)
    }
}

/// Makes the engine draw one certain token.
#[derive(Clone, Copy, Debug)]
pub struct Force(pub u32);

impl CustomLogitsProcessor for Force {
    fn apply(&self, logits: &Tensor, _context: &[u32]) -> Result<Tensor> {
        only(self.0, logits)
    }
}

fn only(token: u32, logits: &Tensor) -> Result<Tensor> {
    let mut row = vec![0_f32; logits.elem_count()];
    let size = row.len();
    match row.get_mut(token as usize) {
        Some(logit) => *logit = 1.0,
        None => candle_core::bail!("the model has no logit for token {token}"),
    }
    Tensor::from_vec(row, size, &Device::Cpu)
}
