//! One text from many accounts, however slowly it comes.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use super::CopiesConfig;
use crate::{privacy::Pseudonym, text};

/// Which accounts brought a text into a place. Texts are remembered by a hash that this process alone can make: a text is not
/// kept, and nobody can choose two that look the same.
#[derive(Debug)]
pub struct Copies {
    config: CopiesConfig,
    hashes: RandomState,
    texts: HashMap<u64, Text>,
    /// The texts in the order in which they came last.
    order: BTreeSet<(Duration, u64)>,
}

#[derive(Debug)]
struct Text {
    last: Duration,
    /// Up to as many as make a raid.
    accounts: Vec<Pseudonym>,
}

impl Copies {
    #[must_use]
    pub fn new(config: CopiesConfig) -> Self {
        Self { config, hashes: RandomState::new(), texts: HashMap::new(), order: BTreeSet::new() }
    }

    /// Notes what somebody said in a place. Gives whether that is a raid: more accounts brought the same text lately than are
    /// answered, and this is none of the first.
    pub fn is_raid(&mut self, place: &Pseudonym, who: &Pseudonym, said: &str, now: Duration) -> bool {
        let letters = letters(said);
        if self.config.accounts == 0 || letters.chars().count() < self.config.letters {
            return false;
        }
        self.forget_before(now.saturating_sub(self.config.within));
        let hash = self.hashes.hash_one((place, letters));
        let text = self.texts.entry(hash).or_insert_with(|| Text { last: now, accounts: Vec::new() });
        self.order.remove(&(text.last, hash));
        self.order.insert((now, hash));
        text.last = now;
        let known = text.accounts.contains(who);
        if !known && text.accounts.len() < self.config.accounts {
            text.accounts.push(who.clone());
            return false;
        }
        !known
    }

    /// How many texts are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    fn forget_before(&mut self, before: Duration) {
        while let Some(&(last, hash)) = self.order.first()
            && (last < before || self.texts.len() >= self.config.most_texts)
        {
            self.order.pop_first();
            self.texts.remove(&hash);
        }
    }
}

/// What copies of a text have in common: its letters, each run of one as a single one. Numbers, marks, spaces and emoji are what
/// is changed from one copy to the next.
fn letters(said: &str) -> String {
    let folded = text::normalize(said);
    let mut letters: Vec<char> = folded.text().chars().filter(|c| c.is_alphabetic()).collect();
    letters.dedup();
    letters.into_iter().collect()
}
