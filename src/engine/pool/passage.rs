//! Takes one request, gives the text of whichever member answers it. One task an answer; ends when its reader is gone.

use std::time::Duration;

use tokio::sync::mpsc::{self, error::TrySendError};

use super::{
    gauges,
    shared::Lease,
    state::{Ending, Need},
};
use crate::engine::{Chunk, EngineError, Request, TokenStream};

type Out = mpsc::Sender<Result<Chunk, EngineError>>;

/// Passes an answer on. A member that fails before its first text has its answer made by another that has room.
pub(super) async fn pass(request: Request, need: Need, mut lease: Lease, out: Out) {
    let shared = std::sync::Arc::clone(&lease.shared);
    let mut tried = Vec::new();
    loop {
        tried.push(lease.slot.member);
        let Some(error) = one(&request, lease, &out).await else { return };
        let elsewhere = if is_its_engines(&error) { shared.take(need, &tried) } else { None };
        let Some(other) = elsewhere else {
            let _ = out.send(Err(error)).await;
            return;
        };
        tracing::warn!(%error, "an engine failed before its first word; another one answers");
        lease = other;
    }
}

/// Lets one member answer. Gives its fault when nothing was passed on yet.
async fn one(request: &Request, lease: Lease, out: &Out) -> Option<EngineError> {
    let mut heard = Heard::new(lease.shared.clock.elapsed());
    let started = tokio::select! {
        () = out.closed() => return None,
        started = lease.member().engine.start(request.clone()) => started,
    };
    let mut stream = match started {
        Ok(stream) => stream,
        Err(error) => return Some(fail(lease, error)),
    };
    loop {
        match next(&mut stream, out).await {
            None => {
                lease.end(heard.left());
                return None;
            }
            Some(Ok(Chunk::Text(text))) => {
                heard.text(&lease);
                if send(out, text).await {
                    heard.last = None;
                }
            }
            Some(Ok(Chunk::Done(usage))) => {
                lease.end(Ending::Whole(usage));
                let _ = out.send(Ok(Chunk::Done(usage))).await;
                return None;
            }
            Some(Err(error)) if heard.texts == 0 => return Some(fail(lease, error)),
            Some(Err(error)) => {
                let error = fail(lease, error);
                let _ = out.send(Err(error)).await;
                return None;
            }
        }
    }
}

/// What comes next; `None` when the reader is gone.
async fn next(stream: &mut TokenStream, out: &Out) -> Option<Result<Chunk, EngineError>> {
    tokio::select! {
        biased;
        () = out.closed() => None,
        chunk = stream.next() => Some(chunk),
    }
}

/// Hands a text over. True when it had to wait for its reader: such a gap is not the engine's.
async fn send(out: &Out, text: String) -> bool {
    match out.try_send(Ok(Chunk::Text(text))) {
        Err(TrySendError::Full(chunk)) => {
            let _ = out.send(chunk).await;
            true
        }
        // A reader that is gone is noticed at the next text.
        Ok(()) | Err(TrySendError::Closed(_)) => false,
    }
}

fn fail(lease: Lease, error: EngineError) -> EngineError {
    lease.end(match error {
        EngineError::Unavailable(_) => Ending::Failed,
        EngineError::Stalled(_) => Ending::Hung,
        EngineError::Rejected(_) | EngineError::Busy => Ending::Untold,
    });
    error
}

/// Whether a fault says something of the engine, and not of the request or the moment.
fn is_its_engines(error: &EngineError) -> bool {
    matches!(error, EngineError::Unavailable(_) | EngineError::Stalled(_))
}

/// What was heard of an answer.
struct Heard {
    begun: Duration,
    first: Option<Duration>,
    /// The last text, unless its reader was waited for behind it.
    last: Option<Duration>,
    texts: usize,
    decode: Duration,
}

impl Heard {
    fn new(begun: Duration) -> Self {
        Self { begun, first: None, last: None, texts: 0, decode: Duration::ZERO }
    }

    fn text(&mut self, lease: &Lease) {
        let now = lease.shared.clock.elapsed();
        let name = &lease.member().name;
        if self.first.is_none() {
            self.first = Some(now);
            gauges::first_token(name, now.saturating_sub(self.begun));
        }
        let gap = self.last.map(|last| now.saturating_sub(last));
        if let Some(gap) = gap {
            self.decode += gap;
            gauges::token_gap(name, gap);
        }
        self.texts += 1;
        self.last = Some(now);
        lease.shared.text(lease.slot, gap);
    }

    fn left(&self) -> Ending {
        match self.texts {
            0 => Ending::Untold,
            texts => Ending::Left { texts, decode: self.decode },
        }
    }
}
