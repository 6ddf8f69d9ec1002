//! `lovelm invite`: where each bot is invited to a Discord server.

use std::{io::Write as _, process::ExitCode, sync::Arc};

use lovelm::{clock::SystemClock, config::Loaded};
use lovelm_discord::Invitation;

use crate::{live, wiring};

/// Prints a line for each bot. Fails when one cannot be invited.
///
/// # Errors
/// When there is no token, and when standard output is gone.
pub async fn invite(loaded: &Loaded) -> anyhow::Result<ExitCode> {
    let personas = wiring::personas(&loaded.config)?;
    let settings = live::discord_settings(loaded, &personas)
        .ok_or_else(|| anyhow::anyhow!("LOVELM_DISCORD_TOKEN_*: no persona has a token for Discord"))?;
    let invitations = lovelm_discord::invitations(&settings, Arc::new(SystemClock::default())).await?;
    let (mut out, mut all) = (std::io::stdout().lock(), true);
    for Invitation { persona, url } in invitations {
        match url {
            Ok(url) => writeln!(out, "{persona}  {url}")?,
            Err(fault) => {
                all = false;
                writeln!(out, "{persona}  FAULT {fault}")?;
            }
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
