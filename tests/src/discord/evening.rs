//! A guild's evening: the real adapter and the real rooms between the simulated Discord, a real Postgres and a scripted
//! engine. What the channels show is read message by message. A message that no test reads, an answer twice, an interaction
//! that nobody acknowledged, and anything that Discord does not allow are faults.

use std::{collections::BTreeMap, future::Future, path::PathBuf, sync::Arc, time::Duration};

use lovelm::{
    chat::{Platform, UserId},
    clock::Clock,
    config::Config,
    pipeline::Pipeline,
    privacy::Keyring,
    store::Store,
};
use lovelm_discord::Settings;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;

use super::{
    BOTS, CHANNEL, Discord, Door, GUILD, Leaping, Message, Network, Person, Plan, Told,
    draft::LOADING,
    fleet::{Fleet, start},
    id_of, mention,
};
use crate::{database::Database, scripted::ScriptedEngine};

const PATIENCE: Duration = Duration::from_secs(90);

/// An evening.
#[derive(Debug)]
pub struct Evening {
    pub discord: Discord,
    pub engine: ScriptedEngine,
    pub database: Database,
    pub pipeline: Pipeline,
    pub settings: Settings,
    config: Config,
    clock: Arc<Leaping>,
    store: Store,
    keyring: Keyring,
    keys: PathBuf,
    under_way: watch::Sender<usize>,
    /// What was read of each message.
    read: BTreeMap<u64, String>,
    /// Whether messages may be left unread.
    lossy: bool,
    fleet: Option<Fleet>,
    _folder: TempDir,
}

