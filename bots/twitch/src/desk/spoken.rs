//! Takes any text, gives one line that Twitch shows and never obeys. Knows nothing of channels.

use lovelm::chat::MessageId;
use twitch_irc::message::{AsRawIRC as _, IRCMessage, IRCTags};

/// Characters that [`Spoken::varied`] may add.
pub(crate) const VARIATION: usize = 4;
/// Different ways to say the same, itself included: up to three of these marks behind it.
pub(super) const VARIATIONS: usize = 1 + 3 + 9 + 27;
const MARKS: [char; 3] = ['·', '‥', '•'];

/// One line: no control character, no command mark in front, no longer than it may be.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Spoken(String);

impl Spoken {
    /// At most `most` characters of the text. `None` when nothing of it is left.
    pub(crate) fn of(text: &str, most: usize) -> Option<Self> {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let line: String = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut chars = line.chars();
        let first = match chars.next()? {
            '/' => '／',
            '.' => '．',
            other => other,
        };
        let line: String = std::iter::once(first).chain(chars).take(most.max(1)).collect();
        Some(Self(line.trim_end().to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for a reader, another for a filter of repeated lines; as it is at turn 0 of [`VARIATIONS`].
    pub(super) fn varied(&self, turn: usize) -> Self {
        if turn == 0 {
            return self.clone();
        }
        // Numbers without a zero: the three marks, then all pairs, then all triples.
        let (mut rest, mut marks) = (turn, String::new());
        while rest > 0 {
            marks.push(MARKS[(rest - 1) % 3]);
            rest = (rest - 1) / 3;
        }
        Self(format!("{} {marks}", self.0))
    }

    /// As it goes over the wire, without the line's end.
    pub(crate) fn privmsg(&self, channel: &str, reply: Option<&MessageId>) -> String {
        let mut tags = IRCTags::new();
        if let Some(id) = reply {
            tags.0.insert("reply-parent-msg-id".to_owned(), id.as_str().to_owned());
        }
        let params = vec![format!("#{channel}"), self.0.clone()];
        IRCMessage::new(tags, None, "PRIVMSG".to_owned(), params).as_raw_irc()
    }
}

impl std::fmt::Debug for Spoken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spoken({} bytes)", self.0.len())
    }
}
