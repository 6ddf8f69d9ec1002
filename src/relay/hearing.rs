//! One answer on its way from a worker to its reader.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, watch},
    time::{sleep, timeout},
};

use super::{
    gateway::Shared,
    letter::{Order, Piece},
};
use crate::{
    engine::{Chunk, EngineError, Request, Seat, Usage},
    scheduler::Lease,
};

type Out = mpsc::Sender<Result<Chunk, EngineError>>;

/// Brings one answer to its reader. When the reader goes, its worker is told.
pub(super) async fn drive(shared: Arc<Shared>, seat: Seat, request: Request, out: Out) {
    let leases = shared.queue.lease(seat.number());
    let claimed = tokio::select! {
        () = out.closed() => return,
        claimed = claimed(&shared, leases) => claimed,
    };
    let (lease, leases) = match claimed {
        Ok(claimed) => claimed,
        Err(error) => return drop(out.send(Err(error)).await),
    };
    let mut hearing = Hearing { shared: &shared, lease: &lease, request, have: 0, asked: None };
    let outcome = tokio::select! {
        () = out.closed() => None,
        outcome = hearing.answer(leases, &out) => Some(outcome),
    };
    shared.hear_no_more(lease.fence);
    if !matches!(outcome, Some(Ok(_))) {
        // A worker that does not hear it stops when its claim is not renewed any more.
        let _ = shared.post.send(&shared.post.orders(&lease.worker), &Order::Stop { fence: lease.fence }).await;
    }
    if let Some(outcome) = outcome {
        let _ = out.send(outcome.map(Chunk::Done)).await;
    }
}

type Leases = watch::Receiver<Option<Lease>>;

/// Waits until a worker has the call.
async fn claimed(shared: &Shared, leases: Option<Leases>) -> Result<(Lease, Leases), EngineError> {
    let gone = || EngineError::Unavailable("no worker has this call".into());
    let mut leases = leases.ok_or_else(gone)?;
    let lease = match timeout(shared.patience.worker, leases.wait_for(Option::is_some)).await {
        Ok(Ok(lease)) => lease.clone(),
        Ok(Err(_)) | Err(_) => None,
    };
    Ok((lease.ok_or_else(gone)?, leases))
}

struct Hearing<'s> {
    shared: &'s Shared,
    lease: &'s Lease,
    request: Request,
    /// Bytes of the answer that were passed on.
    have: usize,
    /// From where the answer was asked for last.
    asked: Option<usize>,
}

impl Hearing<'_> {
    async fn answer(&mut self, mut leases: Leases, out: &Out) -> Result<Usage, EngineError> {
        let patience = self.shared.patience;
        let mut generation = self.shared.queue.generation();
        let mut pieces = self.shared.hear(self.lease.fence);
        self.ask().await;
        let stalled = sleep(patience.stall);
        tokio::pin!(stalled);
        loop {
            tokio::select! {
                piece = pieces.recv() => if let Some(piece) = piece {
                    stalled.set(sleep(patience.stall));
                    if let Some(end) = self.take(piece, out).await {
                        return end;
                    }
                } else {
                    // It came faster than it was read.
                    pieces = self.shared.hear(self.lease.fence);
                    self.ask().await;
                },
                changed = leases.changed() => {
                    let still = changed.is_ok() && leases.borrow().as_ref() == Some(self.lease);
                    if !still {
                        return Err(EngineError::Unavailable("its worker is gone".into()));
                    }
                }
                // Whatever lay on the server is gone with the old line.
                Ok(()) = generation.changed() => self.ask().await,
                () = sleep(patience.nudge) => self.ask().await,
                () = &mut stalled => return Err(EngineError::Stalled(patience.stall)),
            }
        }
    }

    /// Passes on what is new, and gives the end. What is missing is asked for once.
    async fn take(&mut self, piece: Piece, out: &Out) -> Option<Result<Usage, EngineError>> {
        let Some(new) = piece.behind(self.have) else {
            if self.asked != Some(self.have) {
                self.ask().await;
            }
            return None;
        };
        if !new.is_empty() {
            self.have += new.len();
            // A reader that is gone is noticed in `drive`.
            let _ = out.send(Ok(Chunk::Text(new.to_owned()))).await;
        }
        if let Some(Ok(usage)) = &piece.end {
            self.shared.estimate.learn(&self.request.prompt, usage.prompt_tokens);
        }
        piece.end
    }

    /// Asks for the answer from where it is. An order that is lost is repeated before long.
    async fn ask(&mut self) {
        let (fence, from) = (self.lease.fence, self.have);
        let order = Order::Answer { fence, from, request: self.request.clone() };
        self.asked = Some(from);
        if let Err(error) = self.shared.post.send(&self.shared.post.orders(&self.lease.worker), &order).await {
            tracing::warn!(%error, "a worker is not reached");
        }
    }
}
