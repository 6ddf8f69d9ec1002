//! How much memory four connected bots take as one process of ours with `--role gateway`, beside four processes of discord.py on
//! the same simulated Discord in the same run.
//!
//! Measured is the proportional set size, ten seconds after everybody is connected and has heard the same hundred messages.
//! `LOVELM_TEST_PYTHON` names the Python that has discord.py installed; without one, no ratio is given. Goal: 0.15 of theirs.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

use std::{env, fs, process::Stdio, sync::Arc, time::Duration};

use lovelm::clock::SystemClock;
use lovelm_tests::{
    database::Database,
    discord::{BOTS, CHANNEL, Discord, Door, Person},
    openai::Setup,
    program::{Folder, Program, repository},
    redis::RedisServer,
};
use rustix::process::Signal;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/discord_memory.py");
const SETTLE: Duration = Duration::from_secs(10);
const MESSAGES: usize = 100;

/// A Discord with a guild and four bots that nobody has connected yet.
async fn discord() -> (Discord, Door) {
    let discord = Discord::at(Arc::new(SystemClock::default()));
    let door = Door::listen(&discord, &[CHANNEL.to_owned()], false).await;
    (discord, door)
}

/// Kilobytes of a process and of all that it started.
fn proportional_set_size(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("a process of this machine");
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

async fn hear_messages(discord: &Discord) {
    for nth in 0..MESSAGES {
        let who = Person::named(&format!("viewer{}", nth % 10));
        discord.with(|network, at| network.say(at, CHANNEL, &who, "nobody is meant"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(SETTLE).await;
}

/// Four processes of discord.py: their size together, unless it is not installed.
async fn theirs() -> Option<u64> {
    let python = env::var_os("LOVELM_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let (discord, door) = discord().await;
    let mut running = Vec::new();
    for token in &door.tokens {
        let mut bot = Command::new(&python);
        bot.args([SCRIPT, &door.api_url, token]).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut bot: Child = bot.spawn().ok()?;
        let mut lines = BufReader::new(bot.stdout.take()?).lines();
        lines.next_line().await.ok()?.filter(|line| line == "ready")?;
        running.push((bot, lines));
    }
    hear_messages(&discord).await;
    Some(running.iter().filter_map(|(bot, _)| bot.id()).map(proportional_set_size).sum())
}

/// One process of ours.
async fn ours() -> u64 {
    let (discord, door) = discord().await;
    let (folder, redis, database) = (Folder::default(), RedisServer::start(), Database::open().await);
    let server = Setup::default().start().await.expect("a server");
    let config = folder.write("lovelm.toml", door.config());
    let config = config.to_str().expect("a path");
    let mut gateway = Program::new(&folder, ["run", "--role", "gateway", "--config", config]).at(repository());
    gateway = gateway.env("REDIS_URL", redis.url()).env("DATABASE_URL", database.url());
    gateway = gateway.env("LOVELM_MODEL", server.url());
    for (name, value) in door.environment() {
        gateway = gateway.env(&name, value);
    }
    let gateway = gateway.start();
    discord.until("all are connected", |network| BOTS.iter().all(|bot| network.connected(bot))).await;
    hear_messages(&discord).await;
    let size = proportional_set_size(gateway.id().expect("it runs"));
    gateway.signal(Signal::TERM);
    gateway.wait().await;
    size
}

#[tokio::main]
async fn main() {
    let theirs = theirs().await;
    let ours = ours().await;
    println!("{:<12}{:>8.1} MiB, four bots in one process", "lovelm", mebibytes(ours));
    match theirs {
        Some(theirs) => {
            let ratio = mebibytes(ours) / mebibytes(theirs);
            println!(
                "{:<12}{:>8.1} MiB, four processes: ratio {ratio:.2} (goal 0.15)",
                "discord.py",
                mebibytes(theirs)
            );
        }
        None => println!("no discord.py to compare with: install it, and name its python in LOVELM_TEST_PYTHON"),
    }
}

fn mebibytes(kilobytes: u64) -> f64 {
    f64::from(u32::try_from(kilobytes).unwrap_or(u32::MAX)) / 1024.0
}
