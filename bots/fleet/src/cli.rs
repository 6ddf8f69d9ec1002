//! The command line, and how a fault that ends the program is said.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use lovelm::{
    chat::{Language, Platform, UserId},
    config::{self, Environment, Loaded},
};

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
    /// Run the fleet: on Discord and Twitch where it has tokens for them, else on the terminal.
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
    /// Print an address for each bot at which it is invited to a Discord server, with the least that it needs there.
    Invite,
    /// Read lines from standard input and print, one JSON object a line, what the bots would make of them.
    Inspect,
    /// Live through a day of chat in seconds, under the scheduler's configuration, and print what each class had to wait.
    Simulate(Simulate),
    /// Delete everything that is kept of a person, also while the fleet runs.
    Forget(Subject),
    /// Print what is kept of a person, also while the fleet runs.
    Export {
        #[command(flatten)]
        subject: Subject,
        /// One JSON object with every row, what is sealed opened, instead of a summary.
        #[arg(long)]
        json: bool,
    },
    /// The keys under which people are pseudonyms, also while the fleet runs.
    Keys {
        #[command(subcommand)]
        verb: KeysVerb,
    },
    /// Let viewers ask the real model through the real path, and print what each class had to wait. Keeps nothing.
    Storm(Storm),
    /// Have the running fleet read its persona files again. What is being answered ends as it began.
    Reload,
    /// Exchange personas with other programs, as Character Cards V3.
    #[command(subcommand)]
    Persona(Persona),
}

/// A person, as a platform knows them.
#[derive(Debug, Args)]
pub struct Subject {
    /// `discord`, `twitch` or `console`.
    #[arg(value_name = "PLATFORM")]
    pub platform: Platform,
    /// The id of the account, not its name; on the console, where there are no accounts, the name.
    #[arg(value_name = "ID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    id: String,
}

impl Subject {
    pub fn user(&self) -> UserId {
        UserId::new(self.id.as_str())
    }
}

#[derive(Debug, Subcommand)]
pub enum KeysVerb {
    /// Print the versions and their dates.
    List {
        /// One JSON object instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Make a new version and use it from now on. What was made under the older ones can still be read.
    Rotate {
        /// Make it, and do not use it yet: to copy the keyring to other machines before the next `rotate` uses it.
        #[arg(long)]
        prepare: bool,
    },
    /// Destroy an older version: what was made under it belongs to nobody any more.
    Destroy {
        #[arg(value_name = "VERSION")]
        version: i16,
    },
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

#[derive(Debug, Subcommand)]
pub enum Persona {
    /// Write a persona as a card.
    Export(Export),
    /// Make a persona file of a card, in the persona folder. What the card leaves open is named.
    Import(Import),
}

#[derive(Debug, Args)]
pub struct Export {
    /// An id such as `omar`, or a name such as 홍차.
    #[arg(value_name = "NAME")]
    pub persona: String,
    /// Where the card goes; it must not be there yet.
    #[arg(long, value_name = "FILE.json|FILE.png")]
    pub to: PathBuf,
    /// The language of the card's texts; without it the fleet's.
    #[arg(long, value_name = "ko|en|ja")]
    pub language: Option<Language>,
    /// A PNG picture to put the card into.
    #[arg(long, value_name = "FILE.png")]
    pub face: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// A card, JSON or PNG.
    #[arg(value_name = "FILE")]
    pub card: PathBuf,
    /// The persona's id; without it the card's own, or its name in small letters.
    #[arg(long = "as", value_name = "ID")]
    pub id: Option<String>,
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
