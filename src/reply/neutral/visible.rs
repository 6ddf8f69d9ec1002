//! Takes text, gives the characters of it that can be seen. Knows no platform.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Marks that one letter may carry.
const MOST_MARKS: usize = 4;
const ESCAPE: char = '\u{1b}';
const JOINER: char = '\u{200d}';

/// NFC, with line ends as `\n` and nothing invisible but what an emoji needs; trimmed.
pub(super) fn visible(text: &str) -> String {
    // Before: some letters only come apart under NFC and would bring their marks later. After: what goes may have kept a
    // letter and its mark apart.
    let composed: String = text.nfc().collect();
    let seen = without_hidden(&without_sequences(&composed));
    seen.trim().nfc().collect()
}

/// Takes terminal sequences out whole, so that no `[31m` stays behind: `ESC [ ... letter`, `ESC ] ... BEL`.
fn without_sequences(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([ESCAPE, '\u{9b}', '\u{9d}']) {
        out.push_str(&rest[..at]);
        rest = behind_sequence(&rest[at..]);
    }
    out.push_str(rest);
    out
}

fn behind_sequence(sequence: &str) -> &str {
    let mut chars = sequence.chars();
    let kind = match chars.next() {
        Some('\u{9b}') => Some('['),
        Some('\u{9d}') => Some(']'),
        _ => chars.as_str().chars().next().filter(|c| matches!(c, '[' | ']')).inspect(|_| _ = chars.next()),
    };
    let body = chars.as_str();
    match kind {
        Some('[') => {
            let tail = body.trim_start_matches(|c: char| (' '..='?').contains(&c));
            tail.strip_prefix(|c: char| ('@'..='~').contains(&c)).unwrap_or(tail)
        }
        Some(_) => {
            let end = body.find(['\u{7}', ESCAPE, '\u{9c}', '\n']).unwrap_or(body.len());
            &body[end..]
        }
        None => body,
    }
}

fn without_hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let last = out.chars().next_back();
        let before = out.len();
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\0' | '\u{1}' | '\t' => out.push(' '),
            JOINER if last.is_some_and(is_emoji) && chars.peek().is_some_and(|next| is_pictograph(*next)) => {
                out.push(c);
            }
            '\u{fe0e}' | '\u{fe0f}' if last.is_some_and(takes_selector) => out.push(c),
            _ if is_hidden(c) => {}
            _ if is_combining_mark(c) => {
                marks += 1;
                if marks <= MOST_MARKS && last.is_some_and(|base| !base.is_whitespace()) {
                    out.push(c);
                }
                continue;
            }
            _ => out.push(c),
        }
        if out.len() > before {
            marks = 0;
        }
    }
    out
}

/// Control, formatting and filler characters, selectors and what is no character.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// A pictograph, or the selector behind one: where a joiner may stand.
fn is_emoji(c: char) -> bool {
    is_pictograph(c) || c == '\u{fe0f}'
}

/// Pictographs and the keycaps' digits have a text and a picture form.
fn takes_selector(c: char) -> bool {
    is_pictograph(c) || c.is_ascii_digit() || matches!(c, '#' | '*')
}
