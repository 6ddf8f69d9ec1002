//! From the line to the engine and out: what is next is answered, or told why not.

use std::time::Duration;

use super::{Pipeline, Rooms, announce::Said, draft::Draft, floor::Halt, job::Job, owing::Waiting, tell::mark};
use crate::{
    context::Composed,
    engine::{Chunk, EngineError, Request, Seat, TokenStream, Usage},
    reply::{Delivered, Outcome},
    safety::{self, Fault, Whose},
    scheduler::{Claim, Measured, Stop},
};

/// How the writing of an answer ended.
enum Written {
    Whole(Usage),
    /// The polished answer was over before the engine was.
    Enough,
    /// Nobody wants it any more.
    Unwanted,
    /// The platform did not take it; the delivery says why.
    Undelivered,
    /// It ran on long after its deadline.
    Overdue,
    Cut,
    /// What came is not to be shown; the card is.
    Fault(safety::Fault),
    Failed(EngineError),
}

impl Written {
    fn stopped(stop: Stop) -> Self {
        match stop {
            Stop::Cut => Self::Cut,
            Stop::Overdue => Self::Overdue,
            Stop::Cancelled => Self::Unwanted,
        }
    }
}

impl Pipeline {
    /// Answers one claim, or gives it back: when its slot is wanted, or the engine failed before a word was shown.
    pub(super) async fn answer(&self, claim: Claim<Job>) {
        let rooms = &self.0;
        // Before moderators are asked: what they want from now on finds it.
        let _answering = rooms.floor.begin(claim.ticket(), claim.job());
        if let Some(halt) = rooms.halt_of(claim.job().call.call()) {
            return self.drop_halted(claim.settle(Duration::ZERO), halt).await;
        }
        let Some(mut claim) = self.begin(claim).await else { return };
        let began = rooms.clock.elapsed();
        let Ok(composed) = rooms.compose(claim.job()).await else {
            tracing::error!("a persona's constant part leaves no room for a question in this engine");
            return rooms.give_up(claim.settle(Duration::ZERO)).await;
        };
        let mut draft = if let Some(draft) = claim.job_mut().draft.take() {
            draft
        } else {
            count_wait(claim.job(), began);
            rooms.tell_dropped(claim.job(), &composed).await;
            let Some(draft) = rooms.open(claim.job_mut(), composed.rules()) else {
                return rooms.give_up(claim.settle(Duration::ZERO)).await;
            };
            draft
        };
        let written = rooms.write(&mut claim, composed.request, &mut draft).await;
        let used = rooms.clock.elapsed().saturating_sub(began);
        match written {
            Written::Cut => {
                let left = claim.job().estimate.saturating_sub(used);
                metrics::counter!("lovelm_cuts_total", "class" => claim.job().class.as_str()).increment(1);
                claim.job_mut().was_cut = true;
                claim.job_mut().draft = Some(draft);
                claim.give_back(used, left);
            }
            Written::Failed(error) if rooms.may_try_again(claim.job_mut(), &mut draft, &error) => {
                tracing::warn!(%error, tries = claim.job().tries, "nothing was shown yet; back into the line");
                let left = claim.job().estimate;
                claim.job_mut().draft = Some(draft);
                // What failed costs nobody anything.
                claim.give_back(Duration::ZERO, left);
            }
            Written::Unwanted => {
                let halted = claim.job().halted.get();
                let for_all = halted.is_some_and(|halt| *halt != Halt::Blocked);
                let next = rooms.next_asker(claim.job()).filter(|_| !for_all);
                let Some(next) = next else {
                    return Box::pin(rooms.finish(claim.settle(used), draft, Written::Unwanted)).await;
                };
                let made = draft.raw().to_owned();
                rooms.measure_unshown(&made, &draft.cancel().await);
                self.hand_on(claim.settle(used), next).await;
            }
            written => Box::pin(rooms.finish(claim.settle(used), draft, written)).await,
        }
    }
}

