//! What is shown in town.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use lovelm::chat::{Alert, Edits, Lane, Manner, MessageId, Outbox, Outgoing, Platform, Post, Posted, SendError};
use tokio::sync::watch;

/// All that was shown anywhere, in order.
#[derive(Clone, Debug)]
pub struct Square {
    shared: Arc<Mutex<Shown>>,
    open: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Shown {
    lines: Vec<Line>,
    read: usize,
    troubles: VecDeque<SendError>,
    /// Of answers that are shown and that nobody says of.
    unsaid: usize,
    /// Whether nothing can be said to one person alone.
    whispers_fail: bool,
    /// Which line was posted under a key.
    keys: HashMap<String, usize>,
}

#[derive(Debug)]
struct Line {
    head: String,
    text: String,
}

impl Default for Square {
    fn default() -> Self {
        Self { shared: Arc::default(), open: watch::Sender::new(true) }
    }
}

impl Square {
    /// What was shown since this was last asked, such as `omar > minsu: words`. What is not an answer says so before it:
    /// `(notice)`, `(crisis)`, `(alert)`.
    pub fn read(&self) -> Vec<String> {
        let mut shown = self.lock();
        let lines = shown.lines[shown.read..].iter().map(|line| format!("{}{}", line.head, line.text)).collect();
        shown.read = shown.lines.len();
        lines
    }

    /// How many lines wait to be read.
    pub fn unread(&self) -> usize {
        let shown = self.lock();
        shown.lines.len() - shown.read
    }

    /// Holds every line before it is shown, until [`Square::release`].
    pub fn hold(&self) {
        self.open.send_replace(false);
    }

    pub fn release(&self) {
        self.open.send_replace(true);
    }

    /// The next line meets this.
    pub fn trouble(&self, error: SendError) {
        self.lock().troubles.push_back(error);
    }

    /// So many answers from now on are shown, and their sender is told that nobody knows.
    pub fn forget_to_say(&self, answers: usize) {
        self.lock().unsaid = answers;
    }

    /// From now on nothing can be said to one person alone.
    pub fn forbid_whispers(&self) {
        self.lock().whispers_fail = true;
    }

    pub(super) fn outbox(&self, platform: Platform) -> Corner {
        Corner { platform, square: self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A platform's way out to the square.
#[derive(Debug)]
pub(super) struct Corner {
    platform: Platform,
    square: Square,
}

impl Corner {
    async fn show(&self, head: String, text: &str) -> Result<usize, SendError> {
        let mut open = self.square.open.subscribe();
        // The sender lives in the square.
        let _ = open.wait_for(|open| *open).await;
        let mut shown = self.square.lock();
        if let Some(trouble) = shown.troubles.pop_front() {
            return Err(trouble);
        }
        shown.lines.push(Line { head, text: text.to_owned() });
        Ok(shown.lines.len() - 1)
    }
}

#[async_trait]
impl Outbox for Corner {
    fn manner(&self) -> Manner {
        match self.platform {
            Platform::Twitch => Manner { max_chars: 480, max_lines: 1, edits: None },
            Platform::Discord => {
                Manner { max_chars: 2000, max_lines: 2, edits: Some(Edits { every: Duration::ZERO, most: 8 }) }
            }
            Platform::Console => Manner { max_chars: 8000, max_lines: 1, edits: None },
        }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        let lane = match post.lane {
            Lane::Paid | Lane::Answer => "",
            Lane::Notice => "(notice) ",
            Lane::Crisis => "(crisis) ",
        };
        let head = format!("{lane}{} > {}: ", post.speaker, post.to.name.expose());
        let number = self.show(head, post.text.as_str()).await?;
        self.posted(post, number)
    }

    fn remembers(&self) -> Duration {
        if self.platform == Platform::Discord { Duration::from_mins(3) } else { Duration::ZERO }
    }

    async fn send_once(&self, post: &Post, key: &str) -> Result<Posted, SendError> {
        if self.remembers().is_zero() {
            return self.send(post).await;
        }
        let known = self.square.lock().keys.get(key).copied();
        if let Some(number) = known {
            return self.posted(post, number);
        }
        let unread = self.square.lock().lines.len();
        let sent = self.send(post).await;
        let mut shown = self.square.lock();
        if shown.lines.len() > unread {
            shown.keys.insert(key.to_owned(), unread);
        }
        sent
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        let number: usize = posted.id.as_str().parse().map_err(|_| SendError::Gone)?;
        let mut shown = self.square.lock();
        let line = shown.lines.get_mut(number).ok_or(SendError::Gone)?;
        text.as_str().clone_into(&mut line.text);
        Ok(())
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        if self.square.lock().whispers_fail {
            return Err(SendError::Gone);
        }
        let head = format!("(whisper) {} > {}: ", post.speaker, post.to.name.expose());
        self.show(head, post.text.as_str()).await.map(drop)
    }

    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        let Alert { place, to, message, class } = alert;
        let link = if message.is_some() { "with a link" } else { "without a link" };
        let read = to.as_ref().map_or("(alert) ".to_owned(), |to| format!("(alert, {}) ", to.channel.as_str()));
        self.show(read, &format!("{class} on {}, {link}", place.platform)).await.map(drop)
    }
}

impl Corner {
    fn posted(&self, post: &Post, number: usize) -> Result<Posted, SendError> {
        let mut shown = self.square.lock();
        if post.lane.is_answer() && shown.unsaid > 0 {
            shown.unsaid -= 1;
            return Err(SendError::InDoubt);
        }
        let id = MessageId::new(number.to_string());
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id })
    }
}
