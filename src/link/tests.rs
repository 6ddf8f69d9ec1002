use std::time::Duration;

use redis::cmd;

use super::{Inbox, Letter, Link, LinkError, RedisConfig, server::RedisServer};

fn quick() -> RedisConfig {
    RedisConfig { reply_timeout: Duration::from_millis(200), ..RedisConfig::default() }
}

fn link(server: &RedisServer) -> Link {
    Link::open(&server.url(), &quick()).unwrap()
}

#[tokio::test]
async fn a_server_that_comes_back_is_found_again() {
    let mut server = RedisServer::start();
    let link = link(&server);
    assert_eq!(link.ask::<String>(&cmd("PING")).await.unwrap(), "PONG");
    server.kill();
    assert!(matches!(link.ask_patiently::<String>(&cmd("PING")).await, Err(LinkError::Away(_))));
    server.restart();
    assert_eq!(link.ask_patiently::<String>(&cmd("PING")).await.unwrap(), "PONG");
}

#[tokio::test]
async fn a_server_that_stands_still_is_away_and_one_that_refuses_is_not() {
    let server = RedisServer::start();
    let link = link(&server);
    server.pause();
    assert!(matches!(link.ask::<String>(&cmd("PING")).await, Err(LinkError::Away(_))));
    server.resume();
    let refused = link.ask_patiently::<String>(cmd("FCALL").arg("nothing").arg(0)).await.unwrap_err();
    assert!(matches!(refused, LinkError::Refused { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_name_is_one_processes_alone_until_its_time_is_over() {
    let server = RedisServer::start();
    let (one, other) = (link(&server), link(&server));
    let short = Duration::from_millis(300);
    assert_eq!(one.claim("{t}:a", short).await, Ok(true));
    assert_eq!(other.claim("{t}:a", short).await, Ok(false));
    assert_eq!(one.claim("{t}:a", short).await, Ok(false), "not twice by the same");
    assert_eq!(other.claim("{t}:b", short).await, Ok(true));
    while server.say("EXISTS {t}:a") == ":1\r\n" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(other.claim("{t}:a", short).await, Ok(true));
    server.pause();
    assert!(matches!(one.claim("{t}:c", short).await, Err(LinkError::Away(_))));
    server.resume();
}

#[test]
fn an_address_that_cannot_be_is_refused_without_being_repeated() {
    let error = Link::open("http://:hunter2@host", &RedisConfig::default()).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let link = Link::open("redis://:hunter2@127.0.0.1:1/", &RedisConfig::default()).unwrap();
    assert!(!format!("{link:?}").contains("hunter2"));
}

#[tokio::test]
async fn letters_come_in_order_and_once_and_are_let_go_of() {
    let server = RedisServer::start();
    let link = link(&server);
    let mut inbox = Inbox::of(&link, "{t}:in".into());
    for letter in ["a", "b"] {
        link.send("{t}:in", letter.as_bytes()).await.unwrap();
    }
    let own = |letter: &str| Letter::Own(letter.as_bytes().to_vec());
    assert_eq!(inbox.next(Duration::from_secs(5)).await.unwrap(), [own("a"), own("b")]);
    assert_eq!(server.say("XLEN {t}:in"), ":0\r\n");
    link.send("{t}:in", b"c").await.unwrap();
    assert_eq!(inbox.next(Duration::from_secs(5)).await.unwrap(), [own("c")]);
    assert_eq!(inbox.next(Duration::from_millis(1)).await.unwrap(), []);
    assert!(server.say("TTL {t}:in").trim_start_matches(':').trim().parse::<i64>().unwrap() > 0, "it goes by itself");
}

#[tokio::test]
async fn letters_written_after_a_flush_are_read() {
    let server = RedisServer::start();
    let link = link(&server);
    let mut inbox = Inbox::of(&link, "{t}:in".into()).hearing("{t}:bell".into());
    link.send("{t}:in", b"before").await.unwrap();
    assert_eq!(inbox.next(Duration::from_secs(5)).await.unwrap().len(), 1);
    server.flush();
    // The server names letters by the millisecond: in the same one, an empty stream would give a name that was read before.
    tokio::time::sleep(Duration::from_millis(5)).await;
    link.send("{t}:in", b"after").await.unwrap();
    link.send("{t}:bell", b"").await.unwrap();
    let mut heard = Vec::new();
    for _ in 0..4 {
        if heard.len() < 2 {
            heard.extend(inbox.next(Duration::from_secs(5)).await.unwrap());
        }
    }
    assert!(heard.contains(&Letter::Bell) && heard.contains(&Letter::Own(b"after".to_vec())), "{heard:?}");
}
