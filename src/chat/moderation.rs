//! What the moderators of a place may have done there, and how they write it.

use super::{CommandError, Hours, Platform, RawText, UserId};

/// What moderators may do in their place. What is not for everywhere, the operator may not do everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moderation {
    /// Answer nothing until `Resume`, and stop what is being written.
    Pause,
    /// Answer, and say nothing else, until `Resume`.
    Quiet,
    Resume,
    /// Stop the answers that are being written, or the one call with this number, which may still wait.
    Skip(Option<u32>),
    /// Drop what waits. What is being written goes on.
    Clear,
    /// What waits here: numbers, classes, personas and waits, no words and no names.
    Queue,
    /// How it is, and how much waits.
    Status,
    /// This person is no longer heard.
    Block(Whom),
    Unblock(Whom),
    /// How often one person may ask.
    Limits(LimitsChange),
    /// Answer in this place.
    Allow,
    /// Do not answer in this place.
    Deny,
    /// Where the moderators of this place read that somebody may need help.
    Alerts(AlertsChange),
    /// When nobody is to be woken.
    QuietHours(HoursChange),
    /// What moderators did here lately.
    Log,
    /// What can be done. Also what a moderator gets who wrote something else.
    Help,
}

/// Somebody who is to be blocked, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// An account on the place's own platform.
    Account(UserId),
    /// An account on this platform.
    On(Platform, UserId),
    /// A name as it was typed: one of those who spoke to us in the place lately.
    Named(RawText),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsChange {
    Show,
    /// Calls of one person in a minute.
    PerMinute(u32),
    /// Calls of one person in a day.
    PerDay(u32),
    /// As configured.
    Reset,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertsChange {
    Show,
    /// In this place.
    Here,
    /// In the operator's log.
    Off,
    /// Get a code: where it is given with [`AlertsChange::With`], alerts come here.
    Pair,
    /// In the place where this code was got.
    With(RawText),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursChange {
    Show,
    Set(Hours),
    Off,
}

/// What can be written behind `mod`.
const ORDERS: &str = "pause, quiet, resume, skip, skip 3, clear, queue, status, block NAME, unblock NAME, limits, channel \
                      allow, channel deny, alerts, hours 23:00-07:00, log";

impl Moderation {
    /// Reads what stands behind `mod`.
    ///
    /// # Errors
    /// Says what it can be.
    pub(super) fn parse(line: &str) -> Result<Self, CommandError> {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        Ok(match (name.to_lowercase().as_str(), rest) {
            ("pause", "") => Self::Pause,
            ("quiet", "") => Self::Quiet,
            ("resume", "") => Self::Resume,
            ("skip", "" | "all") => Self::Skip(None),
            ("skip", number) => Self::Skip(Some(count(number.trim_start_matches('#'), "all, 3")?)),
            ("clear", "") => Self::Clear,
            ("queue", "") => Self::Queue,
            ("status" | "", "") => Self::Status,
            ("block", whom) => Self::Block(Whom::parse(whom)?),
            ("unblock", whom) => Self::Unblock(Whom::parse(whom)?),
            ("limits", change) => Self::Limits(LimitsChange::parse(change)?),
            ("channel", change) => access(change)?,
            ("alerts", change) => Self::Alerts(AlertsChange::parse(change)),
            ("hours", change) => Self::QuietHours(HoursChange::parse(change)?),
            ("log", "") => Self::Log,
            ("help", "") => Self::Help,
            _ => return Err(bad(line, ORDERS)),
        })
    }
}

impl Whom {
    /// `@name`, or `discord:1234` for an account of any platform.
    fn parse(text: &str) -> Result<Self, CommandError> {
        if let Some((platform, id)) = text.split_once(':')
            && let Ok(platform) = platform.to_lowercase().parse()
            && !id.trim().is_empty()
        {
            return Ok(Self::On(platform, UserId::new(id.trim())));
        }
        match text.trim_start_matches('@').trim() {
            "" => Err(bad(text, "@name")),
            name => Ok(Self::Named(RawText::new(name))),
        }
    }
}

impl LimitsChange {
    fn parse(text: &str) -> Result<Self, CommandError> {
        let expected = "minute 2, day 20, reset";
        let (what, number) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        match (what.to_lowercase().as_str(), number.trim()) {
            ("", "") => Ok(Self::Show),
            ("reset", "") => Ok(Self::Reset),
            ("minute", number) => Ok(Self::PerMinute(count(number, expected)?)),
            ("day", number) => Ok(Self::PerDay(count(number, expected)?)),
            _ => Err(bad(text, expected)),
        }
    }
}

impl AlertsChange {
    fn parse(text: &str) -> Self {
        match text.to_lowercase().as_str() {
            "" => Self::Show,
            "here" => Self::Here,
            "off" => Self::Off,
            "pair" => Self::Pair,
            _ => Self::With(RawText::new(text)),
        }
    }
}

impl HoursChange {
    fn parse(text: &str) -> Result<Self, CommandError> {
        match text.to_lowercase().as_str() {
            "" => Ok(Self::Show),
            "off" => Ok(Self::Off),
            hours => hours.parse().map(Self::Set).map_err(|_| bad(text, "23:00-07:00, off")),
        }
    }
}

fn access(text: &str) -> Result<Moderation, CommandError> {
    match text.to_lowercase().as_str() {
        "allow" => Ok(Moderation::Allow),
        "deny" => Ok(Moderation::Deny),
        _ => Err(bad(text, "allow, deny")),
    }
}

/// A number of one or more.
fn count(text: &str, expected: &'static str) -> Result<u32, CommandError> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| bad(text, expected))
}

fn bad(given: &str, expected: &'static str) -> CommandError {
    CommandError::BadArgument { given: given.to_owned(), expected }
}
