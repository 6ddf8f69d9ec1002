//! Takes an account, keeps it connected to the gateway: every event is handed on once, in order. Knows nothing of what events mean.
//!
//! serenity's own runner begins a new session whenever an acknowledgement is missed or a connection cannot be taken up at once,
//! which loses what arrives meanwhile, and goes on after codes that end it: so the connection is kept here. What it reads is
//! serenity's models.

mod close;
mod payload;
mod session;

use std::{sync::Arc, time::Duration};

use futures::{SinkExt as _, StreamExt as _};
use lovelm::{chat::PersonaId, clock::Clock};
use tokio::{net::TcpStream, sync::Mutex};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        Message as Frame,
        protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode},
    },
};

pub(crate) use self::{
    close::Close,
    payload::{Payload, unpack},
    session::{Act, Login, Session},
};

/// How long a connection may take to be made.
const LONGEST_CONNECT: Duration = Duration::from_secs(10);
/// Before the next try, and the longest of these pauses.
const PAUSES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// The rest that the gateway wants after it refused a session: one to five seconds.
const REST: Duration = Duration::from_secs(1);
const REST_SPREAD: Duration = Duration::from_secs(4);
/// Between two logins of an account.
const BETWEEN_LOGINS: Duration = Duration::from_secs(5);
/// With this we close what is to be taken up again: 1000 and 1001 would end the session.
const TAKEN_UP_AGAIN: u16 = 4900;
/// The longest message of the gateway that is read, packed.
const LONGEST_FRAME: usize = 16 * 1024 * 1024;
const BUFFER: usize = 4 * 1024;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Who takes the events.
pub(crate) trait Hand: Send {
    /// What this event holds, if anybody wants it. Never waits.
    type Event: Send;
    fn read(&mut self, payload: &Payload<'_>) -> Option<Self::Event>;
    /// Takes it, as soon as there is room. `false` when nobody takes any more.
    fn take(&mut self, event: Self::Event) -> impl Future<Output = bool> + Send;
}

/// When an account may log in: one at a time, and not too often, over all its connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Arc<Mutex<Option<Duration>>>);

/// One connection of an account, to be kept.
pub(crate) struct Link<H> {
    pub persona: PersonaId,
    /// Where the gateway is.
    pub address: String,
    pub clock: Arc<dyn Clock>,
    pub turns: Turns,
    pub hand: H,
}

enum Ended {
    /// To be taken up again at once, or after a rest.
    Lost,
    Rest,
    Final(Close),
    /// Nobody listens.
    Over,
}

impl<H: Hand> Link<H> {
    /// Stays connected until the account cannot be, for a reason that is given, or nobody listens any more.
    pub(crate) async fn keep(mut self, login: Login) -> Option<Close> {
        let (mut session, mut failed) = (Session::new(login), 0_usize);
        loop {
            let ended = match self.connect(&session).await {
                Some(socket) => {
                    session.connected(self.clock.elapsed());
                    let ended = self.listen(socket, &mut session).await;
                    if session.is_live() {
                        failed = 0;
                    }
                    metrics::counter!("lovelm_discord_connections_lost_total").increment(1);
                    ended
                }
                None => Ended::Lost,
            };
            match ended {
                Ended::Final(close) => return Some(close),
                Ended::Over => return None,
                Ended::Rest => self.rest(REST + REST_SPREAD.mul_f64(self.jitter())).await,
                Ended::Lost => self.rest(PAUSES[failed.min(PAUSES.len() - 1)]).await,
            }
            failed += 1;
        }
    }

    async fn connect(&self, session: &Session) -> Option<Socket> {
        let base = session.address().unwrap_or(&self.address).trim_end_matches('/');
        let config = WebSocketConfig {
            max_message_size: Some(LONGEST_FRAME),
            max_frame_size: Some(LONGEST_FRAME),
            write_buffer_size: BUFFER,
            ..WebSocketConfig::default()
        };
        let late = self.clock.elapsed() + LONGEST_CONNECT;
        let address = format!("{base}/?v=10&encoding=json");
        let connected = tokio::select! {
            connected = connect_async_with_config(address, Some(config), true) => connected,
            () = self.clock.until(late) => return None,
        };
        if connected.is_err() {
            tracing::warn!(persona = %self.persona, "the gateway cannot be reached");
        }
        connected.ok().map(|(socket, _)| socket)
    }

