//! A wall that answers are written on, and the ways in which it can fail.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;

use crate::{
    chat::{
        Address, Alert, ChannelId, Edits, Lane, Manner, MessageId, Outbox, Outgoing, PersonaId, Place, Platform, Post,
        Posted, RawText, SendError, UserId,
    },
    clock::ManualClock,
    reply::{Frame, Recipient},
};

pub const SECOND: Duration = Duration::from_secs(1);

#[derive(Default)]
pub struct Wall {
    /// What happened, in order.
    pub log: Mutex<Vec<String>>,
    lines: Mutex<Vec<String>>,
    /// How the next sends and edits go wrong.
    pub troubles: Mutex<VecDeque<Trouble>>,
}

#[derive(Clone)]
pub enum Trouble {
    None,
    Fails(SendError),
    Hangs,
}

impl Wall {
    pub fn with(troubles: impl IntoIterator<Item = Trouble>) -> Arc<Self> {
        Arc::new(Self { troubles: Mutex::new(troubles.into_iter().collect()), ..Self::default() })
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    async fn trouble(&self) -> Result<(), SendError> {
        let trouble = self.troubles.lock().unwrap().pop_front();
        match trouble {
            None | Some(Trouble::None) => Ok(()),
            Some(Trouble::Fails(error)) => Err(error),
            Some(Trouble::Hangs) => std::future::pending().await,
        }
    }
}

#[async_trait]
impl Outbox for Wall {
    fn manner(&self) -> Manner {
        Manner { max_chars: 2000, max_lines: 5, edits: None }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        self.trouble().await?;
        self.log.lock().unwrap().push(format!("send {}", post.text.as_str()));
        let mut lines = self.lines.lock().unwrap();
        lines.push(post.text.as_str().to_owned());
        let id = MessageId::new((lines.len() - 1).to_string());
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id })
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        self.trouble().await?;
        self.log.lock().unwrap().push(format!("edit {}", text.as_str()));
        let line: usize = posted.id.as_str().parse().unwrap();
        text.as_str().clone_into(&mut self.lines.lock().unwrap()[line]);
        Ok(())
    }

    async fn withdraw(&self, posted: &Posted) {
        self.log.lock().unwrap().push(format!("withdraw {}", posted.id.as_str()));
    }

    async fn settled(&self, posted: &Posted) {
        self.log.lock().unwrap().push(format!("settled {}", posted.id.as_str()));
    }

    async fn whisper(&self, _: &Post) -> Result<(), SendError> {
        Err(SendError::Gone)
    }

    async fn alert(&self, _: &Alert) -> Result<(), SendError> {
        Err(SendError::Gone)
    }
}

pub fn recipient() -> Recipient {
    let place = Place { platform: Platform::Console, channel: ChannelId::new("c") };
    let to = Address { place, user: UserId::new("u"), name: RawText::new("minsu"), message: None, callback: None };
    Recipient { speaker: PersonaId::new("omar"), to, lane: Lane::Answer }
}

pub fn clock() -> ManualClock {
    ManualClock::at(chrono::DateTime::UNIX_EPOCH)
}

pub fn frame(max_chars: usize, max_lines: usize, edits: Option<(Duration, u32)>) -> Frame {
    let edits = edits.map(|(every, most)| Edits { every, most });
    Frame::new(Platform::Console, Manner { max_chars, max_lines, edits })
}

/// Lets every task that can go on do so.
pub async fn breathe() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
