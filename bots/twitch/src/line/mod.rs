//! Takes one line of IRC, gives its parts. Knows nothing of what they mean. Borrows everything: most lines concern nobody.

mod tags;

use std::borrow::Cow;

pub(crate) use self::tags::Tag;
use self::tags::{Places, position};

/// One line, without its end.
#[derive(Clone)]
pub struct Line<'a> {
    whole: &'a str,
    places: Places,
    /// Where the tags end.
    tagged: usize,
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
        let mut places = Places::NONE;
        let tagged = if line.starts_with('@') { places.find(line.as_bytes())? } else { 0 };
        let rest = trimmed(&line[tagged..]);
        let (from, rest) = match rest.strip_prefix(':') {
            Some(prefixed) => split(prefixed, b' ')?,
            None => ("", rest),
        };
        let rest = trimmed(rest);
        let (command, params) = split(rest, b' ').unwrap_or((rest, ""));
        let (middle, text) = match params.strip_prefix(':') {
            Some(text) => ("", text),
            // A text of one word may stand without its colon.
            None => behind_colon(params).or_else(|| params.trim_end().rsplit_once(' ')).unwrap_or((params, "")),
        };
        let is_command = !command.is_empty() && command.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let from = split(from, b'!').map_or(from, |(nick, _)| nick);
        is_command.then_some(Self { whole: line, places, tagged, from, command, middle: middle.trim(), text })
    }

    /// The channel without its `#`; empty when there is none.
    #[must_use]
    pub fn channel(&self) -> &'a str {
        if let Some(channel) = self.middle.strip_prefix('#').filter(|channel| !channel.contains(' ')) {
            return channel;
        }
        let channel = self.middle.split(' ').find_map(|param| param.strip_prefix('#'));
        // `JOIN :#channel` puts it behind the colon.
        channel.or_else(|| self.text.strip_prefix('#').filter(|_| self.middle.is_empty())).unwrap_or_default()
    }

    /// A tag as it stands on the wire. `None` when it is missing or empty. Of several, the last counts.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        let tags = self.whole.get(1..self.tagged).unwrap_or_default();
        let mut tags = tags.rsplit(';').map(|tag| tag.split_once('=').unwrap_or((tag, "")));
        tags.find(|(tag, _)| *tag == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    /// The same for one that is known, without looking for it.
    pub(crate) fn at(&self, tag: Tag) -> Option<&'a str> {
        self.whole.get(self.places.get(tag)).filter(|value| !value.is_empty())
    }

    /// A tag, read.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(unescaped)
    }

    /// The same for one that is known.
    pub(crate) fn words(&self, tag: Tag) -> Option<Cow<'a, str>> {
        self.at(tag).map(unescaped)
    }

    /// A tag that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.raw(name)?.parse().ok()
    }

    /// The same for one that is known.
    pub(crate) fn count(&self, tag: Tag) -> Option<u64> {
        self.at(tag)?.parse().ok()
    }

    /// Whether a tag says `1` or `true`.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        matches!(self.raw(name), Some("1" | "true"))
    }

    /// The same for one that is known.
    pub(crate) fn says(&self, tag: Tag) -> bool {
        matches!(self.at(tag), Some("1" | "true"))
    }

    /// Whether the line was written in the room in which it was heard: a shared chat repeats it in the others.
    pub(crate) fn is_at_home(&self) -> bool {
        let source = self.at(Tag::SourceRoom);
        source.is_none() || source == self.at(Tag::RoomId)
    }

    /// Whether whoever wrote it moderates the room, or owns it.
    pub(crate) fn is_moderators(&self) -> bool {
        let is_one = |badge| matches!(badge, "broadcaster" | "moderator" | "lead_moderator");
        self.says(Tag::Mod) || self.badges().any(is_one)
    }

    /// The badges that somebody wears, without their versions.
    pub(crate) fn badges(&self) -> impl Iterator<Item = &'a str> {
        let badges = self.at(Tag::Badges).into_iter().flat_map(|badges| badges.split(','));
        badges.map(|badge| split(badge, b'/').map_or(badge, |(name, _)| name))
    }
}

/// Without the spaces in front.
fn trimmed(mut text: &str) -> &str {
    while let Some(rest) = text.strip_prefix(' ') {
        text = rest;
    }
    text
}

/// What stands before an ASCII sign, and what stands behind it.
fn split(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = position(text.as_bytes(), sign)?;
    Some((&text[..at], &text[at + 1..]))
}

/// What stands before the first colon behind a space, and what stands behind it.
fn behind_colon(params: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let colon = from + position(&params.as_bytes()[from..], b':')?;
        if let Some(middle) = params[..colon].strip_suffix(' ') {
            return Some((middle, &params[colon + 1..]));
        }
        from = colon + 1;
    }
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
            .field("tag_bytes", &self.tagged)
            .field("bytes", &bytes)
            .finish()
    }
}
