//! How somebody learns that everything a line caused is done.

use std::convert::Infallible;

use tokio::sync::mpsc;

/// Given for every event heard. Platforms that answer line by line wait for it, the others drop it.
#[derive(Debug)]
pub struct Receipt(mpsc::Receiver<Infallible>);

/// One piece of work that an event caused. It is done when the last clone is dropped, whatever became of it.
#[derive(Clone, Debug)]
pub struct Part {
    _open: mpsc::Sender<Infallible>,
}

impl Receipt {
    /// A receipt and the first part of what it stands for.
    #[must_use]
    pub fn new() -> (Part, Self) {
        let (open, closed) = mpsc::channel(1);
        (Part { _open: open }, Self(closed))
    }

    /// Waits until every part is done.
    pub async fn done(mut self) {
        let nothing: Option<Infallible> = self.0.recv().await;
        debug_assert!(nothing.is_none(), "nothing is ever sent");
    }
}
