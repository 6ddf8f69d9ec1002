//! Who was told what, so that nobody hears the same refusal twice in a row.

use std::{
    collections::HashMap,
    mem::{Discriminant, discriminant},
    time::Duration,
};

use super::Reason;
use crate::privacy::Pseudonym;

/// The refusals of the last moments, bounded: when full, more people are refused in silence.
#[derive(Debug)]
pub(super) struct Told {
    most: usize,
    until: HashMap<(Pseudonym, Discriminant<Reason>), Duration>,
    next_sweep: Duration,
}

impl Told {
    pub fn new(most: usize) -> Self {
        Self { most, until: HashMap::new(), next_sweep: Duration::ZERO }
    }

    /// Whether the person has not been told since; remembers it `until` then.
    pub fn first(&mut self, who: &Pseudonym, reason: Reason, now: Duration, until: Duration) -> bool {
        let key = (who.clone(), discriminant(&reason));
        if self.until.get(&key).is_some_and(|until| now < *until) {
            return false;
        }
        if self.until.len() >= self.most && now >= self.next_sweep {
            self.next_sweep = now.saturating_add(Duration::from_secs(1));
            self.until.retain(|_, until| now < *until);
        }
        if self.until.len() >= self.most && !self.until.contains_key(&key) {
            return false;
        }
        self.until.insert(key, until);
        true
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.until.len()
    }
}
