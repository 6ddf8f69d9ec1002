//! Who was told what, so that nobody hears the same refusal twice in a row.

use std::{collections::HashMap, time::Duration};

use crate::privacy::Pseudonym;

/// The refusals of the last moments, bounded: when full, more people are refused in silence.
#[derive(Debug)]
pub(super) struct Told {
    most: usize,
    until: HashMap<(Pseudonym, &'static str), Duration>,
    next_sweep: Duration,
}

impl Told {
    pub fn new(most: usize) -> Self {
        Self { most, until: HashMap::new(), next_sweep: Duration::ZERO }
    }

    /// Whether the person has not been told since, and there is `room` to tell it; remembers it `until` then.
    pub fn first(
        &mut self,
        (who, what): (&Pseudonym, &'static str),
        now: Duration,
        until: Duration,
        room: impl FnOnce() -> bool,
    ) -> bool {
        let key = (who.clone(), what);
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
        let told = room();
        if told {
            self.until.insert(key, until);
        }
        told
    }

    pub fn forget(&mut self, who: &Pseudonym) {
        self.until.retain(|(told, _), _| told != who);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.until.len()
    }
}
