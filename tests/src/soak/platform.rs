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
    /// Of the next post: shown or not, and then nothing more is answered.
    trap: Mutex<Option<(bool, oneshot::Sender<()>)>>,
    /// One shown line in so many is not acknowledged, and the connection goes. 0: never.
    cut_one_in: AtomicU64,
    connections: AtomicU64,
    chance: Mutex<Seed>,
    more: Notify,
    moved: Notify,
}

/// What becomes of a connection after a line.
enum Then {
    Answer(Option<Down>),
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

    /// Ends when the next line comes: it is shown or not, and nobody says so.
    pub(super) fn trap(&self, shown: bool) -> oneshot::Receiver<()> {
        let (sprung, springs) = oneshot::channel();
        *locked(&self.0.trap) = Some((shown, sprung));
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
        let trap = locked(&self.0.trap).take();
        if let Some((false, sprung)) = trap {
            let _ = sprung.send(());
            return Then::Freeze;
        }
        let id = self.book().show(event, platform, answer, &text, key.as_deref());
        if let Some((_, sprung)) = trap {
            let _ = sprung.send(());
            return Then::Freeze;
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
