//! Takes what the rooms report, gives log lines. Knows nothing of what the rooms do.
//!
//! No line ever carries message text, a name or the id of a person, at any level. Our own types print none of them, and
//! other people's crates, whose debug lines do, are held to warnings whatever the operator asks for.

mod span;

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::Targets,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
};

pub use self::span::{classified, heard, routed};
use crate::config::{LogFormat, TelemetryConfig};

/// What every crate of ours begins with.
const OURS: &str = "lovelm";
/// The engine's library warns of things that are as they should be, such as a machine without a GPU.
const MODELS: &str = "mistralrs_core";

/// Writes the log of this configuration to `writer`. `terminal` says that a person reads along: colours, and warnings only
/// unless [`TelemetryConfig::log`] says otherwise.
///
/// Install it with `tracing::subscriber::set_global_default`, or for one test with `with_default`.
pub fn subscriber<W>(config: &TelemetryConfig, terminal: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match config.format {
        LogFormat::Plain => fmt::layer().with_writer(writer).with_ansi(terminal).boxed(),
        LogFormat::Json => fmt::layer().with_writer(writer).json().flatten_event(true).boxed(),
    };
    let strangers = Targets::new()
        .with_target(OURS, LevelFilter::TRACE)
        .with_target(MODELS, LevelFilter::ERROR)
        .with_default(LevelFilter::WARN);
    Box::new(Registry::default().with(lines.with_filter(wanted(config, terminal)).with_filter(strangers)))
}

fn wanted(config: &TelemetryConfig, terminal: bool) -> EnvFilter {
    let directives = match (config.log.as_str(), terminal) {
        ("", true) => "warn",
        ("", false) => "info",
        (given, _) => given,
    };
    EnvFilter::new(directives)
}

#[cfg(test)]
mod tests;
