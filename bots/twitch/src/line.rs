//! Takes one line of IRC, gives its parts. Knows nothing of what they mean. Borrows everything: most lines call nobody.

use std::borrow::Cow;

/// One line, without its end.
#[derive(Clone)]
pub struct Line<'a> {
    tags: Vec<(&'a str, &'a str)>,
    /// Who sent it: the nick, or the server's name.
    pub from: &'a str,
    /// Upper case as Twitch writes it, or three digits.
    pub command: &'a str,
    /// What stands between the command and the text.
    pub middle: &'a str,
    /// What stands behind the colon, or last.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// `None` when there is no command. Everything else is taken as it is: a broken tag must not lose a line.
    #[must_use]
    pub fn parse(line: &'a str) -> Option<Self> {
        let (tags, rest) = match line.strip_prefix('@') {
            Some(tagged) => tagged.split_once(' ')?,
            None => ("", line),
        };
        let rest = rest.trim_start_matches(' ');
        let (from, rest) = match rest.strip_prefix(':') {
            Some(prefixed) => prefixed.split_once(' ')?,
            None => ("", rest),
        };
        let rest = rest.trim_start_matches(' ');
        let (command, params) = rest.split_once(' ').unwrap_or((rest, ""));
        let (middle, text) = match params.strip_prefix(':') {
            Some(text) => ("", text),
            // A text of one word may stand without its colon.
            None => params.split_once(" :").or_else(|| params.trim_end().rsplit_once(' ')).unwrap_or((params, "")),
        };
        let is_command = !command.is_empty() && command.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let from = from.split_once('!').map_or(from, |(nick, _)| nick);
        let tags = tags.split(';').filter(|tag| !tag.is_empty()).map(pair).collect();
        is_command.then_some(Self { tags, from, command, middle: middle.trim(), text })
    }

    /// The channel without its `#`; empty when there is none.
    #[must_use]
    pub fn channel(&self) -> &'a str {
        let channel = self.middle.split(' ').find_map(|param| param.strip_prefix('#'));
        // `JOIN :#channel` puts it behind the colon.
        channel.or_else(|| self.text.strip_prefix('#').filter(|_| self.middle.is_empty())).unwrap_or_default()
    }

    /// A tag as it stands on the wire. `None` when it is missing or empty. Of several, the last counts.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.tags.iter().rev().find(|(tag, _)| *tag == name).map(|(_, value)| *value).filter(|value| !value.is_empty())
    }

    /// A tag, read.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(unescaped)
    }

    /// A tag that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.raw(name)?.parse().ok()
    }

    /// Whether a tag says `1` or `true`.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        matches!(self.raw(name), Some("1" | "true"))
    }

    /// Whether a list such as `badges=moderator/1,subscriber/12` has an entry.
    #[must_use]
    pub fn has(&self, list: &str, entry: &str) -> bool {
        let mut entries = self.raw(list).unwrap_or_default().split(',');
        entries.any(|found| found.split_once('/').map_or(found, |(name, _)| name) == entry)
    }
}

fn pair(tag: &str) -> (&str, &str) {
    tag.split_once('=').unwrap_or((tag, ""))
}

/// Tag values: `\s` is a space, `\:` a semicolon, `\\` itself; a lone `\` goes.
fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut read = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(':') => read.push(';'),
                Some('s') => read.push(' '),
                Some('r') => read.push('\r'),
                Some('n') => read.push('\n'),
                Some(other) => read.push(other),
                None => {}
            },
            other => read.push(other),
        }
    }
    Cow::Owned(read)
}

/// Prints neither text nor names.
impl std::fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.text.len();
        f.debug_struct("Line")
            .field("command", &self.command)
            .field("tags", &self.tags.len())
            .field("bytes", &bytes)
            .finish()
    }
}
