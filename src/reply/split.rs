//! Takes a text, gives its beginning within a length. Knows nothing of platforms.

use unicode_segmentation::UnicodeSegmentation;

/// How well a place suits for a cut, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    Sentence,
    Clause,
    Space,
}

/// The beginning of `text` in at most `most` Unicode scalar values, and what comes behind it; both without white space at
/// the cut. Cuts at the last end of a sentence when that fills a third, else at a clause or a space when that fills half,
/// else at any of them, else between graphemes, and inside a grapheme only when a single one is longer than `most`.
///
/// `most` is at least 1; nothing but white space is lost.
#[must_use]
pub fn cut(text: &str, most: usize) -> (&str, &str) {
    let text = text.trim();
    let most = most.max(1);
    if text.chars().nth(most).is_none() {
        return (text, "");
    }
    let (head, rest) = text.split_at(place(text, most));
    (head.trim_end(), rest.trim_start())
}

/// The byte at which to cut; never 0, never behind the first `most` scalar values.
fn place(text: &str, most: usize) -> usize {
    let mut seams = Seams::default();
    let mut chars = 0;
    let mut graphemes = text.grapheme_indices(true).peekable();
    let mut last_whole = 0;
    while let Some((at, grapheme)) = graphemes.next() {
        chars += grapheme.chars().count();
        if chars > most {
            break;
        }
        last_whole = at + grapheme.len();
        let next = graphemes.peek().map_or("", |(_, next)| *next);
        if let Some(seam) = seam(&text[..last_whole], grapheme, next) {
            seams.note(seam, last_whole, chars);
        }
    }
    let inside = || text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    seams.best(most).or((last_whole > 0).then_some(last_whole)).unwrap_or_else(inside)
}

/// The last place of each kind: byte and scalar values before it.
#[derive(Default)]
struct Seams([Option<(usize, usize)>; 3]);

impl Seams {
    fn note(&mut self, seam: Seam, at: usize, chars: usize) {
        self.0[seam as usize] = Some((at, chars));
    }

    fn best(&self, most: usize) -> Option<usize> {
        let wanted = [most / 3, most / 2, most / 2];
        let good = self.0.iter().zip(wanted).find_map(|(seam, wanted)| seam.filter(|(_, chars)| *chars >= wanted));
        good.or_else(|| self.0.iter().find_map(|seam| *seam)).map(|(at, _)| at)
    }
}

/// What lies between `before`, which ends in `grapheme`, and `next`.
fn seam(before: &str, grapheme: &str, next: &str) -> Option<Seam> {
    let space = next.starts_with(char::is_whitespace);
    if grapheme.trim().is_empty() {
        return None;
    }
    if next.starts_with(['\n', '\r']) {
        return Some(Seam::Sentence);
    }
    let bare = before.trim_end_matches(['"', '\'', '”', '’', ')', ']', '」', '』', '*']);
    let wide = bare.ends_with(['。', '！', '？']) && !next.starts_with(['。', '！', '？', '」', '』', '”', '’', ')']);
    if wide || (space && bare.ends_with(['.', '!', '?', '…', '~', '♥', 'ㅋ', 'ㅎ', 'ㅠ', '。', '！', '？'])) {
        return Some(Seam::Sentence);
    }
    if grapheme == "、" || (space && bare.ends_with([',', ';', ':', '，', '—'])) {
        return Some(Seam::Clause);
    }
    space.then_some(Seam::Space)
}