impl Rooms {
    /// Lets the engine write until the answer is over or is to stop.
    async fn write(&self, claim: &mut Claim<Job>, mut request: Request, draft: &mut Draft) -> Written {
        draft.raw().clone_into(&mut request.prompt.so_far);
        let seat = Seat::new(claim.ticket().number());
        // A start may wait for a slot.
        let started = tokio::select! {
            biased;
            stop = claim.stopped() => return Written::stopped(stop),
            started = self.engine.start_at(seat, request) => started,
        };
        match started {
            Ok(stream) => self.read(claim, stream, draft).await,
            Err(error) => Written::Failed(error),
        }
    }

    /// Whether a call goes back into the line: nothing of it was shown, and the fault is not its own. A call that no engine bears
    /// does not go on for ever.
    fn may_try_again(&self, job: &mut Job, draft: &mut Draft, error: &EngineError) -> bool {
        match error {
            EngineError::Rejected(_) => false,
            EngineError::Busy => true,
            EngineError::Unavailable(_) | EngineError::Stalled(_) => {
                job.tries += 1;
                let again = draft.is_empty() && job.tries < self.manners.outage.tries;
                if let Some(fresh) = self.polish(job).filter(|_| again) {
                    draft.restart(fresh);
                }
                again
            }
        }
    }

    async fn read(&self, claim: &mut Claim<Job>, mut stream: TokenStream, draft: &mut Draft) -> Written {
        let (mut first, is_private) = (true, claim.job().call.call().address.is_private());
        loop {
            let chunk = tokio::select! {
                biased;
                stop = claim.stopped() => return Written::stopped(stop),
                // What its asker can fetch is written to its end.
                () = draft.unwanted(), if !is_private => return Written::Undelivered,
                chunk = stream.next() => chunk,
            };
            match chunk {
                Ok(Chunk::Text(text)) => {
                    if std::mem::take(&mut first) {
                        claim.prefilled();
                        self.measure_first_token(claim.job_mut());
                    }
                    if let Some(fault) = draft.push(&text) {
                        return Written::Fault(fault);
                    }
                    if draft.is_over() {
                        return Written::Enough;
                    }
                }
                Ok(Chunk::Done(usage)) => {
                    return draft.close().map_or(Written::Whole(usage), Written::Fault);
                }
                Err(error) => return Written::Failed(error),
            }
        }
    }

    /// Brings what was written to its end on the platform, and keeps what may be kept.
    async fn finish(&self, job: Job, draft: Draft, written: Written) {
        if let Written::Whole(usage) = &written {
            self.learn(&job, usage);
        }
        let (made, whole) = (draft.raw().to_owned(), draft.whole().to_owned());
        let delivered = match &written {
            Written::Whole(_) | Written::Enough => draft.finish().await,
            _ => draft.cancel().await,
        };
        self.measure_unshown(&made, &delivered);
        let was_stopped = matches!(written, Written::Unwanted);
        let said = match &job.row {
            Some(row) => row.said().await,
            None => Said::Sending,
        };
        match (said, &written) {
            // Nothing was shown, and nothing may be.
            (Said::Gone, _) => return self.end(job).await,
            (Said::Unknown, Written::Whole(_) | Written::Enough | Written::Undelivered) => {
                return self.wait_for_database(Waiting::Held(Box::new(job))).await;
            }
            _ => {}
        }
        match written {
            Written::Fault(Fault::Crisis(crisis)) if job.sheet.spoil() => {
                let to = &job.call.call().address;
                self.card(crisis, Whose::Own, to, &job.persona, job.language).await;
            }
            Written::Fault(Fault::Crisis(_)) => {}
            Written::Fault(fault) => {
                tracing::warn!(?fault, shown = delivered.text.len(), "an answer was stopped");
                self.decline(&job, &delivered).await;
            }
            Written::Failed(error) => {
                tracing::error!(%error, shown = delivered.text.len(), "an answer failed");
                self.apologise(&job, &delivered).await;
            }
            Written::Overdue => self.last_sentence(&job, "overdue").await,
            Written::Unwanted => {
                tracing::info!(shown = delivered.text.len(), "an answer was stopped");
                if let Some(halt) = job.halted.get() {
                    self.tell_halted(&job, *halt).await;
                }
            }
            Written::Whole(_) | Written::Enough | Written::Undelivered | Written::Cut => {
                self.shown(&job, &delivered, &whole).await;
            }
        }
        // Of what was stopped there is nothing to share.
        if !was_stopped {
            self.tell_others(&job).await;
        }
        self.close_paid(&job).await;
        self.end(job).await;
    }

