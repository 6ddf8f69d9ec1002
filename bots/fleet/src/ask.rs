//! `lovelm ask`: one question, one answer, nothing kept.

use std::{io::Write as _, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use lovelm::{
    chat::{ChannelId, EventId, Message, Place, Platform, RawText, UserId},
    clock::{Clock as _, SystemClock},
    config::Loaded,
    pipeline::Single,
    privacy::{Door, Keyring},
};

use crate::{cli::Ask, wiring};

/// Streams the answer to standard output.
///
/// # Errors
/// Unknown persona, empty question, or an engine that cannot answer.
pub async fn ask(loaded: &Loaded, ask: &Ask) -> anyhow::Result<ExitCode> {
    let personas = wiring::personas(&loaded.config)?;
    let roster = personas.roster();
    let known = roster.personas.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let persona = roster
        .find(ask.persona.trim_start_matches('@'))
        .with_context(|| format!("--persona: nobody is called `{}`; there are {known}", ask.persona))?
        .clone();
    let question = ask.question();
    anyhow::ensure!(!question.trim().is_empty(), "TEXT: there is no question");
    // Nothing is kept, so nobody needs to be recognised later.
    let keyring = Arc::new(Keyring::ephemeral()?);
    let names: Vec<_> = roster.names.iter().map(|call| call.name.as_str()).collect();
    let door = Door::new(keyring, names);
    let engine = wiring::engine(loaded).await?;
    let context = loaded.config.context.clone();
    let single = Single { personas, engine, door, context, fallback: loaded.config.fleet.language };
    let mut out = std::io::stdout();
    let mut broken = None;
    let mut show = |text: &str| {
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            broken.get_or_insert(error);
        }
    };
    single.ask(&persona, message(&question), &mut show).await?;
    show("\n");
    broken.map_or(Ok(ExitCode::SUCCESS), |error| Err(error).context("standard output"))
}

fn message(question: &str) -> Message {
    let place = Place { platform: Platform::Console, channel: ChannelId::new("ask") };
    let now = SystemClock::default().wall();
    Message::said(EventId::new("ask"), place, UserId::new("ask"), RawText::new(question), now)
}
