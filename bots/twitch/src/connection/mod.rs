//! Takes an account, keeps it connected to chat: events go to the ears, what concerns rooms and lines to the hub. Knows nothing
//! of who listens where and of what may be said.

mod invitation;
mod lines;
mod pulse;
mod recent;
mod session;
mod signal;

use std::{io, sync::Arc, time::Duration};

use lovelm::chat::ChatEvent;
use secrecy::ExposeSecret as _;
use tokio::sync::{mpsc, watch};

use self::session::Session;
pub(crate) use self::{
    invitation::Invitation,
    recent::Recent,
    signal::{Mode, Signal},
};
use crate::{
    account::{Keeper, Pass, Trouble},
    hear::Hearing,
    twitch::World,
};

/// Lines of one account on their way out. The hub takes a full queue for a connection that is gone.
pub(crate) const OUTGOING: usize = 256;

/// How long a connection may take to be made, and a login to be answered.
const LONGEST_LOGIN: Duration = Duration::from_secs(8);
/// Before the next try, and the longest of these pauses. A connection that lasted gets the first try at once.
const PAUSES: [Duration; 5] =
    [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(3), Duration::from_secs(5)];
/// A connection that stood this long was no failed try.
const LASTED: Duration = Duration::from_secs(20);
/// Before an account is tried again that needs somebody's help.
const TROUBLED: Duration = Duration::from_mins(1);

/// What a connection tells the hub.
#[derive(Debug)]
pub(crate) enum Report {
    /// Logged in, joined nowhere.
    Up(usize, Pass),
    Down(usize),
    Signal(usize, Signal),
}

/// One account and its way to chat.
pub(crate) struct Connection {
    pub seat: usize,
    pub keeper: Arc<Keeper>,
    pub world: World,
    pub silence: Duration,
    pub hearing: watch::Sender<Arc<Hearing>>,
    pub recent: Arc<Recent>,
    pub ears: mpsc::Sender<ChatEvent>,
    pub reports: mpsc::Sender<Report>,
    pub lines: mpsc::Receiver<String>,
}

/// How a connection ended.
#[derive(Debug)]
enum Ended {
    /// The far end wants us to come again, or is gone.
    Lost,
    /// It does not accept the token.
    Login,
    /// The hub is gone.
    Over,
}

impl Connection {
    /// Connects again and again, until the hub is gone.
    pub(crate) async fn keep(mut self) {
        let (mut failed, mut told) = (0, None);
        while !self.reports.is_closed() {
            match self.once().await {
                Ok((Ended::Over, _)) => return,
                Ok((_, stood)) => {
                    told = None;
                    failed = if stood >= LASTED { 0 } else { failed + 1 };
                }
                Err(trouble) => {
                    if told.as_ref() != Some(&trouble) {
                        tracing::error!(persona = %self.keeper.persona, %trouble, "an account is not on Twitch");
                        told = Some(trouble);
                    }
                    self.rest(TROUBLED).await;
                }
            }
            self.rest(PAUSES[failed.min(PAUSES.len() - 1)]).await;
        }
    }

    /// One connection, from its beginning to its end, and how long it stood.
    async fn once(&mut self) -> Result<(Ended, Duration), Trouble> {
        let pass = self.keeper.pass().await?;
        let Some(mut session) = self.login(&pass).await else { return Ok((Ended::Lost, Duration::ZERO)) };
        if let Err(ended) = session.welcome(self).await {
            if matches!(ended, Ended::Login) {
                self.keeper.refused(&pass.token).await?;
            }
            return Ok((ended, Duration::ZERO));
        }
        let began = self.world.clock.elapsed();
        self.introduce(&pass);
        // What was meant for the connection before this one is not for this one.
        while self.lines.try_recv().is_ok() {}
        if self.reports.send(Report::Up(self.seat, pass)).await.is_err() {
            return Ok((Ended::Over, Duration::ZERO));
        }
        let ended = session.listen(self).await;
        metrics::counter!("lovelm_twitch_connections_lost_total").increment(1);
        let _ = self.reports.send(Report::Down(self.seat)).await;
        Ok((ended, self.world.clock.elapsed().saturating_sub(began)))
    }

    async fn login(&self, pass: &Pass) -> Option<Session> {
        let late = self.world.clock.elapsed() + LONGEST_LOGIN;
        let dialled = tokio::select! {
            dialled = self.world.dial.dial() => dialled,
            () = self.world.clock.until(late) => Err(io::ErrorKind::TimedOut.into()),
        };
        let link = match dialled {
            Ok(link) => link,
            Err(error) => {
                tracing::warn!(persona = %self.keeper.persona, kind = ?error.kind(), "chat cannot be reached");
                return None;
            }
        };
        let mut session = Session::over(link, pass, self.world.clock.elapsed(), self.silence);
        let login = format!(
            "CAP REQ :twitch.tv/tags twitch.tv/commands\r\nPASS oauth:{}\r\nNICK {}",
            pass.token.expose_secret(),
            pass.login
        );
        session.say(self, &login).await.ok().map(|()| session)
    }

    /// Everybody's ears know this account from now on.
    fn introduce(&self, pass: &Pass) {
        self.hearing.send_if_modified(|hearing| {
            let new = !hearing.accounts.contains_key(&pass.login);
            if new {
                Arc::make_mut(hearing).accounts.insert(pass.login.clone(), self.keeper.persona.clone());
            }
            new
        });
    }

    async fn rest(&self, time: Duration) {
        self.world.clock.until(self.world.clock.elapsed() + time).await;
    }

    /// Gives an event to the ears. `false` when nobody hears any more.
    async fn hear(&self, event: ChatEvent) -> bool {
        if !self.recent.is_new(&event) {
            return true;
        }
        match self.ears.try_send(event) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(ChatEvent::Said(_))) => {
                metrics::counter!("lovelm_twitch_unheard_total").increment(1);
                true
            }
            Err(mpsc::error::TrySendError::Full(event)) => self.ears.send(event).await.is_ok(),
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }
}
