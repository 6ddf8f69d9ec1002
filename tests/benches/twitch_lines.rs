//! How many lines of Twitch's chat are read, translated and routed in a second of one core's work, beside Python's bots in the same
//! run.
//!
//! The lines are of every shape, 200,000 of them, shuffled; `LOVELM_TEST_TWITCH_LINES` names a file with others.
//! `LOVELM_TEST_PYTHON` names the Python that has twitchio (before 3) or twitchAPI installed; without one, no ratio is given.
//! Like is held to like: lines taken apart, and lines understood, which is an event made of each and its text looked through
//! for whom it calls. The last column holds all of ours to their parser alone. Goal: 50 times theirs.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

use std::{env, fs, hint::black_box, path::Path, process::Command, time::Duration};

use chrono::DateTime;
use lovelm::{
    chat::{ChatEvent, PersonaId, Roster},
    persona,
    routing::{self, Home, Names, PlainLines},
};
use lovelm_tests::{program::repository, twitch};
use lovelm_twitch::{Hearing, Line, translate};

const LINES: usize = 200_000;
const ROUNDS: usize = 5;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/twitch_lines.py");

fn main() {
    let text = shuffled(shapes()).join("\r\n");
    // As they come over the wire, one behind the other.
    let lines: Vec<_> = text.split("\r\n").collect();
    let personas = persona::load(&repository().join("personas")).expect("the personas of this repository");
    let hearing = hearing(personas.roster());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lines.irc");
    fs::write(&file, &text).expect("the lines can be written");

    let (mut parsed, mut understood, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        parsed.push(parse(&lines));
        understood.push(understand(&lines, &hearing));
        theirs.extend(python(&file));
    }
    let (parsed, understood) = (median(&mut parsed), median(&mut understood));
    println!("{LINES} lines, lines/s on one core; times theirs (goal 50)");
    println!("{:<12}{:>12}{:>14}", "", "taken apart", "understood");
    println!("{:<12}{parsed:>12.0}{understood:>14.0}", "lovelm");
    if theirs.is_empty() {
        println!(
            "no Python parser to compare with: install twitchio<3 or twitchAPI, and name its python in LOVELM_TEST_PYTHON"
        );
    }
    for name in ["twitchio", "twitchAPI"] {
        let of = |which: fn(&Rates) -> f64| theirs.iter().filter(|rates| rates.name == name).map(which).collect();
        let (mut apart, mut whole): (Vec<_>, Vec<_>) = (of(|rates| rates.parsed), of(|rates| rates.understood));
        if apart.is_empty() {
            println!("{name:<12}not installed");
            continue;
        }
        let (apart, whole) = (median(&mut apart), median(&mut whole));
        println!(
            "{name:<12}{apart:>12.0}{whole:>14.0}   {:.1} times taken apart, {:.1} times understood; all of ours {:.1} times its parser",
            parsed / apart,
            understood / whole,
            understood / apart
        );
    }
}

fn shapes() -> Vec<String> {
    match env::var_os("LOVELM_TEST_TWITCH_LINES") {
        Some(file) => {
            let lines = fs::read(&file).expect("LOVELM_TEST_TWITCH_LINES names a file");
            String::from_utf8_lossy(&lines).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        None => twitch::shapes::lines(20_000, 0),
    }
}

/// As many as are wanted, in an order that is the same every time.
fn shuffled(shapes: Vec<String>) -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % most
    };
    let mut lines: Vec<String> = shapes.into_iter().cycle().take(LINES).collect();
    for index in (1..lines.len()).rev() {
        lines.swap(index, below(index + 1));
    }
    lines
}

fn hearing(roster: Roster) -> Hearing {
    let accounts = twitch::BOTS.map(|(persona, login)| (login.to_owned(), PersonaId::new(persona)));
    let mut hearing = Hearing::default().with_cheermotes(["cheer", "kappa"]);
    (hearing.roster, hearing.accounts, hearing.bots) = (roster, accounts.into(), vec!["nightbot".into()]);
    hearing
}

/// Lines a second, taken apart.
fn parse(lines: &[&str]) -> f64 {
    let begun = worked();
    for line in lines {
        black_box(Line::parse(line));
    }
    count(lines.len()) / (worked() - begun)
}

/// Lines a second, taken apart, translated and routed.
fn understand(lines: &[&str], hearing: &Hearing) -> f64 {
    let now = DateTime::from_timestamp(1_780_023_600, 0).expect("a time");
    let home = Home { host: PersonaId::new("hongcha"), plain: PlainLines::Ignored, name_calls: true };
    let names = Names::of(&hearing.roster);
    let begun = worked();
    for line in lines {
        let event = Line::parse(line).and_then(|line| translate(&line, hearing, now));
        let call = match event {
            Some(ChatEvent::Said(message)) => routing::route(message, None, &names, &home),
            Some(ChatEvent::Paid(message, payment)) => routing::route(message, Some(payment), &names, &home),
            other => {
                black_box(other);
                None
            }
        };
        black_box(call);
    }
    count(lines.len()) / (worked() - begun)
}

/// Seconds that this thread has worked: others may use the machine as well.
fn worked() -> f64 {
    let line = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says so");
    let nanos = line.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("a number");
    Duration::from_nanos(nanos).as_secs_f64()
}

/// What a Python library makes of the same file, in lines a second.
struct Rates {
    name: String,
    parsed: f64,
    understood: f64,
}

fn python(file: &Path) -> Vec<Rates> {
    let python = env::var_os("LOVELM_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let Ok(done) = Command::new(python).arg(SCRIPT).arg(file).output() else { return Vec::new() };
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let rates = |line: &str| {
        let mut words = line.split(' ');
        let (name, parsed, understood) = (words.next()?, words.next()?, words.next()?);
        Some(Rates { name: name.to_owned(), parsed: parsed.parse().ok()?, understood: understood.parse().ok()? })
    };
    said.lines().filter_map(rates).collect()
}

fn median(rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn count(lines: usize) -> f64 {
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}
