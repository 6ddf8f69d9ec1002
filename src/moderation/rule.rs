//! What is wanted in one place.

use crate::{
    chat::Hours,
    privacy::{Pseudonym, Sealed},
};

/// How much is said in a place, the most first. A crisis is answered in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    #[default]
    Open,
    /// Answers, and nothing else.
    Quiet,
    /// Nothing.
    Paused,
}

/// What moderators want in a place. The default is as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub tone: Tone,
    /// Whether the fleet answers here.
    pub allowed: bool,
    /// Calls of one person in a minute, where that is less than configured.
    pub per_minute: Option<u32>,
    /// The same in a day.
    pub per_day: Option<u32>,
    pub quiet_hours: Option<Hours>,
    /// Where alerts are read.
    pub alerts: Option<Sealed>,
}

/// One change of what is wanted in a place. People come under every live key, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Tone(Tone),
    Allowed(bool),
    PerMinute(u32),
    PerDay(u32),
    /// Both as configured.
    ResetLimits,
    QuietHours(Option<Hours>),
    Alerts(Option<Sealed>),
    Block(Vec<Pseudonym>),
    Unblock(Vec<Pseudonym>),
}

impl Default for Rule {
    fn default() -> Self {
        Self { tone: Tone::Open, allowed: true, per_minute: None, per_day: None, quiet_hours: None, alerts: None }
    }
}

impl Rule {
    /// Whether it wants nothing.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Changes what is wanted. Whom to hear is no part of it.
    pub fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Tone(tone) => self.tone = *tone,
            Edit::Allowed(allowed) => self.allowed = *allowed,
            Edit::PerMinute(count) => self.per_minute = Some(*count),
            Edit::PerDay(count) => self.per_day = Some(*count),
            Edit::ResetLimits => (self.per_minute, self.per_day) = (None, None),
            Edit::QuietHours(hours) => self.quiet_hours = *hours,
            Edit::Alerts(to) => self.alerts.clone_from(to),
            Edit::Block(_) | Edit::Unblock(_) => {}
        }
    }
}

impl Tone {
    /// The name used in rows and sentences.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Quiet => "quiet",
            Self::Paused => "paused",
        }
    }

    /// Reads what [`Tone::as_str`] wrote.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        [Self::Open, Self::Quiet, Self::Paused].into_iter().find(|tone| tone.as_str() == name)
    }
}
