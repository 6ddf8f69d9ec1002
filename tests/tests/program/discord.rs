//! The whole program in a guild: four bots at the simulated Discord, the simulated model server behind them.

use std::{ffi::OsStr, sync::Arc, time::Duration};

use lovelm::clock::SystemClock;
use lovelm_tests::{
    database::Database,
    discord::{BOTS, CHANNEL, Discord, Door, Fault, GUILD, Message, Network, Person, id_of, mention},
    openai::{Server, Setup},
    program::{Folder, Program, Running},
};
use rustix::process::Signal;
use serde_json::Value;

const ANSWER: &str = "Breathe first. Then ask.";

/// A program in a guild.
struct Guildhall {
    discord: Discord,
    _server: Server,
    database: Database,
    folder: Folder,
    program: Running,
}

impl Guildhall {
    async fn open(pace: Duration) -> Self {
        let discord = Discord::at(Arc::new(SystemClock::default()));
        let door = Door::listen(&discord, &[CHANNEL.to_owned()], false).await;
        let server = Setup::default().script(|_| ANSWER.to_owned()).pace(pace).start().await.expect("a server");
        let (folder, database) = (Folder::default(), Database::open().await);
        let config = folder.write("lovelm.toml", door.config());
        let program = Program::new(&folder, [OsStr::new("--config"), config.as_os_str(), "run".as_ref()]);
        let program = program.env("LOVELM_MODEL", server.url()).env("DATABASE_URL", database.url());
        let environment = door.environment();
        let program = environment.iter().fold(program, |program, (name, value)| program.env(name, value)).start();
        let there = |network: &Network| {
            BOTS.iter().all(|bot| network.connected(bot) && !network.commands(bot, Some(GUILD)).is_empty())
        };
        discord.until("everybody is there", there).await;
        Self { discord, _server: server, database, folder, program }
    }

    fn say(&self, who: &str, text: &str) {
        let told = self.discord.with(|network, at| network.say(at, CHANNEL, &Person::named(who), text));
        assert!(told.reached > 0);
    }

    fn slash(&self, who: &Person, bot: &str, line: &str, given: &[(&str, Value)]) -> u64 {
        self.discord.with(|network, at| network.slash(at, bot, CHANNEL, who, line, given))
    }

    /// Waits until so many answers to this person are whole.
    async fn answered(&self, who: &str, times: usize) {
        self.discord.until("answers are shown", |network| answers(network, who).len() >= times).await;
    }

    /// Waits until a command was answered with words.
    async fn told(&self, asked: u64) {
        let words = |network: &Network| network.answers(asked).iter().any(|message| !message.content.is_empty());
        self.discord.until("the command is answered", words).await;
    }

    /// Tells the program to stop, and looks at what it leaves.
    async fn close(self) {
        self.program.signal(Signal::TERM);
        let ended = self.program.wait().await.fine();
        let report = self.discord.report();
        assert_eq!((report.breaches, report.misshapen), (Vec::new(), Vec::new()), "a rule was broken");
        assert_eq!(self.discord.with(|network, _| network.doubles()), [], "the same answer twice");
        assert_eq!(self.folder.processes(), [0; 0], "nothing is left running");
        let (rows, log) = (self.database.dump().await, ended.stderr);
        for who in ["minsu", "emma"] {
            for trace in [who.to_owned(), id_of(who).to_string()] {
                assert!(!rows.contains(&trace) && !log.contains(&trace), "{trace}:\n{rows}\n{log}");
            }
        }
        for secret in ["G5ca1e", "aW50ZXJhY3Rpb246", "text my ex", "Breathe"] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
}

fn answers<'a>(network: &'a Network, who: &str) -> Vec<&'a Message> {
    let whole = |message: &&Message| !message.deleted && message.content.contains(ANSWER);
    network.ours().filter(whole).filter(|message| network.asker(message) == Some(id_of(who))).collect()
}

#[tokio::test]
async fn four_answers_grow_at_once_a_story_is_told_and_a_moderator_pauses() {
    let hall = Guildhall::open(Duration::from_millis(100)).await;
    let all: String = BOTS.map(mention).join(" ");
    hall.say("minsu", &format!("{all} should I text my ex?"));
    let begun = |network: &Network| network.ours().filter(|message| message.reply_to.is_some()).count() >= BOTS.len();
    hall.discord.until("a line stands for each of them", begun).await;
    for bot in BOTS {
        hall.discord.with(|network, at| network.fault(at, bot, Fault::Reset));
    }
    hall.answered("minsu", 4).await;
    hall.discord.until("all came back", |network| BOTS.iter().all(|bot| network.connected(bot))).await;

    let emma = Person::named("emma");
    let opened = hall.slash(&emma, "shuhi", "story", &[]);
    let form = |network: &Network| network.interaction(opened).is_some_and(|asked| asked.modal.is_some());
    hall.discord.until("the form is open", form).await;
    hall.discord.with(|network, at| network.submit(at, opened, &["He calls me only at night. What am I to him?"]));
    hall.answered("emma", 1).await;
    assert!(hall.discord.with(|network, _| answers(network, "emma")[0].only_for.is_some()), "between the two of them");

    let boss = Person::named("boss").moderator();
    let paused = hall.slash(&boss, "omar", "mod pause", &[]);
    hall.told(paused).await;
    hall.say("minsu", &format!("{} and now?", mention("omar")));
    let resumed = hall.slash(&boss, "omar", "mod resume", &[]);
    hall.told(resumed).await;
    assert_eq!(hall.discord.with(|network, _| answers(network, "minsu").len()), 4, "nobody answers a paused channel");
    hall.say("minsu", &format!("{} are you back?", mention("omar")));
    hall.answered("minsu", 5).await;
    let report = hall.discord.report();
    assert!(BOTS.iter().all(|bot| report.identifies[*bot] == 1), "{:?}", report.identifies);
    hall.close().await;
}
