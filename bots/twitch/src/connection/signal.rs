//! Takes a line, gives what it says of rooms and of our own lines. Pure. Knows nothing of what follows.

use std::time::Duration;

use lovelm::chat::{MessageId, PersonaId};

use crate::{hear::Hearing, line::Line};

/// What concerns the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Our JOIN was echoed.
    Joined(String),
    /// A channel's rules; what is not said stays as it was.
    Room(String, Mode),
    /// How we stand in a channel; behind a line of ours with its id.
    Standing { channel: String, privileged: bool, line: Option<MessageId> },
    /// A NOTICE with this id, in a channel or in none.
    Notice { channel: String, id: String },
    /// One of our accounts was heard speaking.
    Heard { channel: String, speaker: PersonaId, line: Option<MessageId> },
}

/// What a ROOMSTATE says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mode {
    pub id: Option<String>,
    pub slow: Option<Duration>,
    pub emotes_only: Option<bool>,
    pub unique: Option<bool>,
    pub followers_only: Option<String>,
    pub subs_only: Option<String>,
}

/// What a line tells the account called `login`.
pub(super) fn signal(line: &Line<'_>, login: &str, hearing: &Hearing) -> Option<Signal> {
    let channel = line.channel().to_lowercase();
    let named = !channel.is_empty();
    match line.command {
        "JOIN" if named && line.from.eq_ignore_ascii_case(login) => Some(Signal::Joined(channel)),
        "ROOMSTATE" if named => Some(Signal::Room(channel, mode(line))),
        "USERSTATE" if named => Some(Signal::Standing {
            channel,
            privileged: is_privileged(line),
            line: line.raw("id").map(MessageId::new),
        }),
        "NOTICE" => line.raw("msg-id").map(|id| Signal::Notice { channel, id: id.to_owned() }),
        "PRIVMSG" if named => {
            let speaker = hearing.accounts.get(&line.from.to_lowercase())?.clone();
            Some(Signal::Heard { channel, speaker, line: line.raw("id").map(MessageId::new) })
        }
        _ => None,
    }
}

/// A login that failed is told in words, without an id.
pub(super) fn is_login_failure(line: &Line<'_>) -> bool {
    let failures = ["login authentication failed", "improperly formatted auth", "login unsuccessful", "invalid nick"];
    let said = line.text.to_lowercase();
    line.channel().is_empty() && failures.iter().any(|failure| said.starts_with(failure))
}

fn mode(line: &Line<'_>) -> Mode {
    let switch = |name| line.raw(name).map(|_| line.is(name));
    Mode {
        id: line.raw("room-id").map(str::to_owned),
        slow: line.number("slow").map(Duration::from_secs),
        emotes_only: switch("emote-only"),
        unique: switch("r9k"),
        followers_only: line.raw("followers-only").map(str::to_owned),
        subs_only: line.raw("subs-only").map(str::to_owned),
    }
}

fn is_privileged(line: &Line<'_>) -> bool {
    let badges = ["broadcaster", "moderator", "lead_moderator", "vip"];
    line.is("mod") || line.is("vip") || badges.iter().any(|badge| line.has("badges", badge))
}
