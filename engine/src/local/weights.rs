//! Takes the words of `engine.model`, gives where the weights are, fetched and checked. Knows nothing of loading.

use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::Content;
use lovelm::engine::EngineConfig;

use super::load::{self, Plan, Weights};
use crate::{
    OpenError, Progress, Source,
    error::one_line,
    model::{self, Machine, Recipe, gguf},
};

/// Everything that loading needs. Fetches what is not there.
pub async fn plan(source: Source, config: &EngineConfig, cache: &Path, progress: Progress) -> Result<Plan, OpenError> {
    let cache = cache.to_owned();
    let weighing = tokio::task::spawn_blocking(move || weights(source, &cache, progress));
    let (weights, name) =
        weighing.await.map_err(|panic| OpenError::Load { model: "the model".into(), why: one_line(panic) })??;
    let paged = load::has_gpu();
    let slots = if paged { config.slots.max(1) } else { 1 };
    Ok(Plan { weights, name, slots, context: config.context, paged })
}

/// Where the weights are, fetched and checked, and what they are called.
fn weights(source: Source, cache: &Path, progress: Progress) -> Result<(Weights, String), OpenError> {
    let name = |path: &Path| path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    match source {
        Source::Default => {
            let recipe = Recipe::default_model();
            let model = model::prepare(&recipe, cache, &Machine, progress)?;
            Ok((Weights::Gguf { file: model.gguf, tokenizer: Some(model.tokenizer) }, recipe.name))
        }
        Source::Gguf(file) => {
            let content = gguf::verify(&file)?;
            let tokenizer = tokenizer(&file, &content, cache)?;
            Ok((Weights::Gguf { tokenizer, file: file.clone() }, name(&file)))
        }
        Source::Folder(folder) => {
            let model = folder.display().to_string();
            Ok((Weights::Safetensors { model, local: true }, name(&folder)))
        }
        Source::Hub(id) => Ok((Weights::Safetensors { model: id.clone(), local: false }, id)),
        Source::Server(url) => Err(OpenError::Address { address: url.to_string(), why: "it is no local model".into() }),
    }
}

/// The tokenizer beside the file, else one made from its metadata, else mistral.rs converts the file's own.
fn tokenizer(file: &Path, content: &Content, cache: &Path) -> Result<Option<PathBuf>, OpenError> {
    let beside = file.parent().filter(|folder| folder.join("tokenizer.json").is_file());
    if let Some(folder) = beside {
        return Ok(Some(folder.to_owned()));
    }
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = cache.join("tokenizers").join(format!("{name}-{}", content.tensor_data_offset));
    let made = model::tokenizer::write(content, &folder)
        .map_err(|error| OpenError::Unreadable { path: folder.clone(), error })?;
    Ok(made.then_some(folder))
}
