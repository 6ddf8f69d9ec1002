use std::sync::{Arc, Mutex};

use lovelm::{chat::Language, clock::SystemClock, config::DiscordLimits};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{
    Settings,
    api::{Api, Body, Call, Failed, Far},
    callbacks::Callbacks,
};

/// A Discord that answers one call after the other in these ways, and the nonces that it was sent.
async fn answering(script: &'static [(u16, &'static str)]) -> (Api, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let api_url = format!("http://{}", listener.local_addr().expect("an address"));
    let nonces: Arc<Mutex<Vec<Value>>> = Arc::default();
    let heard = Arc::clone(&nonces);
    tokio::spawn(async move {
        for (status, said) in script {
            let (mut stream, _) = listener.accept().await.expect("a call");
            let body = body(&mut stream).await;
            heard.lock().expect("a lock").push(body["nonce"].clone());
            let (length, close) = (said.len(), "connection: close");
            let reply = format!("HTTP/1.1 {status} So\r\ncontent-length: {length}\r\n{close}\r\n\r\n{said}");
            stream.write_all(reply.as_bytes()).await.expect("written");
        }
    });
    let settings = Settings {
        api_url,
        api_ca: None,
        message_content: false,
        guilds: Vec::new(),
        accounts: Vec::new(),
        language: Language::default(),
        limits: DiscordLimits::default(),
        boost_cents: 0,
        premium_cents: 0,
    };
    let far = Far::new(&settings, Arc::new(SystemClock::default())).expect("a client");
    (Api::new(&far, &SecretString::from("token")), nonces)
}

async fn body(stream: &mut TcpStream) -> Value {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                return serde_json::from_str(body).expect("JSON");
            }
        }
        assert!(stream.read_buf(&mut read).await.expect("read") > 0, "a whole call");
    }
}

const BUSY: (u16, &str) = (429, r#"{"message":"slower","retry_after":0.05,"global":false}"#);
const BROKEN: (u16, &str) = (502, "");
const DONE: (u16, &str) = (200, r#"{"id":"9"}"#);
const GONE: (u16, &str) = (404, r#"{"message":"Unknown Channel","code":10003}"#);

async fn created(script: &'static [(u16, &'static str)]) -> (Result<u16, Failed>, usize) {
    let (api, nonces) = answering(script).await;
    let body = Body::new("words".to_owned(), Vec::new()).once("n1".to_owned());
    let done = api.call_surely(&Call::create(11, &body)).await.map(|reply| reply.status);
    let nonces = nonces.lock().expect("a lock");
    assert!(nonces.iter().all(|nonce| *nonce == json!("n1")), "{nonces:?}");
    (done, nonces.len())
}

#[tokio::test]
async fn what_may_be_shown_is_repeated_by_its_nonce_through_every_wait() {
    assert_eq!(created(&[BROKEN, BUSY, BUSY, BROKEN, BUSY, DONE]).await, (Ok(200), 6));
}

#[tokio::test]
async fn what_may_be_shown_is_in_doubt_whatever_its_repetition_met() {
    assert_eq!(created(&[BROKEN, GONE]).await, (Err(Failed::Unsure), 2));
    assert_eq!(created(&[BROKEN; 5]).await, (Err(Failed::Unsure), 5));
    assert_eq!(created(&[BROKEN, (429, r#"{"retry_after":60}"#)]).await, (Err(Failed::Unsure), 2));
}

#[tokio::test]
async fn what_was_not_shown_is_left_to_whoever_wanted_it() {
    assert!(matches!(created(&[BUSY]).await, (Err(Failed::Wait(_)), 1)));
    assert!(matches!(created(&[GONE]).await, (Err(Failed::Refused { status: 404, .. }), 1)));
}

#[test]
fn a_line_in_doubt_behind_an_answer_is_known_again() {
    let mut callbacks = Callbacks::default();
    callbacks.doubt("token", "key-0");
    assert!(callbacks.is_doubted("token", "key-0"));
    assert!(!callbacks.is_doubted("token", "key-1"), "the next line");
    assert!(!callbacks.is_doubted("other", "key-0"));
}
