//! Stories with seeded identifiers and ids of accounts through the whole path, over a real Redis, and then a search of tables,
//! of all files of Postgres, its write-ahead log among them, of what Redis writes, and of the log, byte by byte.

use std::{collections::VecDeque, path::PathBuf};

use lovelm::{
    chat::{ChatEvent, Command, ConsentChange, EventId, Invocation, Message, RawText},
    clock::Clock as _,
    pipeline::Receipt,
};
use sqlx::Connection as _;

use super::{
    Figures, Plan,
    fleet::now,
    scan::{Needle, Scan},
    seed::Seed,
    stories::{self, MADE_UP, Story},
};
use crate::{
    database::Database,
    scripted::question,
    town::{County, Log, Town, saying},
};

/// Calls under way at once, and how many are open when everything is searched.
const AT_ONCE: usize = 32;
const OPEN: usize = 12;
/// Lines that are shown before they are read away.
const UNREAD: usize = 500;

/// Tells [`Plan::events`] stories, and looks for them.
pub async fn canary(plan: &Plan, log: &Log) -> Figures {
    searched(plan, log, false).await
}

/// The same with a needle in each haystack: if it is not found, nothing would be.
pub async fn planted_canary(plan: &Plan, log: &Log) -> Figures {
    searched(plan, log, true).await
}

async fn searched(plan: &Plan, log: &Log, plant: bool) -> Figures {
    let (began, mut seed) = (now(), Seed(plan.seed));
    let county = county().await;
    // The model says back whatever it was told, and makes something up.
    let said = |prompt: &_| format!("So: {} Ask {} or {}.", question(prompt), MADE_UP[0].1, MADE_UP[1].1);
    let engine = saying(said).with_slots(8);
    let mut mill = county.worker("worker", &engine).await;
    let town = county.town("gateway").await;
    let made_up = MADE_UP.iter().map(|(kind, text)| Needle { kind, text: (*text).to_owned() });
    let mut needles: Vec<Needle> = made_up.collect();
    tell_all(&town, &mut seed, plan.events, &mut needles).await;
    engine.hold();
    let open = leave_open(&town, &mut seed, plan.events, &mut needles).await;
    if plant {
        plant_everywhere(&county, &needles[0].text).await;
    }
    let rows = county.database.number("select count(*) from consultation").await;
    let scan = search(&county, needles, log).await;
    engine.release();
    for receipt in open {
        town.done(receipt).await;
    }
    town.square.read();
    mill.stop().await;
    town.end().await;
    figures(plan, &scan, rows, began.elapsed().as_secs())
}

/// Machines whose Postgres and Redis keep every byte that they ever write.
async fn county() -> County {
    let county = County::on(Database::alone().await);
    for setting in ["CONFIG SET rdbcompression no", "CONFIG SET appendonly yes"] {
        assert!(county.redis.say(setting).starts_with("+OK"), "{setting}");
    }
    county
}

/// Tells so many stories, some at once, and waits until all that they cause is done.
async fn tell_all(town: &Town, seed: &mut Seed, stories: usize, needles: &mut Vec<Needle>) {
    let mut under_way = VecDeque::new();
    for number in 0..stories {
        let Story { message, needles: more } = stories::story(seed, number, town.clock.wall());
        needles.extend(more);
        under_way.extend(tell(town, number, message).await);
        while under_way.len() > AT_ONCE {
            town.done(under_way.pop_front().expect("it is there")).await;
        }
        if town.square.unread() > UNREAD {
            town.square.read();
        }
    }
    for receipt in under_way {
        town.done(receipt).await;
    }
}

/// Tells some more that nobody answers yet.
async fn leave_open(town: &Town, seed: &mut Seed, first: usize, needles: &mut Vec<Needle>) -> Vec<Receipt> {
    let mut open = Vec::new();
    for number in first..first + OPEN {
        let Story { message, needles: more } = stories::story(seed, number, town.clock.wall());
        needles.extend(more);
        open.push(town.hear(ChatEvent::Paid(message, Town::bits(100))).await);
    }
    open
}

/// A line of chat, a payment, a question to all, a deletion: every way in takes its turn.
async fn tell(town: &Town, number: usize, message: Message) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    if number.is_multiple_of(8) {
        let consent = Command::Privacy(Some(ConsentChange { consent: None, allowed: true }));
        let mut asking = message.clone();
        asking.event = EventId::new(format!("{}-consent", asking.event.as_str()));
        asking.text = RawText::default();
        receipts.push(town.hear(ChatEvent::Command(Invocation { message: asking, command: consent })).await);
    }
    let text = message.text.clone();
    let command = |command| ChatEvent::Command(Invocation { message: message.clone(), command });
    let event = match number % 16 {
        3 => command(Command::Panel { text }),
        7 | 11 => ChatEvent::Paid(message, Town::bits(200)),
        9 => command(Command::Ask { persona: None, text }),
        13 => command(Command::MyData),
        15 if number.is_multiple_of(5) => command(Command::Forget),
        _ => ChatEvent::Said(message),
    };
    receipts.push(town.hear(event).await);
    receipts
}

async fn plant_everywhere(county: &County, needle: &str) {
    // What was written and deleted stands in the files, and in the log ahead of writes, and in no table.
    let mut connection = sqlx::PgConnection::connect(county.database.url()).await.expect("the server answers");
    for statement in [
        format!(
            "create table planted (text text); insert into planted values ('deleted {needle}'); delete from planted"
        ),
        format!("insert into fan_total values ('{needle}', 'asked', 1)"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("it can be planted");
    }
    for line in [format!("SET planted {needle}"), "DEL planted".to_owned()] {
        let _ = county.redis.say(&line);
    }
    tracing::info!(needle, "planted");
}

async fn search(county: &County, needles: Vec<Needle>, log: &Log) -> Scan {
    let mut scan = Scan::of(needles);
    scan.look_also_at_bytea("tables", &county.database.pg_dump().await);
    let files = county.database.files().await;
    scan.look_below("write-ahead log", &files.join("pg_wal"));
    scan.look_below("files of Postgres", &files.join("base"));
    assert!(county.redis.say("SAVE").starts_with("+OK"));
    let folder = county.redis.say("CONFIG GET dir");
    let folder = folder.lines().map(str::trim).find(|line| line.starts_with('/')).map(PathBuf::from);
    scan.look_below("Redis", &folder.expect("a folder"));
    scan.look("log", log.text().as_bytes());
    scan
}

fn figures(plan: &Plan, scan: &Scan, rows: i64, seconds: u64) -> Figures {
    let mut notes = vec![format!("needles {}, consultations kept {rows}", scan.len())];
    notes.extend(scan.bytes.iter().map(|(place, bytes)| format!("{place}: {bytes} bytes searched")));
    notes.extend(scan.hits.iter().map(|((place, kind), hits)| format!("FOUND in {place}: {kind}, {hits} times")));
    let leaks = scan.hits.values().sum();
    Figures { soak: "canary", events: plan.events, leaks, seconds, notes, ..Figures::default() }
}
