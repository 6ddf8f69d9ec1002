//! Takes a line of chat, gives the event it means. Pure. Knows nothing of connections and of who answers.
//!
//! Only what the line's tags say counts as paid: `bits=`, a Hype Chat's amount, a USERNOTICE's kind. In a shared chat the line
//! counts where it was written. A mass gift is one event, however many lines tell of it.

mod author;
mod cheer;
mod money;
mod notice;
mod said;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use lovelm::chat::{ChannelId, ChatEvent, Deletion, MessageId, PersonaId, Place, Platform, Roster, UserId};

use crate::{line::Line, settings::Settings};

pub(crate) use self::{cheer::Cheermotes, said::WHISPER};

/// What has to be known to understand a line.
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    /// By which names personas are called; commands name them.
    pub roster: Roster,
    /// Whose account is whose, by login in lower case.
    pub accounts: HashMap<String, PersonaId>,
    /// Logins of other people's bots.
    pub bots: Vec<String>,
    /// Rewards whose text is a question.
    pub rewards: Vec<String>,
    /// Prefixes of cheermotes.
    pub(crate) cheermotes: Cheermotes,
}

impl Hearing {
    /// As set up, before anything is known of Twitch.
    #[must_use]
    pub fn of(settings: &Settings, roster: Roster) -> Self {
        let named = settings.accounts.iter().filter(|account| !account.login.is_empty());
        Self {
            roster,
            accounts: named.map(|account| (account.login.clone(), account.persona.clone())).collect(),
            bots: settings.bots.clone(),
            rewards: settings.rewards.clone(),
            cheermotes: Cheermotes::of(settings.cheermotes.iter().map(String::as_str)),
        }
    }

    /// With these words before a number paying too.
    #[must_use]
    pub fn with_cheermotes<'a>(mut self, prefixes: impl IntoIterator<Item = &'a str>) -> Self {
        self.cheermotes.extend(prefixes);
        self
    }
}

/// The event of a line, or `None` when it tells of nothing that concerns the fleet. `now` is for lines without a time.
#[must_use]
pub fn translate(line: &Line<'_>, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    match line.command {
        "PRIVMSG" if is_at_home(line) => said::privmsg(line, hearing, now),
        "USERNOTICE" if is_at_home(line) => notice::usernotice(line, hearing, now),
        "WHISPER" => said::whisper(line, hearing, now),
        "CLEARMSG" => {
            let message = MessageId::new(line.raw("target-msg-id")?);
            Some(ChatEvent::Deleted(Deletion::Message { place: place(line)?, message }))
        }
        "CLEARCHAT" => {
            let place = place(line)?;
            let deletion = match line.raw("target-user-id") {
                Some(user) => Deletion::Person { place, user: UserId::new(user) },
                // A name without an id cannot be told from a cleared chat: too much is forgotten rather than too little.
                None => Deletion::Everything { place },
            };
            Some(ChatEvent::Deleted(deletion))
        }
        _ => None,
    }
}

/// Whether the line was written in the room in which it was heard: a shared chat repeats it in the others.
fn is_at_home(line: &Line<'_>) -> bool {
    let source = line.raw("source-room-id");
    source.is_none() || source == line.raw("room-id")
}

fn place(line: &Line<'_>) -> Option<Place> {
    let channel = line.channel();
    (!channel.is_empty()).then(|| Place { platform: Platform::Twitch, channel: ChannelId::new(channel.to_lowercase()) })
}
