//! Takes the time and the answer so far, gives what is to be posted or changed now. Pure. Knows no outbox.

use std::time::Duration;

use super::frame::{Frame, Line};
use crate::chat::Outgoing;

/// What to do about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Begin a new line.
    Send(Outgoing),
    /// Change the line sent last.
    Edit(Outgoing),
    /// Ask again at this time, or when there is more text.
    Wait(Duration),
    /// Ask again when there is more text.
    Nothing,
    /// All that will be shown is shown.
    Done,
}

/// Lines on their way out, one after the other: each grows by edits, is brought to its last form, and changes no more.
///
/// Of the edits an answer may take one is always kept for the last form of the line that is growing. When they are used up,
/// further lines are sent whole. Without edits, every line is. Where the frame has an opening, it is the first form of the first
/// line.
#[derive(Clone, Debug)]
pub struct Delivery {
    frame: Frame,
    /// Bytes of the text in lines that change no more.
    closed: usize,
    lines: usize,
    /// The line that grows: its form as shown, and the bytes of the text in it.
    growing: Option<(Outgoing, usize)>,
    edits: u32,
    /// When something was last posted or changed.
    last: Option<Duration>,
    /// Before this the platform wants nothing.
    held: Duration,
    /// Before this nothing could be done about what grows, so it is not laid out.
    due: Duration,
    proposed: Option<Line>,
}

impl Delivery {
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        let (held, due) = (Duration::ZERO, Duration::ZERO);
        Self { frame, closed: 0, lines: 0, growing: None, edits: 0, last: None, held, due, proposed: None }
    }

    /// What to do at `now`, when the answer is `text` so far (each text begins with the one before) and `ended` says that no
    /// more comes. After `Send` and `Edit`, [`Delivery::shown`] or [`Delivery::hold`] says what became of it.
    pub fn act(&mut self, now: Duration, text: &str, ended: bool) -> Act {
        if let Some(opening) = self.frame.opening().filter(|_| self.lines == 0 && !ended) {
            return if now < self.held { Act::Wait(self.held) } else { self.open(opening) };
        }
        if now < self.due && !ended {
            return Act::Wait(self.due);
        }
        loop {
            let index = self.lines - usize::from(self.growing.is_some());
            let left = text.get(self.closed..).unwrap_or_default();
            let next = (index < self.frame.manner().max_lines).then(|| self.frame.line(index, left)).flatten();
            let Some(mut line) = next else { return if ended { Act::Done } else { Act::Nothing } };
            let goes_on = line.full && index + 1 < self.frame.manner().max_lines;
            line.text = line.text.offering(self.frame.offer(line.full || ended, goes_on));
            match &self.growing {
                Some((shown, _)) if *shown == line.text && line.full => self.close(line.taken),
                Some((shown, _)) if *shown == line.text => {
                    self.growing = Some((line.text, line.taken));
                    return if ended { Act::Done } else { Act::Nothing };
                }
                _ => return self.propose(now, line, ended),
            }
        }
    }

    /// What was proposed last is shown since `now`.
    pub fn shown(&mut self, now: Duration) {
        let Some(line) = self.proposed.take() else { return };
        self.last = Some(now);
        self.due = now + self.gap(true);
        if self.growing.is_some() {
            self.edits += 1;
        } else {
            self.lines += 1;
        }
        if line.full {
            self.close(line.taken);
        } else {
            self.growing = Some((line.text, line.taken));
        }
    }

    /// What was proposed last was not shown, and the platform wants nothing before `until`.
    pub fn hold(&mut self, until: Duration) {
        self.proposed = None;
        self.held = self.held.max(until);
        self.due = self.held;
    }

    /// The bytes of the text that are shown.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.closed + self.growing.as_ref().map_or(0, |(_, taken)| *taken)
    }

    /// The line that grows as it stands, for an answer that goes no further. `None` when nothing of it is shown.
    #[must_use]
    pub fn cut_short(&self) -> Option<Outgoing> {
        let (shown, _) = self.growing.as_ref().filter(|(_, taken)| *taken > 0)?;
        let offer = self.frame.offer(true, false);
        (shown.offer() != offer).then(|| shown.clone().offering(offer))
    }

    /// Whether all that is shown stands for an answer that has not begun.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.taken() == 0 && self.growing.is_some()
    }

    /// What of `text` is left for `more`.
    #[must_use]
    pub fn rest(&self, text: &str) -> Option<String> {
        self.frame.rest(text.get(self.taken()..).unwrap_or_default())
    }

    fn open(&mut self, opening: Outgoing) -> Act {
        self.proposed = Some(Line { text: opening.clone(), taken: 0, full: false });
        Act::Send(opening)
    }

    fn close(&mut self, taken: usize) {
        self.closed += taken;
        self.growing = None;
    }

    fn propose(&mut self, now: Duration, line: Line, ended: bool) -> Act {
        let last_form = line.full || ended;
        let changes = self.growing.is_some();
        // A line that is begun early takes one more edit at least.
        let spare = self.edits + 1 < self.most() || (!changes && self.edits < self.most());
        if !last_form && !(spare && (changes || worth_showing(line.text.as_str()))) {
            self.due = if spare { now } else { now + self.gap(true) };
            return Act::Nothing;
        }
        let free = self.last.map_or(self.held, |last| self.held.max(last + self.gap(last_form)));
        if now < free {
            // A line that is full by then goes sooner than one that grows.
            self.due = free.min(now + self.gap(true));
            return Act::Wait(free);
        }
        let text = line.text.clone();
        self.proposed = Some(line);
        if changes { Act::Edit(text) } else { Act::Send(text) }
    }

    fn most(&self) -> u32 {
        self.frame.manner().edits.map_or(0, |edits| edits.most)
    }

    /// The least time between two changes: the platform's; behind half of the edits longer from one to the next, so that
    /// they last for a long answer.
    fn gap(&self, last_form: bool) -> Duration {
        let every = self.frame.manner().edits.map_or(Duration::ZERO, |edits| edits.every);
        let stretch = if last_form { 0 } else { self.edits.saturating_sub(self.most() / 2).min(4) };
        every * 2_u32.pow(stretch)
    }
}

/// Whether a beginning says anything: one whole word, or some characters of a script without spaces.
fn worth_showing(text: &str) -> bool {
    text.trim_start().contains(char::is_whitespace) || text.chars().count() >= 8
}
