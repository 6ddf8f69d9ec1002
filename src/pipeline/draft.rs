//! An answer while it is written and shown. Outlives a cut: the courier waits, and the pen goes on.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::{Rooms, job::Job, tell::mark};
use crate::{
    chat::{Lane, Offer},
    locale::Arg,
    reply::{self, Delivered, Frame, Outcome, Pen, Polish, Recipient},
    routing::CallKind,
    safety::{Fault, Guard},
    text,
};

/// One answer under way.
#[derive(Debug)]
pub(super) struct Draft {
    polish: Polish,
    pen: Pen,
    courier: JoinHandle<Delivered>,
    guard: Guard,
    most_sentences: usize,
    /// Bytes of the text when it was looked at.
    looked: usize,
    /// Whether something follows the sentences that may be shown.
    full: bool,
}

/// Up to this many bytes every word is looked at as it comes.
const SHORT: usize = 512;
/// Beyond, a text is looked at whenever that part of it is new: looking costs as much as all of it is long.
const PART: usize = 32;

/// The way out of an answer that is not written yet. Dropped, nothing of it stays.
#[derive(Debug)]
pub(super) struct Opened {
    pen: Pen,
    courier: JoinHandle<Delivered>,
}

impl Rooms {
    /// Shows at once that the answer of a job is coming, where that can be shown. What was paid for shows with its first words: a
    /// line of it that went out is not sent again.
    pub(super) fn open_early(&self, job: &mut Job) {
        let outbox = self.outbox(job.call.call().address.place.platform);
        if job.row.is_none() && outbox.is_some_and(|outbox| outbox.is_parallel()) {
            job.opened = self.way_open(job);
        }
    }

    /// Begins the answer of a job whose prompt has these rules. `None` when its platform has no way out.
    pub(super) fn open(&self, job: &mut Job, rules: &str) -> Option<Draft> {
        let Opened { pen, courier } = match job.opened.take() {
            Some(opened) => opened,
            None => self.way_open(job)?,
        };
        let cast = self.cast_of(job);
        let persona = cast.get(&job.persona)?;
        let polish = self.polish(job)?;
        let guard = Guard::keeping(rules, &self.keyring.mark(&job.persona)).for_young(job.is_young());
        let most_sentences = persona.budget(job.call.call().address.place.platform).max_sentences;
        Some(Draft { polish, pen, courier, guard, most_sentences, looked: 0, full: false })
    }

    fn way_open(&self, job: &mut Job) -> Option<Opened> {
        let call = job.call.call();
        let platform = call.address.place.platform;
        let outbox = self.way_out(job)?;
        let is_parallel = outbox.is_parallel();
        let before = job.before.take().filter(|_| !is_parallel);
        let clock = Arc::clone(&self.clock);
        let more = self.locale.say(job.language, "more-hint", &[("mark", mark(platform))]);
        let cast = self.cast_of(job);
        let persona = cast.get(&job.persona)?;
        let budget = persona.budget(platform);
        let mut manner = outbox.manner();
        manner.max_chars = manner.max_chars.min(budget.max_chars);
        let lane = if job.is_paid() { Lane::Paid } else { Lane::Answer };
        let mut frame = Frame::new(platform, manner).tagged(&job.tag).pointing_to_more(&more);
        if is_parallel {
            let coming = self.locale.say(job.language, "thinking", &[("emoji", Arg::from(persona.emoji()))]);
            let offer = if call.kind == CallKind::Panel { Offer::Faces } else { Offer::Again };
            frame = frame.opening_with(&coming, offer);
        }
        let recipient = Recipient { speaker: job.persona.clone(), to: call.address.clone(), lane };
        let (pen, mut drafts) = reply::draft();
        let courier = tokio::spawn(async move {
            if let Some(before) = before {
                drafts.hold(before.done()).await;
            }
            reply::deliver(outbox.as_ref(), clock.as_ref(), &recipient, frame, drafts).await
        });
        Some(Opened { pen, courier })
    }
}

impl Rooms {
    /// Reads the answer of a job, word by word.
    pub(super) fn polish(&self, job: &Job) -> Option<Polish> {
        let names = self.cast_of(job).get(&job.persona)?.names().map(str::to_owned).collect();
        Some(Polish::new(names, job.call.call().story.as_str()))
    }
}

impl Draft {
    /// All that the engine wrote.
    pub(super) fn raw(&self) -> &str {
        self.polish.raw()
    }

    /// All that is to be shown of it.
    pub(super) fn whole(&self) -> &str {
        self.shown()
    }

    /// Whether nothing that could be shown has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.polish.text().is_empty()
    }

    /// Whether nothing that the engine may still say would be shown.
    pub(super) fn is_over(&self) -> bool {
        self.polish.is_over() || self.full
    }

    /// Ends when nobody shows this answer any more.
    pub(super) async fn unwanted(&self) {
        self.pen.unwanted().await;
    }

    /// Writes on. Nothing is shown before it was looked at; a fault ends the answer.
    pub(super) fn push(&mut self, text: &str) -> Option<Fault> {
        self.polish.push(text);
        let length = self.polish.text().len();
        let is_due = (length - self.looked) * PART >= length.saturating_sub(SHORT);
        if is_due || self.polish.is_over() { self.look(false) } else { None }
    }

    /// Begins the answer again, of which nothing was shown.
    pub(super) fn restart(&mut self, fresh: Polish) {
        (self.polish, self.looked, self.full) = (fresh, 0, false);
    }

    /// The engine has said all.
    pub(super) fn close(&mut self) -> Option<Fault> {
        self.polish.finish();
        self.look(true)
    }

    /// Waits until the whole answer is shown.
    pub(super) async fn finish(mut self) -> Delivered {
        self.polish.finish();
        let shown = text::first_sentences(self.polish.text(), self.most_sentences);
        self.pen.finish(shown);
        joined(self.courier).await
    }

    /// Leaves it at what is shown.
    pub(super) async fn cancel(self) -> Delivered {
        drop(self.pen);
        joined(self.courier).await
    }

    /// What of the answer may be shown: the persona's sentences, and no more.
    fn shown(&self) -> &str {
        text::first_sentences(self.polish.text(), self.most_sentences)
    }

    /// What looks bad in the middle of a sentence may be good at its end (`I can't go on .. a second date`): until then
    /// it is held back, not condemned.
    fn look(&mut self, ended: bool) -> Option<Fault> {
        (self.looked, self.full) = (self.polish.text().len(), self.shown().len() < self.polish.text().len());
        let shown = self.shown();
        let Some(fault) = self.guard.check(shown) else {
            if ended || !self.guard.hesitates(shown) {
                self.pen.show(shown);
            }
            return None;
        };
        let is_over = ended || self.guard.check(text::finished_sentences(shown)).is_some();
        is_over.then_some(fault)
    }
}

async fn joined(courier: JoinHandle<Delivered>) -> Delivered {
    courier.await.unwrap_or_else(|error| {
        tracing::error!(%error, "the delivery of an answer broke");
        Delivered { text: String::new(), rest: None, lines: Vec::new(), outcome: Outcome::InDoubt }
    })
}
