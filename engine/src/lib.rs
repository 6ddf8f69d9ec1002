//! The models behind the [`Engine`] seam. Takes a config, gives an engine: mistral.rs in this process or a server that
//! speaks the OpenAI API.
//!
//! `open > source > model (fetched, checked) > local | remote`

use std::{path::Path, sync::Arc};

use lovelm::engine::{Engine, EngineConfig};

mod error;
mod progress;
mod source;

pub mod model;

pub mod local;

pub mod remote;

pub use self::{error::OpenError, progress::Progress, source::Source};

/// Opens the engine that `config.model` names. Fetches the default model into `cache` when it is not there yet. Needs a
/// multi-threaded tokio runtime.
///
/// # Errors
/// One line that names what is wrong and where. A server that cannot be reached is only warned of: it may come later.
pub async fn open(config: &EngineConfig, cache: &Path, progress: Progress) -> Result<Arc<dyn Engine>, OpenError> {
    match Source::parse(&config.model)? {
        Source::Server(url) => Ok(Arc::new(remote::Remote::open(url, config).await?)),
        source => Ok(Arc::new(local::Local::open(source, config, cache, progress).await?)),
    }
}
