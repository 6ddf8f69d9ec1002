//! The platforms besides the console: which are switched on, the way out to them, and who hears them.

use std::sync::Arc;

use lovelm::{
    chat::{ChatEvent, Outbox, Platform},
    clock::SystemClock,
    config::Loaded,
    persona::Personas,
    pipeline::Pipeline,
};
use lovelm_twitch::{Settings, Twitch, World, attend};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// Events that wait to be heard. What happens when it is full, the adapter says.
const EARS: usize = 1024;

/// What is configured, not running yet.
pub struct Live {
    twitch: Option<(Twitch, mpsc::Receiver<ChatEvent>)>,
}

/// What runs.
pub struct Running {
    deaf: CancellationToken,
    gone: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Live {
    /// Twitch, if a persona has a token for it.
    ///
    /// # Errors
    /// An address that is none, or a token for a persona that does not exist.
    pub fn of(loaded: &Loaded, personas: &Personas) -> anyhow::Result<Self> {
        let strangers = strangers(loaded, personas);
        anyhow::ensure!(strangers.is_empty(), strangers.join("\n"));
        let Some(settings) = twitch_settings(loaded, personas) else { return Ok(Self { twitch: None }) };
        if settings.channels.is_empty() {
            tracing::warn!("twitch.channels: there is none, so nobody is heard");
        }
        let world = World::real(&settings, Arc::new(SystemClock::default()))?;
        let (ears, events) = mpsc::channel(EARS);
        Ok(Self { twitch: Some((Twitch::connect(&settings, personas.roster(), &world, ears), events)) })
    }

    /// The way out to each platform that is on.
    pub fn outbox(&self) -> Option<(Platform, Arc<dyn Outbox>)> {
        self.twitch.as_ref().map(|(twitch, _)| (Platform::Twitch, twitch.outbox()))
    }

    /// Connects, and brings what is heard to the pipeline.
    pub fn start(self, pipeline: &Pipeline) -> Running {
        let (deaf, gone) = (CancellationToken::new(), CancellationToken::new());
        let mut tasks = Vec::new();
        if let Some((twitch, events)) = self.twitch {
            let pipeline = pipeline.clone();
            let hear = move |event| {
                let pipeline = pipeline.clone();
                // Whoever answers line by line would wait for the receipt.
                async move { drop(pipeline.hear(event).await) }
            };
            tasks.push(tokio::spawn(attend(until(deaf.clone(), events), hear)));
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

/// What Twitch is set up with, if a persona has a token.
pub fn twitch_settings(loaded: &Loaded, personas: &Personas) -> Option<Settings> {
    let folder = loaded.folders.data.join("twitch");
    Settings::of(&loaded.config.twitch, &loaded.secrets, &personas.roster().personas, folder)
}

/// Tokens and logins for personas that do not exist, a line each.
pub fn strangers(loaded: &Loaded, personas: &Personas) -> Vec<String> {
    let known = personas.roster().personas;
    let is_known = |id: &str| known.iter().any(|persona| persona.as_str() == id);
    let all = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let tokens = loaded.secrets.with_prefix("LOVELM_TWITCH_TOKEN_").map(|(id, _)| id);
    let tokens = tokens.filter(|id| !is_known(id)).map(|id| format!("LOVELM_TWITCH_TOKEN_{}", id.to_uppercase()));
    let logins = loaded.config.twitch.login.keys().map(lovelm::chat::PersonaId::as_str);
    let logins = logins.filter(|id| !is_known(id)).map(|id| format!("twitch.login.{id}"));
    tokens.chain(logins).map(|at| format!("{at}: there is no such persona; there are {all}")).collect()
}
