//! Takes callbacks as they are answered, gives in which form the next answer goes. Pure.
//!
//! The first word to an interaction promised an answer. The first answer takes its place; what comes after follows it.

use std::collections::{HashMap, VecDeque};

/// Callbacks that are remembered: far more than are open at once. The oldest is forgotten first.
const REMEMBERED: usize = 8_192;

/// What was done by each callback.
#[derive(Debug, Default)]
pub(crate) struct Callbacks {
    known: HashMap<String, State>,
    order: VecDeque<String>,
}

#[derive(Clone, Debug, Default)]
struct State {
    answered: bool,
    /// Whether its own account answers too, whoever else does.
    kept: bool,
    /// The key of the line that may or may not follow already. Discord knows none of these again.
    doubted: Option<String>,
}

impl Callbacks {
    /// Nothing of what stands there is ours to change: a button's message.
    pub(crate) fn close(&mut self, token: &str) {
        self.claim(token);
    }

    /// The account that was asked answers too, whoever else does.
    pub(crate) fn keep(&mut self, token: &str) {
        self.of(token).kept = true;
    }

    /// Takes the promised place. `false` when it is taken.
    pub(crate) fn claim(&mut self, token: &str) -> bool {
        !std::mem::replace(&mut self.of(token).answered, true)
    }

    /// Takes it where nobody else will: what was promised came from another account.
    pub(crate) fn dismiss(&mut self, token: &str) -> bool {
        !self.of(token).kept && self.claim(token)
    }

    /// What was to take the place did not: it is free again.
    pub(crate) fn release(&mut self, token: &str) {
        self.of(token).answered = false;
    }

    /// A line that was to follow may or may not be shown.
    pub(crate) fn doubt(&mut self, token: &str, key: &str) {
        self.of(token).doubted = Some(key.to_owned());
    }

    pub(crate) fn is_doubted(&self, token: &str, key: &str) -> bool {
        self.known.get(token).is_some_and(|state| state.doubted.as_deref() == Some(key))
    }

    fn of(&mut self, token: &str) -> &mut State {
        if !self.known.contains_key(token) {
            self.order.push_back(token.to_owned());
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.known.entry(token.to_owned()).or_default()
    }
}
