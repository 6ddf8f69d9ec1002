//! Takes the chunks of an engine, gives the text that is the answer. Knows nothing of platforms.

use super::{
    label::{self, Label},
    tag::{self, Seen, Tag},
};

/// Removes what is no answer while the answer grows: thoughts, template markers, the speaker's name in front of its words,
/// the asker's question said back, and everything behind the end of the turn. White space at the edges goes, three or more
/// line ends become two.
///
/// [`Polish::text`] only ever grows: what may yet turn out to be a tag or a label is held until it is known.
#[derive(Clone, Debug)]
pub struct Polish {
    names: Vec<String>,
    echo: Option<String>,
    raw: String,
    text: String,
    /// Bytes of `raw` that have been read.
    read: usize,
    /// White space that shows only when something comes behind it.
    gap: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    LineStart,
    /// Behind a label that was taken away, with the space that belongs to it.
    Labelled,
    InLine,
    Thought,
    /// Behind a marker that begins a turn: the role comes.
    Role,
    Over,
}

impl Polish {
    /// For a persona with these names. `question` is what the asker said: an answer that begins by repeating it loses it.
    #[must_use]
    pub fn new(names: Vec<String>, question: &str) -> Self {
        let question = question.trim();
        // Short questions are words that an answer may well begin with.
        let echo = (question.chars().count() >= 12).then(|| question.to_owned());
        Self {
            names: names.into_iter().filter(|name| !name.is_empty()).collect(),
            echo,
            raw: String::new(),
            text: String::new(),
            read: 0,
            gap: String::new(),
            state: State::LineStart,
        }
    }

    /// Reads on.
    pub fn push(&mut self, chunk: &str) {
        self.raw.push_str(chunk);
        self.advance(false);
    }

    /// No more comes: what was held is shown, or dropped where it is half a tag.
    pub fn finish(&mut self) {
        self.advance(true);
        self.state = State::Over;
    }

    /// The answer so far. Each text begins with the one before.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All that was pushed: what an engine continues behind.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Whether the turn is over, so that more chunks change nothing and the engine may be stopped.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    fn advance(&mut self, last: bool) {
        if self.echo.is_some() && !self.past_echo(last) {
            return;
        }
        while self.read < self.raw.len() && self.step(last) {}
    }

    /// Whether it is known that the answer does or does not begin with the question; in the first case it is skipped.
    fn past_echo(&mut self, last: bool) -> bool {
        let Some(echo) = &self.echo else { return true };
        let said = self.raw.trim_start();
        if said.len() < echo.len() && echo.starts_with(said) && !last {
            return false;
        }
        if let Some(behind) = said.strip_prefix(echo.as_str()) {
            self.read = self.raw.len() - behind.len();
        }
        self.echo = None;
        true
    }

    /// Reads one thing; `false` when more text is needed to know what it is.
    fn step(&mut self, last: bool) -> bool {
        match self.state {
            State::Over => self.read = self.raw.len(),
            State::Thought => return self.think(),
            State::Role => return self.role(last),
            State::Labelled => self.behind_label(),
            State::LineStart if !self.raw[self.read..].starts_with(no_label) => return self.line(last),
            State::LineStart | State::InLine => return self.speak(last),
        }
        true
    }

    fn think(&mut self) -> bool {
        let (length, ended) = tag::thought(&self.raw[self.read..]);
        self.read += length;
        if ended {
            self.state = State::LineStart;
        }
        ended
    }

    /// Skips `assistant` behind `<|im_start|>`.
    fn role(&mut self, last: bool) -> bool {
        let rest = &self.raw[self.read..];
        let word = rest.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        if word.len() == rest.len() && word.len() <= label::LONGEST_ROLE && !last {
            return false;
        }
        if label::is_role(word) {
            self.read += word.len();
        }
        self.state = State::LineStart;
        true
    }

    fn line(&mut self, last: bool) -> bool {
        match label::at_start(&self.raw[self.read..], &self.names) {
            Seen::Whole(Label::Asker, _) if !self.text.is_empty() => self.state = State::Over,
            Seen::Whole(_, length) => {
                self.read += length;
                self.state = State::Labelled;
            }
            Seen::Perhaps if !last => return false,
            Seen::Perhaps | Seen::Nothing => self.state = State::InLine,
        }
        true
    }

    fn behind_label(&mut self) {
        let rest = &self.raw[self.read..];
        let spoken = rest.trim_start_matches([' ', '\t']);
        self.read = self.raw.len() - spoken.len();
        if !spoken.is_empty() {
            self.state = State::LineStart;
        }
    }

    fn speak(&mut self, last: bool) -> bool {
        let rest = &self.raw[self.read..];
        let Some(first) = rest.chars().next() else { return false };
        let seen = if matches!(first, '<' | '[') { tag::at_start(rest) } else { Seen::Nothing };
        match seen {
            Seen::Whole(tag, length) => {
                self.read += length;
                self.meet(tag);
            }
            Seen::Perhaps if !last => return false,
            // Half a tag at the very end is the rest of a cut answer, a lone sign is not.
            Seen::Perhaps if first == '<' && rest.len() > 1 => self.read = self.raw.len(),
            Seen::Perhaps | Seen::Nothing => {
                self.read += first.len_utf8();
                self.show(first);
            }
        }
        true
    }

    fn meet(&mut self, tag: Tag) {
        self.state = match tag {
            Tag::Think => State::Thought,
            Tag::Mark => self.state,
            Tag::End | Tag::Turn if !self.text.is_empty() => State::Over,
            Tag::End => State::LineStart,
            Tag::Turn => State::Role,
        };
    }

    fn show(&mut self, c: char) {
        if c.is_whitespace() {
            if c == '\n' {
                self.state = State::LineStart;
                let ends = self.gap.matches('\n').count();
                self.gap = "\n".repeat((ends + 1).min(2));
            } else if c != '\r' && !self.text.is_empty() {
                self.gap.push(c);
            }
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(&self.gap);
        }
        self.gap.clear();
        self.text.push(c);
        self.state = State::InLine;
    }
}

/// Where no label can begin.
fn no_label(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '[')
}
