//! What a bot says on a wire of the gateway, and what it is told: <https://discord.com/developers/docs/events/gateway>.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Value, json};

use super::{
    network::{Network, Out, Wire},
    report::Breach,
    session::Session,
};

/// What a bot asks to hear.
pub mod intent {
    pub const GUILDS: u64 = 1;
    pub const GUILD_MEMBERS: u64 = 1 << 1;
    pub const GUILD_PRESENCES: u64 = 1 << 8;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub const DIRECT_MESSAGES: u64 = 1 << 12;
    pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Only for those who were granted them.
    pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
}

/// Close codes after which nobody comes back.
pub const FATAL: [u16; 6] = [4004, 4010, 4011, 4012, 4013, 4014];
const MOST_BYTES: usize = 4096;
const MOST_A_MINUTE: usize = 120;
const MINUTE: Duration = Duration::from_mins(1);

/// At which times the gateway does what.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    /// Between two heartbeats.
    pub interval: Duration,
    /// Connections whose HELLO comes late.
    pub slow_hellos: usize,
    /// How late.
    pub slow_by: Duration,
    /// How long a session may be resumed.
    pub session_lives: Duration,
    /// One session is begun by a bot in this time.
    pub identify_every: Duration,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            interval: Duration::from_millis(41_250),
            slow_hellos: 0,
            slow_by: Duration::from_secs(3),
            session_lives: Duration::from_mins(3),
            identify_every: Duration::from_secs(5),
        }
    }
}

/// One connection.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub(super) bot: Option<u64>,
    pub(super) session: Option<String>,
    /// When HELLO is to be said; what comes before it waits.
    hello_at: Option<Duration>,
    held: Vec<String>,
    beat: Duration,
    /// Nothing comes and nothing is answered any more.
    pub(super) silent: bool,
    /// Heartbeats are not answered.
    pub(super) deaf: bool,
    pub(super) leave_by: Option<Duration>,
    sent: VecDeque<Duration>,
}

impl Network {
    /// Somebody connects.
    pub fn connect(&mut self, at: Duration) -> Wire {
        let wire = Wire(self.number());
        let slow = self.pulse.slow_hellos > 0;
        self.pulse.slow_hellos -= usize::from(slow);
        let hello_at = Some(if slow { at + self.pulse.slow_by } else { at });
        self.links.insert(wire, Link { hello_at, beat: at, ..Link::default() });
        self.hello(at, wire);
        wire
    }

    fn hello(&mut self, at: Duration, wire: Wire) {
        let Some(link) = self.links.get_mut(&wire).filter(|link| link.hello_at.is_some_and(|due| due <= at)) else {
            return;
        };
        (link.hello_at, link.beat) = (None, at);
        let held = std::mem::take(&mut link.held);
        let interval = u64::try_from(self.pulse.interval.as_millis()).unwrap_or(u64::MAX);
        self.write(wire, &json!({ "op": 10, "d": { "heartbeat_interval": interval }, "s": null, "t": null }));
        for text in held {
            self.read(at, wire, &text);
        }
    }

    /// The other side is gone, with a close code or without. 1000 and 1001 end the session.
    pub fn hung_up(&mut self, at: Duration, wire: Wire, code: Option<u16>) {
        if matches!(code, Some(1000 | 1001)) {
            self.forget(wire);
        }
        self.part(at, wire);
    }

    fn part(&mut self, at: Duration, wire: Wire) -> bool {
        let Some(link) = self.links.remove(&wire) else { return false };
        if let Some(session) = link.session.and_then(|session| self.sessions.get_mut(&session))
            && session.wire == Some(wire)
        {
            (session.wire, session.left) = (None, Some(at));
        }
        true
    }

    /// Ends a wire.
    pub(super) fn end(&mut self, at: Duration, wire: Wire, how: Out) {
        if self.part(at, wire) {
            self.put(wire, how);
        }
    }

    pub(super) fn link(&mut self, wire: Wire, change: impl FnOnce(&mut Link)) {
        if let Some(link) = self.links.get_mut(&wire) {
            change(link);
        }
    }

    /// A text frame from a client.
    pub fn read(&mut self, at: Duration, wire: Wire, text: &str) {
        let Some(link) = self.links.get_mut(&wire).filter(|link| !link.silent) else { return };
        if link.hello_at.is_some() {
            link.held.push(text.to_owned());
            return;
        }
        link.sent.push_back(at);
        while link.sent.front().is_some_and(|first| *first + MINUTE < at) {
            link.sent.pop_front();
        }
        let (bot, sent) = (link.bot.unwrap_or_default(), link.sent.len());
        if sent > MOST_A_MINUTE {
            self.breach(at, bot, "gateway", Breach::GatewayRate);
            return self.end(at, wire, Out::Close(4008));
        }
        let payload = serde_json::from_str::<Value>(text).ok().filter(|_| text.len() <= MOST_BYTES);
        let Some(payload) = payload else {
            self.breach(at, bot, "gateway", Breach::BadPayload);
            return self.end(at, wire, Out::Close(4002));
        };
        self.payload(at, wire, &payload);
    }

