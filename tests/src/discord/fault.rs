//! What goes wrong on demand: with a connection to the gateway, and with an answer of the REST API.

use std::time::Duration;

use rand::Rng as _;
use serde_json::json;

use super::{
    buckets::Scope,
    gateway::FATAL,
    network::{Network, Out, Wire},
    person::id_of,
};

/// Something that goes wrong with every connection of one bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// Op 7: Discord asks for a new connection.
    Reconnect,
    /// Op 9, whose session may be resumed or is over.
    Invalid { resumable: bool },
    /// A close code. 4007 and 4009 end the session; 4004 and 4010 to 4014 forbid coming back.
    Close(u16),
    /// The connection ends without a word.
    Drop,
    /// The connection is gone, and with it what was not read yet.
    Reset,
    /// Nothing comes any more and nothing is answered, but the connection stays open.
    Silence,
    /// Heartbeats are not answered any more.
    NoAck,
    /// A text that is no JSON.
    Garbage,
    /// Bytes that cannot be inflated.
    BadZlib,
    /// An event that nobody knows.
    UnknownEvent,
    /// A payload that nobody knows.
    UnknownOp,
    /// The last event once more, with its number.
    Repeat,
    /// Connections wait for HELLO, the next one included.
    SlowHello,
}

impl Fault {
    /// All that can be resumed from, or that need no new connection.
    pub const RESUMABLE: [Self; 15] = [
        Self::Reconnect,
        Self::Invalid { resumable: true },
        Self::Drop,
        Self::Reset,
        Self::Close(1001),
        Self::Close(4000),
        Self::Close(4001),
        Self::Close(4002),
        Self::Close(4005),
        Self::Close(4008),
        Self::UnknownEvent,
        Self::UnknownOp,
        Self::Repeat,
        Self::Garbage,
        Self::BadZlib,
    ];
    /// After these a session begins anew.
    pub const FORGETTING: [Self; 3] = [Self::Invalid { resumable: false }, Self::Close(4007), Self::Close(4009)];
}

/// What goes wrong with one answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// Done, and answered with an error.
    Ambiguous(u16),
    /// Done, and the connection is gone before the answer.
    Cut,
    /// Not done, and answered with an error.
    Refused(u16),
    /// Asked to wait.
    Limited { scope: Scope, wait: Duration },
    /// Answered late.
    Slow(Duration),
}

/// A trouble that waits for its request.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) bot: u64,
    /// How the operation begins, such as `POST /channels/`.
    pub(super) operation: &'static str,
    pub(super) trouble: Trouble,
}

/// Things that go wrong by chance.
#[derive(Clone, Copy, Debug)]
pub struct Chaos {
    /// Of a hundred messages made, how many are done and answered with an error.
    pub ambiguous: u32,
    /// Of a hundred events, how many come twice.
    pub repeated: u32,
}

impl Network {
    /// The next request of this bot that begins like this fails. `operation` is the document's, such as `POST /channels/`.
    pub fn plan(&mut self, bot: &str, operation: &'static str, trouble: Trouble) {
        self.failures.push_back(Failure { bot: id_of(bot), operation, trouble });
    }

    /// From now on things go wrong by chance, always in the same way.
    pub fn chaos(&mut self, chaos: Option<Chaos>) {
        self.chaos = chaos;
    }

    pub(super) fn trouble(&mut self, bot: u64, operation: &str) -> Option<Trouble> {
        let planned = |failure: &Failure| failure.bot == bot && operation.starts_with(failure.operation);
        if let Some(at) = self.failures.iter().position(planned) {
            return self.failures.remove(at).map(|failure| failure.trouble);
        }
        let chaos = self.chaos.filter(|_| operation == "POST /channels/{channel_id}/messages")?;
        let status = [500, 502, 503, 504][self.random.random_range(0..4)];
        self.random.random_ratio(chaos.ambiguous, 100).then_some(Trouble::Ambiguous(status))
    }

    pub(super) fn repeats(&mut self) -> bool {
        let Some(chaos) = self.chaos else { return false };
        self.random.random_ratio(chaos.repeated, 100)
    }

    /// Lets something go wrong with what a bot is connected by. Gives how many connections it had.
    pub fn fault(&mut self, at: Duration, bot: &str, fault: Fault) -> usize {
        let bot = id_of(bot);
        if fault == Fault::SlowHello {
            self.pulse.slow_hellos += 1;
        }
        let mine = self.links.iter().filter(|(_, link)| link.bot == Some(bot)).map(|(wire, _)| *wire);
        let wires: Vec<_> = mine.collect();
        for wire in &wires {
            self.strike(at, *wire, fault);
        }
        if matches!(fault, Fault::Close(code) if FATAL.contains(&code))
            && let Some(application) = self.applications.get_mut(&bot)
        {
            application.barred = true;
        }
        wires.len()
    }

    fn strike(&mut self, at: Duration, wire: Wire, fault: Fault) {
        match fault {
            Fault::Reconnect => {
                self.write(wire, &json!({ "op": 7, "d": null, "s": null, "t": null }));
                // Whoever does not leave by then is made to.
                self.link(wire, |link| link.leave_by = Some(at + Duration::from_secs(5)));
            }
            Fault::Invalid { resumable } => {
                self.write(wire, &json!({ "op": 9, "d": resumable, "s": null, "t": null }));
                if !resumable {
                    self.forget(wire);
                }
                self.link(wire, |link| link.leave_by = Some(at + Duration::from_secs(8)));
            }
            Fault::Close(code) => {
                if matches!(code, 4007 | 4009) || FATAL.contains(&code) {
                    self.forget(wire);
                }
                self.end(at, wire, Out::Close(code));
            }
            Fault::Drop => self.end(at, wire, Out::Drop),
            Fault::SlowHello | Fault::Reset => self.end(at, wire, Out::Reset),
            Fault::Silence => self.link(wire, |link| link.silent = true),
            Fault::NoAck => self.link(wire, |link| link.deaf = true),
            Fault::Garbage => self.put(wire, Out::Garbage { binary: false }),
            Fault::BadZlib => self.put(wire, Out::Garbage { binary: true }),
            Fault::UnknownEvent => self.whisper(wire, "SOMETHING_NEW", &json!({ "id": "1", "nested": [1, 2] })),
            Fault::UnknownOp => self.write(wire, &json!({ "op": 99, "d": { "x": 1 }, "s": null, "t": null })),
            Fault::Repeat => self.repeat(wire),
        }
    }
}
