//! What is remembered in memory, and only for a while: the oldest is forgotten first.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The last `most` keys and what belongs to them. Lost with a restart.
#[derive(Debug)]
pub(super) struct Lately<K, V> {
    most: usize,
    state: Mutex<State<K, V>>,
}

#[derive(Debug)]
struct State<K, V> {
    known: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V: Clone + Default> Lately<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, state: Mutex::new(State { known: HashMap::new(), order: VecDeque::new() }) }
    }

    /// Changes what belongs to a key. Gives whether the key is new.
    pub(super) fn note(&self, key: K, change: impl FnOnce(&mut V)) -> bool {
        let mut state = self.lock();
        if let Some(value) = state.known.get_mut(&key) {
            change(value);
            return false;
        }
        change(state.known.entry(key.clone()).or_default());
        state.order.push_back(key);
        if state.order.len() > self.most
            && let Some(oldest) = state.order.pop_front()
        {
            state.known.remove(&oldest);
        }
        true
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.lock().known.get(key).cloned()
    }

    pub(super) fn forget(&self, is_it: impl Fn(&K) -> bool) {
        let mut state = self.lock();
        state.known.retain(|key, _| !is_it(key));
        state.order.retain(|key| !is_it(key));
    }

    /// Changes what belongs to every key.
    pub(super) fn change(&self, change: impl Fn(&mut V)) {
        self.lock().known.values_mut().for_each(change);
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Lately;

    #[test]
    fn the_oldest_is_forgotten_first_and_a_key_is_new_once() {
        let lately: Lately<&str, Vec<u8>> = Lately::new(2);
        assert!(lately.note("가", |seen| seen.push(1)));
        assert!(!lately.note("가", |seen| seen.push(2)));
        assert!(lately.note("나", |_| {}));
        assert!(lately.note("다", |_| {}));
        assert_eq!(lately.get(&"가"), None);
        assert_eq!(lately.get(&"나"), Some(vec![]));
        lately.forget(|key| *key == "나");
        assert!(lately.note("나", |_| {}), "what was forgotten is new");
    }
}
