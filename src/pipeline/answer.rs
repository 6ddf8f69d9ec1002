//! From the line to the engine and out: what is next is answered, or told why not.

use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tracing::Instrument as _;

use super::{Pipeline, Rooms, draft::Draft, job::Job, tell::mark};
use crate::{
    chat::Lane,
    context::Composed,
    engine::{Chunk, EngineError, Request, TokenStream, Usage},
    reply::{Delivered, Outcome},
    safety::{self, Fault, Whose},
    scheduler::{Claim, Measured, Next, Stop},
};

/// Starts of an engine for one answer, as long as nothing of it was shown.
const TRIES: usize = 2;

/// How the writing of an answer ended.
enum Written {
    Whole(Usage),
    /// The polished answer was over before the engine was.
    Enough,
    /// Nobody wants it any more.
    Unwanted,
    /// The platform did not take it; the delivery says why.
    Undelivered,
    /// It cannot be noted that it goes out, so it does not; its row answers it later.
    Held,
    /// It ran on long after its deadline.
    Overdue,
    Cut,
    /// What came is not to be shown; the card is.
    Fault(safety::Fault),
    Failed(EngineError),
}

impl Pipeline {
    /// Works off the line until the pipeline is closed and everything accepted has ended. As many answers run at once as
    /// the scheduler has slots. Dropped, it stops them all.
    pub async fn work(&self) {
        let mut tasks = JoinSet::new();
        while let Some(next) = self.0.scheduler.next().await {
            while let Some(done) = tasks.try_join_next() {
                report(done);
            }
            let pipeline = self.clone();
            match next {
                Next::Run(claim) => {
                    let span = claim.job().span.clone();
                    tasks.spawn(async move { Box::pin(pipeline.answer(claim)).await }.instrument(span));
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

    /// Answers one claim, or gives it back when its slot is wanted.
    async fn answer(&self, mut claim: Claim<Job>) {
        let rooms = &self.0;
        let began = rooms.clock.elapsed();
        let Ok(composed) = rooms.compose(claim.job()).await else {
            tracing::error!("a persona's constant part leaves no room for a question in this engine");
            return rooms.give_up(claim.settle(Duration::ZERO)).await;
        };
        let mut draft = if let Some(draft) = claim.job_mut().draft.take() {
            draft
        } else {
            rooms.tell_dropped(claim.job(), &composed).await;
            let Some(draft) = rooms.open(claim.job_mut()) else {
                return rooms.give_up(claim.settle(Duration::ZERO)).await;
            };
            draft
        };
        let written = rooms.write(&mut claim, &composed.request, &mut draft).await;
        let used = rooms.clock.elapsed().saturating_sub(began);
        if let Written::Cut = written {
            let left = claim.job().estimate.saturating_sub(used);
            claim.job_mut().was_cut = true;
            claim.job_mut().draft = Some(draft);
            return claim.give_back(used, left);
        }
        rooms.finish(claim.settle(used), draft, written).await;
    }
}

impl Rooms {
    /// Lets the engine write until the answer is over or is to stop. What was not shown yet is tried again once.
    async fn write(&self, claim: &mut Claim<Job>, request: &Request, draft: &mut Draft) -> Written {
        for attempt in 1..=TRIES {
            let mut request = request.clone();
            request.prompt.so_far = draft.raw().to_owned();
            let written = match self.engine.start(request).await {
                Ok(stream) => self.read(claim, stream, draft).await,
                Err(error) => Written::Failed(error),
            };
            match written {
                Written::Failed(ref error) if attempt < TRIES && draft.is_empty() && worth_a_retry(error) => {
                    tracing::warn!(%error, "the engine failed before the first word; trying again");
                    if let Some(fresh) = self.polish(claim.job()) {
                        draft.restart(fresh);
                    }
                }
                done => return done,
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn read(&self, claim: &mut Claim<Job>, mut stream: TokenStream, draft: &mut Draft) -> Written {
        let mut first = true;
        loop {
            let chunk = tokio::select! {
                biased;
                stop = claim.stopped() => return match stop {
                    Stop::Cut => Written::Cut,
                    Stop::Overdue => Written::Overdue,
                    Stop::Cancelled => Written::Unwanted,
                },
                () = draft.unwanted() => return Written::Undelivered,
                chunk = stream.next() => chunk,
            };
            match chunk {
                Ok(Chunk::Text(text)) => {
                    if std::mem::take(&mut first) {
                        claim.prefilled();
                        // Once: another try, or going on behind a cut, finds the call announced by itself.
                        if !claim.job().announced {
                            match self.may_send(claim.job()).await {
                                Ok(true) => claim.job_mut().announced = true,
                                Ok(false) => return Written::Unwanted,
                                Err(error) => {
                                    tracing::error!(%error, "a paid answer is held: it cannot be noted that it goes out");
                                    return Written::Held;
                                }
                            }
                        }
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
        let delivered = match &written {
            Written::Whole(_) | Written::Enough => draft.finish().await,
            _ => draft.cancel().await,
        };
        match written {
            Written::Fault(Fault::Crisis(crisis)) if job.sheet.spoil() => {
                let to = &job.call.call().address;
                self.card(crisis, Whose::Own, to, &job.persona, job.language).await;
            }
            Written::Fault(Fault::Crisis(_)) => {}
            Written::Fault(fault @ (Fault::Profanity | Fault::Leak | Fault::Pretence)) => {
                tracing::warn!(?fault, shown = delivered.text.len(), "an answer was stopped");
                self.apologise(&job, &delivered).await;
            }
            Written::Failed(error) => {
                tracing::error!(%error, shown = delivered.text.len(), "an answer failed");
                self.apologise(&job, &delivered).await;
            }
            Written::Overdue => self.tell(&job.call.call().address, &job.persona, job.language, "overdue", &[]).await,
            Written::Held => {
                self.tell(&job.call.call().address, &job.persona, job.language, "stopping-paid", &[]).await;
                return self.end(job).await;
            }
            Written::Unwanted => tracing::info!(shown = delivered.text.len(), "an answer was stopped"),
            Written::Whole(_) | Written::Enough | Written::Undelivered | Written::Cut => {
                self.shown(&job, &delivered).await;
            }
        }
        self.close_paid(&job).await;
        self.end(job).await;
    }

    /// Lets go of a job.
    pub(super) async fn end(&self, job: Job) {
        let Job { call, sheet, asked_at, .. } = job;
        self.close_sheet(call.call(), sheet, asked_at).await;
    }

    async fn shown(&self, job: &Job, delivered: &Delivered) {
        metrics::counter!("lovelm_answers_total", "persona" => job.persona.to_string()).increment(1);
        match delivered.outcome {
            Outcome::Shown if !delivered.text.is_empty() || delivered.rest.is_some() => {
                self.keep(job, &delivered.text, delivered.rest.as_deref()).await;
            }
            Outcome::InDoubt | Outcome::Late => {
                self.keep(job, &delivered.text, delivered.rest.as_deref()).await;
                let to = &job.call.call().address;
                let args = [("mark", mark(to.place.platform))];
                self.tell(to, &job.persona, job.language, "in-doubt", &args).await;
            }
            Outcome::Shown | Outcome::Refused => self.apologise(job, delivered).await,
            outcome @ (Outcome::Gone | Outcome::Cancelled) => {
                tracing::warn!(?outcome, "an answer was made and not shown");
            }
        }
    }

    /// Instead of an answer, or of its rest.
    async fn apologise(&self, job: &Job, delivered: &Delivered) {
        let to = &job.call.call().address;
        if !delivered.text.is_empty() {
            return self.tell(to, &job.persona, job.language, "engine-cut", &[]).await;
        }
        match self.personas.get(&job.persona) {
            Some(persona) => self.say(to, &job.persona, &persona.voice(job.language).trouble, Lane::Notice).await,
            None => self.tell(to, &job.persona, job.language, "engine-trouble", &[]).await,
        }
    }

    async fn give_up(&self, job: Job) {
        self.tell(&job.call.call().address, &job.persona, job.language, "engine-trouble", &[]).await;
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
        metrics::histogram!("lovelm_first_token_seconds").record(usage.first_token);
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

/// A panic frees its slot and is one answer's trouble; where it was, the panic hook says.
fn report(done: Result<(), JoinError>) {
    if done.is_err_and(|error| error.is_panic()) {
        tracing::error!("an answer broke, and its asker was not told");
    }
}

fn worth_a_retry(error: &EngineError) -> bool {
    !matches!(error, EngineError::Rejected(_))
}
