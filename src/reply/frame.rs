//! Takes text, gives the lines of a platform. Knows nothing of time.

use super::{neutral::neutral, split::cut};
use crate::chat::{Manner, Offer, Outgoing, Platform};

/// What an answer has to fit into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    platform: Platform,
    manner: Manner,
    tag: String,
    more: String,
    opening: String,
    offer: Offer,
}

/// Text in lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidOut {
    pub lines: Vec<Outgoing>,
    /// What the platform's lines had no room for, as it came.
    pub rest: Option<String>,
}

/// One line, and how much of the text it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub text: Outgoing,
    /// Bytes of the text.
    pub taken: usize,
    /// Whether text is left behind it, so that the line is as it will be.
    pub full: bool,
}

impl Frame {
    #[must_use]
    pub fn new(platform: Platform, manner: Manner) -> Self {
        let (tag, more, opening) = (String::new(), String::new(), String::new());
        Self { platform, manner, tag, more, opening, offer: Offer::Nothing }
    }

    /// With words of ours at the end of the first line, such as the notice that an AI speaks.
    #[must_use]
    pub fn tagged(self, tag: &str) -> Self {
        Self { tag: behind(self.platform, tag), ..self }
    }

    /// With words of ours at the end of the last line when more is left than the lines hold.
    #[must_use]
    pub fn pointing_to_more(self, more: &str) -> Self {
        Self { more: behind(self.platform, more), ..self }
    }

    /// With words of ours that stand for the answer until it begins, and what is offered at its end. Until then it can be
    /// cancelled.
    #[must_use]
    pub fn opening_with(self, opening: &str, offer: Offer) -> Self {
        Self { opening: neutral(self.platform, opening), offer, ..self }
    }

    /// What stands for the answer until it begins.
    pub(super) fn opening(&self) -> Option<Outgoing> {
        (!self.opening.is_empty()).then(|| Outgoing::new(self.opening.clone()).offering(Offer::Cancel))
    }

    /// What is offered with a line, by whether it is as it will be and whether another follows.
    pub(super) fn offer(&self, is_last_form: bool, goes_on: bool) -> Offer {
        match (self.offer, is_last_form, goes_on) {
            (Offer::Nothing, ..) | (_, true, true) => Offer::Nothing,
            (offer, true, false) => offer,
            (_, false, _) => Offer::Cancel,
        }
    }

    #[must_use]
    pub fn manner(&self) -> Manner {
        self.manner
    }

    /// An answer that is complete: at most [`Manner::max_lines`] lines, the rest for `more`.
    #[must_use]
    pub fn lay_out(&self, text: &str) -> LaidOut {
        let mut lines = Vec::new();
        let mut at = 0;
        while lines.len() < self.manner.max_lines
            && let Some(line) = self.line(lines.len(), &text[at..])
        {
            at += line.taken;
            lines.push(line.text);
        }
        LaidOut { lines, rest: self.rest(&text[at..]) }
    }

    /// A sentence of ours, which may name people and quote them: in as many lines as it takes.
    #[must_use]
    pub fn own(&self, text: &str) -> Vec<Outgoing> {
        self.plain().lay_out(text).lines
    }

    /// The frame of a sentence of ours: as many lines as it takes, nothing added.
    pub(super) fn plain(&self) -> Self {
        Self::new(self.platform, Manner { max_lines: usize::MAX, ..self.manner })
    }

    /// What waits for `more`: nothing when nothing of it can be seen.
    pub(super) fn rest(&self, text: &str) -> Option<String> {
        (!neutral(self.platform, text).is_empty()).then(|| text.trim().to_owned())
    }

    /// The line number `index` of an answer of which `text` is left; `None` when nothing of it can be seen.
    pub(super) fn line(&self, index: usize, text: &str) -> Option<Line> {
        let most = self.manner.max_chars.max(1);
        let is_last = index + 1 >= self.manner.max_lines;
        let whole = behind_answer("", if index == 0 { &self.tag } else { "" }, most);
        let part = behind_answer(&whole, if is_last { &self.more } else { "" }, most);
        // What is far over the limit cannot fit. Were it mostly invisible, it would take more lines, no more.
        if text.chars().nth(most * 4).is_none() {
            let shown = neutral(self.platform, text);
            if shown.is_empty() {
                return None;
            }
            if shown.chars().count() + whole.chars().count() <= most {
                return Some(Line { text: Outgoing::new(shown + &whole), taken: text.len(), full: false });
            }
        }
        let (shown, taken) = self.part(text, most - part.chars().count())?;
        Some(Line { text: Outgoing::new(shown + &part), taken, full: true })
    }

    /// The longest good beginning that fits into `room` when it is neutral (a sign made harmless may take more room than it
    /// had), and the bytes it takes of the text.
    fn part(&self, text: &str, room: usize) -> Option<(String, usize)> {
        let mut start = 0;
        let mut most = room;
        while start < text.len() {
            let (head, rest) = cut(&text[start..], most);
            let taken = text.trim_end().len().max(start) - rest.len();
            let shown = neutral(self.platform, head);
            let length = shown.chars().count();
            if length > room && most > 1 {
                most = (most * room / length).min(most - 1).max(1);
            } else if length > 0 {
                return Some((shown.chars().take(room).collect(), taken));
            } else if rest.is_empty() {
                return None;
            } else {
                (start, most) = (taken, room);
            }
        }
        None
    }
}

/// Words of ours, with more of them as long as the answer keeps half of its line. A part of an answer never has more room
/// than the whole would have: else it could be the whole, and be told to go on.
fn behind_answer(words: &str, more: &str, most: usize) -> String {
    let longer = format!("{words}{more}");
    if longer.chars().count() * 2 <= most { longer } else { words.to_owned() }
}

/// Words behind an answer, with the space in front of them.
fn behind(platform: Platform, words: &str) -> String {
    // They begin no line, so a mark in front of them is harmless: `!more`.
    let line = neutral(platform, &format!("…{words}"));
    let words = line.strip_prefix('…').unwrap_or_default().trim();
    if words.is_empty() { String::new() } else { format!(" {words}") }
}
