//! Our engine as the fleet holds it, and a question to it.

use std::sync::Arc;

use lovelm::{
    clock::SystemClock,
    engine::{
        Chunk, Engine, EngineConfig, EngineError, Member, Pool, Prompt, Request, Role, Sampling, TokenStream, Turn,
        Usage,
    },
};
use lovelm_engine::{Progress, open};
use rand::{SeedableRng as _, rngs::StdRng};

use crate::bare::cache;

/// The default model in this process, in a pool of its own.
pub async fn engine() -> Arc<dyn Engine> {
    let config = EngineConfig::default();
    let engine = open(&config, &cache(), Progress::Stderr).await.expect("the model");
    let most_slots = engine.profile().slots;
    let member = Member { name: "main".into(), engine, most_slots };
    Arc::new(Pool::new(member, Vec::new(), &config, Arc::new(SystemClock::default()), StdRng::seed_from_u64(0)))
}

/// The likeliest answer, at most so many tokens long. Waits until a slot is free.
pub async fn start(engine: &dyn Engine, system: &str, question: &str, most: usize) -> TokenStream {
    let turn = |role, text: &str| Turn { role, text: text.to_owned() };
    let prompt =
        Prompt { messages: vec![turn(Role::System, system), turn(Role::User, question)], so_far: String::new() };
    let sampling = Sampling { temperature: 0.0, repetition_penalty: 1.0, ..Sampling::default() };
    let request = Request { prompt, max_tokens: most, sampling };
    loop {
        match engine.start(request.clone()).await {
            Err(EngineError::Busy) => {}
            started => return started.expect("it starts"),
        }
    }
}

/// Reads an answer to its end.
pub async fn read(mut stream: TokenStream) -> Usage {
    loop {
        if let Chunk::Done(usage) = stream.next().await.expect("it answers") {
            return usage;
        }
    }
}