    fn payload(&mut self, at: Duration, wire: Wire, payload: &Value) {
        let Some(link) = self.links.get_mut(&wire) else { return };
        match (payload["op"].as_u64(), link.bot) {
            (Some(1), _) => {
                link.beat = at;
                if !link.deaf {
                    self.write(wire, &json!({ "op": 11, "d": null, "s": null, "t": null }));
                }
            }
            (Some(2), None) => self.identify(at, wire, &payload["d"]),
            (Some(6), None) => self.resume(at, wire, &payload["d"]),
            (Some(2 | 6), Some(_)) => self.end(at, wire, Out::Close(4005)),
            (Some(3 | 4 | 8 | 31), Some(_)) => {}
            (_, None) => self.end(at, wire, Out::Close(4003)),
            _ => self.end(at, wire, Out::Close(4001)),
        }
    }

    fn identify(&mut self, at: Duration, wire: Wire, data: &Value) {
        let Some(bot) = data["token"].as_str().and_then(|token| self.whose(token)) else {
            return self.end(at, wire, Out::Close(4004));
        };
        let intents = data["intents"].as_u64().unwrap_or_default();
        let name = self.name_of(bot);
        *self.report.identifies.entry(name).or_default() += 1;
        let resumable = self.sessions.values().any(|session| session.bot == bot);
        let application = self.applications.get_mut(&bot).expect("whose token it is");
        let early = application.identified.is_some_and(|last| at < last + self.pulse.identify_every);
        application.identified = Some(at);
        let (barred, granted) = (application.barred, application.granted);
        if barred {
            self.breach(at, bot, "gateway", Breach::AfterFatal);
            return self.end(at, wire, Out::Close(4004));
        }
        if resumable {
            self.breach(at, bot, "gateway", Breach::NeedlessIdentify);
        }
        if intents & intent::GUILD_PRESENCES != 0 {
            self.breach(at, bot, "gateway", Breach::Presences);
        }
        if intents & intent::PRIVILEGED & !granted != 0 {
            if let Some(application) = self.applications.get_mut(&bot) {
                application.barred = true;
            }
            return self.end(at, wire, Out::Close(4014));
        }
        if early {
            self.breach(at, bot, "gateway", Breach::IdentifyRate);
            return self.write(wire, &json!({ "op": 9, "d": false, "s": null, "t": null }));
        }
        let session = format!("{:032x}", u128::from(self.number()) * 0x9e37_79b9_7f4a_7c15);
        let compress = data["compress"].as_bool().unwrap_or_default();
        let kept = Session { bot, intents, compress, seq: 0, kept: VecDeque::new(), wire: Some(wire), left: None };
        self.sessions.insert(session.clone(), kept);
        self.link(wire, |link| (link.bot, link.session) = (Some(bot), Some(session.clone())));
        self.greet(bot, &session, wire);
    }

    fn resume(&mut self, at: Duration, wire: Wire, data: &Value) {
        let bot = data["token"].as_str().and_then(|token| self.whose(token));
        let (name, seq) = (data["session_id"].as_str().unwrap_or_default(), data["seq"].as_u64().unwrap_or_default());
        if bot.is_some_and(|bot| self.applications[&bot].barred) {
            self.breach(at, bot.unwrap_or_default(), "gateway", Breach::AfterFatal);
            return self.end(at, wire, Out::Close(4004));
        }
        let session = self.sessions.get_mut(name).filter(|session| Some(session.bot) == bot && seq <= session.seq);
        let Some(session) = session else {
            return self.write(wire, &json!({ "op": 9, "d": false, "s": null, "t": null }));
        };
        let before = session.wire.replace(wire);
        session.left = None;
        let missed: Vec<_> =
            session.kept.iter().filter(|(nth, _)| *nth > seq).map(|(_, event)| event.clone()).collect();
        self.link(wire, |link| (link.bot, link.session) = (bot, Some(name.to_owned())));
        if let Some(old) = before {
            self.links.remove(&old);
            self.put(old, Out::Drop);
        }
        for event in missed {
            self.write(wire, &event);
        }
        self.whisper(wire, "RESUMED", &json!({ "_trace": [] }));
        let bot = self.name_of(bot.unwrap_or_default());
        *self.report.resumes.entry(bot).or_default() += 1;
    }

    /// Time goes by.
    pub fn tick(&mut self, at: Duration) {
        let wires: Vec<_> = self.links.keys().copied().collect();
        for wire in wires {
            self.hello(at, wire);
            let Some(link) = self.links.get(&wire) else { continue };
            let (bot, identified) = (link.bot.unwrap_or_default(), link.bot.is_some());
            if link.leave_by.is_some_and(|until| until < at) {
                self.end(at, wire, Out::Close(4000));
            } else if identified && !link.silent && at > link.beat + 3 * self.pulse.interval {
                self.breach(at, bot, "gateway", Breach::NoHeartbeat);
                self.end(at, wire, Out::Close(4009));
            }
        }
        let lives = self.pulse.session_lives;
        self.sessions.retain(|_, session| session.left.is_none_or(|left| at <= left + lives));
        self.overdue(at);
    }

    /// How the gateway keeps time, for a test to change.
    pub fn pulse(&mut self) -> &mut Pulse {
        &mut self.pulse
    }

    /// Whether a bot is connected, its session begun or resumed.
    pub fn connected(&self, bot: &str) -> bool {
        let bot = Some(super::person::id_of(bot));
        self.links.values().any(|link| link.bot == bot && link.session.is_some() && !link.silent)
    }

    /// Whether a bot's heartbeats are not answered now.
    pub fn deaf(&self, bot: &str) -> bool {
        let bot = Some(super::person::id_of(bot));
        self.links.values().any(|link| link.bot == bot && link.deaf)
    }
}
