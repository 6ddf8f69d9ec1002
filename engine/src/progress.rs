//! How a long wait is shown.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where progress goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nowhere.
    Hidden,
    /// Bars on standard error; nothing where that is not a terminal but one log line a step.
    Stderr,
}

impl Progress {
    /// A bar over `bytes`.
    pub(crate) fn bytes(self, what: &'static str, bytes: u64) -> ProgressBar {
        tracing::info!(mib = bytes / (1024 * 1024), "{what}");
        let target = match self {
            Self::Hidden => ProgressDrawTarget::hidden(),
            Self::Stderr => ProgressDrawTarget::stderr(),
        };
        let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(bytes), target).with_style(style).with_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}
