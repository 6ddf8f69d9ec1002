//! Takes what is said, gives what to print, so that answers never mix within a line. Pure. Knows no terminal.
//!
//! One answer at a time grows at the cursor. Others wait; one that is complete is printed whole, between the beginning and
//! the end of the one that grows: that one then goes on in a new line behind `…`.

/// Answers that may grow at once. Beyond, the oldest counts as complete.
const MOST_LINES: usize = 64;
/// Behind a line end within an answer, so that no answer can look like two speakers.
const INDENT: &str = "\n  ";

/// What stands on the screen and is not complete yet.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    lines: Vec<Line>,
    /// The line that grows at the cursor.
    cursor: Option<u64>,
    next: u64,
}

#[derive(Debug)]
struct Line {
    id: u64,
    speaker: String,
    text: String,
    printed: String,
}

impl Line {
    /// What brings the printed text up to date; from the start of a line unless the cursor is behind it.
    fn update(&mut self, at_cursor: bool) -> String {
        let suffix = self.text.strip_prefix(self.printed.as_str()).map(str::to_owned);
        let out = match suffix {
            Some(suffix) if at_cursor => suffix,
            Some(suffix) if suffix.is_empty() => suffix,
            Some(suffix) if !self.printed.is_empty() => format!("{}: … {}", self.speaker, suffix.trim_start()),
            _ => format!("{}{}: {}", if at_cursor { "\n" } else { "" }, self.speaker, self.text),
        };
        self.text.clone_into(&mut self.printed);
        out
    }
}

impl Screen {
    /// A new answer; its id, and what to print.
    pub(crate) fn begin(&mut self, speaker: &str, text: &str) -> (u64, String) {
        let mut out = String::new();
        while self.lines.len() >= MOST_LINES {
            let oldest = self.lines[0].id;
            out += &self.settle(oldest);
        }
        self.next += 1;
        let line = Line { id: self.next, speaker: speaker.to_owned(), text: indented(text), printed: String::new() };
        self.lines.push(line);
        (self.next, out + &self.show(self.next))
    }

    /// An answer has grown or changed; `None` when it is none that can.
    pub(crate) fn grow(&mut self, id: u64, text: &str) -> Option<String> {
        self.line(id)?.text = indented(text);
        Some(self.show(id))
    }

    /// An answer is complete.
    pub(crate) fn settle(&mut self, id: u64) -> String {
        let Some(at) = self.lines.iter().position(|line| line.id == id) else { return String::new() };
        let mut line = self.lines.remove(at);
        let at_cursor = self.cursor == Some(id);
        let mut out = if at_cursor { String::new() } else { self.leave() };
        let update = line.update(at_cursor);
        if at_cursor || !update.is_empty() {
            out += &update;
            out.push('\n');
        }
        self.cursor = None;
        // Who has waited longest goes on.
        if let Some(id) = self.lines.iter().find(|line| line.text != line.printed).map(|line| line.id) {
            out += &self.show(id);
        }
        out
    }

    /// Somebody ended the line at the cursor by typing one.
    pub(crate) fn ended(&mut self) {
        self.cursor = None;
    }

    /// A line of its own.
    pub(crate) fn say(&mut self, text: &str) -> String {
        self.leave() + text + "\n"
    }

    /// Everything that waits, and the end of the line.
    pub(crate) fn rest(&mut self) -> String {
        let ids: Vec<u64> = self.lines.iter().map(|line| line.id).collect();
        ids.into_iter().map(|id| self.settle(id)).collect()
    }

    /// Brings an answer up to date when the cursor is at it, or at none.
    fn show(&mut self, id: u64) -> String {
        let at_cursor = self.cursor == Some(id);
        if self.cursor.is_some() && !at_cursor {
            return String::new();
        }
        let out = self.line(id).map(|line| line.update(at_cursor)).unwrap_or_default();
        if !out.is_empty() {
            self.cursor = Some(id);
        }
        out
    }

    /// Ends the line at the cursor.
    fn leave(&mut self) -> String {
        if self.cursor.take().is_some() { "\n".to_owned() } else { String::new() }
    }

    fn line(&mut self, id: u64) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.id == id)
    }
}

fn indented(text: &str) -> String {
    text.replace('\n', INDENT)
}
