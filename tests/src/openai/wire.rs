//! The shapes of the chat completions API: <https://platform.openai.com/docs/api-reference/chat-streaming>.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// A line of server-sent events.
pub(super) fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

pub(super) const DONE: &str = "data: [DONE]\n\n";

/// The first chunk: who speaks.
pub(super) fn opening(model: &Value) -> Value {
    chunk(model, &json!({ "role": "assistant", "content": "" }), None)
}

pub(super) fn piece(model: &Value, text: &str) -> Value {
    chunk(model, &json!({ "content": text }), None)
}

pub(super) fn closing(model: &Value, finish: &str) -> Value {
    chunk(model, &json!({}), Some(finish))
}

fn chunk(model: &Value, delta: &Value, finish: Option<&str>) -> Value {
    json!({
        "id": "chatcmpl-0",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": model,
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
    })
}

/// The chunk behind the last one, for who asked with `stream_options.include_usage`.
pub(super) fn spent(model: &Value, usage: &Value) -> Value {
    json!({
        "id": "chatcmpl-0",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": model,
        "choices": [],
        "usage": usage,
    })
}

pub(super) fn usage(prompt_tokens: usize, completion_tokens: usize) -> Value {
    json!({
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": { "cached_tokens": 0 },
    })
}

/// An answer in one.
pub(super) fn whole(model: &Value, text: &str, finish: &str, usage: &Value) -> Value {
    json!({
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": text },
            "finish_reason": finish,
        }],
        "usage": usage,
    })
}

pub(super) fn refusal(status: u16, retry_after: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = status.canonical_reason().unwrap_or("refused");
    let body = json!({ "error": { "message": message, "type": "scripted", "param": null, "code": null } });
    let mut response = (status, Json(body)).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
