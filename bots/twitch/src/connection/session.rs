//! Takes a connection that is made, brings it through its login and reads and writes until its end. Knows nothing of the next
//! one.

use std::{io, sync::Arc, time::Duration};

use tokio::io::{AsyncWriteExt as _, ReadHalf, WriteHalf};

use super::{
    Connection, Ended, LONGEST_LOGIN, Report,
    lines::Lines,
    pulse::{Beat, Pulse},
    signal::{self, Signal},
};
use crate::{account::Pass, dial::Link, hear::translate, helix::WHISPERS, line::Line};

/// How long a line may take to leave.
const LONGEST_WRITE: Duration = Duration::from_secs(5);

/// A connection that is made.
pub(super) struct Session {
    lines: Lines<ReadHalf<Box<dyn Link>>>,
    write: WriteHalf<Box<dyn Link>>,
    pulse: Pulse,
    login: String,
    /// Whether it may answer whispers: those that it may not are not taken up.
    whispers: bool,
}

impl Session {
    /// Over a link on which nothing was said yet.
    pub(super) fn over(link: Box<dyn Link>, pass: &Pass, now: Duration, silence: Duration) -> Self {
        let (read, write) = tokio::io::split(link);
        let whispers = pass.identity.as_ref().is_some_and(|identity| identity.allows(WHISPERS));
        Self { lines: Lines::of(read), write, pulse: Pulse::new(now, silence), login: pass.login.clone(), whispers }
    }

    /// Waits for the answer to the login.
    pub(super) async fn welcome(&mut self, connection: &Connection) -> Result<(), Ended> {
        let clock = &connection.world.clock;
        let late = clock.elapsed() + LONGEST_LOGIN;
        loop {
            let line = tokio::select! {
                line = self.lines.next() => line,
                () = clock.until(late) => return Err(Ended::Lost),
            };
            let Ok(Some(line)) = line else { return Err(Ended::Lost) };
            self.pulse.heard(clock.elapsed());
            match Line::parse(&line) {
                Some(line) if line.command == "001" => return Ok(()),
                Some(line) if line.command == "NOTICE" && signal::is_login_failure(&line) => return Err(Ended::Login),
                Some(line) if line.command == "PING" => {
                    let pong = pong(&line);
                    self.say(connection, &pong).await.map_err(|_| Ended::Lost)?;
                }
                Some(line) if line.command == "RECONNECT" => return Err(Ended::Lost),
                _ => {}
            }
        }
    }

    /// Reads and writes until the end.
    pub(super) async fn listen(&mut self, connection: &mut Connection) -> Ended {
        let clock = Arc::clone(&connection.world.clock);
        loop {
            tokio::select! {
                line = self.lines.next() => {
                    let Ok(Some(line)) = line else { return Ended::Lost };
                    self.pulse.heard(clock.elapsed());
                    if let Err(ended) = self.read(connection, &line).await {
                        return ended;
                    }
                }
                line = connection.lines.recv() => {
                    let Some(line) = line else { return Ended::Over };
                    if self.say(connection, &line).await.is_err() {
                        return Ended::Lost;
                    }
                }
                () = clock.until(self.pulse.next()) => match self.pulse.beat(clock.elapsed()) {
                    Beat::Wait => {}
                    Beat::Ask(ping) => {
                        if self.say(connection, &ping).await.is_err() {
                            return Ended::Lost;
                        }
                    }
                    Beat::Gone => return Ended::Lost,
                },
            }
        }
    }

    async fn read(&mut self, connection: &Connection, line: &str) -> Result<(), Ended> {
        let Some(line) = Line::parse(line) else { return Ok(()) };
        match line.command {
            "PING" => {
                let pong = pong(&line);
                self.say(connection, &pong).await.map_err(|_| Ended::Lost)?;
            }
            "RECONNECT" => return Err(Ended::Lost),
            "WHISPER" if !self.whispers => {
                metrics::counter!("lovelm_twitch_whispers_unanswered_total").increment(1);
            }
            "NOTICE" if signal::is_login_failure(&line) => return Err(Ended::Login),
            _ => {
                let hearing = Arc::clone(&connection.hearing.borrow());
                let signal = signal::signal(&line, &self.login, &hearing);
                let is_ours_alone = matches!(signal, Some(Signal::Invited(_)));
                if let Some(signal) = signal {
                    let report = Report::Signal(connection.seat, signal);
                    connection.reports.send(report).await.map_err(|_| Ended::Over)?;
                }
                if is_ours_alone {
                    return Ok(());
                }
                if let Some(event) = translate(&line, &hearing, connection.world.clock.wall()) {
                    // Nobody to hear: lines are still said.
                    let _ = connection.hear(event).await;
                }
            }
        }
        Ok(())
    }

    /// Writes a line, and its end.
    pub(super) async fn say(&mut self, connection: &Connection, line: &str) -> io::Result<()> {
        let clock = &connection.world.clock;
        let late = clock.elapsed() + LONGEST_WRITE;
        let bytes = format!("{line}\r\n");
        let written = async {
            self.write.write_all(bytes.as_bytes()).await?;
            self.write.flush().await
        };
        tokio::select! {
            written = written => written,
            () = clock.until(late) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

/// The answer to a PING. Its one word may stand without a colon.
fn pong(line: &Line<'_>) -> String {
    format!("PONG :{}", if line.text.is_empty() { line.middle } else { line.text })
}
