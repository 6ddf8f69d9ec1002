//! What goes wrong with a connection, on demand.

use std::{collections::BTreeSet, time::Duration};

use super::{
    chat::Chat,
    network::{Network, Out, Wire},
    viewer::Viewer,
};

/// Something that goes wrong with every connection of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Twitch asks for a new connection and ends this one.
    Reconnect,
    /// The connection is gone, and with it what was not read yet.
    Reset,
    /// The connection ends in order, without a word.
    Close,
    /// Nothing comes any more and nothing is answered, but the connection stays open.
    Silence,
    /// Half a line, then the end.
    HalfLine,
    /// A line with a carriage return in it.
    LoneCr,
    /// A line that is no UTF-8.
    BadUtf8,
    /// A line with a NUL in it.
    Nul,
    /// Tags without names, and lines without anything else.
    EmptyTags,
    /// Eight kilobytes of tags.
    LongTags,
    /// An emote that ends before it begins.
    BadEmotes,
    /// The connection is gone, and the next login is refused.
    AuthFails,
    /// The token is over and the connection is gone: only a renewed token logs in again.
    TokenExpired,
}

impl Fault {
    pub const ALL: [Self; 13] = [
        Self::Reconnect,
        Self::Reset,
        Self::Close,
        Self::Silence,
        Self::HalfLine,
        Self::LoneCr,
        Self::BadUtf8,
        Self::Nul,
        Self::EmptyTags,
        Self::LongTags,
        Self::BadEmotes,
        Self::AuthFails,
        Self::TokenExpired,
    ];

    /// Whether the connection itself lives on.
    pub fn is_a_line(self) -> bool {
        use Fault::{BadEmotes, BadUtf8, EmptyTags, LoneCr, LongTags, Nul};
        matches!(self, LoneCr | BadUtf8 | Nul | EmptyTags | LongTags | BadEmotes)
    }
}

impl Network {
    /// Lets something go wrong, and gives the channels that were heard there.
    pub fn fault(&mut self, at: Duration, login: &str, fault: Fault) -> BTreeSet<String> {
        let heard = self.hears(login);
        match (fault, self.accounts.get_mut(login)) {
            (Fault::AuthFails, Some(account)) => account.failing += 1,
            (Fault::TokenExpired, _) => self.tokens.expire(login),
            _ => {}
        }
        for wire in self.wires_of(login) {
            self.strike(at, wire, fault);
        }
        heard
    }

    /// Bytes that no rule allows, on every wire of an account.
    pub fn raw(&mut self, login: &str, bytes: &[u8]) {
        for wire in self.wires_of(login) {
            self.bytes(wire, bytes.to_vec());
        }
    }

    fn wires_of(&self, login: &str) -> Vec<Wire> {
        let ours = self.links.iter().filter(|(_, link)| link.login.as_deref() == Some(login));
        ours.map(|(wire, _)| *wire).collect()
    }

    fn strike(&mut self, at: Duration, wire: Wire, fault: Fault) {
        match fault {
            Fault::Reconnect => {
                self.write(wire, ":tmi.twitch.tv RECONNECT");
                self.end(wire, Out::Close);
            }
            Fault::Close => self.end(wire, Out::Close),
            Fault::Reset | Fault::AuthFails | Fault::TokenExpired => self.end(wire, Out::Reset),
            Fault::Silence => {
                if let Some(link) = self.links.get_mut(&wire) {
                    link.silent = true;
                }
            }
            Fault::HalfLine => {
                let line = self.hostile_line(at, wire, &Chat::said("hello"));
                self.bytes(wire, line.as_bytes()[..line.len() / 2].to_vec());
                self.end(wire, Out::Close);
            }
            _ => {
                for bytes in self.hostile_bytes(at, wire, fault) {
                    self.bytes(wire, bytes);
                }
            }
        }
    }

    fn hostile_bytes(&mut self, at: Duration, wire: Wire, fault: Fault) -> Vec<Vec<u8>> {
        let plain = |network: &mut Self, chat: &Chat| network.hostile_line(at, wire, chat).into_bytes();
        match fault {
            Fault::LoneCr => vec![plain(self, &Chat::said("one\rtwo"))],
            Fault::Nul => vec![plain(self, &Chat::said("one\0two"))],
            Fault::BadEmotes => vec![plain(self, &Chat::said("Kappa").tag("emotes", "25:4-0"))],
            Fault::LongTags => vec![plain(self, &Chat::said("hello").tag("flags", "x".repeat(8 * 1024)))],
            Fault::BadUtf8 => {
                let line = plain(self, &Chat::said("one?two"));
                vec![line.into_iter().map(|byte| if byte == b'?' { 0xff } else { byte }).collect()]
            }
            Fault::EmptyTags => {
                let lines =
                    ["@ :tmi.twitch.tv PRIVMSG #a :b", "@", "@;;=; PRIVMSG", ":", "", "@=\\ :a!a@a NOTICE", "\u{1}"];
                lines.into_iter().map(|line| format!("{line}\r\n").into_bytes()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A line of a stranger in a channel that this wire hears, with its end.
    fn hostile_line(&mut self, at: Duration, wire: Wire, chat: &Chat) -> String {
        let channel = self.links.get(&wire).and_then(|link| link.joined.first().cloned()).unwrap_or_default();
        let id = self.number();
        let (tags, line) = self.spoken(at, &channel, &Viewer::named("stranger"), chat, &id);
        format!("{tags}{line}\r\n")
    }
}
