//! What people ask for, by chance.

use rand::{Rng, rngs::StdRng};

use super::scenario::Crowd;
use crate::scheduler::Account;

/// What somebody asks for.
pub(super) struct Wish {
    pub crowd: usize,
    pub person: u32,
    pub cents: u64,
    /// In tokens.
    pub prompt: u32,
    pub answer: u32,
}

impl Wish {
    /// Drawn in one order whatever becomes of it: what a crowd asks does not hang on the answers.
    pub fn draw(chances: &mut StdRng, index: usize, crowd: &Crowd) -> Self {
        Self {
            crowd: index,
            person: chances.random_range(0..crowd.people.max(1)),
            cents: chances.random_range(crowd.cents.0..=crowd.cents.1.max(crowd.cents.0)),
            prompt: chances.random_range(crowd.question.0..=crowd.question.1.max(crowd.question.0)),
            answer: chances.random_range(crowd.answer.0..=crowd.answer.1.max(crowd.answer.0)),
        }
    }

    pub fn account(&self) -> Account {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&u64::try_from(self.crowd).unwrap_or(u64::MAX).to_be_bytes());
        bytes[8..12].copy_from_slice(&self.person.to_be_bytes());
        Account::new(bytes)
    }
}

/// Tokens as the engine counts them.
pub(super) fn wide(tokens: u32) -> usize {
    usize::try_from(tokens).unwrap_or(usize::MAX)
}
