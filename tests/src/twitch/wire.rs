//! Lines of IRC with tags, as Twitch writes them: <https://ircv3.net/specs/extensions/message-tags>.

use std::{collections::BTreeMap, fmt};

/// The tags of a line, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and words are written as they are")]
    pub fn set(mut self, name: &str, value: impl ToString) -> Self {
        self.0.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// Reads what stands between `@` and the first space.
    fn read(text: &str) -> Self {
        let tags = text.split(';').filter(|tag| !tag.is_empty()).map(|tag| {
            let (name, value) = tag.split_once('=').unwrap_or((tag, ""));
            (name.to_owned(), unescape(value))
        });
        Self(tags.collect())
    }
}

impl fmt::Display for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}{name}={}", if index == 0 { "@" } else { ";" }, escape(value))?;
        }
        if self.0.is_empty() { Ok(()) } else { f.write_str(" ") }
    }
}

fn escape(value: &str) -> String {
    value.chars().fold(String::with_capacity(value.len()), |mut escaped, c| {
        match c {
            ';' => escaped.push_str("\\:"),
            ' ' => escaped.push_str("\\s"),
            '\\' => escaped.push_str("\\\\"),
            '\r' => escaped.push_str("\\r"),
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
        escaped
    })
}

fn unescape(value: &str) -> String {
    let mut chars = value.chars();
    let mut plain = String::with_capacity(value.len());
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some(':')) => plain.push(';'),
            ('\\', Some('s')) => plain.push(' '),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some(other)) => plain.push(other),
            ('\\', None) => {}
            (c, _) => plain.push(c),
        }
    }
    plain
}

/// A line, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub tags: Tags,
    /// What stands behind the colon before the command.
    pub prefix: Option<String>,
    pub command: String,
    pub params: Vec<String>,
}

impl Line {
    /// Reads a line without its end.
    pub fn read(text: &str) -> Self {
        let (tags, text) = match text.strip_prefix('@') {
            Some(text) => text.split_once(' ').map_or((Tags::read(text), ""), |(tags, rest)| (Tags::read(tags), rest)),
            None => (Tags::default(), text),
        };
        let text = text.trim_start_matches(' ');
        let (prefix, text) = match text.strip_prefix(':') {
            Some(text) => text.split_once(' ').map_or((Some(text), ""), |(prefix, rest)| (Some(prefix), rest)),
            None => (None, text),
        };
        let (head, last) = text.split_once(" :").map_or((text, None), |(head, last)| (head, Some(last)));
        let mut words = head.split(' ').filter(|word| !word.is_empty()).map(str::to_owned);
        let command = words.next().unwrap_or_default().to_ascii_uppercase();
        let params = words.chain(last.map(str::to_owned)).collect();
        Self { tags, prefix: prefix.map(str::to_owned), command, params }
    }

    /// One of its parameters, or nothing.
    pub fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }
}
