//! The command line, and how a fault that ends the program is said.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use lovelm::config::{self, Environment, Loaded};

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
    Run,
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
