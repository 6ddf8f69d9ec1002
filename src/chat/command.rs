//! One vocabulary of commands on every platform: `/x` on Discord and the console, `!x` on Twitch.

use serde::{Deserialize, Serialize};

use super::{Language, MessageId, Moderation, PersonaId, RawText, Roster, UserId};

/// What a person may ask the fleet to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask one persona, or the place's host.
    Ask { persona: Option<PersonaId>, text: RawText },
    /// Ask all personas, each once.
    Panel { text: RawText },
    /// Ask one persona, or the place's host, about what somebody else wrote: the message's context.
    Read { persona: Option<PersonaId> },
    /// Ask the question under which this stands once more: the same persona, or another. `asker` is whose question it was.
    Again { persona: Option<PersonaId>, asker: UserId },
    /// Stop the answer to this message of `asker`'s.
    Cancel { message: MessageId, asker: UserId },
    /// The rest of the last answer.
    More,
    /// The last answer once more, or that it is still to come.
    Answer,
    /// Where the caller's questions stand in line.
    Queue,
    /// Show the personas, or choose whom plain lines go to.
    Persona(Option<PersonaId>),
    /// Show or choose the language of answers.
    Language(Option<Language>),
    /// Show what is kept, or change a consent.
    Privacy(Option<ConsentChange>),
    /// Show what is kept of the caller.
    MyData,
    /// Delete what is kept of the caller.
    Forget,
    /// What this is.
    About,
    /// What a place's moderators may do. From anybody else it is nothing.
    Moderate(Moderation),
    /// The same in every place. The operator's alone, from the machine's own console.
    ModerateAll(Moderation),
}

/// What a person may allow to be kept for longer than a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// Anonymised questions and answers.
    Consultation,
    /// Counts of what a fan did.
    Fandom,
    /// A running summary for the next conversation. A column of the store; nothing makes one, so nobody is asked for it.
    Memory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentChange {
    /// `None` changes all of them.
    pub consent: Option<Consent>,
    pub allowed: bool,
}

impl Consent {
    /// What can be allowed.
    pub const ALL: [Self; 2] = [Self::Consultation, Self::Fandom];
}

/// Why a command line is not a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("unknown command `{0}`")]
    Unknown(String),
    #[error("no persona is called `{0}`")]
    UnknownPersona(String),
    #[error("`{0}` needs words after it")]
    MissingText(&'static str),
    #[error("`{given}` is not one of {expected}")]
    BadArgument { given: String, expected: &'static str },
}

impl Command {
    /// Reads `name rest`, the command's mark (`/` or `!`) already taken off.
    ///
    /// # Errors
    /// Names what was not understood; nothing is guessed.
    pub fn parse(line: &str, roster: &Roster) -> Result<Self, CommandError> {
        let (name, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
        let rest = rest.trim();
        match name.to_lowercase().as_str() {
            "ask" => ask(rest, roster),
            "panel" => Ok(Self::Panel { text: words("panel", rest)? }),
            "more" => Ok(Self::More),
            "answer" => Ok(Self::Answer),
            "queue" => Ok(Self::Queue),
            "persona" => Ok(Self::Persona(optional(rest, |name| persona(name, roster))?)),
            "language" => Ok(Self::Language(optional(rest, language)?)),
            "privacy" => Ok(Self::Privacy(optional(rest, consent_change)?)),
            "mydata" => Ok(Self::MyData),
            "forget" | "forget-me" => Ok(Self::Forget),
            "about" => Ok(Self::About),
            "mod" | "lovelm" => moderation(rest),
            _ => Err(CommandError::Unknown(name.to_owned())),
        }
    }
}

fn ask(rest: &str, roster: &Roster) -> Result<Command, CommandError> {
    let (first, tail) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match roster.find(first.trim_start_matches('@')) {
        Some(id) => Ok(Command::Ask { persona: Some(id.clone()), text: words("ask", tail.trim())? }),
        None => Ok(Command::Ask { persona: None, text: words("ask", rest)? }),
    }
}

fn words(command: &'static str, text: &str) -> Result<RawText, CommandError> {
    if text.is_empty() { Err(CommandError::MissingText(command)) } else { Ok(RawText::new(text)) }
}

fn optional<T>(rest: &str, read: impl FnOnce(&str) -> Result<T, CommandError>) -> Result<Option<T>, CommandError> {
    if rest.is_empty() { Ok(None) } else { read(rest).map(Some) }
}

fn persona(name: &str, roster: &Roster) -> Result<PersonaId, CommandError> {
    roster.find(name.trim_start_matches('@')).cloned().ok_or_else(|| CommandError::UnknownPersona(name.to_owned()))
}

fn language(code: &str) -> Result<Language, CommandError> {
    code.parse().map_err(|_| CommandError::BadArgument { given: code.to_owned(), expected: "ko, en, ja" })
}

/// Behind `all`, everywhere.
fn moderation(rest: &str) -> Result<Command, CommandError> {
    let (first, tail) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if first.eq_ignore_ascii_case("all") {
        return Moderation::parse(tail.trim()).map(Command::ModerateAll);
    }
    Moderation::parse(rest).map(Command::Moderate)
}

fn consent_change(rest: &str) -> Result<ConsentChange, CommandError> {
    let expected = "on, off, consultation on, fandom off";
    let bad = || CommandError::BadArgument { given: rest.to_owned(), expected };
    let (which, switch) = rest.split_once(char::is_whitespace).unwrap_or(("", rest));
    let consent = match which.trim() {
        "" => None,
        "consultation" => Some(Consent::Consultation),
        "fandom" => Some(Consent::Fandom),
        _ => return Err(bad()),
    };
    match switch.trim() {
        "on" => Ok(ConsentChange { consent, allowed: true }),
        "off" => Ok(ConsentChange { consent, allowed: false }),
        _ => Err(bad()),
    }
}
