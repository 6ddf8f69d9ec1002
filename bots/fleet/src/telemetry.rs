//! Where the log goes: standard error, which belongs to the operator; standard output belongs to the answers.

use std::io::IsTerminal as _;

use lovelm::config::TelemetryConfig;

/// Installs the log of the whole process.
///
/// # Errors
/// When one is installed already.
pub fn install(config: &TelemetryConfig) -> anyhow::Result<()> {
    let terminal = std::io::stderr().is_terminal();
    Ok(tracing::subscriber::set_global_default(lovelm::telemetry::subscriber(config, terminal, std::io::stderr))?)
}

/// Logs where a panic was and nothing of what it says: its message may quote somebody's text.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        let (file, line) = panic.location().map_or(("unknown", 0), |at| (at.file(), at.line()));
        tracing::error!(file, line, "a bug: something panicked");
    }));
}
