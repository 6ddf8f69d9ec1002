//! Takes a [`Prompt`], gives tokens. Knows nothing of running them.

use std::sync::Arc;

use lovelm::engine::{Prompt, Role, Turn};
use minijinja::{Environment, context};
use tokenizers::Tokenizer;

use super::prefix::shared;
use crate::error::one_line;

const TEMPLATE: &str = "chat";

/// How a model wants to be asked.
#[derive(Clone, Debug, Default)]
pub struct ChatFormat {
    /// Jinja, as in `tokenizer_config.json`.
    pub template: String,
    pub bos: String,
    pub eos: String,
}

/// Renders and tokenises the prompts of one model.
#[derive(Debug)]
pub struct Renderer {
    environment: Environment<'static>,
    format: ChatFormat,
    tokenizer: Arc<Tokenizer>,
    /// The longest first.
    special: Vec<String>,
}

/// A prompt in tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Prompt and answer so far.
    pub all: Vec<u32>,
    /// Of these, the answer so far.
    pub answer: usize,
    /// Of these, what comes before the last message: what other prompts may share.
    pub constant: usize,
}

impl Renderer {
    /// # Errors
    /// The template is not valid, in words for an operator.
    pub fn new(format: ChatFormat, tokenizer: Arc<Tokenizer>) -> Result<Self, String> {
        let mut environment = Environment::new();
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_lstrip_blocks(true);
        environment.set_trim_blocks(true);
        environment.add_function("raise_exception", |message: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, message))
        });
        // No `strftime_now`: a date near the front would make every prompt new to the prefix cache.
        let template = format.template.replace("[::-1]", "|reverse");
        environment
            .add_template_owned(TEMPLATE, template)
            .map_err(|error| format!("its chat template is not valid: {}", one_line(error)))?;
        let mut special: Vec<String> = tokenizer
            .get_added_tokens_decoder()
            .into_values()
            .filter(|token| token.special && !token.content.trim().is_empty())
            .map(|token| token.content)
            .collect();
        special.sort_by_key(|token| std::cmp::Reverse(token.len()));
        Ok(Self { environment, format, tokenizer, special })
    }

    /// # Errors
    /// The template refuses these messages. Never says what is in them.
    pub fn tokens(&self, prompt: &Prompt) -> Result<Tokens, String> {
        let question = self.encode(&self.render(&prompt.messages)?)?;
        let all = self.all(prompt)?;
        let constant = match prompt.messages.split_last() {
            Some((last, before)) if !before.is_empty() => {
                let other = Turn { role: last.role, text: "\u{2}".into() };
                let others: Vec<Turn> = before.iter().cloned().chain([other]).collect();
                shared(&question, &self.encode(&self.render(&others)?)?)
            }
            _ => 0,
        };
        Ok(Tokens { answer: all.len() - shared(&all, &question), all, constant })
    }

    /// Prompt and answer so far, in one: at the seam they may share a token.
    ///
    /// # Errors
    /// As [`Self::tokens`].
    pub fn all(&self, prompt: &Prompt) -> Result<Vec<u32>, String> {
        self.encode(&(self.render(&prompt.messages)? + &self.neutral(&prompt.so_far)))
    }

    fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(|_| "it cannot be tokenised".to_owned())?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Some templates know no system turn: then its text goes before the first question.
    fn render(&self, turns: &[Turn]) -> Result<String, String> {
        self.apply(turns).or_else(|refused| {
            let folded = fold_system(turns).ok_or_else(|| refused.clone())?;
            self.apply(&folded).map_err(|_| refused)
        })
    }

    fn apply(&self, turns: &[Turn]) -> Result<String, String> {
        let refused = |error: minijinja::Error| format!("the model's chat template refuses it ({:?})", error.kind());
        let messages: Vec<_> = turns
            .iter()
            .map(|turn| context! { role => turn.role.as_str(), content => self.neutral(&turn.text) })
            .collect();
        let template = self.environment.get_template(TEMPLATE).map_err(refused)?;
        template
            .render(context! {
                messages,
                add_generation_prompt => true,
                enable_thinking => false,
                bos_token => self.format.bos,
                eos_token => self.format.eos,
            })
            .map_err(refused)
    }

    /// What a person writes must not read as a mark of the model's format: nobody ends their own turn.
    fn neutral(&self, text: &str) -> String {
        let mut text = text.to_owned();
        while let Some(token) = self.special.iter().find(|token| text.contains(*token)) {
            text = text.replace(token, "");
        }
        text
    }
}

fn fold_system(turns: &[Turn]) -> Option<Vec<Turn>> {
    let (system, rest) = turns.split_first().filter(|(first, _)| first.role == Role::System)?;
    let (question, rest) = rest.split_first().filter(|(first, _)| first.role == Role::User)?;
    let both = Turn { role: Role::User, text: format!("{}\n\n{}", system.text, question.text) };
    Some([both].into_iter().chain(rest.iter().cloned()).collect())
}
