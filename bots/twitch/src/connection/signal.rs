//! Takes a line, gives what it says of rooms and of our own lines. Pure. Knows nothing of what follows.

use std::time::Duration;

use lovelm::chat::{MessageId, PersonaId};

use super::invitation::{Invitation, invitation};
use crate::{
    hear::{Hearing, lower},
    line::Line,
};

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
    /// A streamer wants the bots in their channel, or no longer.
    Invited(Invitation),
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
    let channel = line.channel();
    let named = || Some(lower(channel).into_owned()).filter(|channel| !channel.is_empty());
    match line.command {
        "JOIN" if line.from.eq_ignore_ascii_case(login) => Some(Signal::Joined(named()?)),
        "ROOMSTATE" => Some(Signal::Room(named()?, mode(line))),
        "USERSTATE" => Some(Signal::Standing {
            channel: named()?,
            privileged: is_privileged(line),
            line: line.raw("id").map(MessageId::new),
        }),
        "NOTICE" => {
            let channel = lower(channel).into_owned();
            line.raw("msg-id").map(|id| Signal::Notice { channel, id: id.to_owned() })
        }
        "PRIVMSG" => {
            if let Some(invitation) = invitation(line, hearing) {
                return Some(Signal::Invited(invitation));
            }
            let speaker = hearing.whose(line.from)?.clone();
            Some(Signal::Heard { channel: named()?, speaker, line: line.raw("id").map(MessageId::new) })
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
    line.is_moderators() || line.is("vip") || line.badges().any(|badge| badge == "vip")
}
