//! The simulator's own tests: a client without a library, and what serenity makes of the same.

mod gateway;
mod interactions;
mod rest;
mod schema;
mod sockets;

use std::time::Duration;

use chrono::DateTime;
use serde_json::{Value, json};

use super::{Breach, Network, Out, Person, Reply, Request, Wire, intent};

/// A network with a guild, two channels, a thread and two bots.
struct Stage {
    network: Network,
    at: Duration,
    token: String,
}

const PLAIN: u64 = intent::GUILDS | intent::GUILD_MESSAGES | intent::DIRECT_MESSAGES;

impl Stage {
    fn set() -> Self {
        let epoch = DateTime::from_timestamp(1_780_023_600, 0).expect("a time");
        let mut network = Network::new(epoch);
        network.guild("town");
        network.channel("town", "lounge");
        network.channel("town", "attic");
        network.thread("lounge", "a thread", "minsu");
        network.meet(&Person::named("minsu"));
        network.meet(&Person::named("owner"));
        let token = network.bot("omar");
        network.bot("shuhi");
        Self { network, at: Duration::from_mins(1), token }
    }

    fn wait(&mut self, seconds: f64) {
        self.at += Duration::from_secs_f64(seconds);
        self.network.tick(self.at);
    }

    fn ask(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = Request {
            method: method.to_owned(),
            path: format!("/api/v10{path}"),
            query: query.to_owned(),
            authorization: Some(format!("Bot {}", self.token)),
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        self.network.api(self.at, &request)
    }

    fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, &Value::Null)
    }

    /// Says something in the lounge as it should be said.
    fn post(&mut self, text: &str) -> Reply {
        self.ask("POST", &format!("/channels/{}/messages", super::id_of("lounge")), &said(text))
    }

    fn edit(&mut self, message: &str, text: &str) -> Reply {
        self.ask("PATCH", &format!("/channels/{}/messages/{message}", super::id_of("lounge")), &said(text))
    }

    /// Connects, and begins a session with these intents.
    fn identify(&mut self, intents: u64) -> (Wire, Vec<Value>) {
        let wire = self.network.connect(self.at);
        let identify = json!({
            "token": self.token, "intents": intents, "compress": false, "properties": { "os": "linux", "browser": "", "device": "" },
        });
        self.network.read(self.at, wire, &json!({ "op": 2, "d": identify }).to_string());
        (wire, self.payloads(wire))
    }

    fn resume(&mut self, session: &Value, seq: u64) -> (Wire, Vec<Value>) {
        let wire = self.network.connect(self.at);
        let resume = json!({ "token": self.token, "session_id": session, "seq": seq });
        self.network.read(self.at, wire, &json!({ "op": 6, "d": resume }).to_string());
        (wire, self.payloads(wire))
    }

    /// What was written to a wire since the last look. How it ended stands at the end.
    fn payloads(&mut self, wire: Wire) -> Vec<Value> {
        let mut found = Vec::new();
        while let Some((to, out)) = self.network.take() {
            if to != wire {
                continue;
            }
            found.push(match out {
                Out::Payload { text, .. } => serde_json::from_str(&text).expect("a payload"),
                Out::Garbage { .. } => json!("garbage"),
                Out::Close(code) => json!(code),
                end => json!(format!("{end:?}")),
            });
        }
        found
    }

    fn breaches(&self) -> Vec<Breach> {
        self.network.report().breaches.iter().map(|committed| committed.breach.clone()).collect()
    }

    /// The simulator itself kept to the document.
    fn well_formed(&self) {
        assert_eq!(self.network.report().misshapen, Vec::<String>::new());
    }
}

fn said(text: &str) -> Value {
    json!({ "content": text, "allowed_mentions": { "parse": [], "replied_user": true } })
}

/// The names of the events among payloads.
fn events(payloads: &[Value]) -> Vec<&str> {
    payloads.iter().filter_map(|payload| payload["t"].as_str()).collect()
}
