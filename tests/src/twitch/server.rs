//! The simulated Twitch behind sockets, or behind pipes in memory, at the time of a clock.

use std::{
    collections::HashMap,
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use lovelm::clock::Clock;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{
    helix::Request,
    network::{Network, Out, Wire},
};

/// Lines that a slow client may leave unread; then its connection is reset.
const MOST_UNREAD: usize = 100_000;
const TICK: Duration = Duration::from_secs(1);
const PIPE_BYTES: usize = 64 * 1024;
/// How long anything may take on the machine's clock. Only a fault takes as long.
const PATIENCE: Duration = Duration::from_secs(90);
const SLOW_PATIENCE: Duration = Duration::from_mins(10);

/// A running Twitch. It ends when it is dropped.
pub struct Twitch {
    shared: Arc<Shared>,
    tasks: Mutex<JoinSet<()>>,
}

pub(super) struct Shared {
    network: Mutex<Network>,
    wires: Mutex<HashMap<Wire, mpsc::Sender<Out>>>,
    clock: Arc<dyn Clock>,
    changed: watch::Sender<()>,
}

impl Twitch {
    /// An empty network at the time of this clock.
    pub fn at(clock: Arc<dyn Clock>) -> Self {
        let shared = Shared {
            network: Mutex::new(Network::default()),
            wires: Mutex::default(),
            clock,
            changed: watch::Sender::new(()),
        };
        let (shared, mut tasks) = (Arc::new(shared), JoinSet::new());
        tasks.spawn(tick(Arc::clone(&shared)));
        Self { shared, tasks: Mutex::new(tasks) }
    }

    /// Serves IRC on a free port of this machine: `irc://127.0.0.1:PORT`.
    pub async fn listen(&self) -> io::Result<String> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        lock(&self.tasks).spawn(accept(Arc::clone(&self.shared), listener));
        Ok(format!("irc://{address}"))
    }

    /// Serves Helix and the authorisation server on a free port of this machine.
    pub async fn serve(&self) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&self.shared));
        lock(&self.tasks).spawn(async move { drop(axum::serve(listener, routes).await) });
        Ok(address)
    }

    /// Connects somebody in memory, and gives their end.
    pub fn open(&self) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
        self.adopt(ours);
        theirs
    }

    /// Takes one end of a connection that was made in memory.
    pub fn adopt(&self, end: DuplexStream) {
        lock(&self.tasks).spawn(serve(Arc::clone(&self.shared), end, |_| ()));
    }

    /// Lets something happen now.
    pub fn with<T>(&self, act: impl FnOnce(&mut Network, Duration) -> T) -> T {
        self.shared.with(act)
    }

    /// Waits until something is so on the network.
    pub async fn until(&self, what: &str, so: impl Fn(&Network) -> bool) {
        self.within(PATIENCE, what, so).await;
    }

    /// The same where a real model has to begin, or to answer.
    pub async fn until_slowly(&self, what: &str, so: impl Fn(&Network) -> bool) {
        self.within(SLOW_PATIENCE, what, so).await;
    }

    async fn within(&self, patience: Duration, what: &str, so: impl Fn(&Network) -> bool) {
        let mut changed = self.shared.changed.subscribe();
        let waiting = async {
            while !so(&lock(&self.shared.network)) {
                // The sender lives in `self`.
                let _ = changed.changed().await;
            }
        };
        tokio::time::timeout(patience, waiting).await.unwrap_or_else(|_| panic!("{what}: {:?}", self.report()));
    }

    /// What was noticed so far.
    pub fn report(&self) -> super::Report {
        lock(&self.shared.network).report().clone()
    }
}

impl Shared {
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Network, Duration) -> T) -> T {
        let mut network = lock(&self.network);
        let result = act(&mut network, self.clock.elapsed());
        // Still under the lock, so that lines leave in the order in which they were written.
        let wires = lock(&self.wires);
        while let Some((wire, out)) = network.take() {
            if let Some(sender) = wires.get(&wire)
                && sender.try_send(out).is_err()
            {
                network.hung_up(wire);
            }
        }
        drop((wires, network));
        self.changed.send_replace(());
        result
    }

    fn connect(&self) -> (Wire, mpsc::Receiver<Out>) {
        let (sender, receiver) = mpsc::channel(MOST_UNREAD);
        let wire = self.with(Network::connect);
        lock(&self.wires).insert(wire, sender);
        (wire, receiver)
    }
}

/// One request to Helix or to the authorisation server.
async fn answer(
    State(shared): State<Arc<Shared>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
    let request = Request {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        authorization: header(header::AUTHORIZATION),
        client: header(HeaderName::from_static("client-id")),
        body: body.to_vec(),
    };
    let (status, body) = shared.with(|network, at| network.api(at, &request));
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
}

async fn tick(shared: Arc<Shared>) {
    loop {
        let next = shared.clock.elapsed() + TICK;
        shared.clock.until(next).await;
        shared.with(Network::tick);
    }
}

async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    let mut wires = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        wires.spawn(serve(Arc::clone(&shared), stream, reset));
        while wires.try_join_next().is_some() {}
    }
}

/// Takes a connection away so that the other side finds it reset.
fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(shared: Arc<Shared>, mut stream: S, reset: impl FnOnce(&S)) {
    let (wire, mut outs) = shared.connect();
    let (mut buffer, mut batch) = (vec![0; 16 * 1024], Vec::new());
    let reset_it = loop {
        tokio::select! {
            read = stream.read(&mut buffer) => match read {
                Ok(0) | Err(_) => break false,
                Ok(count) => shared.with(|network, at| network.read(at, wire, &buffer[..count])),
            },
            count = outs.recv_many(&mut batch, 256) => {
                if count == 0 {
                    break true;
                }
                if let Some(reset) = write(&mut stream, &mut batch).await {
                    break reset;
                }
            }
        }
    };
    lock(&shared.wires).remove(&wire);
    shared.with(|network, _| network.hung_up(wire));
    if reset_it {
        reset(&stream);
    }
}

/// Writes what is to be written. When the connection is over, gives whether it is to be reset.
async fn write<S: AsyncWrite + Unpin>(stream: &mut S, batch: &mut Vec<Out>) -> Option<bool> {
    let (mut bytes, mut end) = (Vec::new(), None);
    for out in batch.drain(..) {
        match out {
            _ if end.is_some() => {}
            Out::Bytes(more) => bytes.extend(more),
            Out::Close => end = Some(false),
            Out::Reset => end = Some(true),
        }
    }
    if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
        return Some(false);
    }
    if end == Some(false) {
        let _ = stream.shutdown().await;
    }
    end
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Twitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twitch").finish_non_exhaustive()
    }
}
