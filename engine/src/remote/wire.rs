//! What goes over the wire, as far as we need it. Shapes: the OpenAI API reference, "Chat Completions", and what vLLM,
//! llama.cpp and mistral.rs add to it.

use lovelm::engine::Request;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub struct Completion<'r> {
    model: &'r str,
    messages: Vec<Message<'r>>,
    stream: bool,
    stream_options: StreamOptions,
    max_tokens: usize,
    temperature: f64,
    top_p: f64,
    /// Not in the OpenAI API, but in that of every server that one runs oneself.
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repetition_penalty: Option<f32>,
}

#[derive(Serialize)]
struct Message<'r> {
    role: &'static str,
    content: &'r str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

impl<'r> Completion<'r> {
    /// `strict`: nothing that the OpenAI API does not know.
    pub fn new(model: &'r str, request: &'r Request, strict: bool) -> Self {
        let sampling = request.sampling;
        Self {
            model,
            messages: request
                .prompt
                .messages
                .iter()
                .map(|turn| Message { role: turn.role.as_str(), content: &turn.text })
                .collect(),
            stream: true,
            stream_options: StreamOptions { include_usage: true },
            max_tokens: request.max_tokens,
            temperature: sampling.temperature,
            top_p: sampling.top_p,
            top_k: (!strict && sampling.top_k > 0).then_some(sampling.top_k),
            repetition_penalty: (!strict).then_some(sampling.repetition_penalty),
        }
    }
}

#[derive(Deserialize)]
pub struct Models {
    pub data: Vec<Model>,
}

#[derive(Deserialize)]
pub struct Model {
    pub id: String,
    pub max_model_len: Option<usize>,
}

/// One event of the stream.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Event {
    pub choices: Vec<Choice>,
    pub usage: Option<Usage>,
    pub error: Option<serde_json::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Choice {
    pub delta: Delta,
    pub finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Delta {
    pub content: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
pub struct Usage {
    pub prompt_tokens: usize,
    #[serde(default)]
    pub completion_tokens: usize,
    pub prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Clone, Copy, Deserialize)]
pub struct PromptDetails {
    pub cached_tokens: Option<usize>,
}
