//! `lovelm reload`: the running fleet reads its persona files again.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use lovelm::{config::Loaded, store::cluster::DataDir};
use rustix::process::{Signal, kill_process};

use crate::wiring;

/// Looks at the files first: what is at fault is said here, and nothing is sent.
///
/// # Errors
/// Every fault of every file, or that no fleet runs.
pub fn reload(loaded: &Loaded) -> anyhow::Result<ExitCode> {
    wiring::personas(&loaded.config)?;
    let folder = &loaded.folders.data;
    let running = if folder.exists() { DataDir::open(folder)?.holder()? } else { None };
    let Some(fleet) = running else { bail!("{}: no fleet runs on this data folder", folder.display()) };
    kill_process(fleet, Signal::HUP).with_context(|| format!("process {}", fleet.as_raw_pid()))?;
    Ok(ExitCode::SUCCESS)
}
