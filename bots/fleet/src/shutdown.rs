//! How the program is told to stop: once to drain, twice to end at once.

use std::{future::Future, io, time::Duration};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What Ctrl-C and SIGTERM have said so far.
#[derive(Clone, Debug)]
pub struct Shutdown {
    drain: CancellationToken,
    now: CancellationToken,
}

impl Shutdown {
    /// Listens to the signals from here on.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn on_signal() -> io::Result<Self> {
        let told = Self { drain: CancellationToken::new(), now: CancellationToken::new() };
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let tell = told.clone();
        tokio::spawn(async move {
            for token in [&tell.drain, &tell.now] {
                tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
                token.cancel();
            }
        });
        Ok(told)
    }

    /// Whether a signal came.
    pub fn is_told(&self) -> bool {
        self.drain.is_cancelled()
    }

    /// Ends with the first signal.
    pub async fn told(&self) {
        self.drain.cancelled().await;
    }

    /// What `work` gives, unless a signal comes first.
    pub async fn unless_told<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.drain.run_until_cancelled(work).await
    }

    /// What `work` gives within `time`, unless a second signal comes first.
    pub async fn within<T>(&self, time: Duration, work: impl Future<Output = T>) -> Option<T> {
        let work = tokio::time::timeout(time, work);
        self.now.run_until_cancelled(work).await.and_then(Result::ok)
    }
}