    /// One connection, to its end.
    async fn listen(&mut self, mut socket: Socket, session: &mut Session) -> Ended {
        loop {
            let wake = session.next().unwrap_or(Duration::MAX);
            let frame = tokio::select! {
                frame = socket.next() => frame,
                () = self.clock.until(wake) => {
                    let goes_on = match session.tick(self.clock.elapsed(), true) {
                        None => true,
                        Some(Act::Say(beat)) => say(&mut socket, beat).await,
                        Some(_) => false,
                    };
                    if goes_on {
                        continue;
                    }
                    return break_off(socket).await;
                }
            };
            let text = match frame {
                Some(Ok(Frame::Text(text))) => Some(text),
                Some(Ok(Frame::Binary(bytes))) => unpack(&bytes),
                Some(Ok(Frame::Close(close))) => {
                    let code = close.map(|close| u16::from(close.code));
                    return session.closed(code).map_or(Ended::Lost, Ended::Final);
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => {
                    let _lost = session.closed(None);
                    return Ended::Lost;
                }
            };
            // What cannot be read cannot be skipped either: the same comes again over another connection.
            let Some(payload) = text.as_deref().and_then(Payload::of) else { return break_off(socket).await };
            let jitter = self.jitter();
            for act in session.heard(&payload, self.clock.elapsed(), jitter) {
                let goes_on = match act {
                    Act::Say(words) => say(&mut socket, words).await,
                    Act::Identify => self.identify(&mut socket, session).await,
                    Act::Hand => match self.hand.read(&payload) {
                        None => true,
                        Some(event) => match self.hand_on(&mut socket, session, event).await {
                            Some(goes_on) => goes_on,
                            None => return Ended::Over,
                        },
                    },
                    Act::BreakOff => false,
                    Act::Rest => {
                        break_off(socket).await;
                        return Ended::Rest;
                    }
                };
                if !goes_on {
                    return break_off(socket).await;
                }
            }
        }
    }

    /// Hands an event on; while there is no room for it the connection stays alive, and nothing more is read. `None` when nobody
    /// listens any more.
    async fn hand_on(&mut self, socket: &mut Socket, session: &mut Session, event: H::Event) -> Option<bool> {
        let clock = Arc::clone(&self.clock);
        let (mut taken, mut alive) = (std::pin::pin!(self.hand.take(event)), true);
        while alive {
            let wake = session.next().unwrap_or(Duration::MAX);
            tokio::select! {
                biased;
                taken = &mut taken => return taken.then_some(true),
                () = clock.until(wake) => match session.tick(clock.elapsed(), false) {
                    None => {}
                    Some(Act::Say(beat)) => alive = say(socket, beat).await,
                    Some(_) => return Some(false),
                },
            }
        }
        Some(false)
    }

    async fn identify(&self, socket: &mut Socket, session: &mut Session) -> bool {
        let mut last = self.turns.0.lock().await;
        if let Some(last) = *last {
            self.clock.until(last + BETWEEN_LOGINS).await;
        }
        *last = Some(self.clock.elapsed());
        metrics::counter!("lovelm_discord_logins_total").increment(1);
        let words = session.identify(self.clock.elapsed());
        say(socket, words).await
    }

    async fn rest(&self, time: Duration) {
        self.clock.until(self.clock.elapsed() + time).await;
    }

    /// From 0 to 1, as good as any: the accounts of a fleet do not greet at the same nanosecond.
    fn jitter(&self) -> f64 {
        f64::from(self.clock.elapsed().subsec_nanos() % 1_000_003) / 1_000_003.0
    }
}

async fn say(socket: &mut Socket, words: String) -> bool {
    socket.send(Frame::Text(words)).await.is_ok()
}

/// Closes so that the session can be taken up again.
async fn break_off(mut socket: Socket) -> Ended {
    let close = CloseFrame { code: CloseCode::from(TAKEN_UP_AGAIN), reason: "".into() };
    let _ = tokio::time::timeout(Duration::from_secs(1), socket.close(Some(close))).await;
    Ended::Lost
}
