//! How many lines of Twitch's chat are read, translated and routed in a second on one core, beside the parsers of Python bots
//! in the same run.
//!
//! The lines are of every shape, 200,000 of them, shuffled; `LOVELM_TEST_TWITCH_LINES` names a file with others.
//! `LOVELM_TEST_PYTHON` names the Python that has twitchio (before 3) or twitchAPI installed; without one, no ratio is given.
//! Theirs only take lines apart; ours also says what a line means and whom it calls. Goal: 50 times theirs.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

use std::{env, fs, hint::black_box, path::Path, process::Command};

use chrono::DateTime;
use lovelm::{
    chat::{ChatEvent, PersonaId, Roster},
    clock::{Clock as _, SystemClock},
    persona,
    routing::{self, Home, PlainLines},
};
use lovelm_tests::{program::repository, twitch};
use lovelm_twitch::{Hearing, Line, translate};

const LINES: usize = 200_000;
const ROUNDS: usize = 3;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/twitch_lines.py");

fn main() {
    let lines = shuffled(shapes());
    let personas = persona::load(&repository().join("personas")).expect("the personas of this repository");
    let hearing = hearing(personas.roster());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lines.irc");
    fs::write(&file, lines.join("\r\n")).expect("the lines can be written");

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(run(&lines, &hearing));
        theirs.extend(python(&file));
    }
    let ours = median(&mut ours);
    println!("{:<12}{ours:>12.0} lines/s read, translated and routed, one core, {LINES} lines", "lovelm");
    if theirs.is_empty() {
        println!(
            "no Python parser to compare with: install twitchio<3 or twitchAPI, and name its python in LOVELM_TEST_PYTHON"
        );
    }
    for name in ["twitchio", "twitchAPI"] {
        let mut rates: Vec<f64> = theirs.iter().filter(|(found, _)| found == name).map(|(_, rate)| *rate).collect();
        if rates.is_empty() {
            println!("{name:<12}not installed");
            continue;
        }
        let rate = median(&mut rates);
        println!("{name:<12}{rate:>12.0} lines/s taken apart: ratio {:.1} (goal 50)", ours / rate);
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

/// Lines a second.
fn run(lines: &[String], hearing: &Hearing) -> f64 {
    let now = DateTime::from_timestamp(1_780_023_600, 0).expect("a time");
    let home = Home { host: PersonaId::new("hongcha"), plain: PlainLines::Ignored, name_calls: true };
    let clock = SystemClock::default();
    let mut calls = 0_usize;
    for line in lines {
        let event = Line::parse(line).and_then(|line| translate(&line, hearing, now));
        let call = match event {
            Some(ChatEvent::Said(message)) => routing::route(message, None, &hearing.roster, &home),
            Some(ChatEvent::Paid(message, payment)) => routing::route(message, Some(payment), &hearing.roster, &home),
            other => {
                black_box(other);
                None
            }
        };
        calls += usize::from(black_box(call).is_some());
    }
    black_box(calls);
    count(lines.len()) / clock.elapsed().as_secs_f64()
}

/// What the Python parsers make of the same file: name and lines a second of each that is installed.
fn python(file: &Path) -> Vec<(String, f64)> {
    let python = env::var_os("LOVELM_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let Ok(done) = Command::new(python).arg(SCRIPT).arg(file).output() else { return Vec::new() };
    let rates = String::from_utf8_lossy(&done.stdout).into_owned();
    rates
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, rate)| Some((name.to_owned(), rate.parse().ok()?)))
        .collect()
}

fn median(rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn count(lines: usize) -> f64 {
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}
