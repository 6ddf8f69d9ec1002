//! Takes the middle out of a text: how it begins and what it asks at the end matter most.

use unicode_segmentation::UnicodeSegmentation;

const GAP: &str = " … ";

/// `text` with at most `keep` of its scalar values, half from either end, cut between graphemes and, where one is near, at
/// a sentence or a word. The text itself when it is no longer than that; `None` when nothing would be left.
pub(super) fn shorten(text: &str, keep: usize) -> Option<String> {
    if text.chars().nth(keep).is_none() {
        return Some(text.to_owned());
    }
    let head = settle_head(head(text, keep.div_ceil(2)));
    let tail = settle_tail(tail(text, keep / 2));
    (!head.is_empty() || !tail.is_empty()).then(|| format!("{head}{GAP}{tail}").trim().to_owned())
}

fn head(text: &str, chars: usize) -> &str {
    &text[..taken(text.graphemes(true), chars)]
}

fn tail(text: &str, chars: usize) -> &str {
    &text[text.len() - taken(text.graphemes(true).rev(), chars)..]
}

/// Bytes of the graphemes that fit into `chars`.
fn taken<'t>(graphemes: impl Iterator<Item = &'t str>, mut chars: usize) -> usize {
    let fits = |grapheme: &&str| {
        let left = chars.checked_sub(grapheme.chars().count());
        chars = left.unwrap_or_default();
        left.is_some()
    };
    graphemes.take_while(fits).map(str::len).sum()
}

/// Gives up to a third of the head for a clean end.
fn settle_head(head: &str) -> &str {
    let near = |end: &usize| *end >= head.len() * 2 / 3;
    let end = sentence_ends(head).filter(near).last().or_else(|| head.rfind(' ').filter(near));
    head[..end.unwrap_or(head.len())].trim_end()
}

/// Gives up to a third of the tail for a clean start.
fn settle_tail(tail: &str) -> &str {
    let near = |start: &usize| *start <= tail.len() / 3;
    let start = sentence_ends(tail).find(near).or_else(|| tail.find(' ').filter(near));
    tail[start.unwrap_or(0)..].trim_start()
}

/// Where sentences end: behind a full stop in its broad sense that is followed by a space, or that needs none.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let ends =
        text.match_indices(['.', '!', '?', '…', '。', '！', '？']).map(|(start, mark)| (start + mark.len(), mark));
    ends.filter(|(end, mark)| matches!(*mark, "。" | "！" | "？") || text[*end..].starts_with(' ')).map(|(end, _)| end)
}
