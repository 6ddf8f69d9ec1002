//! The platforms besides the console: which are switched on, the way out to them, and who hears them.

use std::sync::Arc;

use lovelm::{
    chat::{ChatEvent, Outbox, Platform},
    clock::SystemClock,
    config::Loaded,
    persona::Personas,
    pipeline::{Pipeline, attend},
};
use lovelm_discord::Discord;
use lovelm_twitch::{Settings, Twitch, World};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::claims::Claims;

/// Events that wait to be heard. What happens when it is full, the adapter says.
const EARS: usize = 1024;

/// What is configured, not running yet.
pub struct Live {
    discord: Option<(Discord, mpsc::Receiver<ChatEvent>)>,
    twitch: Option<(Twitch, mpsc::Receiver<ChatEvent>)>,
}

/// What runs.
pub struct Running {
    deaf: CancellationToken,
    gone: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Live {
    /// Each platform for which a persona has a token.
    ///
    /// # Errors
    /// An address that is none, or a token for a persona that does not exist.
    pub fn of(loaded: &Loaded, personas: &Personas) -> anyhow::Result<Self> {
        let strangers = strangers(loaded, personas);
        anyhow::ensure!(strangers.is_empty(), strangers.join("\n"));
        Ok(Self { discord: discord(loaded, personas)?, twitch: twitch(loaded, personas)? })
    }

    /// The way out to each platform that is on.
    pub fn outboxes(&self) -> impl Iterator<Item = (Platform, Arc<dyn Outbox>)> {
        let discord = self.discord.as_ref().map(|(discord, _)| (Platform::Discord, discord.outbox()));
        let twitch = self.twitch.as_ref().map(|(twitch, _)| (Platform::Twitch, twitch.outbox()));
        discord.into_iter().chain(twitch)
    }

    /// Connects, and brings what is heard to the pipeline.
    pub fn start(self, pipeline: &Pipeline, claims: Option<&Arc<Claims>>) -> Running {
        let (deaf, gone) = (CancellationToken::new(), CancellationToken::new());
        let mut tasks = Vec::new();
        if let Some((discord, events)) = self.discord {
            tasks.push(tokio::spawn(attended(until(deaf.clone(), events), pipeline.clone(), claims.cloned())));
            // Boxed: it keeps every account of a fleet between its waits.
            tasks.push(tokio::spawn(Box::pin(discord.run(gone.clone().cancelled_owned()))));
        }
        if let Some((twitch, events)) = self.twitch {
            tasks.push(tokio::spawn(attended(until(deaf.clone(), events), pipeline.clone(), claims.cloned())));
            tasks.push(tokio::spawn(twitch.run(gone.clone().cancelled_owned())));
        }
        Running { deaf, gone, tasks }
    }
}

impl Running {
    pub fn is_on(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// Hears nothing more; what was heard is still answered.
    pub fn deafen(&self) {
        self.deaf.cancel();
    }

    /// Disconnects.
    pub async fn leave(self) {
        self.gone.cancel();
        for task in self.tasks {
            if task.await.is_err_and(|error| error.is_panic()) {
                tracing::error!("a platform broke");
            }
        }
    }
}

/// Brings every event to the pipeline.
async fn attended(events: mpsc::Receiver<ChatEvent>, pipeline: Pipeline, claims: Option<Arc<Claims>>) {
    let hear = move |event| {
        let (pipeline, claims) = (pipeline.clone(), claims.clone());
        async move {
            let ours = match &claims {
                Some(claims) => claims.takes(&event, &pipeline).await,
                None => true,
            };
            if ours {
                // Whoever answers line by line would wait for the receipt.
                drop(pipeline.hear(event).await);
            }
        }
    };
    attend(events, hear).await;
}

fn discord(loaded: &Loaded, personas: &Personas) -> anyhow::Result<Option<(Discord, mpsc::Receiver<ChatEvent>)>> {
    let Some(settings) = discord_settings(loaded, personas) else { return Ok(None) };
    let (ears, events) = mpsc::channel(EARS);
    let clock = Arc::new(SystemClock::default());
    Ok(Some((Discord::connect(&settings, personas.roster(), clock, ears)?, events)))
}

fn twitch(loaded: &Loaded, personas: &Personas) -> anyhow::Result<Option<(Twitch, mpsc::Receiver<ChatEvent>)>> {
    let Some(settings) = twitch_settings(loaded, personas) else { return Ok(None) };
    if settings.channels.is_empty() {
        tracing::warn!("twitch.channels: there is none, so nobody is heard");
    }
    let world = World::real(&settings, Arc::new(SystemClock::default()))?;
    let (ears, events) = mpsc::channel(EARS);
    Ok(Some((Twitch::connect(&settings, personas.roster(), &world, ears), events)))
}

/// The events until the token is cancelled.
fn until(deaf: CancellationToken, mut events: mpsc::Receiver<ChatEvent>) -> mpsc::Receiver<ChatEvent> {
    let (relay, relayed) = mpsc::channel(1);
    tokio::spawn(deaf.run_until_cancelled_owned(async move {
        while let Some(event) = events.recv().await {
            if relay.send(event).await.is_err() {
                return;
            }
        }
    }));
    relayed
}

/// What Discord is set up with, if a persona has a token.
pub fn discord_settings(loaded: &Loaded, personas: &Personas) -> Option<lovelm_discord::Settings> {
    let (config, language) = (&loaded.config.discord, loaded.config.fleet.language);
    lovelm_discord::Settings::of(config, language, &loaded.secrets, &personas.roster().personas)
}

/// What Twitch is set up with, if a persona has a token.
pub fn twitch_settings(loaded: &Loaded, personas: &Personas) -> Option<Settings> {
    let folder = loaded.folders.data.join("twitch");
    Settings::of(
        &loaded.config.twitch,
        loaded.config.fleet.language,
        &loaded.secrets,
        &personas.roster().personas,
        folder,
    )
}

/// Tokens and logins for personas that do not exist, a line each.
pub fn strangers(loaded: &Loaded, personas: &Personas) -> Vec<String> {
    let known = personas.roster().personas;
    let is_known = |id: &str| known.iter().any(|persona| persona.as_str() == id);
    let all = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let tokens = ["LOVELM_DISCORD_TOKEN_", "LOVELM_TWITCH_TOKEN_"].into_iter().flat_map(|prefix| {
        let ids = loaded.secrets.with_prefix(prefix).map(|(id, _)| id).filter(|id| !is_known(id));
        ids.map(move |id| format!("{prefix}{}", id.to_uppercase())).collect::<Vec<_>>()
    });
    let logins = loaded.config.twitch.login.keys().map(lovelm::chat::PersonaId::as_str);
    let logins = logins.filter(|id| !is_known(id)).map(|id| format!("twitch.login.{id}"));
    tokens.chain(logins).map(|at| format!("{at}: there is no such persona; there are {all}")).collect()
}
