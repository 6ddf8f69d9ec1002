//! Takes what a call brought back, gives what became of it.

use std::time::Duration;

use reqwest12::{Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};

use super::holds::Told;

/// What is waited when Discord asks to wait and does not say how long.
const SOME_TIME: Duration = Duration::from_secs(5);

/// An answer, of whatever status.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub told: Told,
    body: Vec<u8>,
}

/// Why a call did nothing, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Not before that.
    Wait(Duration),
    /// Discord says no, with a code of its own.
    Refused { status: u16, code: i64 },
    /// It may have been done.
    Unsure,
    /// It never arrived.
    Unreached,
}

#[derive(Deserialize)]
struct Complaint {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    retry_after: Option<f64>,
    #[serde(default)]
    global: bool,
}

impl Failed {
    /// The same for what was repeated because it may have been done: what shows something is then refused as a repetition only.
    pub(super) fn behind_a_doubt(self, shows: bool) -> Self {
        match self {
            Self::Wait(_) | Self::Unreached => Self::Unsure,
            Self::Refused { .. } if shows => Self::Unsure,
            failed => failed,
        }
    }
}

impl Reply {
    pub(super) async fn of(response: Result<Response, reqwest12::Error>) -> Result<Self, Failed> {
        let response = response.map_err(|error| {
            if error.is_connect() || error.is_builder() { Failed::Unreached } else { Failed::Unsure }
        })?;
        let status = response.status();
        let header = |name: &str| response.headers().get(name)?.to_str().ok().map(str::to_owned);
        let seconds = |name: &str| header(name)?.parse().ok().and_then(seconds);
        let mut told = Told {
            retry_after: None,
            global: header("x-ratelimit-global").is_some(),
            remaining: header("x-ratelimit-remaining").and_then(|left| left.parse().ok()),
            reset_after: seconds("x-ratelimit-reset-after"),
        };
        let by_header = seconds("retry-after");
        let body = response.bytes().await.map_err(|_| Failed::Unsure)?.to_vec();
        if status == StatusCode::TOO_MANY_REQUESTS {
            let complaint: Option<Complaint> = serde_json::from_slice(&body).ok();
            told.global |= complaint.as_ref().is_some_and(|complaint| complaint.global);
            let by_body = complaint.and_then(|complaint| complaint.retry_after).and_then(self::seconds);
            told.retry_after = Some(by_body.max(by_header).unwrap_or(SOME_TIME));
        }
        Ok(Self { status: status.as_u16(), told, body })
    }

    pub(super) async fn of_limiter(response: serenity::Result<Response>) -> Result<Self, Failed> {
        match response {
            Ok(response) => Self::of(Ok(response)).await,
            Err(serenity::Error::Http(serenity::http::HttpError::Request(error))) => Self::of(Err(error)).await,
            Err(_) => Err(Failed::Unsure),
        }
    }

    /// Whether it counts towards shutting this machine out.
    pub(super) fn is_invalid(&self) -> bool {
        matches!(self.status, 401 | 403 | 429)
    }

    pub(super) fn judged(self) -> Result<Self, Failed> {
        match self.status {
            200..=299 => Ok(self),
            429 => Err(Failed::Wait(self.told.retry_after.unwrap_or(SOME_TIME))),
            500.. => Err(Failed::Unsure),
            status => {
                let code = serde_json::from_slice::<Complaint>(&self.body).map_or(0, |complaint| complaint.code);
                Err(Failed::Refused { status, code })
            }
        }
    }

    /// What it holds.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failed> {
        serde_json::from_slice(&self.body).map_err(|_| Failed::Unsure)
    }
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok()
}
