//! The simulated Discord behind sockets, at the time of a clock.

use std::{
    collections::HashMap,
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, OriginalUri, State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use lovelm::clock::Clock;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{
    cord::{Knife, Port, certificate},
    network::{Network, Out, Wire},
    rest::{Reply, Request},
    socket,
};

/// Payloads that a slow client may leave unread; then its connection is reset.
const MOST_UNREAD: usize = 100_000;
const LOOK_EVERY: Duration = Duration::from_millis(5);
const TICK: Duration = Duration::from_millis(50);
/// How long anything may take on the machine's clock. Only a fault takes as long.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running Discord. It ends when it is dropped.
pub struct Discord {
    shared: Arc<Shared>,
    tasks: Mutex<JoinSet<()>>,
}

pub(super) struct Shared {
    network: Mutex<Network>,
    wires: Mutex<HashMap<Wire, mpsc::Sender<Out>>>,
    clock: Arc<dyn Clock>,
    changed: watch::Sender<()>,
}

impl Discord {
    /// An empty network at the time of this clock.
    pub fn at(clock: Arc<dyn Clock>) -> Self {
        let epoch = clock.wall() - chrono::TimeDelta::from_std(clock.elapsed()).unwrap_or_default();
        let shared = Shared {
            network: Mutex::new(Network::new(epoch)),
            wires: Mutex::default(),
            clock,
            changed: watch::Sender::new(()),
        };
        let (shared, mut tasks) = (Arc::new(shared), JoinSet::new());
        tasks.spawn(tick(Arc::clone(&shared)));
        Self { shared, tasks: Mutex::new(tasks) }
    }

    /// Serves REST and the gateway on a free port of this machine: `http://127.0.0.1:PORT`.
    pub async fn listen(&self) -> io::Result<String> {
        let port = Port::open(None).await?;
        let address = port.address();
        self.with(|network, _| network.gateway_url = format!("ws://{address}"));
        self.serve(port);
        Ok(format!("http://{address}"))
    }

    /// The same as Discord itself: TLS under the name discord.com, on a free port of this machine. Gives that port and the
    /// certificate of the authority that vouches for it.
    pub async fn listen_as_discord(&self) -> io::Result<(u16, String)> {
        let (tls, authority) = certificate();
        let port = Port::open(Some(tls)).await?;
        let number = port.address().port();
        self.serve(port);
        Ok((number, authority))
    }

    fn serve(&self, port: Port) {
        let routes = Router::new().route("/", get(gateway)).fallback(answer).with_state(Arc::clone(&self.shared));
        let routes = routes.into_make_service_with_connect_info::<Knife>();
        lock(&self.tasks).spawn(async move { drop(axum::serve(port, routes).await) });
    }

    /// Lets something happen now.
    pub fn with<T>(&self, act: impl FnOnce(&mut Network, Duration) -> T) -> T {
        self.shared.with(act)
    }

    /// Waits until something is so on the network.
    pub async fn until(&self, what: &str, so: impl Fn(&Network) -> bool) {
        let mut changed = self.shared.changed.subscribe();
        let waiting = async {
            while !so(&lock(&self.shared.network)) {
                // The sender lives in `self`.
                let _ = changed.changed().await;
                // Much may happen at once: it is looked at together.
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what}: {:?}", self.report()));
    }

    /// What was noticed so far.
    pub fn report(&self) -> super::Report {
        lock(&self.shared.network).report().clone()
    }
}

impl Shared {
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Network, Duration) -> T) -> T {
        let mut network = lock(&self.network);
        let at = self.clock.elapsed();
        let result = act(&mut network, at);
        // Still under the lock, so that payloads leave in the order in which they were written.
        let mut wires = lock(&self.wires);
        while let Some((wire, out)) = network.take() {
            let last = !matches!(out, Out::Payload { .. } | Out::Garbage { .. });
            let sent = wires.get(&wire).is_none_or(|sender| sender.try_send(out).is_ok());
            if last || !sent {
                wires.remove(&wire);
                network.hung_up(at, wire, None);
            }
        }
        drop((wires, network));
        self.changed.send_replace(());
        result
    }

    pub(super) fn connect(&self) -> (Wire, mpsc::Receiver<Out>) {
        let (sender, receiver) = mpsc::channel(MOST_UNREAD);
        let mut network = lock(&self.network);
        let wire = network.connect(self.clock.elapsed());
        lock(&self.wires).insert(wire, sender);
        drop(network);
        // What was written to the wire leaves only now that somebody takes it.
        self.with(|_, _| ());
        (wire, receiver)
    }
}

/// A client of the gateway. `compress=zlib-stream` asks for one stream of compressed bytes, as some libraries do.
async fn gateway(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    uri: Uri,
    upgrade: WebSocketUpgrade,
) -> Response {
    let stream = uri.query().unwrap_or_default().contains("compress=zlib-stream");
    upgrade.on_upgrade(move |socket: WebSocket| socket::serve(shared, knife, socket, stream))
}

/// One request to the REST API.
async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok()).map(str::to_owned);
    let request = Request {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        authorization,
        body: body.to_vec(),
    };
    let reply = shared.with(|network, at| network.api(at, &request));
    if !reply.after.is_zero() {
        let until = shared.clock.elapsed() + reply.after;
        shared.clock.until(until).await;
    }
    if reply.cut {
        knife.cut();
    }
    written(reply)
}

fn written(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match reply.body {
        serde_json::Value::Null => status.into_response(),
        body => (status, Json(body)).into_response(),
    };
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

async fn tick(shared: Arc<Shared>) {
    loop {
        let next = shared.clock.elapsed() + TICK;
        shared.clock.until(next).await;
        shared.with(Network::tick);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Discord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Discord").finish_non_exhaustive()
    }
}
