//! Takes a paid text, gives it without the words that only pay. Knows nothing of amounts: the tag says those.

use std::collections::HashSet;

/// Prefixes of cheermotes, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Cheermotes(HashSet<String>);

impl Cheermotes {
    pub(crate) fn of<'a>(prefixes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        all.extend(prefixes);
        all
    }

    pub(crate) fn extend<'a>(&mut self, prefixes: impl IntoIterator<Item = &'a str>) {
        self.0.extend(prefixes.into_iter().map(str::to_lowercase).filter(|prefix| !prefix.is_empty()));
    }

    /// The text without `Cheer100` and its like. Words between which one stood are apart by one space.
    pub(super) fn strip(&self, text: &str) -> String {
        text.split_whitespace().filter(|word| !self.pays(word)).collect::<Vec<_>>().join(" ")
    }

    fn pays(&self, word: &str) -> bool {
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
        name.len() < word.len() && !name.is_empty() && self.0.contains(&name.to_lowercase())
    }
}
