//! `lovelm run`: the fleet on the terminal, until its input ends or it is told to stop.

use std::{collections::HashMap, io::IsTerminal as _, process::ExitCode, sync::Arc, time::Duration};

use async_trait::async_trait;
use lovelm::{
    chat::{ChatEvent, Outbox, Platform},
    clock::{Clock, SystemClock},
    config::{Config, Loaded},
    locale::{Arg, Locale},
    persona::Personas,
    pipeline::Pipeline,
};
use lovelm_console::{Console, Ear, Receipt, Say, Seat, Session};
use tokio::{
    io::{BufReader, stdin, stdout},
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    live::Live,
    machines::{self, Role},
    shutdown::Shutdown,
    wiring::{self, Fleet},
};

/// How often what was promised to go is looked for.
const SWEEP_EVERY: Duration = Duration::from_mins(10);
/// How long the console may take for a word of ours when the program ends.
const LONGEST_WORD: Duration = Duration::from_secs(1);

/// Runs the fleet, and leaves nothing running behind.
///
/// # Errors
/// Whatever keeps it from starting, one line each; nothing half starts.
pub async fn run(loaded: &Loaded, role: Role) -> anyhow::Result<ExitCode> {
    role.check(loaded)?;
    let shutdown = Shutdown::on_signal()?;
    let hangups = signal(SignalKind::hangup())?;
    if role == Role::Worker {
        return machines::work(loaded, &shutdown).await;
    }
    let personas = wiring::personas(&loaded.config)?;
    let console = Arc::new(console(loaded, &personas));
    let live = Live::of(loaded, &personas)?;
    let mut outboxes = HashMap::from([(Platform::Console, Arc::clone(&console) as Arc<dyn Outbox>)]);
    outboxes.extend(live.outboxes());
    let starting = wiring::fleet(loaded, role, personas, outboxes);
    let Some(fleet) = shutdown.unless_told(Box::pin(starting)).await.transpose()? else { return Ok(ExitCode::SUCCESS) };
    let mut worked = tokio::spawn({
        let pipeline = fleet.pipeline.clone();
        async move { pipeline.work().await }
    });
    // What is taken up needs a way out.
    let live = live.start(&fleet.pipeline, fleet.claims.as_ref());
    // What was left open is taken up before anything old is swept.
    let taken_up = fleet.pipeline.resume().await;
    if let Err(error) = &taken_up {
        tracing::error!(%error, "what was paid for before the start is not taken up");
    }
    let sweeping = tokio::spawn(sweep(fleet.pipeline.clone()));
    let rereading = tokio::spawn(reread(fleet.pipeline.clone(), loaded.config.clone(), hangups));
    // A service's stdin is no chat: beside a live platform only a terminal talks.
    let talked = if live.is_on() && !std::io::stdin().is_terminal() {
        shutdown.told().await;
        Ok(())
    } else {
        talk(loaded, &fleet, &console, &shutdown).await
    };
    if let (Ok(taken_up), false) = (taken_up, shutdown.is_told()) {
        shutdown.unless_told(taken_up.done()).await;
    }
    live.deafen();
    fleet.pipeline.close();
    if shutdown.is_told() {
        // A reader that reads no more must not keep the program.
        let _ = tokio::time::timeout(LONGEST_WORD, console.tell(&say(loaded)("console-stopping", &[]))).await;
    }
    // What was accepted is answered or told why not; a second signal, or the end of patience, cuts that short.
    if shutdown.within(loaded.config.fleet.drain, &mut worked).await.is_none() {
        tracing::warn!("answers that had begun were cut off by the end of the drain time");
        worked.abort();
        // Nothing of an answer may go out behind this line: the database is about to go.
        let _ = worked.await;
    }
    live.leave().await;
    console.rest().await;
    sweeping.abort();
    rereading.abort();
    fleet.stop().await?;
    talked.map(|()| ExitCode::SUCCESS)
}

/// Talks on the console until there is nobody to talk to.
async fn talk(loaded: &Loaded, fleet: &Fleet, console: &Console, shutdown: &Shutdown) -> anyhow::Result<()> {
    let ear = Heard(fleet.pipeline.clone());
    let clock = SystemClock::default();
    let seat = Seat { console, ear: &ear, clock: &clock };
    let session = Session::new(
        format!("{:x}", clock.wall().timestamp_micros()),
        loaded.config.console.viewer.as_str(),
        fleet.pipeline.roster(),
    );
    let input = BufReader::new(stdin());
    if std::io::stdin().is_terminal() {
        let host = fleet.pipeline.name_of_host();
        console.tell(&say(loaded)("console-welcome", &[("persona", host)])).await;
        lovelm_console::chat(seat, session, input, shutdown.told()).await?;
    } else {
        lovelm_console::pipe(seat, session, input, shutdown.told()).await?;
    }
    Ok(())
}

/// Lets go, every now and then, of what was promised to be kept no longer.
async fn sweep(pipeline: Pipeline) {
    loop {
        pipeline.sweep().await;
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Reads the persona files again whenever the program is told to. With any fault in them, all stays as it was.
async fn reread(pipeline: Pipeline, config: Config, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        let read = wiring::personas(&config).and_then(|personas| Ok(pipeline.recast(personas)?));
        match read {
            Ok(()) => tracing::info!("the persona files were read again"),
            Err(error) => tracing::error!(%error, "the persona files were not taken over; all stays as it was"),
        }
    }
}

fn console(loaded: &Loaded, personas: &Personas) -> Console {
    let language = loaded.config.fleet.language;
    let names = personas.iter().map(|persona| (persona.id().clone(), persona.voice(language).name.clone())).collect();
    let typed = std::io::stdin().is_terminal();
    let notices = (!typed).then(|| Box::new(tokio::io::stderr()) as lovelm_console::Sink);
    Console::new(Box::new(stdout()), notices, names, say(loaded), std::io::stdout().is_terminal())
}

fn say(loaded: &Loaded) -> Say {
    let (locale, language) = (Locale::new(), loaded.config.fleet.language);
    Arc::new(move |key, args| {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, Arg::from(value.as_str()))).collect();
        locale.say(language, key, &args)
    })
}

/// The fleet's ear on the console.
struct Heard(Pipeline);

#[async_trait]
impl Ear for Heard {
    async fn hear(&self, event: ChatEvent) -> Receipt {
        let receipt = self.0.hear(event).await;
        Box::pin(receipt.done())
    }
}
