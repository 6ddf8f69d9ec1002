//! What a bot may come back to: its events in order, kept for as long as they may be asked for again.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Value, json};

use super::{
    network::{Network, Out, Wire},
    person::id_of,
};

/// Events that a session keeps for whoever resumes it.
const KEPT: usize = 20_000;
/// Payloads shorter than this are not worth compressing.
const COMPRESS_FROM: usize = 128;

/// What a bot may come back to.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) bot: u64,
    pub(super) intents: u64,
    pub(super) compress: bool,
    pub(super) seq: u64,
    pub(super) kept: VecDeque<(u64, Value)>,
    pub(super) wire: Option<Wire>,
    pub(super) left: Option<Duration>,
}

impl Network {
    /// Puts an event on the session of one wire.
    pub(super) fn whisper(&mut self, wire: Wire, name: &str, data: &Value) {
        if let Some(session) = self.links.get(&wire).and_then(|link| link.session.clone()) {
            self.event(&session, name, data);
        }
    }

    /// Puts an event on every session of a bot that asked for it. Gives how many there are.
    pub(super) fn dispatch(&mut self, bot: u64, intents: u64, name: &str, data: &Value) -> usize {
        let wants = |session: &Session| session.bot == bot && (intents == 0 || session.intents & intents != 0);
        let sessions: Vec<_> =
            self.sessions.iter().filter(|(_, session)| wants(session)).map(|(id, _)| id.clone()).collect();
        for session in &sessions {
            self.event(session, name, data);
            if self.repeats() {
                self.report.duplicated += 1;
                self.event(session, name, data);
            }
        }
        sessions.len()
    }

    pub(super) fn event(&mut self, session: &str, name: &str, data: &Value) {
        let Some(session) = self.sessions.get_mut(session) else { return };
        session.seq += 1;
        let event = json!({ "op": 0, "t": name, "s": session.seq, "d": data });
        session.kept.push_back((session.seq, event.clone()));
        if session.kept.len() > KEPT {
            session.kept.pop_front();
        }
        if let Some(wire) = session.wire {
            self.write(wire, &event);
        }
    }

    /// The last event of a wire once more.
    pub(super) fn repeat(&mut self, wire: Wire) {
        let session = self.links.get(&wire).and_then(|link| link.session.as_ref());
        let last = session.and_then(|session| self.sessions.get(session)).and_then(|session| session.kept.back());
        if let Some((_, event)) = last.cloned() {
            self.write(wire, &event);
        }
    }

    pub(super) fn write(&mut self, wire: Wire, payload: &Value) {
        let Some(link) = self.links.get(&wire).filter(|link| !link.silent) else { return };
        let session = link.session.as_ref().and_then(|session| self.sessions.get(session));
        let text = payload.to_string();
        let compressed = session.is_some_and(|session| session.compress) && text.len() >= COMPRESS_FROM;
        self.put(wire, Out::Payload { text, compressed });
    }

    /// The session of a wire cannot be resumed any more.
    pub(super) fn forget(&mut self, wire: Wire) {
        if let Some(session) = self.links.get(&wire).and_then(|link| link.session.clone()) {
            self.sessions.remove(&session);
        }
    }

    /// A bot's process is gone: whatever it knew, a new one does not.
    pub fn restarted(&mut self, bot: &str) {
        let bot = id_of(bot);
        self.sessions.retain(|_, session| session.bot != bot);
        if let Some(application) = self.applications.get_mut(&bot) {
            application.identified = None;
        }
    }

    /// The intents of a bot's sessions.
    pub fn intents(&self, bot: &str) -> u64 {
        let bot = id_of(bot);
        self.sessions.values().filter(|session| session.bot == bot).fold(0, |all, session| all | session.intents)
    }
}
