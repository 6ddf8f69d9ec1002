//! A streamer's evening: the real adapter and the real rooms between the simulated Twitch, a real Postgres and a scripted
//! engine. What the channel shows is read line by line. A line that no test reads, an answer that is not shown, and anything
//! that Twitch does not allow are faults.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use lovelm::{
    chat::{Outbox, Platform, UserId},
    clock::{Clock, SystemClock},
    persona,
    pipeline::Pipeline,
    privacy::Keyring,
    store::Store,
};
use lovelm_twitch::{World, attend};
use tempfile::TempDir;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{
    BOTS, CHANNEL, Chat, Door, Event, Plan, Told, Twitch, Viewer,
    voice::{Fates, Voice},
};
use crate::{database::Database, scripted::ScriptedEngine, town};

const EARS: usize = 1024;
const PATIENCE: Duration = Duration::from_secs(90);

/// An evening.
#[derive(Debug)]
pub struct Stream {
    pub twitch: Twitch,
    pub engine: ScriptedEngine,
    pub database: Database,
    pub pipeline: Pipeline,
    store: Store,
    keyring: Keyring,
    fates: Arc<Fates>,
    read: usize,
    /// Whether lines may be lost.
    lossy: bool,
    leave: oneshot::Sender<()>,
    tasks: [JoinHandle<()>; 3],
    _folder: TempDir,
}

impl Stream {
    /// With everybody there.
    pub async fn open() -> Self {
        Self::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let twitch = Twitch::at(Arc::clone(&clock));
        let folder = TempDir::new().expect("a folder");
        let door = Door::listen(&twitch, &plan.channels, &plan.scopes, plan.moderators).await;
        let settings = door.settings(Some(folder.path().join("twitch")), &plan.rewards, &plan.limits);
        let database = Database::open().await;
        let store = Store::connect(database.url(), 8).await.expect("a store");
        let keys = folder.path().join("keys");
        let keyring = Keyring::open_or_create(&keys).expect("a keyring");

        let personas = persona::load(&plan.config.personas.dir).expect("the personas of this repository");
        let world = World::real(&settings, Arc::clone(&clock)).expect("addresses");
        let (ears, events) = mpsc::channel(EARS);
        let adapter = lovelm_twitch::Twitch::connect(&settings, personas.roster(), &world, ears);
        let fates = Arc::new(Fates::default());
        let voice = Arc::new(Voice::new(adapter.outbox(), Arc::clone(&fates)));
        let outboxes = HashMap::from([(Platform::Twitch, voice as Arc<dyn Outbox>)]);
        let shared = Arc::new(Keyring::open_or_create(&keys).expect("the same keyring"));
        let parts = town::parts(&plan.config, Arc::new(plan.engine.clone()), store.clone(), shared, outboxes, clock);
        let pipeline = Pipeline::new(parts);

        let (leave, left) = oneshot::channel::<()>();
        let tasks = [
            tokio::spawn(working(pipeline.clone())),
            tokio::spawn(adapter.run(async move { drop(left.await) })),
            tokio::spawn(attending(pipeline.clone(), events, Arc::clone(&fates))),
        ];
        let engine = plan.engine;
        let stream = Self {
            twitch,
            engine,
            database,
            pipeline,
            store,
            keyring,
            fates,
            read: 0,
            lossy: false,
            leave,
            tasks,
            _folder: folder,
        };
        for channel in &plan.channels {
            stream.heard(channel).await;
        }
        stream
    }

    /// Waits until a channel is heard by somebody.
    pub async fn heard(&self, channel: &str) {
        self.twitch.until("the channel is heard", |network| !network.ears(channel).is_empty()).await;
    }

    /// Makes these people no strangers: they were told of us just now.
    pub async fn know(&self, people: &[&str]) {
        for person in people {
            let who = self.keyring.pseudonym(Platform::Twitch, &UserId::new(Viewer::named(person).id));
            self.store.noticed(&who, SystemClock::default().wall()).await.expect("written down");
        }
    }

    /// Somebody writes in another channel.
    pub fn say_in(&self, channel: &str, who: &Viewer, text: &str) -> Told {
        self.twitch.with(|network, at| network.say(at, channel, who, &Chat::said(text)))
    }

    /// Somebody writes in the channel.
    pub fn say(&self, who: &str, text: &str) -> Told {
        self.chat(&Viewer::named(who), &Chat::said(text))
    }

    /// The same with whatever hangs on the line.
    pub fn chat(&self, who: &Viewer, chat: &Chat) -> Told {
        self.twitch.with(|network, at| network.say(at, CHANNEL, who, chat))
    }

    /// Something happens that the channel is told of.
    pub fn announce(&self, who: &str, event: &Event) -> Told {
        self.twitch.with(|network, at| network.announce(at, CHANNEL, &Viewer::named(who), event))
    }

    /// Waits until so many lines of ours are shown that nobody read, and reads them, such as `omar > minsu: words`. A line of
    /// another channel says so before it: `#other omar > minsu: words`.
    pub async fn lines(&mut self, count: usize) -> Vec<String> {
        let read = self.read;
        self.twitch.until("lines are shown", |network| network.shown().len() >= read + count).await;
        self.unread()
    }