impl Evening {
    /// With everybody there.
    pub async fn open() -> Self {
        Self::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Self {
        let clock = Arc::new(Leaping::default());
        let discord = Discord::at(Arc::clone(&clock) as Arc<dyn Clock>);
        let folder = TempDir::new().expect("a folder");
        let mut door = Door::listen(&discord, &plan.channels, plan.message_content).await;
        if plan.as_discord {
            door = door.as_discord(&discord, folder.path()).await;
        }
        let settings = door.settings(plan.config.fleet.language, &plan.limits);
        let database = Database::open().await;
        let keys = folder.path().join("keys");
        let keyring = Keyring::open_or_create(&keys).expect("a keyring");
        let under_way = watch::Sender::new(0);
        let (store, pipeline, fleet) =
            start(&plan.config, &plan.engine, &settings, database.url(), &keys, &clock, &under_way).await;
        let evening = Self {
            discord,
            engine: plan.engine,
            database,
            pipeline,
            settings,
            config: plan.config,
            clock,
            store,
            keyring,
            keys,
            under_way,
            read: BTreeMap::new(),
            lossy: false,
            fleet: Some(fleet),
            _folder: folder,
        };
        evening.here().await;
        evening
    }

    /// Waits until every bot is connected and its commands are known.
    pub async fn here(&self) {
        let there = |network: &Network| {
            BOTS.iter().all(|bot| network.connected(bot) && !network.commands(bot, Some(GUILD)).is_empty())
        };
        self.discord.until("everybody is there", there).await;
    }

    /// The process is gone and another begins, on the same rows and keys. Hold the engine before, so that what the old one was
    /// doing stays undone.
    pub async fn restart(&mut self) {
        let fleet = self.fleet.take().expect("it ran");
        for task in fleet.tasks {
            task.abort();
            let _ = task.await;
        }
        self.store.close().await;
        self.discord.with(|network, _| BOTS.map(|bot| network.restarted(bot)));
        self.under_way.send_replace(0);
        self.discord.until("nobody is there", |network| BOTS.iter().all(|bot| !network.connected(bot))).await;
        let (store, pipeline, fleet) = start(
            &self.config,
            &self.engine,
            &self.settings,
            self.database.url(),
            &self.keys,
            &self.clock,
            &self.under_way,
        )
        .await;
        (self.store, self.pipeline, self.fleet) = (store, pipeline, Some(fleet));
        self.here().await;
    }

    /// Makes these people no strangers: they were told of us just now.
    pub async fn know(&self, people: &[&str]) {
        for person in people {
            let who = self.keyring.pseudonym(Platform::Discord, &UserId::new(id_of(person).to_string()));
            self.store.noticed(&who, self.clock.wall()).await.expect("written down");
        }
    }

    /// Somebody writes in the lounge.
    pub fn say(&self, who: &str, text: &str) -> Told {
        self.say_in(CHANNEL, who, text)
    }

    pub fn say_in(&self, channel: &str, who: &str, text: &str) -> Told {
        self.discord.with(|network, at| network.say(at, channel, &Person::named(who), text))
    }

    /// Somebody mentions a persona in the lounge.
    pub fn ask(&self, who: &str, bot: &str, question: &str) -> Told {
        self.say(who, &format!("{} {question}", mention(bot)))
    }

    /// Somebody answers one of our messages, with a ping.
    pub fn reply(&self, who: &str, to: u64, text: &str) -> Told {
        self.discord.with(|network, at| network.reply(at, CHANNEL, &Person::named(who), to, true, text))
    }

    /// Somebody uses a slash command in the lounge.
    pub fn slash(&self, who: &Person, bot: &str, line: &str, given: &[(&str, Value)]) -> u64 {
        self.discord.with(|network, at| network.slash(at, bot, CHANNEL, who, line, given))
    }

    /// Somebody presses the button of a message whose id has this in it.
    ///
    /// # Panics
    /// When there is none.
    pub fn press(&self, who: &Person, message: u64, part: &str) -> u64 {
        self.discord.with(|network, at| {
            let buttons = network.buttons(message);
            let button = buttons.iter().find(|button| button.id.contains(part) && !button.disabled);
            let button = button.unwrap_or_else(|| panic!("no button {part} among {buttons:?}")).id.clone();
            network.press(at, who, message, &button)
        })
    }

    /// Waits until so many messages of ours are there that nobody read, and all is quiet; reads them. See [`Evening::unread`].
    pub async fn lines(&mut self, count: usize) -> Vec<String> {
        let read = self.read.clone();
        self.discord.until("messages are shown", |network| fresh(network, &read).len() >= count).await;
        self.settled().await;
        self.unread()
    }

    /// Waits until all that was heard is done with, and nothing stands there unanswered.
    pub async fn settled(&self) {
        self.idle().await;
        let thinking = |message: &Message| message.flags & LOADING != 0 && !message.deleted;
        self.discord.until("nobody thinks any more", |network| !network.ours().any(thinking)).await;
    }

    /// What is shown, or has changed, since it was last read, such as `omar > minsu: words`; for one person alone:
    /// `omar (minsu): words`; in another channel, its name before it: `#attic omar > minsu: words`.
    pub fn unread(&mut self) -> Vec<String> {
        let read = &self.read;
        let (lines, now) = self.discord.with(|network, _| {
            let fresh: Vec<Message> = fresh(network, read).into_iter().cloned().collect();
            let lines: Vec<_> = fresh.iter().map(|message| line(network, message)).collect();
            (lines, fresh.into_iter().map(|message| (message.id, message.content)).collect::<Vec<_>>())
        });
        self.read.extend(now);
        lines
    }

    /// Waits until everything that was said in the lounge is heard and answered, and reads what was shown meanwhile. Somebody
    /// asks at the end: messages are heard in order, so nothing before that is still on its way.
    pub async fn still(&mut self) -> Vec<String> {
        self.know(&["sentinel"]).await;
        for bot in BOTS {
            let asked = self.ask("sentinel", bot, "are you still there?");
            let answered = |network: &Network| {
                let to_it = |message: &&Message| message.reply_to == Some(asked.id) && !message.deleted;
                network.ours().any(|message| to_it(&message))
            };
            self.discord.until("the last question is answered", answered).await;
        }
        self.settled().await;
        self.unread().into_iter().filter(|line| !line.contains("> sentinel: ")).collect()
    }

    /// The last message of ours that is still there.
    pub fn last(&self) -> Message {
        self.discord
            .with(|network, _| network.ours().filter(|message| !message.deleted).last().cloned())
            .expect("a message")
    }

    /// What an interaction was answered with, in order.
    pub fn answers(&self, interaction: u64) -> Vec<String> {
        self.discord.with(|network, _| network.answers(interaction).iter().map(|m| m.content.clone()).collect())
    }

    /// Waits until an interaction was answered with words, and all is quiet; reads them.
    pub async fn answered(&mut self, interaction: u64) -> Vec<String> {
        let spoken = |network: &Network| network.answers(interaction).iter().any(|message| !message.content.is_empty());
        self.discord.until("it is answered", spoken).await;
        self.settled().await;
        let read = self.discord.with(|network, _| {
            network.answers(interaction).iter().map(|message| (message.id, message.content.clone())).collect::<Vec<_>>()
        });
        self.read.extend(read);
        self.answers(interaction)
    }

    /// So much time is over at once, for everybody. Heartbeats are not missed meanwhile.
    pub fn leap(&self, time: Duration) {
        self.discord.with(|network, _| network.pulse().interval = Duration::from_hours(24));
        self.clock.over(time);
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

    /// Waits until everything that was heard is done with.
    pub async fn idle(&self) {
        let mut under_way = self.under_way.subscribe();
        let done = tokio::time::timeout(PATIENCE, under_way.wait_for(|count| *count == 0)).await.is_ok();
        let (running, report) = (self.engine.running(), self.discord.report());
        assert!(done, "{} events are still being answered, {running} by the engine: {report:?}", self.under_way());
    }

    /// Events that are not answered yet.
    pub fn under_way(&self) -> usize {
        *self.under_way.borrow()
    }

    /// Lets messages be left unread this evening.
    pub fn forgive(&mut self) {
        self.lossy = true;
    }

    /// Ends the evening: nothing was said that nobody read, nothing twice, and no rule was broken.
    pub async fn end(mut self) {
        self.settled().await;
        self.pipeline.close();
        let Fleet { leave, tasks: [work, adapter, ear] } = self.fleet.take().expect("it ran");
        within("work did not end", work).await.expect("work ended well");
        let _ = leave.send(());
        within("the adapter did not end", adapter).await.expect("the adapter ended well");
        ear.abort();
        let report = self.discord.report();
        assert_eq!(report.misshapen, Vec::<String>::new(), "the simulator is wrong");
        assert_eq!(report.breaches, [], "a rule was broken");
        assert_eq!(self.discord.with(|network, _| network.doubles()), [], "the same answer twice");
        assert_eq!(self.engine.running(), 0, "an answer is still in the making");
        if !self.lossy {
            assert_eq!(self.unread(), [""; 0], "nobody read this");
        }
    }
}

/// Messages of ours that are shown and were not read as they stand.
fn fresh<'a>(network: &'a Network, read: &BTreeMap<u64, String>) -> Vec<&'a Message> {
    let shown = network.ours().filter(|message| !message.deleted && message.flags & LOADING == 0);
    shown.filter(|message| read.get(&message.id) != Some(&message.content)).collect()
}

fn line(network: &Network, message: &Message) -> String {
    let channel = if message.channel == id_of(CHANNEL) {
        String::new()
    } else {
        format!("#{} ", network.place_name(message.channel))
    };
    let to = match (message.only_for, network.asker(message)) {
        (Some(person), _) => format!(" ({})", network.account_name(person)),
        (None, Some(asker)) => format!(" > {}", network.account_name(asker)),
        (None, None) => String::new(),
    };
    format!("{channel}{}{to}: {}", network.account_name(message.author), message.content)
}

async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("{what}"))
}
