//! Engines that do what a test tells them.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;

use crate::{
    chat::Language,
    engine::{Chunk, Engine, EngineError, Finish, Profile, Prompt, Request, TokenStream, Usage},
};

/// What becomes of one request.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Refuse,
    Reject,
    /// Fails behind so many texts.
    Break(usize),
    Panic,
    /// Says so many texts, and nothing more until its reader goes.
    Hang(usize),
}

pub struct Actor {
    profile: Profile,
    acts: Mutex<VecDeque<Act>>,
    pub asked: AtomicUsize,
    pub left: Arc<AtomicUsize>,
}

pub fn profile(name: &str, slots: usize) -> Profile {
    Profile { name: name.into(), slots, context: 4096, languages: vec![Language::En], can_continue: true }
}

pub fn down() -> EngineError {
    EngineError::Unavailable("down".into())
}

pub fn usage(output_tokens: usize, first_token: Duration, decode: Duration) -> Usage {
    Usage { prompt_tokens: 100, cached_tokens: 0, output_tokens, first_token, decode, finish: Finish::Stop }
}

impl Actor {
    pub fn new(profile: Profile) -> Arc<Self> {
        Arc::new(Self { profile, acts: Mutex::default(), asked: AtomicUsize::new(0), left: Arc::default() })
    }

    pub fn plan(&self, acts: impl IntoIterator<Item = Act>) {
        self.acts.lock().unwrap().extend(acts);
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Engine for Actor {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn count(&self, prompt: &Prompt) -> usize {
        prompt.messages.iter().map(|turn| turn.text.len()).sum()
    }

    async fn start(&self, _: Request) -> Result<TokenStream, EngineError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let act = self.acts.lock().unwrap().pop_front();
        match act {
            Some(Act::Refuse) => return Err(down()),
            Some(Act::Reject) => return Err(EngineError::Rejected("no".into())),
            Some(Act::Panic) => panic!("an engine that breaks"),
            Some(Act::Break(_) | Act::Hang(_)) | None => {}
        }
        let (out, stream) = TokenStream::channel(64);
        let (name, left) = (self.profile.name.clone(), Arc::clone(&self.left));
        tokio::spawn(async move {
            let said = match act {
                Some(Act::Break(texts) | Act::Hang(texts)) => texts,
                _ => 2,
            };
            for _ in 0..said {
                let _ = out.send(Ok(Chunk::Text(name.clone()))).await;
            }
            let end = match act {
                Some(Act::Break(_)) => Err(down()),
                Some(Act::Hang(_)) => {
                    out.closed().await;
                    left.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                _ => Ok(Chunk::Done(usage(said, Duration::from_millis(10), Duration::from_millis(10)))),
            };
            let _ = out.send(end).await;
        });
        Ok(stream)
    }
}
