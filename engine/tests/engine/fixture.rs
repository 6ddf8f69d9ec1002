//! One loaded model for all tests, and short words for what they do with it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use lovelm::engine::{
    Chunk, Engine, EngineConfig, EngineError, Prompt, Request, Role, Sampling, TokenStream, Turn, Usage,
};
use lovelm_engine::{Progress, open};
use tokio::sync::OnceCell;

static MODEL: OnceCell<Arc<dyn Engine>> = OnceCell::const_new();

/// The cache that the program uses.
pub fn cache() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from);
    given("LOVELM_CACHE_DIR")
        .or_else(|| given("XDG_CACHE_HOME").map(|cache| cache.join("lovelm")))
        .or_else(|| given("HOME").map(|home| home.join(".cache/lovelm")))
        .expect("a home")
}

/// The default model, loaded once.
pub async fn model() -> Arc<dyn Engine> {
    let load =
        || async { open(&EngineConfig::default(), &cache(), Progress::Hidden).await.expect("the default model") };
    Arc::clone(MODEL.get_or_init(load).await)
}

/// A turn of the viewer after the persona's.
pub fn prompt(system: &str, question: &str) -> Prompt {
    let turn = |role, text: &str| Turn { role, text: text.to_owned() };
    Prompt { messages: vec![turn(Role::System, system), turn(Role::User, question)], so_far: String::new() }
}

/// Greedy, so that the same prompt gives the same words.
pub fn greedy(prompt: Prompt, max_tokens: usize) -> Request {
    let sampling = Sampling { temperature: 0.0, repetition_penalty: 1.0, ..Sampling::default() };
    Request { prompt, max_tokens, sampling }
}

/// The whole answer.
pub async fn answer(engine: &dyn Engine, request: Request) -> Result<(String, Usage), EngineError> {
    read(engine.start(request).await?).await
}

/// The rest of an answer.
pub async fn read(mut stream: TokenStream) -> Result<(String, Usage), EngineError> {
    let mut text = String::new();
    loop {
        match within(stream.next()).await? {
            Chunk::Text(more) => text.push_str(&more),
            Chunk::Done(usage) => return Ok((text, usage)),
        }
    }
}

/// Every wait of a test ends.
pub async fn within<T>(wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(100), wait).await.expect("it ends")
}
