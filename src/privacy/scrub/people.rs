//! The people of a story, by letters.

use std::collections::{HashMap, HashSet};

/// Who is which letter. The same for a story and its context.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Given name to letter.
    letters: HashMap<String, String>,
    /// Letters that stand in the text already.
    taken: HashSet<char>,
    next: usize,
}

impl People {
    /// Leaves out the letters that stand alone in one of the texts.
    pub(super) fn beside<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut people = Self::default();
        for text in texts {
            let mut before = ' ';
            let mut chars = text.chars().peekable();
            while let Some(c) = chars.next() {
                let alone = !before.is_ascii_alphanumeric() && !chars.peek().is_some_and(char::is_ascii_alphanumeric);
                if c.is_ascii_uppercase() && alone {
                    people.taken.insert(c);
                }
                before = c;
            }
        }
        people
    }

    /// Notes that this name is a person's.
    pub(super) fn meet(&mut self, key: &str) {
        self.letter(key);
    }

    pub(super) fn knows(&self, key: &str) -> bool {
        self.letters.contains_key(key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The letter of this name: A, B, .. Z, A2, ..
    pub(super) fn letter(&mut self, key: &str) -> String {
        if let Some(letter) = self.letters.get(key) {
            return letter.clone();
        }
        let letter = loop {
            let (round, index) = (self.next / 26 + 1, self.next % 26);
            self.next += 1;
            let letter = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index]);
            match round {
                1 if self.taken.contains(&letter) => {}
                1 => break letter.to_string(),
                _ => break format!("{letter}{round}"),
            }
        };
        self.letters.insert(key.to_owned(), letter.clone());
        letter
    }
}
