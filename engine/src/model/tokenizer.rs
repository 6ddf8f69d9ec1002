//! Takes the metadata of a GGUF file, gives the tokenizer files that belong to it. Knows nothing of the weights.
//!
//! mistral.rs converts a GGUF tokenizer itself, but with one hard-wired pre-tokeniser for all models; the files made here
//! split text as the model was trained.

use std::{fs, io, path::Path};

use candle_core::quantized::gguf_file::{Content, Value};
use serde_json::{Map, Value as Json, json};

use super::gguf::text;

/// Splits of Llama 3 and Qwen 2, from their own `tokenizer.json`.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN_2: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Writes `tokenizer.json` and `tokenizer_config.json` into `folder`. False when the file's tokenizer is of a kind that
/// only mistral.rs converts.
///
/// # Errors
/// The folder cannot be written.
pub fn write(content: &Content, folder: &Path) -> io::Result<bool> {
    let Some(tokenizer) = tokenizer(content) else { return Ok(false) };
    fs::create_dir_all(folder)?;
    replace(&folder.join("tokenizer.json"), &tokenizer)?;
    replace(&folder.join("tokenizer_config.json"), &settings(content))?;
    Ok(true)
}

fn replace(path: &Path, json: &Json) -> io::Result<()> {
    let part = path.with_extension("json.part");
    fs::write(&part, serde_json::to_vec(json)?)?;
    fs::rename(part, path)
}

fn tokenizer(content: &Content) -> Option<Json> {
    if text(content, "tokenizer.ggml.model") != Some("gpt2") {
        return None;
    }
    let (pre_tokenizer, ignore_merges) = pre_tokenizer(text(content, "tokenizer.ggml.pre")?)?;
    let tokens = strings(content, "tokenizer.ggml.tokens")?;
    let vocabulary: Map<String, Json> =
        tokens.iter().enumerate().map(|(id, token)| ((*token).to_owned(), id.into())).collect();
    Some(json!({
        "version": "1.0", "truncation": null, "padding": null, "normalizer": null, "post_processor": null,
        "added_tokens": added(content, &tokens),
        "pre_tokenizer": pre_tokenizer,
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": ignore_merges,
            "vocab": vocabulary,
            "merges": strings(content, "tokenizer.ggml.merges")?,
        },
    }))
}

/// The pre-tokeniser that GGUF knows by `name`, and whether whole words win over merges.
fn pre_tokenizer(name: &str) -> Option<(Json, bool)> {
    let bytes = |use_regex: bool| json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex });
    let split = |pattern: &str| json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false });
    let digits = json!({ "type": "Digits", "individual_digits": true });
    let sequence = |steps: &[Json]| json!({ "type": "Sequence", "pretokenizers": steps });
    match name {
        "gpt-2" => Some((bytes(true), false)),
        "smollm" => Some((sequence(&[digits, bytes(true)]), false)),
        "llama-bpe" | "llama3" | "llama-v3" => Some((sequence(&[split(LLAMA_3), bytes(false)]), true)),
        "qwen2" => Some((sequence(&[split(QWEN_2), bytes(false)]), false)),
        _ => None,
    }
}

/// Control tokens (3) are special and never shown, tokens of the user (4) are text.
fn added(content: &Content, tokens: &[&str]) -> Vec<Json> {
    let kinds = content.metadata.get("tokenizer.ggml.token_type").and_then(|value| value.to_vec().ok());
    let kind = |id: usize| kinds.and_then(|kinds| kinds.get(id)).and_then(|kind| kind.to_i32().ok());
    let entry = |id: usize, token: &str, special: bool| json!({ "id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": special });
    tokens
        .iter()
        .enumerate()
        .filter_map(|(id, token)| match kind(id) {
            Some(3) => Some(entry(id, token, true)),
            Some(4) => Some(entry(id, token, false)),
            _ => None,
        })
        .collect()
}

fn settings(content: &Content) -> Json {
    let tokens = strings(content, "tokenizer.ggml.tokens").unwrap_or_default();
    let named = |key: &str| {
        let id = content.metadata.get(&format!("tokenizer.ggml.{key}_token_id")).and_then(|id| id.to_u64().ok())?;
        tokens.get(usize::try_from(id).ok()?).copied()
    };
    json!({
        "bos_token": named("bos"),
        "eos_token": named("eos"),
        "unk_token": named("unknown"),
        "chat_template": text(content, "tokenizer.chat_template"),
    })
}

fn strings<'c>(content: &'c Content, key: &str) -> Option<Vec<&'c str>> {
    let values = content.metadata.get(key)?.to_vec().ok()?;
    values.iter().map(|value: &Value| value.to_string().ok().map(String::as_str)).collect()
}
