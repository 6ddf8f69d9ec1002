//! An answer while it is written and shown. Outlives a cut: the courier waits, and the pen goes on.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::{Rooms, job::Job, tell::mark};
use crate::{
    chat::Lane,
    context,
    reply::{self, Delivered, Frame, Outcome, Pen, Polish, Recipient},
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
}

impl Rooms {
    /// Begins the answer of a job. `None` when its platform has no way out.
    pub(super) fn open(&self, job: &mut Job) -> Option<Draft> {
        let before = job.before.take();
        let call = job.call.call();
        let platform = call.address.place.platform;
        let outbox = self.way_out(job)?;
        let clock = Arc::clone(&self.clock);
        let more = self.locale.say(job.language, "more-hint", &[("mark", mark(platform))]);
        let persona = self.personas.get(&job.persona)?;
        let budget = persona.budget(platform);
        let mut manner = outbox.manner();
        manner.max_chars = manner.max_chars.min(budget.max_chars);
        let frame = Frame::new(platform, manner).tagged(&job.tag).pointing_to_more(&more);
        let recipient = Recipient { speaker: job.persona.clone(), to: call.address.clone(), lane: Lane::Answer };
        let (pen, mut drafts) = reply::draft();
        let courier = tokio::spawn(async move {
            if let Some(before) = before {
                drafts.hold(before.done()).await;
            }
            reply::deliver(outbox.as_ref(), clock.as_ref(), &recipient, frame, drafts).await
        });
        let polish = self.polish(job)?;
        let voice = persona.voice(context::answer_language(job.language, self.engine.profile()));
        let guard = Guard::keeping(vec![voice.character.clone(), voice.speech.clone()]);
        Some(Draft { polish, pen, courier, guard, most_sentences: budget.max_sentences })
    }
}

impl Rooms {
    /// Reads the answer of a job, word by word.
    pub(super) fn polish(&self, job: &Job) -> Option<Polish> {
        let names = self.personas.get(&job.persona)?.names().map(str::to_owned).collect();
        Some(Polish::new(names, job.call.call().story.as_str()))
    }
}

impl Draft {
    /// All that the engine wrote.
    pub(super) fn raw(&self) -> &str {
        self.polish.raw()
    }

    /// Whether nothing that could be shown has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.polish.text().is_empty()
    }

    /// Whether nothing that the engine may still say would be shown.
    pub(super) fn is_over(&self) -> bool {
        self.polish.is_over() || self.shown().len() < self.polish.text().len()
    }

    /// Ends when nobody shows this answer any more.
    pub(super) async fn unwanted(&self) {
        self.pen.unwanted().await;
    }

    /// Writes on. Nothing is shown before it was looked at; a fault ends the answer.
    pub(super) fn push(&mut self, text: &str) -> Option<Fault> {
        self.polish.push(text);
        self.look(false)
    }

    /// Begins the answer again, of which nothing was shown.
    pub(super) fn restart(&mut self, fresh: Polish) {
        self.polish = fresh;
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
    fn look(&self, ended: bool) -> Option<Fault> {
        let shown = self.shown();
        let Some(fault) = self.guard.check(shown) else {
            self.pen.show(shown);
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
