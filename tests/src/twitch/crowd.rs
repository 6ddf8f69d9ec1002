//! What people do in the channels of the simulated Twitch, as the wires tell it.

use std::time::Duration;

use super::{
    channel::{Modes, Written},
    chat::Chat,
    network::{Network, reply_tags, stamp_ms},
    notice::Event,
    viewer::{Viewer, id_of},
    wire::Tags,
};

/// Something that was put on the wires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// On how many wires.
    pub reached: usize,
}

impl Network {
    /// Somebody writes a line.
    pub fn say(&mut self, at: Duration, channel: &str, who: &Viewer, chat: &Chat) -> Told {
        let id = self.number();
        let line = self.spoken(at, channel, who, chat, &id);
        let (tags, line) = line;
        let reached = self.spread(channel, &tags, &line, None);
        let written =
            Written { id: id.clone(), login: who.login.clone(), display: who.display.clone(), text: chat.text.clone() };
        self.at_channel(channel).remember(written);
        Told { id, reached }
    }

    /// A line as it goes over the wire: its tags, and the rest.
    pub(super) fn spoken(&self, at: Duration, channel: &str, who: &Viewer, chat: &Chat, id: &str) -> (Tags, String) {
        let parent = chat.reply_to.as_ref().and_then(|id| self.channels.get(channel)?.written(id));
        let mut tags = who.tags().and(self.stamp(at, channel, id)).and(chat.tags.clone());
        let mut text = chat.text.clone();
        if let Some(parent) = parent {
            tags = tags.and(reply_tags(parent));
            text = format!("@{} {text}", parent.display);
        }
        for missing in &chat.missing {
            tags = tags.without(missing);
        }
        (tags, format!(":{} PRIVMSG #{channel} :{text}", who.prefix()))
    }

    /// Something happens that the whole channel is told of.
    pub fn announce(&mut self, at: Duration, channel: &str, who: &Viewer, event: &Event) -> Told {
        let id = self.number();
        let tags = who.tags().and(self.stamp(at, channel, &id)).and(event.tags.clone());
        let said = format!("{} {}", who.display, event.said);
        let tags = tags.set("login", &who.login).set("msg-id", event.id).set("system-msg", said.trim());
        let words = event.words.as_ref().map_or(String::new(), |words| format!(" :{words}"));
        let reached = self.spread(channel, &tags, &format!(":tmi.twitch.tv USERNOTICE #{channel}{words}"), None);
        Told { id, reached }
    }

    /// A mass gift: one head, and a gift for each of so many people. Gives the head.
    pub fn shower(&mut self, at: Duration, channel: &str, who: &Viewer, gifts: u64) -> Told {
        let of = self.number();
        let head = self.announce(at, channel, who, &Event::mass_gift(1, gifts, &of));
        for nth in 0..gifts {
            let gift = Event::gift(1, &format!("lucky{nth}"), Some(&of));
            self.announce(at, channel, who, &gift);
        }
        head
    }

    /// A moderator takes a line away.
    pub fn delete(&mut self, at: Duration, channel: &str, writer: &str, id: &str) {
        let tags = Tags::default()
            .set("login", writer)
            .set("room-id", "")
            .set("target-msg-id", id)
            .set("tmi-sent-ts", stamp_ms(at));
        self.spread(channel, &tags, &format!(":tmi.twitch.tv CLEARMSG #{channel} :gone"), None);
    }

    /// A moderator sends somebody out, for some seconds or for good. One of our accounts cannot write until then.
    pub fn ban(&mut self, at: Duration, channel: &str, whom: &str, seconds: Option<u64>) {
        let room = self.at_channel(channel);
        match seconds {
            Some(seconds) => drop(room.timed_out.insert(whom.to_owned(), at + Duration::from_secs(seconds))),
            None => drop(room.banned.insert(whom.to_owned())),
        }
        let tags = Tags::default().set("room-id", id_of(channel)).set("target-user-id", id_of(whom));
        let tags = tags.set("tmi-sent-ts", stamp_ms(at));
        let tags = match seconds {
            Some(seconds) => tags.set("ban-duration", seconds),
            None => tags,
        };
        self.spread(channel, &tags, &format!(":tmi.twitch.tv CLEARCHAT #{channel} :{whom}"), None);
    }

    /// Takes a ban back; nobody is told.
    pub fn pardon(&mut self, channel: &str, whom: &str) {
        let room = self.at_channel(channel);
        room.banned.remove(whom);
        room.timed_out.remove(whom);
    }

    /// A moderator empties the chat.
    pub fn clear(&mut self, at: Duration, channel: &str) {
        let tags = Tags::default().set("room-id", id_of(channel)).set("tmi-sent-ts", stamp_ms(at));
        self.spread(channel, &tags, &format!(":tmi.twitch.tv CLEARCHAT #{channel}"), None);
    }

    /// A moderator changes the modes. Only what changed is told.
    pub fn set_modes(&mut self, at: Duration, channel: &str, modes: Modes) {
        let room = self.at_channel(channel);
        room.changed = at;
        let before = room.state();
        room.modes = modes;
        let after = room.state();
        let mut tags = Tags::default().set("room-id", id_of(channel));
        for name in ["emote-only", "followers-only", "r9k", "slow", "subs-only"] {
            if let Some(value) = after.get(name).filter(|value| before.get(name) != Some(value)) {
                tags = tags.set(name, value);
            }
        }
        self.spread(channel, &tags, &format!(":tmi.twitch.tv ROOMSTATE #{channel}"), None);
    }

    /// Somebody whispers to one of our accounts.
    pub fn whisper(&mut self, from: &Viewer, to: &str, text: &str) {
        // Whispers are counted anew for every two people.
        let nth = self.threads.entry((from.id.clone(), to.to_owned())).or_default();
        *nth += 1;
        let nth = *nth;
        let tags = Tags::default()
            .set("badges", "")
            .set("color", "#1E90FF")
            .set("display-name", &from.display)
            .set("emotes", "")
            .set("message-id", nth)
            .set("thread-id", format!("{}_{}", from.id, id_of(to)))
            .set("turbo", 0)
            .set("user-id", &from.id)
            .set("user-type", "");
        let ours = self.links.iter().filter(|(_, link)| link.login.as_deref() == Some(to) && link.can("commands"));
        for wire in ours.map(|(wire, _)| *wire).collect::<Vec<_>>() {
            self.write(wire, &format!("{tags}:{} WHISPER {to} :{text}", from.prefix()));
        }
    }
}
