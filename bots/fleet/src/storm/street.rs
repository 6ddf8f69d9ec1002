//! The platform of a storm: what is shown to viewers is counted and not kept.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use lovelm::{
    chat::{Alert, Edits, Lane, Manner, MessageId, Outbox, Outgoing, Post, Posted, SendError},
    clock::{Clock as _, SystemClock},
    scheduler::Class,
};

use super::sentences::Sentences;

/// How a call ended, as its viewer was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Answered,
    Refused,
    Shed,
    Expired,
    /// The engine failed, and somebody said sorry.
    Failed,
    /// The storm was stopped first.
    Stopped,
    /// A crisis card instead of an answer.
    Card,
    /// In no way that anybody was told.
    Lost,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    pub class: Class,
    pub viewer: usize,
    /// On the street's clock.
    pub asked: Duration,
    /// From asking to the first words of the answer.
    pub first_words: Option<Duration>,
    /// The answer as it is shown.
    pub answer: String,
    told: Option<End>,
    done: bool,
}

impl Call {
    pub fn end(&self) -> End {
        match self.told {
            Some(end) => end,
            None if self.done && self.first_words.is_some() => End::Answered,
            None => End::Lost,
        }
    }
}

/// All calls of a storm, by number: the number is also the id of the asker's message.
#[derive(Debug)]
pub struct Street {
    clock: SystemClock,
    sentences: Sentences,
    calls: Mutex<Vec<Call>>,
}

impl Street {
    pub fn new(sentences: Sentences) -> Self {
        Self { clock: SystemClock::default(), sentences, calls: Mutex::default() }
    }

    /// Since the street was made.
    pub fn now(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Somebody is about to ask; gives the call's number.
    pub fn open(&self, class: Class, viewer: usize) -> usize {
        let asked = self.now();
        let mut calls = self.lock();
        calls.push(Call { class, viewer, asked, first_words: None, answer: String::new(), told: None, done: false });
        calls.len() - 1
    }

    /// All that the call caused is done, or nobody waits for it any more.
    pub fn close(&self, call: usize, done: bool) {
        if let Some(call) = self.lock().get_mut(call) {
            call.done = done;
        }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.lock().clone()
    }

    fn hear(&self, id: Option<&MessageId>, change: impl FnOnce(&mut Call)) -> Result<(), SendError> {
        let number: usize = id.and_then(|id| id.as_str().parse().ok()).ok_or(SendError::Gone)?;
        self.lock().get_mut(number).map(change).ok_or(SendError::Gone)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Outbox for Street {
    /// A line of Twitch that may grow, so that the first words are seen when they come.
    fn manner(&self) -> Manner {
        let edits = Edits { every: Duration::from_millis(500), most: 1_000 };
        Manner { max_chars: 480, max_lines: 1, edits: Some(edits) }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        let (now, text) = (self.now(), post.text.as_str());
        let told = match post.lane {
            Lane::Paid | Lane::Answer => None,
            Lane::Notice => self.sentences.end(text),
            Lane::Crisis => Some(End::Card),
        };
        let id = post.to.message.clone();
        self.hear(id.as_ref(), |call| {
            call.told = told.or(call.told);
            if post.lane.is_answer() {
                call.first_words.get_or_insert(now.saturating_sub(call.asked));
                text.clone_into(&mut call.answer);
            }
        })?;
        let id = id.ok_or(SendError::Gone)?;
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id })
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        self.hear(Some(&posted.id), |call| text.as_str().clone_into(&mut call.answer))
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        self.send(post).await.map(drop)
    }

    async fn alert(&self, _: &Alert) -> Result<(), SendError> {
        Ok(())
    }
}
