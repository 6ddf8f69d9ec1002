//! Text made the same where it reads the same.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{Normal, hangul};

/// Marks that one letter may carry; the rest of a heap is dropped.
const MARKS: usize = 4;

/// The text as it may be shown and kept: NFC, without invisible and control characters (joiners inside emoji and line
/// ends stay), with at most four marks a letter.
#[must_use]
pub fn clean(text: &str) -> Normal {
    let mut view = Normal::default();
    for cluster in clusters(text) {
        let composed: String = cluster.chars.iter().copied().nfc().take(cluster_limit(&cluster.chars)).collect();
        view.push_str(&composed, &cluster.range);
    }
    view
}

/// For matching where case matters: NFKC, nothing invisible, loose jamo composed (`ㅈㅏ살`), loose diacritics gone, every
/// space one kind of space. Linear in the length of the text.
#[must_use]
pub fn compatible(text: &str) -> Normal {
    fold(text, |c| c)
}

/// For matching where case does not matter: as [`compatible`], in lower case.
#[must_use]
pub fn normalize(text: &str) -> Normal {
    fold(text, |c| c.to_lowercase().next().unwrap_or(c))
}

fn fold(text: &str, case: impl Fn(char) -> char) -> Normal {
    let mut letters: Vec<(char, Range<usize>)> = Vec::with_capacity(text.len() / 2);
    for cluster in clusters(text) {
        let folded: String =
            cluster.chars.iter().copied().take(cluster_limit(&cluster.chars)).nfkd().map(&case).collect();
        let folded = folded.nfkc().filter(|c| !is_diacritic(*c) && !is_invisible(*c));
        letters.extend(folded.map(|c| (space(hangul::letter(c).unwrap_or(c)), cluster.range.clone())));
    }
    compose(&letters)
}

/// A character and the marks, vowels and tails that join it.
struct Cluster {
    chars: Vec<char>,
    range: Range<usize>,
}

/// What composes with what, so that each cluster may be normalised alone. Invisible characters are gone.
fn clusters(text: &str) -> impl Iterator<Item = Cluster> {
    let mut chars = text.char_indices().peekable();
    let mut before = None;
    std::iter::from_fn(move || {
        let (start, first) = loop {
            let (at, c) = chars.next()?;
            if !is_invisible(c) || joins_emoji(c, before, chars.peek().map(|(_, next)| *next)) {
                break (at, c);
            }
        };
        let mut cluster = Cluster { chars: vec![first], range: start..start + first.len_utf8() };
        before = Some(first);
        while let Some((at, c)) = chars.next_if(|(_, c)| is_invisible(*c) && *c != '\u{200d}' || joins(*c)) {
            if !is_invisible(c) {
                cluster.chars.push(c);
                cluster.range.end = at + c.len_utf8();
                before = Some(c);
            }
        }
        Some(cluster)
    })
}

/// How much of a cluster is kept: what a writing system needs, not a heap of marks.
fn cluster_limit(chars: &[char]) -> usize {
    if chars.iter().any(|c| is_combining_mark(*c)) { MARKS + 1 } else { chars.len() }
}

fn joins(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11ff}')
}

/// A joiner between two pictures, or the sign that makes a picture of a character.
fn joins_emoji(c: char, before: Option<char>, after: Option<char>) -> bool {
    let picture = |c: char| matches!(u32::from(c), 0x2190..=0x2BFF | 0x1F000..=0x1FAFF | 0xFE0F);
    c == '\u{200d}' && before.is_some_and(picture) && after.is_some_and(picture)
}

/// Zero-width, bidirectional, tag and control characters, Hangul fillers, soft hyphens. Line ends are no control here.
fn is_invisible(c: char) -> bool {
    let zero_width = matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E
        | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0E | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF);
    zero_width || (c.is_control() && !matches!(c, '\n' | '\t'))
}

fn is_diacritic(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE0F | 0xFE20..=0xFE2F)
        || c == '\u{200d}'
}

fn space(c: char) -> char {
    match c {
        '\n' | '\u{2028}' | '\u{2029}' => '\n',
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// Joins letters that were typed one by one. A tail joins a syllable that was itself typed so, or a whole one when it
/// stands alone and is not how people laugh.
fn compose(letters: &[(char, Range<usize>)]) -> Normal {
    let mut out: Vec<(char, Range<usize>, bool)> = Vec::with_capacity(letters.len());
    for (index, (c, range)) in letters.iter().enumerate() {
        let next = letters.get(index + 1).map(|(next, _)| *next);
        let joined = out.last().and_then(|(before, _, loose)| join(*before, *loose, *c, next));
        match (joined, out.last_mut()) {
            (Some(joined), Some(last)) => *last = (joined, last.1.start..range.end, hangul::is_vowel(*c)),
            _ => out.push((*c, range.clone(), false)),
        }
    }
    let mut view = Normal::default();
    for (c, range, _) in out {
        view.push(c, range);
    }
    view
}

fn join(before: char, loose: bool, c: char, next: Option<char>) -> Option<char> {
    if hangul::is_vowel(c) {
        return hangul::syllable(before, c);
    }
    let leads_on = next.is_some_and(hangul::is_vowel);
    if !hangul::is_consonant(c) || leads_on || next == Some(c) {
        return None;
    }
    let alone = !next.is_some_and(hangul::is_consonant) && !matches!(c, 'ㅋ' | 'ㅎ' | 'ㅇ' | 'ㅅ' | 'ㄷ' | 'ㄱ');
    if loose || alone { hangul::close(before, c) } else { None }
}
