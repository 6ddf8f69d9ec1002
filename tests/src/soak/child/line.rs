//! The child's end of the wire: connects again whenever it is cut, and knows of no line that was not acknowledged.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lovelm::chat::{Alert, Manner, MessageId, Outbox, Outgoing, Platform, Post, Posted, SendError};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::{mpsc, oneshot},
};

use crate::soak::wire::{Down, Up, line};

/// How long the platform that knows lines again does so.
const REMEMBERS: Duration = Duration::from_mins(3);

/// The wire. Clones share it.
#[derive(Clone)]
pub(super) struct Line(Arc<Shared>);

struct Shared {
    up: mpsc::Sender<Up>,
    waiting: Mutex<HashMap<u64, oneshot::Sender<String>>>,
    posts: AtomicU64,
    unwritten: AtomicU64,
}

impl Line {
    /// Connects, and gives what comes to `events`.
    pub(super) fn open(platform: SocketAddr, events: mpsc::Sender<Down>) -> Self {
        let (up, mut to_write) = mpsc::channel(1024);
        let (posts, unwritten) = (AtomicU64::new(0), AtomicU64::new(0));
        let line = Self(Arc::new(Shared { up, waiting: Mutex::default(), posts, unwritten }));
        let own = line.clone();
        tokio::spawn(async move {
            loop {
                if let Ok(stream) = TcpStream::connect(platform).await {
                    let _ = own.talk(stream, &mut to_write, &events).await;
                }
                // Whatever was not acknowledged is in doubt.
                own.waiting().clear();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        line
    }

    async fn talk(
        &self,
        mut stream: TcpStream,
        to_write: &mut mpsc::Receiver<Up>,
        events: &mpsc::Sender<Down>,
    ) -> std::io::Result<()> {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        loop {
            tokio::select! {
                up = to_write.recv() => {
                    let Some(up) = up else { return Ok(()) };
                    self.0.unwritten.fetch_sub(1, Ordering::SeqCst);
                    let given_up = matches!(&up, Up::Post { post, .. } if !self.waiting().contains_key(post));
                    if !given_up {
                        write.write_all(line(&up).as_bytes()).await?;
                    }
                }
                down = lines.next_line() => {
                    let Some(down) = down? else { return Ok(()) };
                    match serde_json::from_str(&down) {
                        Ok(Down::Posted { post, id }) => {
                            let waiting = self.waiting().remove(&post);
                            if let Some(waiting) = waiting {
                                let _ = waiting.send(id);
                            }
                        }
                        Ok(said) => {
                            let events = events.clone();
                            // A full ear must not keep acknowledgements from being read.
                            if let Err(error) = events.try_send(said) {
                                let said = error.into_inner();
                                tokio::spawn(async move { events.send(said).await });
                            }
                        }
                        Err(_) => {}
                    }
                }
            }
        }
    }

    pub(super) async fn tell(&self, up: Up) {
        self.0.unwritten.fetch_add(1, Ordering::SeqCst);
        let _ = self.0.up.send(up).await;
    }

    /// Waits until everything is written, a second at most.
    pub(super) async fn flush(&self) {
        for _ in 0..100 {
            if self.0.unwritten.load(Ordering::SeqCst) == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // What was taken last is written by then.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    pub(super) fn outbox(&self, platform: Platform) -> Wire {
        Wire { platform, line: self.clone() }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<String>>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn post(&self, post: &Post, platform: Platform, key: Option<&str>) -> Result<Posted, SendError> {
        let number = self.0.posts.fetch_add(1, Ordering::SeqCst);
        let event =
            post.to.message.as_ref().and_then(|message| message.as_str().parse().ok()).ok_or(SendError::Gone)?;
        let (told, shown) = oneshot::channel();
        self.waiting().insert(number, told);
        let (answer, text) = (post.lane.is_answer(), post.text.as_str().to_owned());
        self.tell(Up::Post { post: number, event, platform, answer, text, key: key.map(str::to_owned) }).await;
        let id = shown.await.map_err(|_| SendError::InDoubt)?;
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id: MessageId::new(id) })
    }
}

/// A platform at the other end: Twitch never knows a line again, Discord does.
pub(super) struct Wire {
    platform: Platform,
    line: Line,
}

#[async_trait]
impl Outbox for Wire {
    fn manner(&self) -> Manner {
        Manner { max_chars: 480, max_lines: 1, edits: None }
    }

    fn remembers(&self) -> Duration {
        if self.platform == Platform::Discord { REMEMBERS } else { Duration::ZERO }
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        self.line.post(post, self.platform, None).await
    }

    async fn send_once(&self, post: &Post, key: &str) -> Result<Posted, SendError> {
        let key = Some(key).filter(|_| self.platform == Platform::Discord);
        self.line.post(post, self.platform, key).await
    }

    async fn edit(&self, _: &Posted, _: &Outgoing) -> Result<(), SendError> {
        Err(SendError::Gone)
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        self.send(post).await.map(drop)
    }

    async fn alert(&self, _: &Alert) -> Result<(), SendError> {
        Ok(())
    }
}
