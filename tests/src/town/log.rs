//! What is logged in town.

use std::{
    io,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use lovelm::{config::TelemetryConfig, telemetry};
use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::fmt::MakeWriter;

/// While there is one subscriber alone, tracing asks whichever thread comes first whether anybody listens, and remembers the
/// answer for all. This is a second one.
static DEAF: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

/// The log, at every level, while it is held.
#[derive(Debug)]
pub struct Log {
    lines: Lines,
    _guard: Option<DefaultGuard>,
}

#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Of this thread.
    pub fn capture() -> Self {
        LazyLock::force(&DEAF);
        let lines = Lines::default();
        let guard = tracing::subscriber::set_default(telemetry::subscriber(&everything(), false, lines.clone()));
        Self { lines, _guard: Some(guard) }
    }

    /// Of the whole process, which has one such log at most.
    pub fn of_the_process() -> Self {
        let lines = Lines::default();
        let subscriber = telemetry::subscriber(&everything(), false, lines.clone());
        tracing::subscriber::set_global_default(subscriber).expect("the first one");
        Self { lines, _guard: None }
    }

    /// All of it so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.lines.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

fn everything() -> TelemetryConfig {
    TelemetryConfig { log: "trace".into(), ..TelemetryConfig::default() }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
