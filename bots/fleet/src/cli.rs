//! The command line, and how a fault that ends the program is said.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use lovelm::config::{self, Environment, Loaded};

use crate::{machines::Role, storm::Mix};

/// Four AI personas give love advice in live chat.
#[derive(Debug, Parser)]
#[command(name = "lovelm", version, about, propagate_version = true)]
pub struct Cli {
    /// The configuration file. Without it: what `LOVELM_CONFIG` names, else `lovelm.toml` in the working folder if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the fleet on the terminal.
    Run {
        /// What this process does of the fleet's work. Gateways and workers share a line on the Redis server in `REDIS_URL`.
        #[arg(long, value_enum, default_value_t)]
        role: Role,
    },
    /// Ask one persona one question, and keep nothing of it.
    Ask(Ask),
    /// Look at configuration, personas, locale files, keys, database and model, and name every fault.
    Check {
        /// One JSON object instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Read lines from standard input and print, one JSON object a line, what the bots would make of them.
    Inspect,
    /// Live through a day of chat in seconds, under the scheduler's configuration, and print what each class had to wait.
    Simulate(Simulate),
    /// Let viewers ask the real model through the real path, and print what each class had to wait. Keeps nothing.
    Storm(Storm),
}

#[derive(Debug, Args)]
pub struct Ask {
    /// Who answers: an id such as `omar`, or a name such as 홍차.
    #[arg(long, value_name = "NAME")]
    pub persona: String,
    /// The question.
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Simulate {
    /// `evening`, `flood`, `raid` or `day`, or a file like those in deploy/scenarios.
    #[arg(long, value_name = "NAME|FILE.toml", default_value = "evening")]
    pub scenario: String,
    /// Another seed than the scenario's: the same crowds on another day.
    #[arg(long)]
    pub seed: Option<u64>,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Also draw the waits, and write the picture here.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Storm {
    /// People who ask. Each waits for an answer before asking again.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub viewers: u32,
    /// Questions in all. Without it and without --minutes: 40.
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub calls: Option<u32>,
    /// How long they ask.
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub minutes: Option<u32>,
    /// Questions a minute, of all of them together, as long as they are not kept waiting.
    #[arg(long, value_name = "R", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: u32,
    /// How the viewers divide into classes.
    #[arg(long, value_name = "CLASS=PARTS,..", default_value = "moderator=0,paid=2,supporter=3,free=7")]
    pub mix: Mix,
    /// A file of questions, one a line, instead of our own.
    #[arg(long, value_name = "FILE")]
    pub questions: Option<PathBuf>,
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}

impl Cli {
    /// The configuration: defaults, file, environment.
    ///
    /// # Errors
    /// Every fault found, a line each.
    pub fn load(&self) -> anyhow::Result<Loaded> {
        let environment = Environment::new(std::env::vars_os(), rustix::process::geteuid().is_root());
        Ok(config::load(self.config.as_deref(), &environment)?)
    }
}

impl Ask {
    /// The words of the command line, joined as the shell split them.
    pub fn question(&self) -> String {
        self.text.join(" ")
    }
}

/// Says on standard error, a line a fault, why nothing runs.
#[expect(clippy::print_stderr, reason = "the last words of a program that ends")]
pub fn fail(error: &anyhow::Error) -> ExitCode {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // A wrapper that quotes its cause would say it twice.
        if !said.contains(&cause) {
            if !said.is_empty() {
                said.push_str(": ");
            }
            said.push_str(&cause);
        }
    }
    for line in said.lines() {
        eprintln!("lovelm: {line}");
    }
    ExitCode::FAILURE
}
