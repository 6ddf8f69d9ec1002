//! What an accepted call is told when it will not be answered.

use super::{Pipeline, job::Job};
use crate::scheduler::Dropped;

impl Pipeline {
    /// Says why there will be no answer, and closes what was paid. A call that was paid for and only stopped by a shutdown
    /// keeps its row: the next start answers it.
    pub(super) async fn drop_job(&self, mut job: Job, why: Dropped) {
        let rooms = &self.0;
        if let (Dropped::Cancelled, Some(halt)) = (why, job.halted.get().copied()) {
            return self.drop_halted(job, halt).await;
        }
        if let Some(draft) = job.draft.take() {
            // What was shown before the cut stays; what we say comes behind it.
            draft.cancel().await;
        }
        let (class, reason) = (job.class.as_str(), why.as_str());
        metrics::counter!("lovelm_dropped_total", "class" => class, "reason" => reason).increment(1);
        // Nothing joins what is about to end.
        let next = rooms.next_asker(&job).filter(|_| why == Dropped::Cancelled);
        if matches!(why, Dropped::Cancelled | Dropped::Expired) && rooms.turns_away(&job) {
            rooms.tell_others(&job).await;
            return rooms.let_go(job).await;
        }
        let key = match (why, job.row.is_some()) {
            (Dropped::Closed, true) => "stopping-paid",
            (Dropped::Closed, false) => "stopping",
            (Dropped::Shed, _) => "shed",
            (Dropped::Expired, true) => "expired-paid",
            (Dropped::Expired, false) => "expired",
            (Dropped::Cancelled, _) => "cancelled",
        };
        let tells = rooms.tells_end(&job) && !rooms.is_shut_out(job.call.call(), job.asked_at);
        if tells && why == Dropped::Closed {
            rooms.tell(&job.call.call().address, &job.persona, job.language, key, &[]).await;
        } else if tells {
            rooms.last_sentence(&job, key).await;
        }
        if let Some(next) = next {
            return self.hand_on(job, next).await;
        }
        rooms.tell_others(&job).await;
        if why != Dropped::Closed {
            rooms.close_paid(&job).await;
        }
        rooms.end(job).await;
    }
}
