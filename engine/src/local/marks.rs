//! Takes a model's tokenizer, gives the few tokens that we speak to its engine with. Knows nothing of people.

use std::sync::Arc;

use lovelm::engine::{Prompt, Role, Turn};

use super::{load::Traits, prompt::Renderer};

/// Tokens with a use of their own.
#[derive(Clone, Debug)]
pub struct Marks {
    /// With these the model ends an answer.
    pub end: Arc<[u32]>,
    /// Plain text.
    pub plain: u32,
    /// Stands in no prompt.
    pub never: u32,
}

impl Marks {
    /// # Errors
    /// The tokenizer cannot read a letter, or the template refuses a usual conversation.
    pub fn find(model: &Traits, renderer: &Renderer) -> Result<Self, String> {
        let tokenizer = &model.tokenizer;
        let letter = tokenizer.encode_fast("a", false).ok().and_then(|text| text.get_ids().last().copied());
        let usual = renderer.all(&usual())?;
        let added = tokenizer.get_added_tokens_decoder();
        let unused = |id: &u32| !usual.contains(id) && !model.end.contains(id);
        let unused = added.into_iter().filter(|(_, token)| token.special).map(|(id, _)| id).filter(unused).min();
        // Else the rarest word will do.
        let last = u32::try_from(tokenizer.get_vocab_size(false).saturating_sub(1)).unwrap_or(0);
        Ok(Self {
            end: Arc::clone(&model.end),
            plain: letter.ok_or("its tokenizer cannot read the letter a")?,
            never: unused.unwrap_or(last),
        })
    }
}

/// A conversation with every mark that a template sets.
fn usual() -> Prompt {
    let turn = |role, text: &str| Turn { role, text: text.to_owned() };
    let messages =
        vec![turn(Role::System, "s"), turn(Role::User, "a"), turn(Role::Assistant, "b"), turn(Role::User, "c")];
    Prompt { messages, so_far: String::new() }
}
