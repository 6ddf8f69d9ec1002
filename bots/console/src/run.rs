//! Takes an input, gives its lines to the fleet until it ends. Knows nothing of what a line means.

use std::{future::Future, io, pin::Pin, sync::Arc};

use async_trait::async_trait;
use lovelm::{chat::ChatEvent, clock::Clock};
use tokio::{io::AsyncBufRead, task::JoinSet};

use crate::{
    console::Console,
    lines::{LONGEST_LINE, Line, Lines},
    session::{Session, Step},
};

/// Lines of a keyboard that may be in work at once. Beyond, reading waits.
const MOST_IN_WORK: usize = 32;
/// The built-in scene, line by line, each as `name: words`.
const SCENE: [&str; 3] = ["console-scene-1", "console-scene-2", "console-scene-3"];

/// Who hears the lines: the fleet.
#[async_trait]
pub trait Ear: Send + Sync {
    /// Takes an event in. Events are heard in the order of the calls.
    async fn hear(&self, event: ChatEvent) -> Receipt;
}

/// Ends when everything that an event caused has been delivered.
pub type Receipt = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A sentence of the locale files, by its key and variables.
pub type Say = Arc<dyn Fn(&str, &[(&str, String)]) -> String + Send + Sync>;

/// Somebody at a console.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "nothing in it can be printed")]
pub struct Seat<'a> {
    pub console: &'a Console,
    pub ear: &'a dyn Ear,
    pub clock: &'a dyn Clock,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Lines that were read, empty and refused ones included.
    pub lines: usize,
    /// Lines that were refused: not UTF-8, or too long.
    pub refused: usize,
    /// Whether the built-in scene was played, because there was no line.
    pub scene: bool,
}

/// Somebody types on a terminal that shows what is typed: lines are heard at once, whatever is still being answered. Ends
/// with `/quit`, the end of the input or `shutdown`; in the first two cases behind the last answer.
///
/// # Errors
/// The input's own.
pub async fn chat(
    seat: Seat<'_>,
    session: Session,
    input: impl AsyncBufRead + Unpin,
    shutdown: impl Future<Output = ()>,
) -> io::Result<Ended> {
    let mut work = JoinSet::new();
    let mut talk = Talk { seat, session, ended: Ended::default() };
    let ended = tokio::select! {
        biased;
        () = shutdown => Ok(()),
        ended = talk.converse(input, &mut work) => ended,
    };
    // What is being answered is the fleet's to end.
    work.detach_all();
    ended.map(|()| talk.ended)
}

/// Lines come from a file or a program: each is answered before the next is read, and the end of the input is the end. An
/// input without a line plays the built-in scene. A line that cannot be read is noted with its number and skipped.
///
/// # Errors
/// The input's own.
pub async fn pipe(
    seat: Seat<'_>,
    session: Session,
    input: impl AsyncBufRead + Unpin,
    shutdown: impl Future<Output = ()>,
) -> io::Result<Ended> {
    let mut talk = Talk { seat, session, ended: Ended::default() };
    let ended = tokio::select! {
        biased;
        () = shutdown => Ok(()),
        ended = talk.recite(input) => ended,
    };
    ended.map(|()| talk.ended)
}

struct Talk<'a> {
    seat: Seat<'a>,
    session: Session,
    ended: Ended,
}

impl Talk<'_> {
    async fn converse(&mut self, input: impl AsyncBufRead + Unpin, work: &mut JoinSet<()>) -> io::Result<()> {
        let mut lines = Lines::of(input);
        loop {
            tokio::select! {
                line = lines.next(), if work.len() < MOST_IN_WORK => {
                    let Some(line) = line? else { break };
                    self.seat.console.typed().await;
                    match self.step(line, lines.number()).await {
                        Some(Step::Hear(event)) => {
                            work.spawn(self.seat.ear.hear(*event).await);
                        }
                        Some(Step::Quit) => break,
                        _ => {}
                    }
                }
                Some(_) = work.join_next() => {}
            }
        }
        while work.join_next().await.is_some() {}
        Ok(())
    }

    async fn recite(&mut self, input: impl AsyncBufRead + Unpin) -> io::Result<()> {
        let mut lines = Lines::of(input);
        while let Some(line) = lines.next().await? {
            match self.step(line, lines.number()).await {
                Some(Step::Hear(event)) => self.answer(*event).await,
                Some(Step::Quit) => return Ok(()),
                _ => {}
            }
            if self.seat.console.is_gone().await {
                return Ok(());
            }
        }
        if self.ended.lines == 0 {
            self.play().await;
        }
        Ok(())
    }

    /// Shows how it goes when nobody says anything.
    async fn play(&mut self) {
        self.ended.scene = true;
        self.seat.console.tell(&self.seat.console.say("console-scene", &[])).await;
        for key in SCENE {
            let line = self.seat.console.say(key, &[]);
            let (viewer, words) = line.split_once(": ").unwrap_or(("", &line));
            self.seat.console.tell(&line).await;
            self.session.speak_as(viewer);
            if let Step::Hear(event) = self.session.read(words, self.seat.clock.wall()) {
                self.answer(*event).await;
            }
        }
    }

    async fn answer(&self, event: ChatEvent) {
        self.seat.ear.hear(event).await.await;
    }

    /// What a line asks of the caller; what only concerns the console is done.
    async fn step(&mut self, line: Line, number: usize) -> Option<Step> {
        self.ended.lines += 1;
        let step = match line {
            Line::Text(text) => self.session.read(&text, self.seat.clock.wall()),
            Line::NotText => self.refuse("console-line-not-text", number, vec![]),
            Line::TooLong => {
                self.refuse("console-line-too-long", number, vec![("limit", (LONGEST_LINE / 1024).to_string())])
            }
        };
        if let Step::Say((key, args)) = &step {
            self.seat.console.note(&self.seat.console.say(key, args)).await;
            return None;
        }
        Some(step)
    }

    fn refuse(&mut self, key: &'static str, number: usize, mut args: Vec<(&'static str, String)>) -> Step {
        self.ended.refused += 1;
        args.push(("line", number.to_string()));
        Step::Say((key, args))
    }
}
