//! Takes outgoing lines, puts them on a terminal or into a file. Knows nothing of what is read.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use lovelm::chat::{Alert, Edits, Manner, MessageId, Outbox, Outgoing, PersonaId, Post, Posted, SendError};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::Mutex,
};

use crate::{run::Say, screen::Screen};

/// Where text is written.
pub type Sink = Box<dyn AsyncWrite + Send + Unpin>;

/// More than a screen holds, less than what a runaway answer writes.
const LONGEST_ANSWER: usize = 8000;
/// Twelve updates in a second look like typing.
const BETWEEN_UPDATES: Duration = Duration::from_millis(80);

/// The terminal as a way out.
pub struct Console {
    paper: Mutex<Paper>,
    names: Vec<(PersonaId, String)>,
    say: Say,
    grows: bool,
}

struct Paper {
    screen: Screen,
    out: Sink,
    notices: Option<Sink>,
    gone: bool,
}

impl Console {
    /// Writes answers to `out`, and what is said of the input to `notices` or, without it, among the answers. `names` are
    /// the personas' as shown. Answers grow on the screen when `grows`; otherwise each is written when it is complete.
    #[must_use]
    pub fn new(out: Sink, notices: Option<Sink>, names: Vec<(PersonaId, String)>, say: Say, grows: bool) -> Self {
        let paper = Paper { screen: Screen::default(), out, notices, gone: false };
        Self { paper: Mutex::new(paper), names, say, grows }
    }

    /// Writes a line of its own. Nothing when the reader is gone.
    pub async fn tell(&self, text: &str) {
        let paper = &mut *self.paper.lock().await;
        let line = paper.screen.say(text);
        paper.put(&line).await;
    }

    /// Says something about the input.
    pub async fn note(&self, text: &str) {
        let paper = &mut *self.paper.lock().await;
        let Some(notices) = &mut paper.notices else {
            let line = paper.screen.say(text);
            return paper.put(&line).await;
        };
        let written = notices.write_all(format!("{text}\n").as_bytes()).await;
        if written.is_err() || notices.flush().await.is_err() {
            // Answers still have a reader.
            paper.notices = Some(Box::new(tokio::io::sink()));
        }
    }

    /// Prints what waits and ends the line at the cursor, when nothing is delivered any more.
    pub async fn rest(&self) {
        let paper = &mut *self.paper.lock().await;
        let rest = paper.screen.rest();
        paper.put(&rest).await;
    }

    /// Somebody typed a line, which the terminal showed: the cursor is at a line's beginning.
    pub(crate) async fn typed(&self) {
        self.paper.lock().await.screen.ended();
    }

    /// Whether nobody reads the answers any more.
    pub async fn is_gone(&self) -> bool {
        self.paper.lock().await.gone
    }

    pub(crate) fn say(&self, key: &'static str, args: &[(&'static str, String)]) -> String {
        (self.say)(key, args)
    }

    fn name<'a>(&'a self, persona: &'a PersonaId) -> &'a str {
        self.names.iter().find(|(id, _)| id == persona).map_or(persona.as_str(), |(_, name)| name)
    }

    async fn whole(&self, speaker: &str, text: &Outgoing) -> Result<u64, SendError> {
        let paper = &mut *self.paper.lock().await;
        let (id, begun) = paper.screen.begin(speaker, text.as_str());
        let line = begun + &paper.screen.settle(id);
        paper.put(&line).await;
        paper.written(id)
    }
}

impl Paper {
    async fn put(&mut self, text: &str) {
        if !text.is_empty() && !self.gone {
            let written = self.out.write_all(text.as_bytes()).await;
            self.gone = written.is_err() || self.out.flush().await.is_err();
        }
    }

    fn written(&self, id: u64) -> Result<u64, SendError> {
        if self.gone { Err(SendError::Gone) } else { Ok(id) }
    }
}

#[async_trait]
impl Outbox for Console {
    fn manner(&self) -> Manner {
        let edits = self.grows.then_some(Edits { every: BETWEEN_UPDATES, most: u32::MAX });
        Manner { max_chars: LONGEST_ANSWER, max_lines: 1, edits }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        let speaker = self.name(&post.speaker);
        let id = if post.lane.is_answer() && self.grows {
            let paper = &mut *self.paper.lock().await;
            let (id, begun) = paper.screen.begin(speaker, post.text.as_str());
            paper.put(&begun).await;
            paper.written(id)?
        } else {
            self.whole(speaker, &post.text).await?
        };
        let id = MessageId::new(id.to_string());
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id })
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        let id = number(posted)?;
        let paper = &mut *self.paper.lock().await;
        let grown = paper.screen.grow(id, text.as_str()).ok_or(SendError::Gone)?;
        paper.put(&grown).await;
        paper.written(id).map(|_| ())
    }

    async fn settled(&self, posted: &Posted) {
        let Ok(id) = number(posted) else { return };
        let paper = &mut *self.paper.lock().await;
        let end = paper.screen.settle(id);
        paper.put(&end).await;
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        let speaker = self.say("console-whisper", &[("persona", self.name(&post.speaker).to_owned())]);
        self.whole(&speaker, &post.text).await.map(|_| ())
    }

    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        let sentence = self.say("console-alert", &[("class", alert.class.to_owned())]);
        self.tell(&sentence).await;
        if self.is_gone().await { Err(SendError::Gone) } else { Ok(()) }
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("grows", &self.grows).finish_non_exhaustive()
    }
}

fn number(posted: &Posted) -> Result<u64, SendError> {
    posted.id.as_str().parse().map_err(|_| SendError::Gone)
}
