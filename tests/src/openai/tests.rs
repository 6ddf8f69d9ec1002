use std::io;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;

/// A client by hand, so that these tests know no client's opinion of the protocol.
async fn ask(server: &Server, body: &Value, headers: &str) -> io::Result<TcpStream> {
    let body = body.to_string();
    let mut wire = TcpStream::connect(server.address).await?;
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    wire.write_all((head + &body).as_bytes()).await?;
    Ok(wire)
}

async fn reply(server: &Server, body: &Value, headers: &str) -> String {
    let mut wire = ask(server, body, headers).await.expect("connected");
    let mut bytes = Vec::new();
    let _ = wire.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).expect("UTF-8")
}

fn question(text: &str) -> Value {
    json!({
        "model": "m",
        "stream": true,
        "stream_options": { "include_usage": true },
        "messages": [{ "role": "system", "content": "Be kind." }, { "role": "user", "content": text }],
    })
}

/// The text of an event stream.
fn text(reply: &str) -> String {
    let events =
        reply.lines().filter_map(|line| line.strip_prefix("data: ")).filter_map(|data| data.parse::<Value>().ok());
    events.filter_map(|event| event["choices"][0]["delta"]["content"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn it_streams_the_script_with_an_end_and_numbers() {
    let server = Server::start().await.expect("started");
    let reply = reply(&server, &question("왜 답장이 없을까요?"), "").await;
    assert_eq!(text(&reply), "I hear you: 왜 답장이 없을까요?");
    assert!(reply.contains("\"finish_reason\":\"stop\""), "{reply}");
    assert!(reply.contains("\"completion_tokens\":"), "{reply}");
    assert!(reply.contains("data: [DONE]"), "{reply}");
    assert_eq!(server.asked()[0].last("user"), Some("왜 답장이 없을까요?"));
    assert_eq!(server.asked()[0].last("system"), Some("Be kind."));
}

#[tokio::test]
async fn it_keeps_to_the_longest_answer_and_answers_in_one_as_well() {
    let server = Setup::default().script(|_| "one two three".into()).start().await.expect("started");
    let mut body = question("count");
    body["max_tokens"] = json!(2);
    body["stream"] = json!(false);
    let reply = reply(&server, &body, "").await;
    assert!(reply.contains("\"content\":\"one two \""), "{reply}");
    assert!(reply.contains("\"finish_reason\":\"length\""), "{reply}");
}

#[tokio::test]
async fn it_refuses_strangers_and_on_demand() {
    let server = Setup::default().key("secret").start().await.expect("started");
    assert!(reply(&server, &question("a"), "").await.starts_with("HTTP/1.1 401"));
    server.plan(Behaviour::Refuse(429, Some(7)));
    let busy = reply(&server, &question("b"), "Authorization: Bearer secret\r\n").await;
    assert!(busy.starts_with("HTTP/1.1 429") && busy.contains("retry-after: 7"), "{busy}");
    let fine = reply(&server, &question("c"), "Authorization: Bearer secret\r\n").await;
    assert_eq!(text(&fine), "I hear you: c");
    assert_eq!(server.asked().len(), 3);
    assert_eq!(server.asked()[2].authorization.as_deref(), Some("Bearer secret"));
}

#[tokio::test]
async fn it_cuts_and_babbles_on_demand() {
    let server = Server::start().await.expect("started");
    server.plan(Behaviour::Cut(2));
    server.plan(Behaviour::Garbage);
    let cut = reply(&server, &question("a"), "").await;
    assert_eq!(text(&cut), "I hear");
    assert!(!cut.contains("[DONE]") && !cut.ends_with("0\r\n\r\n"), "{cut}");
    assert!(reply(&server, &question("b"), "").await.contains("data: {\"choices\":\n"));
}

#[tokio::test]
async fn it_notices_when_a_client_leaves() {
    let server = Server::start().await.expect("started");
    for behaviour in [Behaviour::Hang, Behaviour::Stall(1)] {
        server.plan(behaviour);
        let mut wire = ask(&server, &question("a"), "").await.expect("connected");
        assert!(wire.read_u8().await.is_ok(), "the head comes");
    }
    server.left(2).await;
}
