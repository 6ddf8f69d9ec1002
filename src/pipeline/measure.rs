//! What is measured of the line and of answers. No label tells who, where in a platform, or what about.

use std::sync::atomic::Ordering;

use super::{Rooms, job::Job};
use crate::{engine::Prompt, reply::Delivered, scheduler::Class};

/// Gauges are read every few seconds at most, and the line may lie on another machine.
const MEASURED_EVERY_MS: u64 = 1_000;

impl Rooms {
    /// The line as it stands, not more often than anybody looks.
    pub(super) async fn measure_line(&self) {
        let now = u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.measured_at.load(Ordering::Relaxed);
        if last > 0 && now.saturating_sub(last) < MEASURED_EVERY_MS {
            return;
        }
        self.measured_at.store(now.max(1), Ordering::Relaxed);
        let line = self.scheduler.line().await;
        for (class, waiting) in Class::ALL.into_iter().zip(line.waiting) {
            metrics::gauge!("lovelm_line_calls", "class" => class.as_str()).set(number(waiting));
        }
        metrics::gauge!("lovelm_line_work_seconds").set(line.work.as_secs_f64());
        metrics::gauge!("lovelm_line_longest_wait_seconds").set(line.longest_wait.as_secs_f64());
        metrics::gauge!("lovelm_running_calls").set(number(line.running));
        metrics::gauge!("lovelm_slots").set(number(line.slots));
    }

    /// The first token of an answer has come. Once: another try, or going on behind a cut, is not its beginning.
    pub(super) fn measure_first_token(&self, job: &mut Job) {
        if std::mem::replace(&mut job.has_begun, true) {
            return;
        }
        let since = job.waited + self.clock.elapsed().saturating_sub(job.asked_at);
        metrics::histogram!("lovelm_first_token_seconds", "class" => job.class.as_str()).record(since);
    }

    /// What the engine wrote, and what of it nobody will see.
    pub(super) fn measure_unshown(&self, made: &str, delivered: &Delivered) {
        let tokens = |text: &str| {
            let prompt = Prompt { messages: Vec::new(), so_far: text.to_owned() };
            u64::try_from(self.engine.count(&prompt)).unwrap_or(u64::MAX)
        };
        let made = tokens(made);
        let shown = tokens(&delivered.text) + delivered.rest.as_deref().map_or(0, tokens);
        metrics::counter!("lovelm_generated_tokens_total").increment(made);
        metrics::counter!("lovelm_unshown_tokens_total").increment(made.saturating_sub(shown));
    }
}

fn number(of: usize) -> f64 {
    u32::try_from(of).map_or(f64::INFINITY, f64::from)
}
