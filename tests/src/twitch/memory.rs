//! The real adapter and the simulated Twitch joined by pipes in memory, at the time of tokio's clock: with that clock paused, a
//! night of chat takes seconds. Nobody answers but a stand-in that says the same few things: no rooms, no database.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use lovelm::{
    chat::{Address, CallName, ChatEvent, Lane, Message, Outbox, PersonaId, Platform, Roster},
    clock::Clock,
    reply::{Frame, Outcome, Recipient, post},
};
use lovelm_twitch::{Dial, Link, Method, Reply, Unreached, Web, World};
use secrecy::ExposeSecret as _;
use tokio::{sync::mpsc, task::JoinSet, time::Instant};

use super::{BOTS, Door, EPOCH_MS, Network, Plan, Request, Twitch, server::lock};

/// Tokio's clock, paused or not.
#[derive(Debug)]
pub struct TokioClock(Instant);

impl Default for TokioClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks tokio for the time")]
    fn default() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Clock for TokioClock {
    fn wall(&self) -> DateTime<Utc> {
        let epoch = DateTime::from_timestamp_millis(EPOCH_MS.cast_signed()).expect("a time");
        epoch + TimeDelta::from_std(self.elapsed()).unwrap_or(TimeDelta::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn until(&self, at: Duration) {
        tokio::time::sleep_until(self.0 + at).await;
    }
}

/// The way from the adapter to the network, without a socket.
struct Pipes(Arc<Twitch>);

#[async_trait]
impl Dial for Pipes {
    async fn dial(&self) -> io::Result<Box<dyn Link>> {
        Ok(Box::new(self.0.open()))
    }
}

#[async_trait]
impl Web for Pipes {
    async fn fetch(&self, request: lovelm_twitch::Request) -> Result<Reply, Unreached> {
        let path =
            request.url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let body = match request.method {
            Method::Get => Vec::new(),
            Method::Form(form) => form.expose_secret().as_bytes().to_vec(),
            Method::Json(json) => json.to_string().into_bytes(),
        };
        let asked = Request {
            path: format!("/{path}"),
            query: query.to_owned(),
            authorization: request.authorization.map(|given| given.expose_secret().to_owned()),
            client: request.client,
            body,
        };
        let (status, body) = self.0.with(|network, at| network.api(at, &asked));
        Ok(Reply { status, body: body.to_string().into_bytes() })
    }
}

/// What came through, and what became of the answers.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// When an event came, by its id: more than once is once too often.
    pub events: HashMap<String, Vec<Duration>>,
    pub outcomes: HashMap<&'static str, usize>,
}

/// A night of chat in memory. Everything in it ends when it is dropped.
#[derive(Debug)]
pub struct Night {
    pub twitch: Arc<Twitch>,
    heard: Arc<Mutex<Heard>>,
    _tasks: JoinSet<()>,
}

impl Night {
    /// Begins with all accounts logging in. Answers take `think`. Called within a runtime.
    pub fn begin(plan: &Plan, think: Duration) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::default());
        let twitch = Arc::new(Twitch::at(Arc::clone(&clock)));
        let (irc_url, web) = ("irc://memory".to_owned(), "http://memory");
        let door = Door::open(&twitch, irc_url, web, &plan.channels, &plan.scopes, plan.moderators);
        let settings = door.settings(None, &plan.rewards, &plan.limits);
        let pipes = Arc::new(Pipes(Arc::clone(&twitch)));
        let world = World { clock: Arc::clone(&clock), dial: Arc::clone(&pipes) as Arc<dyn Dial>, web: pipes };
        let (ears, events) = mpsc::channel(1024);
        let adapter = lovelm_twitch::Twitch::connect(&settings, roster(), &world, ears);
        let heard = Arc::new(Mutex::new(Heard::default()));
        let fleet = Fleet { outbox: adapter.outbox(), clock, think, heard: Arc::clone(&heard) };
        let mut tasks = JoinSet::new();
        tasks.spawn(adapter.run(std::future::pending()));
        tasks.spawn(fleet.listen(events));
        Self { twitch, heard, _tasks: tasks }
    }

    /// What was heard so far.
    pub fn heard(&self) -> Heard {
        lock(&self.heard).clone()
    }

    /// When an event came first.
    pub fn came(&self, id: &str) -> Option<Duration> {
        lock(&self.heard).events.get(id).and_then(|times| times.first().copied())
    }

    /// The time since it began.
    pub fn now(&self) -> Duration {
        self.twitch.with(|_, at| at)
    }

    /// Waits until something is so on the network.
    pub async fn until(&self, so: impl Fn(&Network) -> bool) {
        while !self.twitch.with(|network, _| so(network)) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn roster() -> Roster {
    let personas = BOTS.map(|(persona, _)| PersonaId::new(persona)).to_vec();
    let names = personas.iter().map(|persona| CallName { persona: persona.clone(), name: persona.to_string() });
    Roster { names: names.collect(), personas }
}

/// Stands in for the rooms: answers whoever mentions a persona with one of a few sentences.
#[derive(Clone)]
struct Fleet {
    outbox: Arc<dyn Outbox>,
    clock: Arc<dyn Clock>,
    think: Duration,
    heard: Arc<Mutex<Heard>>,
}

impl Fleet {
    async fn listen(self, mut events: mpsc::Receiver<ChatEvent>) {
        let mut answers = JoinSet::new();
        while let Some(event) = events.recv().await {
            while answers.try_join_next().is_some() {}
            let (message, paid) = match event {
                ChatEvent::Said(message) => (message, false),
                ChatEvent::Paid(message, _) => (message, true),
                _ => continue,
            };
            let now = self.clock.elapsed();
            lock(&self.heard).events.entry(message.event.as_str().to_owned()).or_default().push(now);
            if !paid && !message.author.is_bot && !message.mentions.is_empty() {
                answers.spawn(self.clone().answer(message));
            }
        }
    }

    async fn answer(self, message: Message) {
        self.clock.until(self.clock.elapsed() + self.think).await;
        let frame = Frame::new(Platform::Twitch, self.outbox.manner());
        for speaker in message.mentions {
            let to = Address {
                place: message.place.clone(),
                user: message.author.user.clone(),
                name: message.author.name.clone(),
                message: message.id.clone(),
                callback: None,
            };
            let recipient = Recipient { speaker, to, lane: Lane::Answer };
            let words = format!("{} Breathe first, then ask them once.", message.text.expose());
            let done = post(self.outbox.as_ref(), self.clock.as_ref(), &recipient, &frame, &words).await;
            *lock(&self.heard).outcomes.entry(name(done.outcome)).or_default() += 1;
        }
    }
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Shown => "shown",
        Outcome::Cancelled => "cancelled",
        Outcome::Gone => "gone",
        Outcome::Refused => "refused",
        Outcome::InDoubt => "in doubt",
        Outcome::Late => "late",
    }
}
