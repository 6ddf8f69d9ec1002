//! Takes posts, gives what became of them. Knows nothing of connections.

use async_trait::async_trait;
use lovelm::chat::{Alert, Manner, MessageId, Outbox, Outgoing, PersonaId, Post, Posted, SendError};
use std::{fmt, time::Duration};
use tokio::sync::{mpsc, oneshot};

use crate::{
    desk::{self, Spoken, VARIATION, Verdict},
    hear::WHISPER,
};

/// Before a full queue is tried again.
const FULL: Duration = Duration::from_secs(1);

/// A line on its way to the hub.
pub(crate) struct Order {
    pub line: desk::Line,
    /// To one person alone.
    /// The id of the person to whom it is whispered, if it is.
    pub whisper: Option<String>,
    pub verdict: oneshot::Sender<Verdict>,
}

/// Twitch as a way out. Each persona speaks with its own account; one without an account speaks with the first.
pub(crate) struct Voice {
    personas: Vec<PersonaId>,
    most: usize,
    orders: mpsc::Sender<Order>,
}

impl Voice {
    /// `most` characters fit into a line.
    pub(crate) fn new(personas: Vec<PersonaId>, most: usize, orders: mpsc::Sender<Order>) -> Self {
        Self { personas, most, orders }
    }

    /// The room that a line has for its words.
    fn room(&self) -> usize {
        self.most.saturating_sub(VARIATION)
    }

    fn line(&self, post: &Post) -> Option<desk::Line> {
        let channel = post.to.place.channel.as_str();
        // What is no answer to a message says whom it is for.
        let named = match post.to.name.expose() {
            name if post.to.message.is_none() && !name.is_empty() && !channel.starts_with(WHISPER) => {
                format!("@{name} {}", post.text.as_str())
            }
            _ => post.text.as_str().to_owned(),
        };
        Some(desk::Line {
            seat: self.personas.iter().position(|persona| *persona == post.speaker).unwrap_or(0),
            channel: channel.to_owned(),
            lane: post.lane,
            text: Spoken::of(&named, self.room())?,
            reply: post.to.message.clone(),
        })
    }
}

impl Voice {
    /// Hands a line to the hub and waits for what becomes of it.
    async fn order(&self, post: &Post, is_whispered: bool) -> Result<Posted, SendError> {
        let line = self.line(post).ok_or_else(|| SendError::Refused("empty".to_owned()))?;
        let whisper = is_whispered.then(|| post.to.user.as_str().to_owned());
        let (verdict, known) = oneshot::channel();
        match self.orders.try_send(Order { line, whisper, verdict }) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => return Err(SendError::Wait(FULL)),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(SendError::Gone),
        }
        // The hub is gone when there is none: whether the line had left, nobody knows.
        let id = known.await.unwrap_or(Err(SendError::InDoubt))?;
        let id = id.unwrap_or_else(|| MessageId::new(""));
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id })
    }
}

#[async_trait]
impl Outbox for Voice {
    fn manner(&self) -> Manner {
        Manner { max_chars: self.room(), max_lines: 1, edits: None }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        self.order(post, post.to.place.channel.as_str().starts_with(WHISPER)).await
    }

    async fn edit(&self, _: &Posted, _: &Outgoing) -> Result<(), SendError> {
        Err(SendError::Gone)
    }

    /// Twitch lets few accounts whisper, and few people hear it.
    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        self.order(post, true).await.map(drop)
    }

    /// To the operator: chat is read by everybody.
    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        tracing::warn!(class = alert.class, "somebody on Twitch may need help: moderators, look at the chat");
        Ok(())
    }
}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Voice").field("personas", &self.personas).finish_non_exhaustive()
    }
}