    /// What is shown that nobody read.
    pub fn unread(&mut self) -> Vec<String> {
        let shown = self.twitch.with(|network, _| network.shown()[self.read..].to_vec());
        self.read += shown.len();
        let persona = |login: &str| BOTS.iter().find(|(_, bot)| *bot == login).map_or("nobody", |(persona, _)| persona);
        let line = |shown: &super::Shown| {
            let channel = if shown.channel == CHANNEL { String::new() } else { format!("#{} ", shown.channel) };
            let to = shown.reply_to.as_ref().map_or(String::new(), |to| format!(" > {to}"));
            format!("{channel}{}{to}: {}", persona(&shown.login), shown.text)
        };
        shown.iter().map(line).collect()
    }

    /// Waits until everything that was said so far is heard and answered, and reads what was shown meanwhile. Somebody asks at
    /// the end: lines are heard in order, so nothing before that is still on its way.
    pub async fn still(&mut self) -> Vec<String> {
        self.know(&["sentinel"]).await;
        let asked = self.say("sentinel", "@omar_bot are you still there?");
        assert!(asked.reached > 0, "nobody hears the channel");
        let answers = |network: &super::Network| {
            network.shown().iter().filter(|shown| shown.reply_to.as_deref() == Some("sentinel")).count()
        };
        let before = self.twitch.with(|network, _| answers(network));
        self.twitch.until("the last question is answered", |network| answers(network) > before).await;
        self.fates.idle().await;
        self.unread().into_iter().filter(|line| !line.contains("> sentinel: ")).collect()
    }

    /// Waits until something is so.
    pub async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        within(what, async {
            while !so(self) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    /// Lines that were not shown, and why; whoever asks knows of them.
    pub fn undelivered(&self) -> Vec<lovelm::chat::SendError> {
        self.fates.undelivered()
    }

    /// Waits until everything that was heard is done with.
    pub async fn idle(&self) {
        within("something is still being answered", self.fates.idle()).await;
    }

    /// Lets lines be lost or left unread this evening: connections break, or too much happens.
    pub fn forgive(&mut self) {
        self.lossy = true;
    }

    /// Events that are not answered yet.
    pub fn under_way(&self) -> usize {
        self.fates.under_way()
    }

    /// Whether a line of ours answers this person.
    pub fn shows(&self, who: &str) -> bool {
        self.twitch.with(|network, _| network.shown().iter().any(|shown| shown.reply_to.as_deref() == Some(who)))
    }

    /// Whether an account hears the channel.
    pub fn hears(&self, login: &str) -> bool {
        self.twitch.with(|network, _| network.hears(login).contains(CHANNEL))
    }

    /// Ends the evening: nothing was said that nobody read, nothing was lost, and no rule was broken.
    pub async fn end(self) {
        self.idle().await;
        self.pipeline.close();
        let [work, adapter, ear] = self.tasks;
        within("work did not end", work).await.expect("work ended well");
        let _ = self.leave.send(());
        within("the adapter did not end", adapter).await.expect("the adapter ended well");
        ear.abort();
        let (shown, report, whispers) = self
            .twitch
            .with(|network, _| (network.shown().to_vec(), network.report().clone(), network.whispers().len()));
        assert_eq!(report.breaches, [], "a rule was broken");
        if !self.lossy {
            assert_eq!(shown.len(), self.read, "nobody read {:?}", shown.last());
            assert_eq!(self.fates.undelivered(), [], "lines were lost");
            let on_its_own = shown.iter().filter(|shown| is_on_its_own(shown)).count();
            let known = self.fates.delivered() + on_its_own;
            assert_eq!(known, shown.len() + whispers, "what was sent is what was shown");
        }
        assert_eq!(self.engine.running(), 0, "an answer is still in the making");
        for shown in shown {
            assert!(!shown.text.contains(char::is_control) && !shown.text.starts_with(['/', '.']), "{}", shown.text);
            assert!(shown.text.chars().count() <= 480, "{} is too long", shown.text);
        }
    }
}

/// Said by the adapter itself: where it goes.
fn is_on_its_own(shown: &super::Shown) -> bool {
    ["We are on our way to ", "We are leaving ", "We cannot come "].iter().any(|words| shown.text.starts_with(words))
}

async fn working(pipeline: Pipeline) {
    pipeline.work().await;
}

/// Brings what is heard to the pipeline, and counts what is not answered yet.
async fn attending(pipeline: Pipeline, events: mpsc::Receiver<lovelm::chat::ChatEvent>, fates: Arc<Fates>) {
    attend(events, move |event| {
        let (pipeline, fates) = (pipeline.clone(), Arc::clone(&fates));
        fates.begin();
        async move {
            let receipt = pipeline.hear(event).await;
            tokio::spawn(async move {
                receipt.done().await;
                fates.end();
            });
        }
    })
    .await;
}

async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("{what}"))
}
