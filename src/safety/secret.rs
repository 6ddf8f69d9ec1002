//! Whether an answer repeats what only its prompt holds.

use std::{collections::HashSet, fmt};

use crate::text::normalize;

/// This many letters in a row, spaces and signs aside, are the prompt's own and no chance.
const RUN_OF_LETTERS: usize = 48;
/// Syllables and ideographs say more than letters.
const RUN_OF_SYLLABLES: usize = 22;
/// So much of a run is enough to wait for the rest of it.
const BEGINNING: usize = 3;
const BASE: u64 = 1_000_003;

/// What a prompt must keep to itself: its rules, word for word, and a mark that stands nowhere else.
#[derive(Clone, Default)]
pub(super) struct Secret {
    mark: Vec<char>,
    run: usize,
    runs: HashSet<u64>,
    /// Shorter runs, which may become one of those.
    beginnings: HashSet<u64>,
}

impl Secret {
    /// `mark` may be empty.
    pub(super) fn of(prompt: &str, mark: &str) -> Self {
        let letters = folded(prompt);
        let wide = letters.iter().filter(|letter| !letter.is_ascii()).count();
        let run = if wide * 2 > letters.len() { RUN_OF_SYLLABLES } else { RUN_OF_LETTERS };
        let beginnings = hashes(&letters, run / BEGINNING).collect();
        Self { mark: folded(mark), run, runs: hashes(&letters, run).collect(), beginnings }
    }

    /// Whether the answer holds the mark, forwards or backwards, or a run of the prompt's words. Linear in its length.
    pub(super) fn is_in(&self, answer: &str) -> bool {
        let letters = folded(answer);
        let marked = |window: &[char]| window == self.mark || window.iter().rev().eq(&self.mark);
        let holds_mark = !self.mark.is_empty() && letters.windows(self.mark.len()).any(marked);
        holds_mark || hashes(&letters, self.run).any(|hash| self.runs.contains(&hash))
    }

    /// Whether the answer so far ends in words of the prompt that may become too many.
    pub(super) fn may_follow(&self, answer: &str) -> bool {
        let (letters, short) = (folded(answer), self.run / BEGINNING);
        let tail = &letters[letters.len().saturating_sub(short)..];
        hashes(tail, short).any(|hash| self.beginnings.contains(&hash))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").finish_non_exhaustive()
    }
}

/// Letters and digits as they read: what is spelled out, spaced or in another case is the same.
fn folded(text: &str) -> Vec<char> {
    normalize(text).text().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A hash of every `run` letters in a row, each made of the one before it (Rabin and Karp).
fn hashes(letters: &[char], run: usize) -> impl Iterator<Item = u64> + '_ {
    let leaving = (0..run).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0_u64;
    letters.iter().enumerate().filter_map(move |(at, letter)| {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*letter));
        if let Some(left) = at.checked_sub(run) {
            hash = hash.wrapping_sub(leaving.wrapping_mul(u64::from(letters[left])));
        }
        (at + 1 >= run).then_some(hash)
    })
}
