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

/// The log of this thread, at every level, while it is held.
#[derive(Debug)]
pub struct Log {
    lines: Lines,
    _guard: DefaultGuard,
}

#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn capture() -> Self {
        LazyLock::force(&DEAF);
        let lines = Lines::default();
        let config = TelemetryConfig { log: "trace".into(), ..TelemetryConfig::default() };
        let guard = tracing::subscriber::set_default(telemetry::subscriber(&config, false, lines.clone()));
        Self { lines, _guard: guard }
    }

    /// All of it so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.lines.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
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
