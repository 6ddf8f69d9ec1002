//! The binary `lovelm`: reads the command line, wires the rooms together, and runs until it is told to stop.

mod ask;
mod card;
mod check;
mod claims;
mod cli;
mod inspect;
mod invite;
mod keys;
mod live;
mod machines;
mod people;
mod reload;
mod run;
mod shutdown;
mod simulate;
mod storm;
mod telemetry;
mod wiring;

use std::{process::ExitCode, time::Duration};

use clap::Parser as _;

use crate::cli::{Cli, Verb};

fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::keep_panics_quiet();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return cli::fail(&error.into()),
    };
    let code = runtime.block_on(dispatch(&cli)).unwrap_or_else(|error| cli::fail(&error));
    // A read from a terminal at which nobody types any more must not keep the program.
    runtime.shutdown_timeout(Duration::from_millis(500));
    code
}

async fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    let loaded = cli.load()?;
    telemetry::install(&loaded.config.telemetry)?;
    match &cli.verb {
        // Boxed: wiring and running a fleet keep much between their waits.
        Verb::Run { role } => Box::pin(run::run(&loaded, *role)).await,
        Verb::Ask(ask) => ask::ask(&loaded, ask).await,
        Verb::Check { json } => check::check(&loaded, *json).await,
        Verb::Invite => invite::invite(&loaded).await,
        Verb::Inspect => inspect::inspect(&loaded),
        Verb::Simulate(simulate) => simulate::simulate(&loaded, simulate),
        Verb::Forget(subject) => people::forget(&loaded, subject).await,
        Verb::Export { subject, json } => people::export(&loaded, subject, *json).await,
        Verb::Keys { verb } => keys::keys(&loaded, verb).await,
        Verb::Storm(storm) => Box::pin(storm::storm(&loaded, storm)).await,
        Verb::Reload => reload::reload(&loaded),
        Verb::Persona(persona) => card::persona(&loaded, persona),
    }
}
