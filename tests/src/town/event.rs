//! What happens in town.

use std::sync::atomic::Ordering;

use lovelm::{
    chat::{
        ChannelId, ChatEvent, Command, EventId, Invocation, Message, MessageId, Payment, Place, Platform, RawText,
        UserId,
    },
    clock::Clock as _,
};

use super::Town;

/// Where people talk unless a test says otherwise.
pub const PLATFORM: Platform = Platform::Twitch;
/// The channel's id, which is to be found nowhere.
pub const CHANNEL: &str = "channel-canary-4711";

/// The id of somebody's account, which is to be found nowhere.
pub(super) fn user_of(name: &str) -> String {
    format!("user-canary-{name}")
}

impl Town {
    /// The channel.
    pub fn place(&self) -> Place {
        Place { platform: PLATFORM, channel: ChannelId::new(CHANNEL) }
    }

    /// A line of chat, with ids that never came before.
    pub fn message(&self, who: &str, text: &str) -> Message {
        let number = self.events.fetch_add(1, Ordering::SeqCst);
        let (event, user) = (EventId::new(format!("event-canary-{number}")), UserId::new(user_of(who)));
        let mut message = Message::said(event, self.place(), user, RawText::new(text), self.clock.wall());
        message.id = Some(MessageId::new(format!("message-canary-{number}")));
        message.author.name = RawText::new(who);
        message
    }

    /// The same line on another platform.
    pub fn message_on(&self, platform: Platform, who: &str, text: &str) -> Message {
        let mut message = self.message(who, text);
        message.place.platform = platform;
        message
    }

    /// A command with its mark taken off.
    pub fn invocation(&self, who: &str, line: &str) -> ChatEvent {
        let command = Command::parse(line, &self.pipeline.roster()).expect("a command");
        let words = line.split_once(' ').map_or("", |(_, words)| words);
        ChatEvent::Command(Invocation { message: self.message(who, words), command })
    }

    /// Somebody pays, with words or without.
    pub fn paid(&self, who: &str, text: &str, payment: Payment) -> ChatEvent {
        ChatEvent::Paid(self.message(who, text), payment)
    }
}
