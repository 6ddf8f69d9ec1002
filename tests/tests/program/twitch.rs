//! The whole program in a streamer's chat: four logins at the simulated Twitch; behind them the simulated model server, and once
//! the real model.

use std::{ffi::OsStr, sync::Arc, time::Duration};

use lovelm::clock::SystemClock;
use lovelm_tests::{
    database::Database,
    openai::{Server, Setup},
    program::{Folder, Program, Running},
    twitch::{BOTS, BY_IRC, CHANNEL, Chat, Door, Fault, Network, Twitch, Viewer},
};
use rustix::process::Signal;

const ANSWER: &str = "Breathe first. Then ask.";

/// A program in a chat.
struct Chatroom {
    twitch: Twitch,
    /// None where the real model answers.
    server: Option<Server>,
    database: Database,
    folder: Folder,
    program: Running,
}

/// The program with this configuration file and these variables.
fn program(folder: &Folder, door: &Door, more: &str, verb: &str) -> Program {
    let config = folder.write("lovelm.toml", format!("{}\n{more}", door.config()));
    let program = Program::new(folder, [OsStr::new("--config"), config.as_os_str(), verb.as_ref()]);
    door.environment().iter().fold(program, |program, (name, value)| program.env(name, value))
}

impl Chatroom {
    /// A model server answers, so long for each piece of an answer.
    async fn open(pace: Duration) -> Self {
        let server = Setup::default().script(|_| ANSWER.to_owned()).pace(pace).start().await.expect("a server");
        let url = server.url();
        Self::around(Some(server), "", |program| program.env("LOVELM_MODEL", url)).await
    }

    /// The default model answers, where this machine keeps it, however slow that is.
    async fn real() -> Self {
        let patient = "[scheduler.deadline]\ntwitch = \"10m\"\n";
        Self::around(None, patient, |program| program.without("LOVELM_CACHE_DIR")).await
    }

    async fn around(server: Option<Server>, more: &str, model: impl FnOnce(Program) -> Program) -> Self {
        let twitch = Twitch::at(Arc::new(SystemClock::default()));
        let door = Door::listen(&twitch, &[CHANNEL.to_owned()], &BY_IRC, true).await;
        let (folder, database) = (Folder::default(), Database::open().await);
        let program = model(program(&folder, &door, more, "run")).env("DATABASE_URL", database.url()).start();
        let room = Self { twitch, server, database, folder, program };
        room.heard().await;
        room
    }

    fn asked(&self) -> usize {
        self.server.as_ref().map_or(0, |server| server.asked().len())
    }

    async fn heard(&self) {
        self.twitch.until_slowly("the channel is heard", |network| !network.ears(CHANNEL).is_empty()).await;
    }

    fn say(&self, who: &str, chat: &Chat) {
        assert!(self.twitch.with(|network, at| network.say(at, CHANNEL, &Viewer::named(who), chat)).reached > 0);
    }

    /// Waits until this person was answered so often.
    async fn answered(&self, who: &str, times: usize) {
        self.twitch.until("answers are shown", |network| answers(network, who).len() >= times).await;
    }

