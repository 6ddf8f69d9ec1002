//! A text derived from another one, with the way back.

use std::ops::Range;

/// A view of a text, for matching only, that knows for each of its bytes where it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normal {
    text: String,
    /// For each byte of `text`, the bytes of the source that its character stands for.
    origin: Vec<Range<usize>>,
}

impl Normal {
    /// The view's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the source behind bytes `range` of the view; whole characters of the source. An empty range gives an
    /// empty one. `range` must lie within the view.
    #[must_use]
    pub fn source(&self, range: &Range<usize>) -> Range<usize> {
        match self.origin.get(range.clone()) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.clone(),
            _ => {
                let at = self.origin.get(range.start).map_or_else(|| self.end(), |origin| origin.start);
                at..at
            }
        }
    }

    /// This view seen from further back: `self` was made from the text of `before`.
    #[must_use]
    pub fn behind(self, before: &Self) -> Self {
        let origin = self.origin.iter().map(|range| before.source(range)).collect();
        Self { text: self.text, origin }
    }

    /// A view in which each character is kept, changed or dropped (`None`).
    #[must_use]
    pub fn map(&self, mut change: impl FnMut(usize, char) -> Option<char>) -> Self {
        let mut changed = Self::default();
        for (at, c) in self.text.char_indices() {
            if let Some(c) = change(at, c) {
                changed.push(c, self.origin[at].clone());
            }
        }
        changed
    }

    /// A text as a view of itself.
    #[must_use]
    pub fn identity(text: &str) -> Self {
        let mut view = Self::default();
        for (at, c) in text.char_indices() {
            view.push(c, at..at + c.len_utf8());
        }
        view
    }

    /// Adds a character that stands for `origin`.
    pub fn push(&mut self, c: char, origin: Range<usize>) {
        self.text.push(c);
        self.origin.extend(std::iter::repeat_n(origin, c.len_utf8()));
    }

    /// Adds a text all of which stands for `origin`.
    pub fn push_str(&mut self, text: &str, origin: &Range<usize>) {
        self.text.push_str(text);
        self.origin.extend(std::iter::repeat_n(origin.clone(), text.len()));
    }

    /// Separators between single letters are gone: `s u i c i d e`, `자 살`, and punctuation inside words: `자.살하고`.
    /// Words of more letters keep their spaces, so `혼자 살아` stays two words.
    #[must_use]
    pub fn joined(&self) -> Self {
        let gaps = gaps(&self.text);
        let mut gap = gaps.iter().peekable();
        self.map(|at, c| {
            while gap.next_if(|gap| gap.range.end <= at).is_some() {}
            let inside = gap.peek().filter(|gap| gap.range.contains(&at));
            if inside.is_some_and(|gap| gap.closes) { None } else { Some(c) }
        })
    }

    /// Three or more of one letter in a row are one: `지이이인짜`, `plssss`.
    #[must_use]
    pub fn unrepeated(&self) -> Self {
        let mut runs = runs(&self.text).into_iter().peekable();
        self.map(|at, c| {
            while runs.next_if(|run| run.end <= at).is_some() {}
            let first = runs.peek().is_none_or(|run| run.start >= at);
            (first || !c.is_alphabetic()).then_some(c)
        })
    }

    /// Digits and signs that stand for letters (`k1ll`, `su!c1d3`), in words that hold a Latin letter, and look-alikes from
    /// other alphabets are the letters they look like.
    #[must_use]
    pub fn unleeted(&self) -> Self {
        let mut word = 0..0;
        let mut latin = false;
        self.map(|at, c| {
            if at >= word.end {
                let length =
                    self.text[at..].find(char::is_whitespace).unwrap_or(self.text.len() - at).max(c.len_utf8());
                word = at..at + length;
                latin = self.text[word.clone()].contains(|c: char| c.is_ascii_alphabetic());
            }
            Some(look_alike(c).or_else(|| latin.then(|| leet(c)).flatten()).unwrap_or(c))
        })
    }

    /// Adds the part `range` of another view, with its origins.
    pub fn push_part(&mut self, other: &Self, range: Range<usize>) {
        self.text.push_str(&other.text[range.clone()]);
        self.origin.extend_from_slice(&other.origin[range]);
    }

    fn end(&self) -> usize {
        self.origin.last().map_or(0, |origin| origin.end)
    }
}

struct Gap {
    range: Range<usize>,
    /// Whether the letters on both sides belong together.
    closes: bool,
}

/// The runs of separators between two letters, in order.
fn gaps(text: &str) -> Vec<Gap> {
    let words = words(text);
    let single = |range: &Range<usize>| text[range.clone()].chars().nth(1).is_none();
    words
        .windows(2)
        .map(|pair| {
            let range = pair[0].end..pair[1].start;
            let between = &text[range.clone()];
            let spaced = between.contains(char::is_whitespace);
            let closes = if spaced {
                single(&pair[0]) && single(&pair[1]) && !between.contains('\n')
            } else {
                between.chars().nth(2).is_none() && !between.contains(['@', '/', ':', '\''])
            };
            Gap { range, closes }
        })
        .collect()
}

/// The runs of letters and digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
    }
    words
}

/// The runs of three or more of one character.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<(char, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices() {
        match runs.last_mut() {
            Some((same, run)) if *same == c && run.end == at => run.end = at + c.len_utf8(),
            _ => runs.push((c, at..at + c.len_utf8())),
        }
    }
    runs.into_iter().filter(|(c, run)| run.len() >= 3 * c.len_utf8()).map(|(_, run)| run).collect()
}

fn leet(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        _ => return None,
    })
}

/// Lower-case Cyrillic and Greek letters drawn like Latin ones.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'κ' | 'к' => 'k',
        'ο' | 'о' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}
