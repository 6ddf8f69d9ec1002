//! One WebSocket of the gateway: frames of a client for the network, and payloads of the network for the client.

use std::{io::Write as _, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use flate2::{Compress, Compression, FlushCompress, write::ZlibEncoder};
use tokio::sync::mpsc;

use super::{
    cord::Knife,
    network::{Out, Wire},
    server::Shared,
};

/// How long a client may take to close what it was asked to close.
const GOODBYE: Duration = Duration::from_millis(500);

pub(super) async fn serve(shared: Arc<Shared>, knife: Knife, mut socket: WebSocket, stream: bool) {
    let (wire, mut outs) = shared.connect();
    let mut deflate = stream.then(|| Compress::new(Compression::fast(), true));
    let code = exchange(&shared, &knife, &mut socket, wire, &mut outs, deflate.as_mut()).await;
    shared.with(|network, at| network.hung_up(at, wire, code));
}

/// Until one side is gone. Gives the client's close code.
async fn exchange(
    shared: &Shared,
    knife: &Knife,
    socket: &mut WebSocket,
    wire: Wire,
    outs: &mut mpsc::Receiver<Out>,
    mut deflate: Option<&mut Compress>,
) -> Option<u16> {
    loop {
        tokio::select! {
            // What the network has written leaves before anything else is heard.
            biased;
            out = outs.recv() => match out {
                Some(Out::Payload { text, compressed }) => {
                    socket.send(frame(text, compressed, deflate.as_deref_mut())).await.ok()?;
                }
                Some(Out::Garbage { binary: true }) => socket.send(Message::Binary(vec![1, 2, 3].into())).await.ok()?,
                Some(Out::Garbage { binary: false }) => socket.send(Message::Text("{\"op\":".into())).await.ok()?,
                Some(Out::Close(code)) => {
                    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
                    let _ = tokio::time::timeout(GOODBYE, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
                    return None;
                }
                Some(Out::Reset) => {
                    knife.cut();
                    return None;
                }
                Some(Out::Drop) | None => return None,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => shared.with(|network, at| network.read(at, wire, text.as_str())),
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            },
        }
    }
}

fn frame(text: String, compressed: bool, deflate: Option<&mut Compress>) -> Message {
    match deflate {
        Some(deflate) => Message::Binary(flushed(deflate, text.as_bytes()).into()),
        None if compressed => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            // Writing to memory does not fail.
            let _ = encoder.write_all(text.as_bytes());
            Message::Binary(encoder.finish().unwrap_or_default().into())
        }
        None => Message::Text(text.into()),
    }
}

/// The next part of a stream that never ends, up to where it can be read.
fn flushed(deflate: &mut Compress, bytes: &[u8]) -> Vec<u8> {
    let (before, mut out) = (deflate.total_in(), Vec::with_capacity(bytes.len() + 64));
    loop {
        let read = usize::try_from(deflate.total_in() - before).unwrap_or(usize::MAX).min(bytes.len());
        let room = out.capacity();
        let _ = deflate.compress_vec(&bytes[read..], &mut out, FlushCompress::Sync);
        let all = deflate.total_in() - before == bytes.len() as u64;
        if all && out.len() < room {
            return out;
        }
        out.reserve(256);
    }
}
