//! The whole program in a streamer's chat: four logins at the simulated Twitch, the simulated model server behind them.

use std::{sync::Arc, time::Duration};

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
    server: Server,
    database: Database,
    folder: Folder,
    program: Running,
}

impl Chatroom {
    async fn open(pace: Duration) -> Self {
        let twitch = Twitch::at(Arc::new(SystemClock::default()));
        let door = Door::listen(&twitch, &[CHANNEL.to_owned()], &BY_IRC, true).await;
        let server = Setup::default().script(|_| ANSWER.to_owned()).pace(pace).start().await.expect("a server");
        let (folder, database) = (Folder::default(), Database::open().await);
        let config = folder.write("lovelm.toml", door.config());
        let program = Program::new(&folder, [std::ffi::OsStr::new("--config"), config.as_os_str(), "run".as_ref()]);
        let program = program.env("LOVELM_MODEL", server.url()).env("DATABASE_URL", database.url());
        let environment = door.environment();
        let program = environment.iter().fold(program, |program, (name, value)| program.env(name, value)).start();
        let room = Self { twitch, server, database, folder, program };
        room.heard().await;
        room
    }

    async fn heard(&self) {
        self.twitch.until("the channel is heard", |network| !network.ears(CHANNEL).is_empty()).await;
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
    assert_eq!(room.server.asked().len(), 5);
    room.close().await;
}

#[tokio::test]
async fn a_reconnect_in_the_middle_of_an_answer_loses_nothing() {
    let room = Chatroom::open(Duration::from_millis(150)).await;
    room.say("minsu", &Chat::said("@omar_bot should I text my ex?"));
    while room.server.asked().is_empty() {
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
async fn a_token_that_nobody_can_renew_is_named_by_check() {
    let twitch = Twitch::at(Arc::new(SystemClock::default()));
    let door = Door::listen(&twitch, &[CHANNEL.to_owned()], &BY_IRC, true).await;
    twitch.with(|network, _| network.revoke("omar_bot"));
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let config = folder.write("lovelm.toml", door.config());
    let program = Program::new(&folder, [std::ffi::OsStr::new("--config"), config.as_os_str(), "check".as_ref()]);
    let program = program.env("LOVELM_MODEL", server.url());
    let environment = door.environment();
    let ended = environment.iter().fold(program, |program, (name, value)| program.env(name, value)).run("").await;
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!ended.status.success() && said.contains("omar"), "{said}");
    assert!(!said.contains("access0") && !said.contains("refresh0"), "{said}");
}
