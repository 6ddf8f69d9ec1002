//! Takes tokens one by one, gives text as soon as it is whole. Knows nothing of where they come from.

use std::sync::Arc;

use tokenizers::Tokenizer;

/// What precedes the first token matters for its white space; this many tokens say enough.
const CONTEXT: usize = 8;

/// Turns the tokens of one answer into text. Special tokens give none.
#[derive(Debug)]
pub struct Detokenizer {
    tokenizer: Arc<Tokenizer>,
    tokens: Vec<u32>,
    /// `tokens[context..read]` has been given out already and shapes what comes next.
    context: usize,
    read: usize,
}

impl Detokenizer {
    /// Continues behind `prompt`.
    pub fn behind(prompt: &[u32], tokenizer: Arc<Tokenizer>) -> Self {
        let tokens = prompt[prompt.len().saturating_sub(CONTEXT)..].to_vec();
        Self { tokenizer, context: 0, read: tokens.len(), tokens }
    }

    /// The text that `token` completes. None while a character is still in pieces.
    pub fn push(&mut self, token: u32) -> Option<String> {
        self.tokens.push(token);
        let before = self.decode(self.context, self.read);
        let now = self.decode(self.context, self.tokens.len());
        if now.len() <= before.len() || now.ends_with(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        let new = now.get(before.len()..)?.to_owned();
        (self.context, self.read) = (self.read, self.tokens.len());
        Some(new)
    }

    fn decode(&self, from: usize, to: usize) -> String {
        self.tokenizer.decode(&self.tokens[from..to], true).unwrap_or_default()
    }
}
