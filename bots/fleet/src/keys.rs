//! `lovelm keys`: the versions of the keyring, seen, added and destroyed. Never prints a key.

use std::{io::Write as _, process::ExitCode};

use lovelm::{
    clock::SystemClock,
    config::Loaded,
    privacy::{KeyVersion, Keyring},
};
use serde_json::json;

use crate::{cli::KeysVerb, people::Opened};

/// Does it, and says what has become of it.
///
/// # Errors
/// No keyring, a version that cannot be destroyed, or no database: one line.
pub async fn keys(loaded: &Loaded, verb: &KeysVerb) -> anyhow::Result<ExitCode> {
    match verb {
        KeysVerb::List { json } => list(loaded, *json)?,
        KeysVerb::Rotate { prepare: true } => prepare(loaded)?,
        KeysVerb::Rotate { prepare: false } => rotate(loaded).await?,
        KeysVerb::Destroy { version } => destroy(loaded, *version).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(loaded: &Loaded, as_json: bool) -> anyhow::Result<()> {
    let versions = Keyring::open_existing(&loaded.folders.keys)?.list();
    let mut out = std::io::stdout().lock();
    if as_json {
        let rows: Vec<_> = versions
            .iter()
            .map(|KeyVersion { number, made_on, state }| {
                json!({ "version": number, "made_on": made_on, "state": state.as_str() })
            })
            .collect();
        return Ok(writeln!(out, "{}", json!({ "keys": rows }))?);
    }
    for KeyVersion { number, made_on, state } in versions {
        let made_on = made_on.map_or_else(|| "unknown".to_owned(), |day| day.to_string());
        writeln!(out, "{number:>8}  {made_on:<10}  {}", state.as_str())?;
    }
    Ok(())
}

fn prepare(loaded: &Loaded) -> anyhow::Result<()> {
    let version = Keyring::open_existing(&loaded.folders.keys)?.prepare()?;
    let file = loaded.folders.keys.display();
    Ok(writeln!(
        std::io::stdout(),
        "version {version} is prepared: copy {file} to every machine, and `lovelm keys rotate` uses it"
    )?)
}

async fn rotate(loaded: &Loaded) -> anyhow::Result<()> {
    let keyring = Keyring::open_existing(&loaded.folders.keys)?;
    let version = keyring.rotate_under_traffic(&SystemClock::default()).await?;
    Ok(writeln!(
        std::io::stdout(),
        "version {version} is in use; the older ones are still read, and people's entries move to it when they come again"
    )?)
}

async fn destroy(loaded: &Loaded, version: i16) -> anyhow::Result<()> {
    let opened = Opened::of(loaded).await?;
    let destroyed = opened.records.destroy(version).await;
    opened.close().await?;
    let left = destroyed?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "version {version} is destroyed: nothing that it made can be read or found by an account any more")?;
    writeln!(
        out,
        "settings, counters and answers of the last day under it are deleted, amounts have no payer any more"
    )?;
    for (table, rows) in left {
        writeln!(out, "{rows:>8}  {table}: stay without their person until their time is over")?;
    }
    writeln!(out, "copies of the keyring elsewhere have to be destroyed as well")?;
    Ok(())
}
