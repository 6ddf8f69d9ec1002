//! The same behind ports and pipes.

use std::sync::Arc;

use lovelm::clock::SystemClock;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use super::{CHAT, Fault};
use crate::twitch::{CLIENT_ID, CLIENT_SECRET, Pair, Twitch};

fn stage() -> (Twitch, Pair) {
    let twitch = Twitch::at(Arc::new(SystemClock::default()));
    let pair = twitch.with(|network, at| {
        network.channel("streamer");
        network.account(at, "omar", &CHAT)
    });
    (twitch, pair)
}

/// Logs in, joins, and reads until the channel is heard.
async fn join<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, token: &str) {
    let hello = format!("CAP REQ :twitch.tv/tags twitch.tv/commands\r\nPASS oauth:{token}\r\nNICK omar\r\nJOIN #str");
    stream.write_all(hello.as_bytes()).await.expect("written");
    stream.write_all(b"eamer\r\n").await.expect("written");
    let mut line = String::new();
    while !line.contains("ROOMSTATE") {
        line.clear();
        assert_ne!(stream.read_line(&mut line).await.expect("a line"), 0, "closed");
    }
}

#[tokio::test]
async fn pipes_and_ports_speak_the_same() {
    let (twitch, token) = stage();
    let address = twitch.listen().await.expect("a port");
    let port = TcpStream::connect(address.trim_start_matches("irc://")).await.expect("connected");
    let (mut port, mut pipe) = (BufReader::new(port), BufReader::new(twitch.open()));
    join(&mut port, &token.access).await;
    join(&mut pipe, &token.access).await;
    assert_eq!(twitch.with(|network, _| network.ears("streamer").len()), 2);
    port.write_all(b"PRIVMSG #streamer :hello\r\n").await.expect("written");
    let mut line = String::new();
    pipe.read_line(&mut line).await.expect("a line");
    assert!(line.ends_with("PRIVMSG #streamer :hello\r\n"), "{line}");
    port.read_line(&mut line).await.expect("a line");
    assert!(line.contains("USERSTATE"), "{line}");

    twitch.with(|network, at| network.fault(at, "omar", Fault::Reset));
    let reset = port.read_line(&mut line).await.expect_err("reset");
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(pipe.read_line(&mut line).await.expect("an end"), 0);
}

#[tokio::test]
async fn who_hangs_up_hears_no_more() {
    let (twitch, token) = stage();
    let mut pipe = BufReader::new(twitch.open());
    join(&mut pipe, &token.access).await;
    drop(pipe);
    twitch.until("the wire is gone", |network| network.ears("streamer").is_empty()).await;
}

/// One request, as it goes over the wire, and its answer.
async fn http(twitch: &Twitch, request: &str, body: &str) -> (u16, Value) {
    let address = twitch.serve().await.expect("a port");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let kind = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
    let (head, headers) = request.split_once('\n').unwrap_or((request, ""));
    let headers = format!("host: x\r\nconnection: close\r\ncontent-type: {kind}\r\n{headers}");
    let request = format!("{head} HTTP/1.1\r\ncontent-length: {}\r\n{}\r\n\r\n{body}", body.len(), headers.trim_end());
    stream.write_all(request.as_bytes()).await.expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let status = answer[9..12].parse().expect("a status");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn helix_sends_and_says_why_not() {
    let (twitch, token) = stage();
    let id = |login| crate::twitch::Network::id_of(login);
    let request =
        |token: &str| format!("POST /helix/chat/messages\nauthorization: Bearer {token}\r\nclient-id: {CLIENT_ID}");
    let body = json!({ "broadcaster_id": id("streamer"), "sender_id": id("omar"), "message": "hello" }).to_string();
    let (status, answer) = http(&twitch, &request(&token.access), &body).await;
    assert_eq!((status, &answer["data"][0]["is_sent"]), (200, &json!(true)), "{answer}");
    let (status, answer) = http(&twitch, &request(&token.access), &body).await;
    let code = &answer["data"][0]["drop_reason"]["code"];
    assert_eq!(status, 200);
    assert!(["msg_duplicate", "msg_ratelimit"].contains(&code.as_str().unwrap_or_default()), "{answer}");
    assert_eq!(http(&twitch, &request("wrong"), &body).await.0, 401);
    twitch.with(|network, _| network.expire("omar"));
    assert_eq!(http(&twitch, &request(&token.access), &body).await.0, 401);
    assert_eq!(twitch.with(|network, _| network.shown().len()), 1);
}

#[tokio::test]
async fn tokens_are_validated_renewed_and_used_up() {
    let (twitch, token) = stage();
    let validate = |token: &str| format!("GET /oauth2/validate\nauthorization: OAuth {token}");
    let (status, answer) = http(&twitch, &validate(&token.access), "").await;
    assert_eq!((status, &answer["login"]), (200, &json!("omar")));
    twitch.with(|network, _| network.expire("omar"));
    assert_eq!(http(&twitch, &validate(&token.access), "").await.0, 401);
    let form = |refresh: &str| {
        format!("grant_type=refresh_token&refresh_token={refresh}&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}")
    };
    let (status, answer) = http(&twitch, "POST /oauth2/token", &form(&token.refresh)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(http(&twitch, &validate(answer["access_token"].as_str().expect("a token")), "").await.0, 200);
    assert_eq!(http(&twitch, "POST /oauth2/token", &form(&token.refresh)).await.0, 400, "used up");
    twitch.with(|network, _| network.fail_refreshes(1));
    let next = answer["refresh_token"].as_str().expect("a token");
    assert_eq!(http(&twitch, "POST /oauth2/token", &form(next)).await.0, 400, "on demand");
    assert_eq!(http(&twitch, "POST /oauth2/token", &form(next)).await.0, 200);
}
