//! `lovelm-soak [kills|outages|redis|restarts|burst|memory|canary|all] [--seed N] [--events N] [--blows N] [--longest SECONDS]`: the long forms of
//! the soaks, and a table of what they found. Ends with 1 when something happened that may never.

use std::process::ExitCode;

use lovelm_tests::{
    soak::{self, Figures, Plan},
    town::Log,
};

const USAGE: &str = "usage: lovelm-soak [kills|outages|redis|restarts|burst|memory|canary|all] [--seed N] [--events N] [--blows N] [--longest SECONDS]";

/// Events and blows of the long forms.
const LONG: [(&str, usize, usize); 7] = [
    ("kills", 20_000, 500),
    ("outages", 3_000, 50),
    ("redis", 3_000, 50),
    ("restarts", 12_000, 300),
    ("burst", 10_000, 1),
    ("memory", 5_000, 1),
    ("canary", 10_000, 0),
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, orders)) if first == "child" => soak::child::main(orders).await,
        _ => parent(&arguments).await,
    }
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the table is what it is for")]
async fn parent(arguments: &[String]) -> ExitCode {
    let Some((which, given)) = read(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    println!("{}", Figures::head());
    let mut faults = 0;
    for (name, events, blows) in LONG.into_iter().filter(|(name, ..)| which == "all" || which == *name) {
        let plan = Plan {
            program: std::env::current_exe().expect("this program is a file"),
            seed: given.seed.unwrap_or(1),
            events: given.events.unwrap_or(events),
            blows: given.blows.unwrap_or(blows),
            longest: given.longest.unwrap_or(4).try_into().unwrap_or(4),
        };
        let figures = match name {
            "kills" => Box::pin(soak::kills(&plan)).await,
            "outages" => Box::pin(soak::outages(&plan)).await,
            "redis" => Box::pin(soak::redis(&plan)).await,
            "memory" => Box::pin(soak::memory(&plan)).await,
            "restarts" => Box::pin(soak::restarts(&plan)).await,
            "canary" => Box::pin(soak::canary(&plan, &Log::of_the_process())).await,
            _ => Box::pin(soak::burst(&plan)).await,
        };
        println!("{figures}");
        for fault in figures.faults() {
            println!("          FAULT: {fault}");
            faults += 1;
        }
        for goal in figures.missed() {
            println!("          MISSED: {goal}");
            faults += 1;
        }
    }
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Given {
    seed: Option<u64>,
    events: Option<usize>,
    blows: Option<usize>,
    longest: Option<usize>,
}

fn read(arguments: &[String]) -> Option<(String, Given)> {
    let (mut which, mut given, mut rest) = ("all".to_owned(), Given::default(), arguments.iter());
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seed" => given.seed = Some(rest.next()?.parse().ok()?),
            "--events" => given.events = Some(rest.next()?.parse().ok()?),
            "--blows" => given.blows = Some(rest.next()?.parse().ok()?),
            "--longest" => given.longest = Some(rest.next()?.parse().ok()?),
            name if name == "all" || LONG.iter().any(|(known, ..)| *known == name) => name.clone_into(&mut which),
            _ => return None,
        }
    }
    Some((which, given))
}
