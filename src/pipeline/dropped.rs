//! What an accepted call is told when it will not be answered.

use super::{Pipeline, job::Job};
use crate::scheduler::Dropped;

impl Pipeline {
    /// Says why there will be no answer, and closes what was paid. A call that was paid for and only stopped by a shutdown
    /// keeps its row: the next start answers it.
    pub(super) async fn drop_job(&self, mut job: Job, why: Dropped) {
        let rooms = &self.0;
        if let Some(draft) = job.draft.take() {
            // What was shown before the cut stays; what we say comes behind it.
            draft.cancel().await;
        }
        metrics::counter!("lovelm_dropped_total", "why" => why.as_str()).increment(1);
        let key = match (why, job.committed) {
            (Dropped::Closed, true) => "stopping-paid",
            (Dropped::Closed, false) => "stopping",
            (Dropped::Shed, _) => "shed",
            (Dropped::Expired, true) => "expired-paid",
            (Dropped::Expired, false) => "expired",
            (Dropped::Cancelled, _) => "cancelled",
        };
        rooms.tell(&job.call.call().address, &job.persona, job.language, key, &[]).await;
        if !matches!(why, Dropped::Closed) {
            rooms.close_paid(&job).await;
        }
        rooms.end(job).await;
    }
}