    /// Tells the program to stop, and looks at what it leaves.
    async fn close(self) {
        self.program.signal(Signal::TERM);
        let ended = self.program.wait().await.fine();
        assert_eq!(self.twitch.report().breaches, [], "a rule was broken");
        assert_eq!(self.folder.processes(), [0; 0], "nothing is left running");
        assert_eq!(self.database.number("select count(*) from pending").await, 0);
        let (rows, log) = (self.database.dump().await, ended.stderr);
        for who in ["minsu", "emma"] {
            for trace in [who.to_owned(), Network::id_of(who)] {
                assert!(!rows.contains(&trace) && !log.contains(&trace), "{trace}:\n{rows}\n{log}");
            }
        }
        for secret in ["access0", "refresh0", "text my ex", "Breathe"] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
}

/// The logins that answered somebody, in order.
fn answers(network: &Network, who: &str) -> Vec<String> {
    let to = |shown: &&lovelm_tests::twitch::Shown| {
        shown.reply_to.as_deref() == Some(who) && shown.text.contains("Breathe first")
    };
    network.shown().iter().filter(to).map(|shown| shown.login.clone()).collect()
}

#[tokio::test]
async fn four_logins_answer_at_once_and_are_paid() {
    let room = Chatroom::open(Duration::ZERO).await;
    room.say("minsu", &Chat::said("@hongcha_bot @omar_bot @kimdal_bot @shuhi_bot should I text my ex?"));
    room.answered("minsu", 4).await;
    let mut logins = room.twitch.with(|network, _| answers(network, "minsu"));
    logins.sort();
    let mut all = BOTS.map(|(_, login)| login);
    all.sort_unstable();
    assert_eq!(logins, all);
    room.say("emma", &Chat::said("Cheer500 @shuhi_bot and I?").bits(500));
    room.answered("emma", 1).await;
    assert_eq!(room.database.number("select sum(cents)::bigint from ledger").await, 500);
    room.say("nobody", &Chat::said("just chatting"));
    assert_eq!(room.asked(), 5);
    room.close().await;
}

#[tokio::test]
async fn a_reconnect_in_the_middle_of_an_answer_loses_nothing() {
    let room = Chatroom::open(Duration::from_millis(150)).await;
    room.say("minsu", &Chat::said("@omar_bot should I text my ex?"));
    while room.asked() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for (_, login) in BOTS {
        room.twitch.with(|network, at| network.fault(at, login, Fault::Reconnect));
    }
    room.heard().await;
    room.answered("minsu", 1).await;
    room.say("emma", &Chat::said("@shuhi_bot and I?"));
    room.answered("emma", 1).await;
    assert_eq!(room.twitch.with(|network, _| answers(network, "minsu").len()), 1);
    room.close().await;
}

#[tokio::test]
async fn the_real_model_answers_a_mention_once() {
    let room = Chatroom::real().await;
    room.say("minsu", &Chat::said("@omar_bot should I text my ex?"));
    let to_minsu = |network: &Network| {
        let shown = network.shown().iter().filter(|shown| shown.reply_to.as_deref() == Some("minsu"));
        shown.map(|shown| (shown.login.clone(), shown.text.clone())).collect::<Vec<_>>()
    };
    let is_answer = |text: &str| text.contains("AI");
    room.twitch
        .until_slowly("the answer is shown", |network| to_minsu(network).iter().any(|(_, text)| is_answer(text)))
        .await;
    room.say("nobody", &Chat::said("just chatting"));
    let shown = room.twitch.with(|network, _| to_minsu(network));
    let answers: Vec<_> = shown.iter().filter(|(_, text)| is_answer(text)).collect();
    assert_eq!(answers.len(), 1, "{shown:?}");
    let (login, text) = answers[0];
    assert_eq!(login, "omar_bot");
    assert!((20..=480).contains(&text.chars().count()) && !text.starts_with(['/', '.']), "{text}");
    room.close().await;
}

#[tokio::test]
async fn what_each_token_is_good_for_is_told_by_check() {
    let twitch = Twitch::at(Arc::new(SystemClock::default()));
    let door = Door::listen(&twitch, &[CHANNEL.to_owned()], &BY_IRC, true).await;
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let check = || {
        let program = program(&folder, &door, "", "check");
        program.env("LOVELM_MODEL", server.url()).env("DATABASE_URL", database.url())
    };
    let sound = check().run("").await.fine();
    for (persona, login) in BOTS {
        let told = format!("{persona} as {login}: says lines by IRC (no user:write:chat)");
        assert!(sound.stdout.contains(&told), "{told}: {}", sound.stdout);
    }

    twitch.with(|network, _| network.revoke("omar_bot"));
    let ended = check().run("").await;
    let said = format!("{}{}", ended.stdout, ended.stderr);
    let faults: Vec<_> = ended.stdout.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert_eq!((ended.status.code(), faults.len()), (Some(1), 1), "{said}");
    assert!(faults[0].contains("omar") && faults[0].contains("LOVELM_TWITCH_TOKEN_OMAR"), "{said}");
    assert!(!said.contains("access0") && !said.contains("refresh0"), "{said}");
}
