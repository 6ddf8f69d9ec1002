//! Takes what came over the socket, gives its envelope. What lies in it is read once somebody wants it.

use std::{borrow::Cow, io::Read as _, time::Duration};

use flate2::read::ZlibDecoder;
use serde::{Deserialize, de::DeserializeOwned};

/// No payload is longer than this when it is unpacked: a server with a hundred thousand members, and room.
const LONGEST: u64 = 64 * 1024 * 1024;
/// What is taken for the pause between beats when it cannot be read.
const USUAL_INTERVAL: Duration = Duration::from_secs(40);

/// The envelope, and the text that it was read from.
#[derive(Debug)]
pub(crate) struct Payload<'a> {
    pub op: u8,
    pub s: Option<u64>,
    t: Option<Cow<'a, str>>,
    text: &'a str,
}

/// What a session is taken up with again.
#[derive(Debug, Deserialize)]
pub(crate) struct Ready {
    pub session_id: String,
    #[serde(default)]
    pub resume_gateway_url: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    op: u8,
    #[serde(default)]
    s: Option<u64>,
    #[serde(default, borrow)]
    t: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Content<T> {
    d: T,
}

#[derive(Deserialize)]
struct Hello {
    heartbeat_interval: u64,
}

impl<'a> Payload<'a> {
    /// `None` for what is no payload.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let Envelope { op, s, t } = serde_json::from_str(text).ok()?;
        Some(Self { op, s, t, text })
    }

    /// The event's name; empty when it is no event.
    pub(crate) fn name(&self) -> &str {
        self.t.as_deref().unwrap_or_default()
    }

    /// What lies in it.
    ///
    /// # Errors
    /// When it is no `T`.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str::<Content<T>>(self.text).map(|content| content.d)
    }

    pub(super) fn is_true(&self) -> bool {
        self.read().unwrap_or(false)
    }

    pub(super) fn interval(&self) -> Duration {
        self.read::<Hello>().map_or(USUAL_INTERVAL, |hello| Duration::from_millis(hello.heartbeat_interval.max(1)))
    }

    pub(super) fn ready(&self) -> Option<Ready> {
        self.read().ok()
    }
}

/// Unpacks one compressed payload. `None` when it is none, or endless.
pub(crate) fn unpack(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    ZlibDecoder::new(bytes).take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}
