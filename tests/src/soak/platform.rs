//! The far end of the wire: sends events until they are acknowledged, shows lines, and sometimes drops the connection before
//! it says so.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use lovelm::chat::Platform;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Notify, futures::Notified, oneshot},
    task::JoinHandle,
};

use super::{
    Book,
    seed::Seed,
    wire::{Down, Up, line},
};

/// The platform. Clones share it.
#[derive(Clone)]
pub(super) struct Plaza(Arc<Shared>);

struct Shared {
    address: SocketAddr,
    book: Mutex<Book>,
    said: Mutex<Vec<Down>>,
    /// Of the next paid answer.
    trap: Mutex<Option<(Moment, oneshot::Sender<()>)>>,
    /// One shown line in so many is not acknowledged, and the connection goes. 0: never.
    cut_one_in: AtomicU64,
    connections: AtomicU64,
    chance: Mutex<Seed>,
    more: Notify,
    moved: Notify,
}

/// Between the last token of an answer and the end of its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Its line came, and is not shown.
    Unshown,
    /// It is shown, and nobody says so.
    Shown,
    /// It is shown, and its sender was told so just now.
    Told,
}

/// What becomes of a connection after a line.
enum Then {
    Answer(Option<Down>),
    /// The same, and then the trap springs.
    Spring(Down, oneshot::Sender<()>),
    Cut,
    /// It says nothing more, for ever.
    Freeze,
}

impl Plaza {
    pub(super) async fn open(seed: &Seed) -> (Self, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let plaza = Self(Arc::new(Shared {
            address,
            book: Mutex::default(),
            said: Mutex::default(),
            trap: Mutex::default(),
            cut_one_in: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            chance: Mutex::new(seed.clone()),
            more: Notify::new(),
            moved: Notify::new(),
        }));
        let own = plaza.clone();
        let serving = tokio::spawn(async move {
            let mut talking: Option<JoinHandle<()>> = None;
            while let Ok((stream, _)) = listener.accept().await {
                own.0.connections.fetch_add(1, Ordering::SeqCst);
                own.0.moved.notify_waiters();
                if let Some(before) = talking.take() {
                    before.abort();
                }
                let own = own.clone();
                talking = Some(tokio::spawn(async move { drop(own.talk(stream).await) }));
            }
        });
        (plaza, serving)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// How often the child has connected.
    pub(super) fn connections(&self) -> u64 {
        self.0.connections.load(Ordering::SeqCst)
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        locked(&self.0.book)
    }

    /// From now on, one shown line in so many loses its connection before that is said.
    pub(super) fn cut_one_in(&self, n: u64) {
        self.0.cut_one_in.store(n, Ordering::SeqCst);
    }

    /// Somebody says something: in turns on the platform that knows lines again, and on the one that does not.
    pub(super) fn say(&self, user: u64, cents: u64, text: &str) {
        let mut said = locked(&self.0.said);
        let platform = if said.len().is_multiple_of(2) { Platform::Twitch } else { Platform::Discord };
        let event = self.book().open(platform == Platform::Discord, cents, !text.is_empty());
        said.push(Down::Said { event, platform, user, cents, text: text.to_owned() });
        drop(said);
        self.0.more.notify_waiters();
    }

    /// Ends at this moment of the next paid answer.
    pub(super) fn trap(&self, at: Moment) -> oneshot::Receiver<()> {
        let (sprung, springs) = oneshot::channel();
        *locked(&self.0.trap) = Some((at, sprung));
        springs
    }

    pub(super) fn disarm(&self) {
        *locked(&self.0.trap) = None;
    }

    /// Ends when anything was heard or shown.
    pub(super) fn moved(&self) -> Notified<'_> {
        self.0.moved.notified()
    }

    async fn talk(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.split();
        let (mut lines, mut next) = (BufReader::new(read).lines(), 0);
        loop {
            let more = self.0.more.notified();
            if let Some(down) = self.unheard_from(&mut next) {
                write.write_all(down.as_bytes()).await?;
                continue;
            }
            tokio::select! {
                () = more => {}
                up = lines.next_line() => {
                    let Some(up) = up? else { return Ok(()) };
                    let Ok(up) = serde_json::from_str(&up) else { return Ok(()) };
                    let then = self.take(up);
                    self.0.moved.notify_waiters();
                    match then {
                        Then::Answer(None) => {}
                        Then::Answer(Some(down)) => write.write_all(line(&down).as_bytes()).await?,
                        Then::Spring(down, sprung) => {
                            write.write_all(line(&down).as_bytes()).await?;
                            let _ = sprung.send(());
                        }
                        Then::Cut => return Ok(()),
                        Then::Freeze => std::future::pending().await,
                    }
                }
            }
        }
    }

    /// The next events that nobody has acknowledged, as lines: not so many that acknowledgements would have to wait.
    fn unheard_from(&self, next: &mut usize) -> Option<String> {
        let (said, book) = (locked(&self.0.said), self.book());
        let from = *next;
        *next = said.len().min(from + 64);
        let unheard = (from..*next).filter(|n| !book.entries[*n].heard).map(|n| line(&said[n]));
        let lines: String = unheard.collect();
        if *next > from { Some(lines) } else { None }
    }

    fn take(&self, up: Up) -> Then {
        let (post, event, platform, answer, text, key) = match up {
            Up::Heard { event } => {
                self.book().heard(event);
                return Then::Answer(None);
            }
            Up::Post { post, event, platform, answer, text, key } => (post, event, platform, answer, text, key),
        };
        let springs = answer && self.book().is_paid_question(event);
        let trap = if springs { locked(&self.0.trap).take() } else { None };
        if let Some((Moment::Unshown, sprung)) = trap {
            let _ = sprung.send(());
            return Then::Freeze;
        }
        let id = self.book().show(event, platform, answer, &text, key.as_deref());
        match trap {
            Some((Moment::Told, sprung)) => return Then::Spring(Down::Posted { post, id }, sprung),
            Some((_, sprung)) => {
                let _ = sprung.send(());
                return Then::Freeze;
            }
            None => {}
        }
        let cut_one_in = self.0.cut_one_in.load(Ordering::SeqCst);
        if cut_one_in > 0 && locked(&self.0.chance).one_in(cut_one_in) {
            return Then::Cut;
        }
        Then::Answer(Some(Down::Posted { post, id }))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
