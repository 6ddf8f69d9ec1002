//! Takes an answer that grows and an outbox, gives what became of the answer. Knows nothing of models and queues.

use std::{future::Future, time::Duration};

use tokio::sync::watch;

use super::{
    delivery::{Act, Delivery},
    frame::Frame,
};
use crate::{
    chat::{Address, Lane, Outbox, Outgoing, PersonaId, Post, Posted, SendError},
    clock::Clock,
};

/// How long one answer waits because its platform asks for it, all waits together.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// How long an outbox may take for one line. Then nobody knows whether it was shown.
const LONGEST_SEND: Duration = Duration::from_secs(30);
/// How often the last form of an answer that was cut short is tried.
const CLEARED_UP: usize = 3;

/// Who speaks to whom.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub speaker: PersonaId,
    pub to: Address,
    pub lane: Lane,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The part of the answer that is shown, as it was written by the pen.
    pub text: String,
    /// What is left for `more`, in doubt included.
    pub rest: Option<String>,
    pub lines: Vec<Posted>,
    pub outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Shown, as far as the lines go.
    Shown,
    /// The pen was dropped before the end. What is shown stays.
    Cancelled,
    /// The place cannot be written to.
    Gone,
    /// The platform refused a line.
    Refused,
    /// Nobody knows whether the last line or change was shown. It is not repeated.
    InDoubt,
    /// The platform asked for more waiting than an answer is worth.
    Late,
}

/// The writing end of an answer. Dropping it before [`Pen::finish`] cancels what is not shown yet; holding it still pauses.
#[derive(Debug)]
pub struct Pen(watch::Sender<Draft>);

/// The reading end of an answer. Only the newest text counts, so a slow platform never slows the writer.
#[derive(Debug)]
pub struct Drafts(watch::Receiver<Draft>);

#[derive(Clone, Debug, Default)]
struct Draft {
    text: String,
    ended: bool,
}

/// An answer to be written.
#[must_use]
pub fn draft() -> (Pen, Drafts) {
    let (pen, drafts) = watch::channel(Draft::default());
    (Pen(pen), Drafts(drafts))
}

impl Pen {
    /// The answer so far: what is shown already, and more.
    pub fn show(&self, text: &str) {
        self.0.send_if_modified(|draft| {
            let grown = text.len() > draft.text.len();
            if grown {
                text.clone_into(&mut draft.text);
            }
            grown
        });
    }

    /// The whole answer.
    pub fn finish(self, text: &str) {
        self.show(text);
        self.0.send_modify(|draft| draft.ended = true);
    }

    /// Ends when nobody delivers any more: writing on is a waste of the engine.
    pub async fn unwanted(&self) {
        self.0.closed().await;
    }
}

impl Drafts {
    /// Waits until it is this answer's turn to be shown. When the pen is dropped before its end, nothing is.
    pub async fn hold(&mut self, turn: impl Future<Output = ()>) {
        tokio::select! {
            () = turn => {}
            () = self.dropped() => *self = draft().1,
        }
    }

    /// Ends when the pen was dropped before the end of the answer.
    async fn dropped(&mut self) {
        loop {
            if self.0.borrow_and_update().ended {
                return std::future::pending().await;
            }
            if !self.changed().await {
                return;
            }
        }
    }

    fn newest(&mut self) -> Draft {
        self.0.borrow_and_update().clone()
    }

    /// Waits for a newer draft; `false` when the pen is gone.
    async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

/// Shows an answer while it grows, until it is complete, cancelled, or cannot be shown.
pub async fn deliver(
    outbox: &dyn Outbox,
    clock: &dyn Clock,
    recipient: &Recipient,
    frame: Frame,
    mut drafts: Drafts,
) -> Delivered {
    let mut courier = Courier { outbox, clock, recipient, lines: Vec::new(), waited: Duration::ZERO };
    let mut delivery = Delivery::new(frame);
    let outcome = courier.run(&mut delivery, &mut drafts).await;
    courier.clear_up(&delivery, outcome).await;
    courier.settle().await;
    let text = drafts.newest().text;
    let shown = text.get(..delivery.taken()).unwrap_or_default().trim().to_owned();
    Delivered { text: shown, rest: delivery.rest(&text), lines: courier.lines, outcome }
}

/// Says a sentence of ours, whole, in as many lines as it takes.
pub async fn post(
    outbox: &dyn Outbox,
    clock: &dyn Clock,
    recipient: &Recipient,
    frame: &Frame,
    text: &str,
) -> Delivered {
    let (pen, drafts) = draft();
    pen.finish(text);
    deliver(outbox, clock, recipient, frame.plain(), drafts).await
}

struct Courier<'a> {
    outbox: &'a dyn Outbox,
    clock: &'a dyn Clock,
    recipient: &'a Recipient,
    lines: Vec<Posted>,
    waited: Duration,
}

