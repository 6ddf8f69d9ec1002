//! Takes prompts as tokens, says what of them the engine remembers and what it should. Knows nothing of the engine.
//!
//! mistral.rs remembers whole finished sequences, never forgets one on a CPU, and does not reuse one that covers a prompt
//! to its last token. So no answer of ours ever finishes in its eyes; remembered are only the beginnings that prompts
//! share (a persona's rules and examples), each computed once, on purpose.

use std::collections::VecDeque;

/// mistral.rs allocates its cache in steps of this many tokens and fails when a step exceeds the model's context.
pub const STEP: usize = 512;
/// A beginning shorter than this is computed faster than it is managed.
const WORTH: usize = 48;
/// Beginnings that find no place, for each that has one, before all are given up: renewing costs a load of the model.
const PATIENCE: usize = 8;
/// Prompts that are compared with a new one.
const RECENT: usize = 32;

/// Mirror of what the engine remembers.
#[derive(Debug)]
pub struct PrefixCache {
    kept: Vec<Vec<u32>>,
    recent: VecDeque<Vec<u32>>,
    token_bytes: usize,
    bound: usize,
    /// Beginnings that found no place.
    refused: usize,
}

/// What to do with one prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Tokens that the engine need not compute.
    pub cached: usize,
    /// Length of the beginning to make the engine remember first, if any.
    pub keep: Option<usize>,
    /// Tokens that it shares with a prompt seen lately, remembered or not.
    pub agreed: usize,
    /// What is remembered serves too few: time to begin anew.
    pub renew: bool,
}

impl PrefixCache {
    /// `token_bytes`: memory of one remembered token. `bound`: memory of all of them.
    pub fn new(token_bytes: usize, bound: usize) -> Self {
        Self { kept: Vec::new(), recent: VecDeque::new(), token_bytes, bound, refused: 0 }
    }

    /// Plans `prompt`, whose first `constant` tokens look as if others would begin with them too.
    pub fn plan(&mut self, prompt: &[u32], constant: usize) -> Plan {
        let cached = longest(&self.kept, prompt);
        let cached = if cached == prompt.len() { 0 } else { cached };
        let agreed = longest(&self.recent, prompt);
        // Others have begun like this one: what they share is known better than guessed.
        let boundary = if 2 * agreed >= constant { agreed.min(constant) } else { constant };
        let worth = boundary >= cached + WORTH && boundary < prompt.len();
        let full = worth && self.is_full_for(boundary);
        self.refused += usize::from(full);
        self.recent.push_back(prompt.to_vec());
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        Plan {
            cached,
            keep: (worth && !full).then_some(boundary),
            agreed,
            renew: self.refused > PATIENCE * self.kept.len(),
        }
    }

    /// The engine remembers `beginning` now.
    pub fn kept(&mut self, beginning: &[u32]) {
        self.kept.push(beginning.to_vec());
    }

    /// The engine has forgotten everything.
    pub fn forget(&mut self) {
        self.kept.clear();
        self.refused = 0;
    }

    /// Whether one more beginning of this length would take more memory than it may. The first always has its place.
    fn is_full_for(&self, beginning: usize) -> bool {
        !self.kept.is_empty() && self.bytes() + self.size(beginning) > self.bound
    }

    /// Memory of what is remembered.
    pub fn bytes(&self) -> usize {
        self.kept.iter().map(|beginning| self.size(beginning.len())).sum()
    }

    fn size(&self, tokens: usize) -> usize {
        tokens.next_multiple_of(STEP) * self.token_bytes
    }
}

fn longest<'s>(others: impl IntoIterator<Item = &'s Vec<u32>>, prompt: &[u32]) -> usize {
    others.into_iter().map(|other| shared(other, prompt)).max().unwrap_or(0)
}

/// Length of the common beginning.
pub fn shared(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
