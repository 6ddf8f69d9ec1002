//! Takes the beginning of a text, says whether a template's tag stands there. Knows nothing of what is done with it.

/// What a tag means for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// What follows is thought, not said.
    Think,
    /// A marker without meaning for the reader.
    Mark,
    /// The turn is over: what follows is made up.
    End,
    /// A turn begins: its role stands behind it.
    Turn,
}

/// What stands at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen<T> {
    /// It, and its length in bytes.
    Whole(T, usize),
    /// What may become one when more text comes.
    Perhaps,
    Nothing,
}

const TAGS: [(&str, Tag); 22] = [
    ("<think>", Tag::Think),
    ("<thinking>", Tag::Think),
    ("<thought>", Tag::Think),
    ("<reasoning>", Tag::Think),
    ("</think>", Tag::Mark),
    ("</thinking>", Tag::Mark),
    ("</thought>", Tag::Mark),
    ("</reasoning>", Tag::Mark),
    ("<|im_start|>", Tag::Turn),
    ("<|start_header_id|>", Tag::Turn),
    ("<start_of_turn>", Tag::Turn),
    ("<|im_end|>", Tag::End),
    ("<|eot_id|>", Tag::End),
    ("<|endoftext|>", Tag::End),
    ("<|end|>", Tag::End),
    ("<end_of_turn>", Tag::End),
    ("</s>", Tag::End),
    ("<eos>", Tag::End),
    ("<s>", Tag::Mark),
    ("<bos>", Tag::Mark),
    ("[inst]", Tag::End),
    ("[/inst]", Tag::Mark),
];
/// The ends of thought, whichever tag began it.
const THOUGHT_ENDS: [&str; 4] = ["</think>", "</thinking>", "</thought>", "</reasoning>"];
/// Bytes of the longest name in a marker of the kind `<|name|>`.
const LONGEST_NAME: usize = 48;

/// The tag at the beginning of `text`, in either case.
pub(super) fn at_start(text: &str) -> Seen<Tag> {
    let mut perhaps = false;
    for (name, tag) in TAGS {
        match begins(text, name) {
            Seen::Whole((), length) => return Seen::Whole(tag, length),
            Seen::Perhaps => perhaps = true,
            Seen::Nothing => {}
        }
    }
    match barred(text) {
        Seen::Nothing if perhaps => Seen::Perhaps,
        seen => seen,
    }
}

/// How much of a thought can be forgotten, and whether it ends there.
pub(super) fn thought(text: &str) -> (usize, bool) {
    let mut keep = text.len();
    for (at, _) in text.match_indices('<') {
        for name in THOUGHT_ENDS {
            match begins(&text[at..], name) {
                Seen::Whole((), length) => return (at + length, true),
                Seen::Perhaps => keep = keep.min(at),
                Seen::Nothing => {}
            }
        }
    }
    (keep, false)
}

/// Whether `text` begins with `name` in either case of its ASCII letters.
pub(super) fn begins(text: &str, name: &str) -> Seen<()> {
    let length = text.len().min(name.len());
    if !text.as_bytes()[..length].eq_ignore_ascii_case(&name.as_bytes()[..length]) {
        return Seen::Nothing;
    }
    if length == name.len() { Seen::Whole((), length) } else { Seen::Perhaps }
}

/// `<|anything|>` and the full-width bars of some templates.
fn barred(text: &str) -> Seen<Tag> {
    let Some(inner) = text.strip_prefix("<|").or_else(|| text.strip_prefix("<｜")) else {
        return if text == "<" { Seen::Perhaps } else { Seen::Nothing };
    };
    let name = inner.split(|c: char| matches!(c, '|' | '｜' | '<') || c.is_whitespace()).next().unwrap_or_default();
    let behind = &inner[name.len()..];
    if name.len() > LONGEST_NAME {
        return Seen::Nothing;
    }
    match behind.strip_prefix('|').or_else(|| behind.strip_prefix('｜')).map(|end| end.strip_prefix('>')) {
        Some(Some(rest)) => {
            let tag = if name.contains("end") { Tag::End } else { Tag::Mark };
            Seen::Whole(tag, text.len() - rest.len())
        }
        Some(None) if behind.chars().count() > 1 => Seen::Nothing,
        None if !behind.is_empty() => Seen::Nothing,
        Some(None) | None => Seen::Perhaps,
    }
}
