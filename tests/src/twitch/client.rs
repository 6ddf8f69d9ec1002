//! What a client says on a wire, and what it is answered: <https://dev.twitch.tv/docs/chat/irc/>.

use std::time::Duration;

use super::{
    network::{Link, Network, Out, Send, Sent, Way, Wire},
    report::Breach,
    viewer::Viewer,
    wire::{Line, Tags},
};

const PING_EVERY: Duration = Duration::from_mins(5);
const PONG_WITHIN: Duration = Duration::from_secs(10);
const MOST_CHANNELS: usize = 100;
const CAPABILITIES: [&str; 3] = ["commands", "membership", "tags"];

impl Network {
    /// Somebody connects.
    pub fn connect(&mut self, at: Duration) -> Wire {
        let wire = self.fresh_wire();
        self.links.insert(wire, Link { next_ping: at + PING_EVERY, ..Link::default() });
        wire
    }

    /// The other side is gone.
    pub fn hung_up(&mut self, wire: Wire) {
        self.links.remove(&wire);
    }

    /// Bytes from a client, in any pieces.
    pub fn read(&mut self, at: Duration, wire: Wire, bytes: &[u8]) {
        let Some(client) = self.links.get_mut(&wire) else { return };
        client.half.extend_from_slice(bytes);
        while let Some(client) = self.links.get_mut(&wire)
            && let Some(end) = client.half.iter().position(|byte| *byte == b'\n')
        {
            let line: Vec<u8> = client.half.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            self.line(at, wire, line.trim_end_matches(['\r', '\n']));
        }
    }

    /// Time goes by: pings are sent, and missed.
    pub fn tick(&mut self, at: Duration) {
        let wires: Vec<_> = self.links.iter().filter(|(_, client)| !client.silent).map(|(wire, _)| *wire).collect();
        for wire in wires {
            let Some(client) = self.links.get_mut(&wire) else { continue };
            let login = client.login.clone().unwrap_or_default();
            match client.pinged {
                Some(since) if at > since + PONG_WITHIN => {
                    self.report.breach(at, &login, "", Breach::NoPong);
                    self.end(wire, Out::Close);
                }
                None if at >= client.next_ping => {
                    client.pinged = Some(at);
                    self.write(wire, "PING :tmi.twitch.tv");
                }
                _ => {}
            }
        }
    }

    fn line(&mut self, at: Duration, wire: Wire, text: &str) {
        let line = Line::read(text);
        let Some(client) = self.links.get_mut(&wire) else { return };
        if client.silent {
            return;
        }
        let login = client.login.clone();
        match (line.command.as_str(), login) {
            ("", _) => {}
            ("CAP", _) => self.capabilities(wire, &line),
            ("PASS", None) => {
                client.pass = Some(line.param(0).to_owned());
                self.log_in(at, wire);
            }
            ("NICK", None) => {
                client.nick = Some(line.param(0).to_lowercase());
                self.log_in(at, wire);
            }
            ("PING", _) => {
                let pong = format!(":tmi.twitch.tv PONG tmi.twitch.tv :{}", line.param(0));
                self.write(wire, &pong);
            }
            ("PONG", _) => (client.pinged, client.next_ping) = (None, at + PING_EVERY),
            ("QUIT", _) => self.end(wire, Out::Close),
            ("JOIN", Some(login)) => {
                for channel in channels(&line) {
                    self.join(at, wire, &login, channel);
                }
            }
            ("PART", Some(login)) => {
                for channel in channels(&line) {
                    self.part(wire, &login, channel);
                }
            }
            ("PRIVMSG", Some(login)) => self.privmsg(at, wire, &login, &line),
            (_, login) => self.report.breach(at, &login.unwrap_or_default(), "", Breach::Stray),
        }
    }

    fn capabilities(&mut self, wire: Wire, line: &Line) {
        let asked = line.param(1);
        let known = |name: &str| CAPABILITIES.into_iter().find(|known| name.strip_prefix("twitch.tv/") == Some(*known));
        let wanted: Option<Vec<_>> = asked.split(' ').map(known).collect();
        let answer = match (line.param(0), wanted, self.links.get_mut(&wire)) {
            ("LS", ..) => "LS :twitch.tv/commands twitch.tv/membership twitch.tv/tags".to_owned(),
            ("REQ", Some(wanted), Some(client)) => {
                client.capabilities.extend(wanted);
                format!("ACK :{asked}")
            }
            ("REQ", ..) => format!("NAK :{asked}"),
            _ => return,
        };
        self.write(wire, &format!(":tmi.twitch.tv CAP * {answer}"));
    }

    fn log_in(&mut self, at: Duration, wire: Wire) {
        let Some(client) = self.links.get(&wire) else { return };
        let Some(nick) = client.nick.clone() else { return };
        let pass = client.pass.clone();
        if pass.is_none() && !nick.starts_with("justinfan") {
            return;
        }
        self.report.logins += 1;
        if let Err(why) = self.admit(at, &nick, pass.as_deref()) {
            self.report.failed_logins += 1;
            self.write(wire, &format!(":tmi.twitch.tv NOTICE * :{why}"));
            return self.end(wire, Out::Close);
        }
        if let Some(client) = self.links.get_mut(&wire) {
            client.login = Some(nick.clone());
        }
        self.welcome(wire, &nick);
    }

