//! Connections that can be cut in the middle of whatever they carry, plain or in TLS under Discord's own names.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs::default_provider,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

/// Whose certificate the simulator has.
const NAMES: [&str; 4] = ["discord.com", "gateway.discord.gg", "localhost", "127.0.0.1"];

/// Cuts a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Knife(Arc<AtomicBool>);

impl Knife {
    pub(super) fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// One connection. When it was cut, the other side finds it reset.
#[derive(Debug)]
pub(super) struct Cord {
    line: Line,
    knife: Knife,
}

#[derive(Debug)]
enum Line {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Drop for Cord {
    fn drop(&mut self) {
        if self.knife.is_cut() {
            let socket = match &self.line {
                Line::Plain(socket) => socket,
                Line::Tls(tls) => tls.get_ref().0,
            };
            let _ = socket.set_zero_linger();
        }
    }
}

impl AsyncRead for Cord {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(socket) => Pin::new(socket).poll_read(cx, buffer),
            Line::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Cord {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.knife.is_cut() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        match &mut self.line {
            Line::Plain(socket) => Pin::new(socket).poll_write(cx, bytes),
            Line::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(socket) => Pin::new(socket).poll_flush(cx),
            Line::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(socket) => Pin::new(socket).poll_shutdown(cx),
            Line::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

/// A port of this machine.
#[derive(Debug)]
pub(super) struct Port {
    address: SocketAddr,
    accepted: mpsc::Receiver<(Cord, SocketAddr)>,
    _accepting: JoinSet<()>,
}

impl Port {
    /// A free one. With `tls` every connection begins with a handshake.
    pub(super) async fn open(tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (sender, accepted) = mpsc::channel(64);
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, tls, sender));
        Ok(Self { address, accepted, _accepting: accepting })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, sender: mpsc::Sender<(Cord, SocketAddr)>) {
    let mut handshakes = JoinSet::new();
    while let Ok((socket, from)) = listener.accept().await {
        let _ = socket.set_nodelay(true);
        let (tls, sender) = (tls.clone(), sender.clone());
        handshakes.spawn(async move {
            let line = match tls {
                None => Ok(Line::Plain(socket)),
                Some(tls) => tls.accept(socket).await.map(|tls| Line::Tls(Box::new(tls))),
            };
            if let Ok(line) = line {
                let _ = sender.send((Cord { line, knife: Knife::default() }, from)).await;
            }
        });
        while handshakes.try_join_next().is_some() {}
    }
}

impl Listener for Port {
    type Io = Cord;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Cord, SocketAddr) {
        match self.accepted.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Connected<IncomingStream<'_, Port>> for Knife {
    fn connect_info(stream: IncomingStream<'_, Port>) -> Self {
        stream.io().knife.clone()
    }
}

/// A certificate for Discord's names, and the authority that vouches for it, as PEM.
pub(super) fn certificate() -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "An authority for tests");
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().expect("a key");
    let pem = authority.self_signed(&key).expect("a certificate").pem();
    let issuer = Issuer::new(authority, key);

    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(NAMES.map(str::to_owned)).expect("names");
    let ours = params.signed_by(&key, &issuer).expect("a certificate");
    let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![ours.der().clone()], secret)
        .expect("a certificate and its key");
    (TlsAcceptor::from(Arc::new(config)), pem)
}
