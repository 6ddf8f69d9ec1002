//! What gateways and workers write to each other.

use serde::{Deserialize, Serialize};

use crate::engine::{EngineError, Request, Usage};

/// To a worker, of a call that it has claimed.
#[derive(Serialize, Deserialize)]
pub(super) enum Order {
    /// Answer this, and send what comes from this byte of the answer on. Once more: send again from there.
    Answer { fence: u64, from: usize, request: Request },
    /// Nobody listens any more.
    Stop { fence: u64 },
}

impl Order {
    pub fn fence(&self) -> u64 {
        match self {
            Self::Answer { fence, .. } | Self::Stop { fence } => *fence,
        }
    }
}

/// To a gateway: a part of an answer, and at which byte of it this begins.
#[derive(Serialize, Deserialize)]
pub(super) struct Piece {
    pub fence: u64,
    pub at: usize,
    pub text: String,
    /// How the answer ended, behind this text.
    pub end: Option<Result<Usage, EngineError>>,
}

impl Piece {
    /// What of it is new to whoever has the first `have` bytes. `None` when something between is missing.
    pub fn behind(&self, have: usize) -> Option<&str> {
        let skipped = have.checked_sub(self.at)?;
        Some(self.text.get(skipped..).unwrap_or_default())
    }
}