    fn admit(&mut self, at: Duration, nick: &str, pass: Option<&str>) -> Result<(), &'static str> {
        let Some(pass) = pass else { return Ok(()) };
        let Some(account) = self.accounts.get_mut(nick) else { return Err("Login authentication failed") };
        if account.record.login(at) {
            self.report.breach(at, nick, "", Breach::LoginRate);
            return Err("Login unsuccessful");
        }
        if account.failing > 0 {
            account.failing -= 1;
            return Err("Login authentication failed");
        }
        let token = pass.strip_prefix("oauth:").ok_or("Improperly formatted auth")?;
        let grant = self.tokens.grant(at, token).filter(|grant| grant.login == nick);
        let may = |scope: &str| grant.is_some_and(|grant| grant.scopes.iter().any(|given| given == scope));
        if may("chat:read") || may("chat:edit") { Ok(()) } else { Err("Login authentication failed") }
    }

    fn welcome(&mut self, wire: Wire, nick: &str) {
        for (number, text) in [
            ("001", ":Welcome, GLHF!"),
            ("002", ":Your host is tmi.twitch.tv"),
            ("003", ":This server is rather new"),
            ("004", ":-"),
            ("375", ":-"),
            ("372", ":You are in a maze of twisty passages, all alike."),
            ("376", ":>"),
        ] {
            self.write(wire, &format!(":tmi.twitch.tv {number} {nick} {text}"));
        }
        let Some(client) = self.links.get(&wire) else { return };
        if client.can("commands") && client.can("tags") {
            let tags = self.as_seen(nick, "").tags().set("emote-sets", 0).without("mod").without("subscriber");
            self.write(wire, &format!("{tags}:tmi.twitch.tv GLOBALUSERSTATE"));
        }
    }

    fn join(&mut self, at: Duration, wire: Wire, login: &str, channel: &str) {
        self.report.joins += 1;
        let too_often = self.accounts.get_mut(login).is_some_and(|account| account.record.join(at));
        if too_often {
            return self.report.breach(at, login, channel, Breach::JoinRate);
        }
        if self.channels.get(channel).is_none_or(|channel| channel.suspended) {
            let words = "This channel does not exist or has been suspended.";
            return self.notice(wire, channel, "msg_channel_suspended", words);
        }
        let joined = self.hears(login);
        if joined.len() >= MOST_CHANNELS && !joined.contains(channel) && !self.channels[channel].is_privileged(login) {
            return self.report.breach(at, login, channel, Breach::TooManyChannels);
        }
        let Some(client) = self.links.get_mut(&wire) else { return };
        client.joined.insert(channel.to_owned());
        let line = format!(":{} JOIN #{channel}", Viewer::named(login).prefix());
        self.write(wire, &line);
        self.rumour(wire, channel, &line);
        self.write(wire, &format!(":{login}.tmi.twitch.tv 353 {login} = #{channel} :{login}"));
        self.write(wire, &format!(":{login}.tmi.twitch.tv 366 {login} #{channel} :End of /NAMES list"));
        self.user_state(wire, login, channel, None);
        let state = self.channels[channel].state();
        self.stated(wire, &state, &format!(":tmi.twitch.tv ROOMSTATE #{channel}"));
    }

    fn part(&mut self, wire: Wire, login: &str, channel: &str) {
        let Some(client) = self.links.get_mut(&wire) else { return };
        if client.joined.remove(channel) {
            let line = format!(":{} PART #{channel}", Viewer::named(login).prefix());
            self.write(wire, &line);
            self.rumour(wire, channel, &line);
        }
    }

    /// Who asked for it hears who comes and goes.
    fn rumour(&mut self, but: Wire, channel: &str, line: &str) {
        let told = self
            .links
            .iter()
            .filter(|(wire, client)| **wire != but && client.can("membership") && client.joined.contains(channel));
        for wire in told.map(|(wire, _)| *wire).collect::<Vec<_>>() {
            self.write(wire, line);
        }
    }

    fn privmsg(&mut self, at: Duration, wire: Wire, login: &str, line: &Line) {
        let channel = line.param(0).trim_start_matches('#').to_owned();
        let reply_to = line.tags.get("reply-parent-msg-id");
        let send = Send { login, channel: &channel, text: line.param(1), reply_to, way: Way::Irc, from: Some(wire) };
        match self.send(at, send) {
            Sent::Shown(id) => self.user_state(wire, login, &channel, Some(&id)),
            Sent::Refused(refusal, words) => self.notice(wire, &channel, refusal.id(), &words),
            Sent::Ignored => {}
        }
    }

    /// How an account stands in a channel, and under which id its line is shown.
    fn user_state(&mut self, wire: Wire, login: &str, channel: &str, id: Option<&str>) {
        let tags = self.as_seen(login, channel).tags().set("emote-sets", 0).without("user-id");
        let tags = match id {
            Some(id) => tags.set("id", id),
            None => tags,
        };
        self.stated(wire, &tags, &format!(":tmi.twitch.tv USERSTATE #{channel}"));
    }

    fn notice(&mut self, wire: Wire, channel: &str, id: &str, words: &str) {
        let tags = Tags::default().set("msg-id", id);
        self.stated(wire, &tags, &format!(":tmi.twitch.tv NOTICE #{channel} :{words}"));
    }

    /// Something that only a client hears that asked for commands.
    fn stated(&mut self, wire: Wire, tags: &Tags, line: &str) {
        let Some(client) = self.links.get(&wire).filter(|client| client.can("commands")) else { return };
        let line = if client.can("tags") { format!("{tags}{line}") } else { line.to_owned() };
        self.write(wire, &line);
    }
}

fn channels(line: &Line) -> impl Iterator<Item = &str> {
    line.param(0).split(',').map(|channel| channel.trim_start_matches('#'))
}
