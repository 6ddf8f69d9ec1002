//! Looks after engines that are out of order: one question of one token each, when its time has come. Nobody's answer is risked.

use std::sync::{Arc, Weak};

use tokio::sync::Notify;

use super::shared::Shared;
use crate::{
    clock::Clock,
    engine::{Engine, EngineError, Prompt, Request, Role, Sampling, Turn},
};

/// Sends probes as they fall due. Ends when nobody holds the pool any more.
pub(super) async fn watch(shared: Weak<Shared>, clock: Arc<dyn Clock>, changed: Arc<Notify>) {
    while let Some(due) = shared.upgrade().map(|shared| {
        for member in shared.tick() {
            tokio::spawn(probe(Arc::clone(&shared), member));
        }
        shared.next_due()
    }) {
        match due {
            Some(due) => tokio::select! {
                () = clock.until(due) => {}
                () = changed.notified() => {}
            },
            None => changed.notified().await,
        }
    }
}

async fn probe(shared: Arc<Shared>, member: usize) {
    let engine = Arc::clone(&shared.members[member].engine);
    // In a task of its own: an engine that panics has not answered.
    let mut asked = tokio::spawn(async move { answers(engine.as_ref()).await });
    let patience = shared.clock.elapsed().saturating_add(shared.probe_timeout);
    let well = tokio::select! {
        well = &mut asked => well.unwrap_or(false),
        () = shared.clock.until(patience) => {
            asked.abort();
            false
        }
    };
    shared.probed(member, well);
}

/// Whether anything comes. An engine that refuses the question is in order, and says so.
async fn answers(engine: &dyn Engine) -> bool {
    let hello = Turn { role: Role::User, text: "Hello".into() };
    let prompt = Prompt { messages: vec![hello], so_far: String::new() };
    let first = match engine.start(Request { prompt, max_tokens: 1, sampling: Sampling::default() }).await {
        Ok(mut stream) => stream.next().await.map(drop),
        Err(error) => Err(error),
    };
    matches!(first, Ok(()) | Err(EngineError::Rejected(_)))
}
