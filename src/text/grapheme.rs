//! Cutting text where a reader would.

use unicode_segmentation::UnicodeSegmentation;

/// The start of `text`, at most `chars` Unicode scalar values long, cut between graphemes. A grapheme longer than that is
/// left out whole.
#[must_use]
pub fn truncate_graphemes(text: &str, chars: usize) -> &str {
    // No grapheme is looked at beyond the first character that does not fit.
    match text.char_indices().nth(chars) {
        None => text,
        Some((end, _)) => &text[..floor_grapheme(text, end)],
    }
}

/// The last boundary between graphemes at or before byte `at`.
#[must_use]
pub fn floor_grapheme(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    text.grapheme_indices(true).map(|(start, _)| start).take_while(|start| *start <= at).last().unwrap_or(0)
}
