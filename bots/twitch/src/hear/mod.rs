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

use crate::{
    line::{Line, Tag},
    settings::Settings,
};

pub(crate) use self::{author::lower, cheer::Cheermotes, said::WHISPER};

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

    /// The persona whose account this is.
    pub(crate) fn whose(&self, login: &str) -> Option<&PersonaId> {
        self.accounts.get(&*lower(login))
    }

    /// Whether this login, in lower case, is a bot's: ours or somebody else's.
    pub(crate) fn knows_bot(&self, login: &str) -> bool {
        self.accounts.contains_key(login) || self.bots.iter().any(|bot| bot == login)
    }

    /// With these words before a number paying too.
    #[must_use]
    pub fn with_cheermotes<'a>(mut self, prefixes: impl IntoIterator<Item = &'a str>) -> Self {
        self.cheermotes.extend(prefixes);
        self
    }
}

/// A line that may mean something, and what has to be known to understand it.
struct Told<'a> {
    line: &'a Line<'a>,
    hearing: &'a Hearing,
    now: DateTime<Utc>,
}

/// The event of a line, or `None` when it tells of nothing that concerns the fleet. `now` is for lines without a time.
#[must_use]
pub fn translate(line: &Line<'_>, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    let told = Told { line, hearing, now };
    match line.command {
        "PRIVMSG" if line.is_at_home() => said::privmsg(&told),
        "USERNOTICE" if line.is_at_home() => notice::usernotice(&told),
        "WHISPER" => said::whisper(&told),
        "CLEARMSG" => told.taken_back(),
        "CLEARCHAT" => told.cleared(),
        _ => None,
    }
}

impl Told<'_> {
    fn place(&self) -> Option<Place> {
        let channel = Some(self.line.channel()).filter(|channel| !channel.is_empty())?;
        Some(Place { platform: Platform::Twitch, channel: ChannelId::new(lower(channel)) })
    }

    fn taken_back(&self) -> Option<ChatEvent> {
        let message = MessageId::new(self.line.at(Tag::TargetMessage)?);
        Some(ChatEvent::Deleted(Deletion::Message { place: self.place()?, message }))
    }

    fn cleared(&self) -> Option<ChatEvent> {
        let place = self.place()?;
        Some(ChatEvent::Deleted(match self.line.at(Tag::TargetUser) {
            Some(user) => Deletion::Person { place, user: UserId::new(user) },
            // A name without an id cannot be told from a cleared chat: too much is forgotten rather than too little.
            None => Deletion::Everything { place },
        }))
    }
}
