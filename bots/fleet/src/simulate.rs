//! `lovelm simulate`: a day of chat in seconds, without a model, a database or a platform.

use std::{fs, io::Write as _, process::ExitCode};

use anyhow::Context as _;
use lovelm::{
    config::Loaded,
    scheduler::simulation::{Scenario, Study, picture, table},
};

use crate::cli::Simulate;

/// Prints what became of the calls of a scenario.
///
/// # Errors
/// A scenario that does not exist or makes no sense, a picture that cannot be written, or standard output gone.
pub fn simulate(loaded: &Loaded, simulate: &Simulate) -> anyhow::Result<ExitCode> {
    let mut scenario = Scenario::open(&simulate.scenario).context("--scenario")?;
    scenario.seed = simulate.seed.unwrap_or(scenario.seed);
    let study = Study::of(&loaded.config.scheduler, scenario);
    if let Some(file) = &simulate.svg {
        fs::write(file, picture(&study)).with_context(|| format!("--svg: {} cannot be written", file.display()))?;
    }
    let mut out = std::io::stdout().lock();
    if simulate.json {
        writeln!(out, "{}", study.json())?;
    } else {
        write!(out, "{}", table(&study))?;
    }
    Ok(ExitCode::SUCCESS)
}
