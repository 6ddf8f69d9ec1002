//! Takes an address, gives a way to read and write bytes. Knows nothing of IRC.

use std::{fmt, io, sync::Arc};

use async_trait::async_trait;
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream},
    net::TcpStream,
    sync::mpsc,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName},
};

/// Bytes in memory between two ends, each way.
const IN_MEMORY: usize = 64 * 1024;

/// Both directions of a connection.
pub trait Link: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Link for T {}

/// Reaches the chat server.
#[async_trait]
pub trait Dial: Send + Sync + 'static {
    /// A new connection.
    ///
    /// # Errors
    /// Whatever keeps it from being made; it may be tried again.
    async fn dial(&self) -> io::Result<Box<dyn Link>>;
}

/// Over the network, encrypted for `ircs://`.
pub struct Tcp {
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
}

impl Tcp {
    /// To an address such as `ircs://irc.chat.twitch.tv:6697`.
    ///
    /// # Errors
    /// What is wrong with the address.
    pub fn to(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| format!("`{url}` has no scheme"))?;
        let encrypted = match scheme {
            "ircs" => true,
            "irc" => false,
            _ => return Err(format!("`{url}` must begin with ircs:// or irc://")),
        };
        let authority = rest.trim_end_matches('/');
        let default = if encrypted { 6697 } else { 6667 };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| format!("`{url}` has no port behind its last colon"))?)
            }
            _ => (authority, default),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(format!("`{url}` has no host"));
        }
        Ok(Self { host: host.to_owned(), port, tls: if encrypted { Some(tls()?) } else { None } })
    }
}

fn tls() -> Result<TlsConnector, String> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // Named: more than one provider may be compiled in.
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[async_trait]
impl Dial for Tcp {
    async fn dial(&self) -> io::Result<Box<dyn Link>> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        // Lines are short, and each is waited for.
        socket.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(socket)) };
        let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
        Ok(Box::new(tls.connect(name, socket).await?))
    }
}

impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tcp").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// Within the process: every connection's other end comes out of a queue.
#[derive(Clone, Debug)]
pub struct InMemory(mpsc::Sender<DuplexStream>);

impl InMemory {
    /// The way in, and the other ends. Connections are refused while the queue of 64 is full, or after it is dropped.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<DuplexStream>) {
        let (ends, other) = mpsc::channel(64);
        (Self(ends), other)
    }
}

#[async_trait]
impl Dial for InMemory {
    async fn dial(&self) -> io::Result<Box<dyn Link>> {
        let (ours, theirs) = tokio::io::duplex(IN_MEMORY);
        self.0.try_send(theirs).map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
        Ok(Box::new(ours))
    }
}
