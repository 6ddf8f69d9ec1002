//! The other end of chat, in memory: what a test makes it do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lovelm::{
    chat::{
        Address, ChannelId, ChatEvent, Lane, Language, Outbox, Outgoing, PersonaId, Place, Platform, Post, RawText,
        UserId,
    },
    clock::Clock,
    config::{TwitchConfig, TwitchLimits},
    reply::Frame,
};
use secrecy::SecretString;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream},
    sync::mpsc,
    task::JoinHandle,
    time::Instant,
};

use crate::{Account, InMemory, Reply, Request, Settings, Twitch, Unreached, Web, World};

/// Tokio's clock, which a paused test moves on by itself.
#[derive(Debug)]
struct Paused(Instant);

#[async_trait]
impl Clock for Paused {
    fn wall(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn until(&self, at: Duration) {
        tokio::time::sleep_until(self.0 + at).await;
    }
}

/// No identity server and no API: names come from the settings, lines go by IRC.
struct NoWeb;

#[async_trait]
impl Web for NoWeb {
    async fn fetch(&self, _: Request) -> Result<Reply, Unreached> {
        Err(Unreached::Refused)
    }
}

pub(super) fn settings() -> Settings {
    let config = TwitchConfig::default();
    Settings {
        irc_url: "irc://far".into(),
        helix_url: "http://helix".into(),
        auth_url: "http://auth".into(),
        channels: Vec::new(),
        invited: config.invited,
        language: Language::Ko,
        accounts: Vec::new(),
        client: None,
        tokens: None,
        bots: config.bots,
        cheermotes: config.cheermotes,
        rewards: Vec::new(),
        limits: TwitchLimits::default(),
    }
}

/// Twitch in memory, with accounts `hongcha_bot`, `omar_bot` and so on.
pub(super) struct Far {
    pub outbox: Arc<dyn Outbox>,
    pub events: mpsc::Receiver<ChatEvent>,
    dialled: mpsc::Receiver<DuplexStream>,
    running: JoinHandle<()>,
}

/// One connection's other end, logged in.
pub(super) struct Wire {
    pub login: String,
    pub read: BufReader<tokio::io::ReadHalf<DuplexStream>>,
    write: tokio::io::WriteHalf<DuplexStream>,
}

impl Far {
    pub(super) fn open(personas: &[&str], channels: &[&str]) -> Self {
        let account = |id: &&str| Account {
            persona: PersonaId::new(*id),
            login: format!("{id}_bot"),
            token: SecretString::from("token"),
            refresh: None,
        };
        let settings = Settings {
            accounts: personas.iter().map(account).collect(),
            channels: channels.iter().map(|name| (*name).to_owned()).collect(),
            ..settings()
        };
        let (dial, dialled) = InMemory::new();
        let clock = Arc::new(Paused(now()));
        let world = World { clock, dial: Arc::new(dial), web: Arc::new(NoWeb) };
        let (ears, events) = mpsc::channel(64);
        let twitch = Twitch::connect(&settings, super::hear::roster(), &world, ears);
        let outbox = twitch.outbox();
        let running = tokio::spawn(twitch.run(std::future::pending()));
        Self { outbox, events, dialled, running }
    }

    /// The next connection, greeted.
    pub(super) async fn accept(&mut self) -> Wire {
        let mut wire = self.knock().await;
        wire.tell(":tmi.twitch.tv 001 x :Welcome, GLHF!").await;
        wire
    }

    /// The next connection, its login read and not answered.
    pub(super) async fn knock(&mut self) -> Wire {
        let (read, write) = tokio::io::split(self.dialled.recv().await.expect("a connection"));
        let mut wire = Wire { login: String::new(), read: BufReader::new(read), write };
        assert_eq!(wire.next().await, "CAP REQ :twitch.tv/tags twitch.tv/commands");
        assert_eq!(wire.next().await, "PASS oauth:token");
        wire.login = wire.next().await.strip_prefix("NICK ").expect("a nick").to_owned();
        wire
    }
}

#[expect(clippy::disallowed_methods, reason = "the test's own clock")]
fn now() -> Instant {
    Instant::now()
}

impl Drop for Far {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Wire {
    /// The next line that is no PING, which is answered.
    pub(super) async fn next(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(self.read.read_line(&mut line).await.expect("read") > 0, "the connection ended");
            let line = line.trim_end().to_owned();
            match line.strip_prefix("PING ") {
                Some(token) => self.tell(&format!(":tmi.twitch.tv PONG tmi.twitch.tv {token}")).await,
                None => return line,
            }
        }
    }

    /// Reads a JOIN and echoes it.
    pub(super) async fn join(&mut self) -> String {
        let line = self.next().await;
        let channel = line.strip_prefix("JOIN #").expect("a JOIN").to_owned();
        let login = self.login.clone();
        self.tell(&format!(":{login}!{login}@{login}.tmi.twitch.tv JOIN #{channel}")).await;
        channel
    }

    pub(super) async fn tell(&mut self, line: &str) {
        self.raw(format!("{line}\r\n").as_bytes()).await;
    }

    pub(super) async fn raw(&mut self, bytes: &[u8]) {
        // A connection that was given up may be told in vain.
        let _ = self.write.write_all(bytes).await;
    }
}

/// A post of a persona in a channel.
pub(super) fn post(speaker: &str, channel: &str, text: &str) -> Post {
    let manner = lovelm::chat::Manner { max_chars: 476, max_lines: 1, edits: None };
    let text: Outgoing = Frame::new(Platform::Twitch, manner).lay_out(text).lines.remove(0);
    let to = Address {
        place: Place { platform: Platform::Twitch, channel: ChannelId::new(channel) },
        user: UserId::new("42"),
        name: RawText::new("민수"),
        message: Some(lovelm::chat::MessageId::new("m-1")),
        callback: None,
    };
    Post { speaker: PersonaId::new(speaker), to, text, lane: Lane::Answer, follows: None }
}
