//! Takes what is next out of the line, and sees that all of it comes to an end.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};
use tracing::Instrument as _;

use super::{Pipeline, Rooms, hold::Gate, job::Job};
use crate::scheduler::{Claim, Next};

impl Pipeline {
    /// Works off the line until the pipeline is closed and everything accepted has ended. As many answers run at once as
    /// the engine has room for. Dropped, it stops them all.
    pub async fn work(&self) {
        let (ending, ended) = watch::channel(false);
        let working = async {
            self.work_off().await;
            ending.send_replace(true);
        };
        // Boxed: each keeps much between its waits.
        tokio::join!(
            Box::pin(working),
            Box::pin(self.catch_up(ended.clone())),
            Box::pin(self.follow_moderators(ended.clone())),
            Box::pin(self.look_after_calls(ended.clone())),
            Box::pin(self.forget_with_others(ended.clone())),
            Box::pin(self.watch_keys(ended))
        );
        self.settle_debts().await;
    }

    async fn work_off(&self) {
        let (mut tasks, mut gate) = (JoinSet::new(), Gate::of(self.0.engine.as_ref()));
        while let Some(next) = self.next(&mut gate).await {
            while let Some(done) = tasks.try_join_next() {
                report(done);
            }
            self.0.measure_line().await;
            let pipeline = self.clone();
            match next {
                Next::Run(claim) => {
                    let span = claim.job().span.clone();
                    tasks.spawn(async move { pipeline.answer_or_tell(claim).await }.instrument(span));
                }
                Next::Dropped(job, why) => {
                    let span = job.span.clone();
                    tasks.spawn(async move { pipeline.drop_job(job, why).await }.instrument(span));
                }
            }
        }
        while let Some(done) = tasks.join_next().await {
            report(done);
        }
    }

    /// Answers one claim. An answer that panics frees its slot; where it was, the panic hook says, and its asker is told.
    async fn answer_or_tell(&self, claim: Claim<Job>) {
        let witness = claim.job().witness();
        // Nothing of the answer is used again behind a panic, but for what is shared, which holds its locks for single changes.
        let answered = AssertUnwindSafe(Box::pin(self.answer(claim))).catch_unwind().await;
        if answered.is_err() {
            self.0.broke(witness).await;
        }
    }
}

impl Rooms {
    /// Tells whoever asked for an answer that broke, and closes what was paid.
    async fn broke(&self, job: Job) {
        tracing::error!("an answer broke; its asker is told");
        self.trouble(&job).await;
        self.close_paid(&job).await;
        self.end(job).await;
    }
}

/// What breaks here broke while its asker was told of something else.
fn report(done: Result<(), JoinError>) {
    if done.is_err_and(|error| error.is_panic()) {
        tracing::error!("a task broke, and its asker was not told");
    }
}
