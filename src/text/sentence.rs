//! Where sentences end.

/// What ends a sentence where white space follows it.
const ENDS: [char; 4] = ['.', '!', '?', '…'];
/// What ends a sentence by itself.
const FULL_WIDTH_ENDS: [char; 3] = ['。', '！', '？'];
/// What may stand between the end of a sentence and the space behind it.
const CLOSERS: [char; 8] = ['"', '\'', ')', ']', '”', '’', '」', '』'];

/// The first `most` sentences of a text, when something that can be seen follows them; else all of it.
///
/// `1.5`, `...` in the middle of a word and a line end without a mark end no sentence.
#[must_use]
pub fn first_sentences(text: &str, most: usize) -> &str {
    let end = ends(text).nth(most.saturating_sub(1));
    end.filter(|end| !text[*end..].trim().is_empty()).map_or(text, |end| &text[..end])
}

/// The sentences of a growing text that are known to be over.
#[must_use]
pub fn finished_sentences(text: &str) -> &str {
    &text[..ends(text).last().unwrap_or(0)]
}

/// The bytes behind the ends of sentences.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((_, sign)) = chars.next() {
            let full_width = FULL_WIDTH_ENDS.contains(&sign);
            if !full_width && !ENDS.contains(&sign) {
                continue;
            }
            while chars.next_if(|(_, next)| ENDS.contains(next) || FULL_WIDTH_ENDS.contains(next)).is_some() {}
            while chars.next_if(|(_, next)| CLOSERS.contains(next)).is_some() {}
            let end = chars.peek().map_or(text.len(), |(at, _)| *at);
            if full_width || text[end..].starts_with(char::is_whitespace) {
                return Some(end);
            }
        }
        None
    })
}
