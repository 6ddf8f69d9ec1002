//! Takes what the gateway says and the time, gives what is to be said to it. Pure. Knows nothing of sockets and of what events mean.

use std::time::Duration;

use serde_json::json;

use super::{close::Close, payload::Payload};

/// How long a connection may take to greet us.
const LONGEST_HELLO: Duration = Duration::from_secs(15);
/// How long a login may stay without an answer.
const LONGEST_LOGIN: Duration = Duration::from_secs(30);

/// Who logs in, as what.
#[derive(Clone)]
pub(crate) struct Login {
    pub token: String,
    pub intents: u64,
    /// This connection, and how many there are.
    pub shard: (u32, u32),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Say this.
    Say(String),
    /// Log in anew. Not more often than the gateway allows.
    Identify,
    /// This event is news.
    Hand,
    /// Break the connection off, so that it can be taken up again.
    BreakOff,
    /// Break it off, and rest a moment before the next.
    Rest,
}

/// One session over all its connections.
pub(crate) struct Session {
    login: Login,
    /// What a connection is taken up with again.
    held: Option<Held>,
    seq: u64,
    stage: Stage,
    beat: Option<Beat>,
}

struct Held {
    id: String,
    address: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Until then it has to greet us.
    Greeting(Duration),
    /// Until then it has to let us in.
    Entering(Duration),
    Live,
}

#[derive(Clone, Copy, Debug)]
struct Beat {
    every: Duration,
    next: Duration,
    acknowledged: bool,
}

impl Session {
    pub(crate) fn new(login: Login) -> Self {
        Self { login, held: None, seq: 0, stage: Stage::Greeting(Duration::ZERO), beat: None }
    }

    /// Where the next connection goes, if the gateway named a place for it.
    pub(crate) fn address(&self) -> Option<&str> {
        self.held.as_ref()?.address.as_deref()
    }

    /// Whether events flow.
    pub(crate) fn is_live(&self) -> bool {
        self.stage == Stage::Live
    }

    /// A connection stands.
    pub(crate) fn connected(&mut self, now: Duration) {
        self.stage = Stage::Greeting(now + LONGEST_HELLO);
        self.beat = None;
    }

    /// Something was heard. `jitter`, from 0 to 1, spreads the first beat.
    pub(crate) fn heard(&mut self, payload: &Payload<'_>, now: Duration, jitter: f64) -> Vec<Act> {
        match payload.op {
            0 => self.dispatched(payload),
            1 => vec![self.beats(now)],
            7 => vec![Act::BreakOff],
            9 => {
                if !payload.is_true() {
                    self.held = None;
                }
                vec![Act::Rest]
            }
            10 => self.greeted(payload.interval(), now, jitter),
            11 => {
                if let Some(beat) = &mut self.beat {
                    beat.acknowledged = true;
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The time has come that [`Session::next`] gave. While nobody `reads`, an acknowledgement may lie unread.
    pub(crate) fn tick(&mut self, now: Duration, reads: bool) -> Option<Act> {
        match self.stage {
            Stage::Greeting(until) | Stage::Entering(until) if now >= until => return Some(Act::BreakOff),
            _ => {}
        }
        let beat = self.beat.filter(|beat| now >= beat.next)?;
        // Whoever does not acknowledge is dead and does not know it.
        Some(if beat.acknowledged || !reads { self.beats(now) } else { Act::BreakOff })
    }

    /// When to look again, if nothing is heard before.
    pub(crate) fn next(&self) -> Option<Duration> {
        let stage = match self.stage {
            Stage::Greeting(until) | Stage::Entering(until) => Some(until),
            Stage::Live => None,
        };
        stage.into_iter().chain(self.beat.map(|beat| beat.next)).min()
    }

    /// The connection is gone. Gives whether it is final, and if so why.
    pub(crate) fn closed(&mut self, code: Option<u16>) -> Option<Close> {
        match Close::of(code) {
            Close::Lost => None,
            Close::Over => {
                self.held = None;
                None
            }
            fatal => Some(fatal),
        }
    }

    /// What logs in anew.
    pub(crate) fn identify(&mut self, now: Duration) -> String {
        self.stage = Stage::Entering(now + LONGEST_LOGIN);
        (self.held, self.seq) = (None, 0);
        let Login { token, intents, shard } = &self.login;
        let properties = json!({ "os": std::env::consts::OS, "browser": "lovelm", "device": "lovelm" });
        let data = json!({
            "token": token, "intents": intents, "shard": shard, "compress": true, "large_threshold": 50,
            "properties": properties,
        });
        json!({ "op": 2, "d": data }).to_string()
    }

    fn greeted(&mut self, interval: Duration, now: Duration, jitter: f64) -> Vec<Act> {
        let first = now + interval.mul_f64(jitter.clamp(0.0, 1.0));
        self.beat = Some(Beat { every: interval, next: first, acknowledged: true });
        let Some(held) = &self.held else { return vec![Act::Identify] };
        let data = json!({ "token": self.login.token, "session_id": held.id, "seq": self.seq });
        self.stage = Stage::Entering(now + LONGEST_LOGIN);
        vec![Act::Say(json!({ "op": 6, "d": data }).to_string())]
    }

    fn dispatched(&mut self, payload: &Payload<'_>) -> Vec<Act> {
        // What was heard before comes again now and then.
        let Some(seq) = payload.s.filter(|seq| *seq > self.seq) else { return Vec::new() };
        match payload.name() {
            "READY" => {
                let Some(ready) = payload.ready() else { return vec![Act::BreakOff] };
                self.held = Some(Held { id: ready.session_id, address: ready.resume_gateway_url });
                self.stage = Stage::Live;
            }
            // What was missed comes before this, and counts as well.
            "RESUMED" => self.stage = Stage::Live,
            _ => {}
        }
        self.seq = seq;
        vec![Act::Hand]
    }

    fn beats(&mut self, now: Duration) -> Act {
        if let Some(beat) = &mut self.beat {
            (beat.next, beat.acknowledged) = (now + beat.every, false);
        }
        let seq = (self.seq > 0).then_some(self.seq);
        Act::Say(json!({ "op": 1, "d": seq }).to_string())
    }
}
