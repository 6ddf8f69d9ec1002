//! How somebody learns that what a line said is in good hands, and that everything it caused is done.

use std::convert::Infallible;

use tokio::sync::mpsc;

/// Given for every event heard. Platforms that answer line by line wait until it is done, those that deliver again what nobody
/// acknowledged wait until it is accepted, the others drop it.
#[derive(Debug)]
pub struct Receipt {
    done: mpsc::Receiver<Infallible>,
    accepted: mpsc::Receiver<Infallible>,
}

/// One piece of work that an event caused. It is done when the last clone is dropped, whatever became of it.
#[derive(Clone, Debug)]
pub struct Part {
    _open: mpsc::Sender<Infallible>,
    accepting: mpsc::WeakSender<Infallible>,
}

/// Something of an event that a crash would lose yet: dropped when it is committed, or will not be.
#[derive(Clone, Debug)]
pub(super) struct Uncertain {
    _open: Option<mpsc::Sender<Infallible>>,
}

impl Receipt {
    /// A receipt and the first part of what it stands for, as long as nothing of it is accepted.
    pub(super) fn hearing() -> (Part, Uncertain, Self) {
        let (open, done) = mpsc::channel(1);
        let (accepting, accepted) = mpsc::channel(1);
        let part = Part { _open: open, accepting: accepting.downgrade() };
        (part, Uncertain { _open: Some(accepting) }, Self { done, accepted })
    }

    /// A receipt and the first part of what it stands for.
    #[must_use]
    pub fn new() -> (Part, Self) {
        let (part, _, receipt) = Self::hearing();
        (part, receipt)
    }

    /// Waits until a crash would lose nothing that was paid: it is committed, or apologised for.
    pub async fn accepted(&mut self) {
        let nothing: Option<Infallible> = self.accepted.recv().await;
        debug_assert!(nothing.is_none(), "nothing is ever sent");
    }

    /// Whether every part is done already.
    pub(super) fn is_over(&mut self) -> bool {
        matches!(self.done.try_recv(), Err(mpsc::error::TryRecvError::Disconnected))
    }

    /// Waits until every part is done.
    pub async fn done(mut self) {
        let nothing: Option<Infallible> = self.done.recv().await;
        debug_assert!(nothing.is_none(), "nothing is ever sent");
    }
}

impl Part {
    /// To be held as long as something is not committed. Asked for while its event is heard.
    pub(super) fn uncertain(&self) -> Uncertain {
        Uncertain { _open: self.accepting.upgrade() }
    }
}
