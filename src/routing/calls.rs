//! Takes a text in NFC, gives the calls written in it. Knows nothing of accounts, replies and money.
//!
//! A name calls when it is a word of its own (another script's letter before it ends that script's word) and
//!
//! - stands behind `@`, unless it is the beginning of a longer handle (`@omar_tv`), or
//! - has an ending that calls ([`super::suffix`]), or
//! - leads its line, behind nothing but greetings and other calls: `홍차, ...`, `hey omar ...`, `Omar: ...`, or
//! - ends a question behind a comma: `what now, omar?`.
//!
//! Everywhere else a name is talked about. Quoted lines (`> ...`) and links call nobody.

use std::ops::Range;

use super::{
    names::{Names, starts_with},
    script::{Script, ends, joined, script},
    suffix::{self, Stand},
};
use crate::chat::PersonaId;

/// One call in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub persona: PersonaId,
    /// The bytes of `@`, name and ending.
    pub at: Range<usize>,
    /// Only greetings and other calls stand before it on its line.
    pub leads: bool,
    /// Written with `@`.
    pub is_mention: bool,
}

const GREETINGS: [&str; 26] = [
    "hey",
    "hi",
    "hello",
    "yo",
    "ok",
    "okay",
    "dear",
    "so",
    "well",
    "and",
    "안녕하세요",
    "안녕",
    "저기요",
    "저기",
    "헤이",
    "하이",
    "있잖아",
    "야",
    "그리고",
    "こんにちは",
    "おはよう",
    "あのね",
    "ねえ",
    "ねぇ",
    "やあ",
    "あの",
];
/// Behind a name at the beginning of a line that asks nothing, these tell of somebody.
const TELLS: [&str; 12] =
    ["is", "was", "has", "had", "and", "isn't", "wasn't", "said", "says", "thinks", "seems", "looks"];
const NOT_BEFORE: [char; 11] = ['_', '-', '/', '\\', '#', '=', ':', '\'', '’', '+', '@'];

/// The calls in a text, in its order.
pub(super) fn find(text: &str, names: &Names) -> Vec<Found> {
    if !names.occur_in(text) {
        return Vec::new();
    }
    let mut scan = Scan { text, names, at: 0, previous: None, leads: true, found: Vec::new() };
    while scan.at < text.len() {
        scan.step();
    }
    scan.found
}

struct Scan<'a> {
    text: &'a str,
    names: &'a Names,
    at: usize,
    previous: Option<char>,
    leads: bool,
    found: Vec<Found>,
}

impl Scan<'_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return };
        let begins = self.previous.is_none_or(|previous| !joined(previous, first));
        let found = begins.then(|| self.call(rest, first)).flatten();
        let length = if let Some(length) = self.unread(rest, begins) {
            length
        } else if let Some(found) = found {
            let length = found.at.len();
            self.found.push(found);
            length
        } else if self.leads && begins && script(first).is_some() {
            let greeting = GREETINGS.iter().find_map(|word| begins_with_word(rest, word));
            self.leads = greeting.is_some();
            greeting.unwrap_or(first.len_utf8())
        } else {
            self.leads = first == '\n' || (self.leads && script(first).is_none());
            first.len_utf8()
        };
        self.previous = rest[..length].chars().next_back();
        self.at += length;
    }

    /// The length of a link, or of a quoted line up to its end.
    fn unread(&self, rest: &str, begins: bool) -> Option<usize> {
        let quoted = self.previous.is_none_or(|previous| previous == '\n')
            && (rest.starts_with("> ") || rest.starts_with(">>> "));
        let linked = begins && ["http://", "https://", "www."].iter().any(|scheme| starts_with(rest, scheme).is_some());
        // Looked for only where one stands: everywhere, a long word would cost its length squared.
        let end = || if quoted { rest.find('\n') } else { rest.find(char::is_whitespace) };
        (quoted || linked).then(|| end().unwrap_or(rest.len()))
    }

    fn call(&self, rest: &str, first: char) -> Option<Found> {
        let is_mention = matches!(first, '@' | '＠');
        if self.previous.is_some_and(|previous| self.blocked(previous, is_mention)) {
            return None;
        }
        let mark = if is_mention { first.len_utf8() } else { 0 };
        let named = self.names.at(self.text, self.at + mark);
        let (persona, length) = named.into_iter().find_map(|(length, persona)| {
            let (name, after) = rest[mark..].split_at(length);
            let stand = self.stand(name)?;
            let ending = if is_mention { suffix::mentioning(after, stand) } else { calling(after, stand) };
            ending.map(|ending| (persona, mark + length + ending))
        })?;
        let at = self.at..self.at + length;
        Some(Found { persona: persona.clone(), at, leads: self.leads, is_mention })
    }

    fn blocked(&self, previous: char, is_mention: bool) -> bool {
        let host = || self.text[..self.at].trim_end_matches('.').ends_with(|c: char| c.is_ascii_alphanumeric());
        NOT_BEFORE.contains(&previous) || (is_mention && script(previous).is_some()) || (previous == '.' && host())
    }

    fn stand<'a>(&'a self, name: &str) -> Option<Stand<'a>> {
        let before = &self.text[..self.at];
        let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        Some(Stand { before: line, last: name.chars().next_back()?, leads: self.leads })
    }
}

fn calling(after: &str, stand: Stand<'_>) -> Option<usize> {
    suffix::calling(after, stand).or_else(|| bare(after, stand).then_some(0))
}

/// Whether a name without an ending calls.
fn bare(after: &str, stand: Stand<'_>) -> bool {
    let alone = ends(stand.last, after) && after.chars().next().is_none_or(|next| script(next).is_none());
    let line = after.split('\n').next().unwrap_or_default();
    let tells = || {
        let word = line.split_whitespace().next().unwrap_or_default().to_lowercase();
        line.starts_with(' ') && TELLS.contains(&word.as_str()) && !line.contains(['?', '？'])
    };
    let asked = script(stand.last) == Some(Script::Alphabet)
        && stand.before.trim_end().ends_with(',')
        && after.trim_start().starts_with(['?', '？']);
    alone && (asked || (stand.leads && !tells()))
}

fn begins_with_word(rest: &str, word: &str) -> Option<usize> {
    let length = starts_with(rest, word)?;
    ends(word.chars().next_back()?, &rest[length..]).then_some(length)
}