    /// Lets go of a job.
    pub(super) async fn end(&self, job: Job) {
        let Job { call, sheet, asked_at, .. } = job;
        self.close_sheet(call.call(), sheet, asked_at).await;
    }

    async fn shown(&self, job: &Job, delivered: &Delivered, whole: &str) {
        metrics::counter!("lovelm_answers_total", "persona" => job.persona.to_string()).increment(1);
        match delivered.outcome {
            Outcome::Shown if !delivered.text.is_empty() || delivered.rest.is_some() => {
                // At once: a crash before it would leave the answer in doubt.
                self.close_paid(job).await;
                self.keep(job, &delivered.text, delivered.rest.as_deref()).await;
                self.keep_for_others(job, &delivered.text, delivered.rest.as_deref()).await;
            }
            Outcome::InDoubt | Outcome::Late => {
                self.keep(job, &delivered.text, delivered.rest.as_deref()).await;
                let to = &job.call.call().address;
                let args = [("mark", mark(to.place.platform))];
                self.tell(to, &job.persona, job.language, "in-doubt", &args).await;
            }
            Outcome::Shown => self.apologise(job, delivered).await,
            Outcome::Refused => {
                self.last_sentence(job, "answer-refused").await;
            }
            // It was for nobody but its asker, who can still fetch it.
            Outcome::Gone if job.call.call().address.is_private() => self.keep(job, whole, None).await,
            outcome @ (Outcome::Gone | Outcome::Cancelled) => {
                tracing::warn!(?outcome, "an answer was made and not shown");
            }
        }
    }

    /// Instead of an answer, or of its rest.
    async fn apologise(&self, job: &Job, delivered: &Delivered) {
        if !delivered.text.is_empty() {
            return self.last_sentence(job, "engine-cut").await;
        }
        self.trouble(job).await;
    }

    /// Instead of what an answer may not say, once.
    async fn decline(&self, job: &Job, delivered: &Delivered) {
        let key = if delivered.text.is_empty() { "not-said" } else { "not-said-further" };
        self.last_sentence(job, key).await;
    }

    async fn give_up(&self, job: Job) {
        self.last_sentence(&job, "engine-trouble").await;
        self.tell_others(&job).await;
        self.close_paid(&job).await;
        self.end(job).await;
    }

    async fn tell_dropped(&self, job: &Job, composed: &Composed) {
        let key = match &composed.dropped {
            dropped if dropped.story_middle => "too-long",
            dropped if dropped.context > 0 => "context-dropped",
            _ => return,
        };
        self.tell(&job.call.call().address, &job.persona, job.language, key, &[]).await;
    }

    fn learn(&self, job: &Job, usage: &Usage) {
        tracing::info!(
            prompt_tokens = usage.prompt_tokens,
            cached_tokens = usage.cached_tokens,
            output_tokens = usage.output_tokens,
            first_token_ms = usage.first_token.as_millis(),
            decode_ms = usage.decode.as_millis(),
            "answered"
        );
        // An answer that went on behind a cut says nothing of whole ones.
        if !job.was_cut {
            let measured = Measured {
                uncached: usage.prompt_tokens.saturating_sub(usage.cached_tokens),
                output: usage.output_tokens,
                first_token: usage.first_token,
                decode: usage.decode,
            };
            let kind = (job.persona.clone(), job.call.call().address.place.platform);
            self.pace(|pace| pace.learn(kind, &job.constant_key(), usage, &measured));
        }
    }
}

/// How long a call waited for its first turn.
fn count_wait(job: &Job, began: Duration) {
    let wait = job.waited + began.saturating_sub(job.asked_at);
    metrics::histogram!("lovelm_wait_seconds", "class" => job.class.as_str()).record(wait);
}