impl Courier<'_> {
    async fn run(&mut self, delivery: &mut Delivery, drafts: &mut Drafts) -> Outcome {
        loop {
            let draft = drafts.newest();
            let act = delivery.act(self.clock.elapsed(), &draft.text, draft.ended);
            // Until its turn comes a line grows on: that is no waiting.
            let grows = matches!(act, Act::Edit(_)) && !draft.ended;
            let done = match act {
                Act::Send(text) => self.send(text).await,
                Act::Edit(text) => self.edit(text).await,
                Act::Wait(until) => {
                    if !self.wait(until, &draft, drafts).await {
                        return Outcome::Cancelled;
                    }
                    continue;
                }
                Act::Nothing if drafts.changed().await => continue,
                Act::Nothing => return Outcome::Cancelled,
                Act::Done => return Outcome::Shown,
            };
            let now = self.clock.elapsed();
            match done.map_err(|error| self.trouble(&error, grows)) {
                Ok(()) => delivery.shown(now),
                Err(Ok(wait)) => delivery.hold(now + wait),
                Err(Err(outcome)) => return outcome,
            }
        }
    }

    /// Until the time has come or there is a newer draft; `false` when the pen was dropped before the end.
    async fn wait(&self, until: Duration, draft: &Draft, drafts: &mut Drafts) -> bool {
        if draft.ended {
            self.clock.until(until).await;
            return true;
        }
        tokio::select! {
            () = self.clock.until(until) => true,
            changed = drafts.changed() => changed,
        }
    }

    async fn send(&mut self, text: Outgoing) -> Result<(), SendError> {
        self.settle().await;
        let Recipient { speaker, to, lane } = self.recipient.clone();
        let follows = self.lines.last().map(|line| line.id.clone());
        let post = Post { speaker, to, text, lane, follows };
        let posted = self.in_time(self.outbox.send(&post)).await?;
        self.lines.push(posted);
        Ok(())
    }

    async fn edit(&self, text: Outgoing) -> Result<(), SendError> {
        let Some(posted) = self.lines.last() else { return Err(SendError::Gone) };
        self.in_time(self.outbox.edit(posted, &text)).await
    }

    /// Nothing stays that stands for an answer which does not come, and nothing that promises more of one.
    async fn clear_up(&mut self, delivery: &Delivery, outcome: Outcome) {
        if delivery.is_opening() && !matches!(outcome, Outcome::Gone | Outcome::InDoubt) {
            if let Some(opening) = self.lines.pop() {
                self.outbox.withdraw(&opening).await;
            }
            return;
        }
        let Some(cut_short) = delivery.cut_short().filter(|_| outcome == Outcome::Cancelled) else { return };
        for _ in 0..CLEARED_UP {
            let Err(SendError::Wait(wait)) = self.edit(cut_short.clone()).await else { return };
            self.clock.until(self.clock.elapsed() + wait).await;
        }
    }

    /// The line sent last changes no more.
    async fn settle(&self) {
        if let Some(posted) = self.lines.last() {
            self.outbox.settled(posted).await;
        }
    }

    async fn in_time<T>(&self, done: impl Future<Output = Result<T, SendError>>) -> Result<T, SendError> {
        let late = self.clock.elapsed() + LONGEST_SEND;
        tokio::select! {
            biased;
            done = done => done,
            () = self.clock.until(late) => Err(SendError::InDoubt),
        }
    }

    /// How long to wait before the same again, or how the delivery ends.
    fn trouble(&mut self, error: &SendError, grows: bool) -> Result<Duration, Outcome> {
        match error {
            SendError::Gone => Err(Outcome::Gone),
            SendError::Refused(_) => Err(Outcome::Refused),
            SendError::InDoubt => Err(Outcome::InDoubt),
            SendError::Wait(wait) => {
                self.waited += if grows { Duration::ZERO } else { *wait };
                if self.waited > LONGEST_WAIT { Err(Outcome::Late) } else { Ok(*wait) }
            }
        }
    }
}
