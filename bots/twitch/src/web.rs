//! Takes a request, gives the reply of a web server. Knows nothing of what is asked.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};

/// How long a server may take for a reply.
const LONGEST: Duration = Duration::from_secs(10);
/// Bytes of a reply that are read.
const LARGEST: usize = 4 * 1024 * 1024;

/// Reaches web servers.
#[async_trait]
pub trait Web: Send + Sync + 'static {
    /// Asks once.
    ///
    /// # Errors
    /// See [`Unreached`].
    async fn fetch(&self, request: Request) -> Result<Reply, Unreached>;
}

/// What is asked. Prints without its secrets.
#[derive(Debug)]
pub struct Request {
    pub method: Method,
    pub url: String,
    /// The whole `Authorization` header.
    pub authorization: Option<SecretString>,
    /// The `Client-Id` header.
    pub client: Option<String>,
}

/// With its body.
#[derive(Debug)]
pub enum Method {
    Get,
    /// A form, urlencoded already.
    Form(SecretString),
    Json(serde_json::Value),
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// The request was not sent.
    #[error("the server cannot be reached")]
    Refused,
    /// It may have been sent, and done.
    #[error("the server did not reply")]
    Silent,
}

/// The network's web.
#[derive(Clone, Debug)]
pub struct Https(reqwest::Client);

impl Https {
    /// # Errors
    /// When the machine has no TLS to offer.
    pub fn new() -> Result<Self, reqwest::Error> {
        Ok(Self(reqwest::Client::builder().timeout(LONGEST).build()?))
    }
}

#[async_trait]
impl Web for Https {
    async fn fetch(&self, request: Request) -> Result<Reply, Unreached> {
        let mut call = match request.method {
            Method::Get => self.0.get(request.url),
            Method::Json(body) => self.0.post(request.url).json(&body),
            Method::Form(body) => self
                .0
                .post(request.url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body.expose_secret().to_owned()),
        };
        if let Some(authorization) = &request.authorization {
            call = call.header("Authorization", authorization.expose_secret());
        }
        if let Some(client) = request.client {
            call = call.header("Client-Id", client);
        }
        let unreached = |error: reqwest::Error| if error.is_connect() { Unreached::Refused } else { Unreached::Silent };
        let mut reply = call.send().await.map_err(unreached)?;
        let status = reply.status().as_u16();
        let mut body = Vec::new();
        while let Some(part) = reply.chunk().await.map_err(|_| Unreached::Silent)? {
            if body.len() + part.len() > LARGEST {
                return Err(Unreached::Silent);
            }
            body.extend_from_slice(&part);
        }
        Ok(Reply { status, body })
    }
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).field("bytes", &self.body.len()).finish()
    }
}
