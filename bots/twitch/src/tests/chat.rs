//! Twitch from its door to the wire and back, with time paused.

use std::time::Duration;

use lovelm::chat::{ChatEvent, SendError};
use tokio::time::timeout;

use super::far::{Far, Wire, post};

const STATE: &str = "@emote-only=0;followers-only=-1;r9k=0;room-id=7;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #a";
const SAID: &str = "@id=m-1;user-id=42 :minsu!m@m PRIVMSG #a :홍차야 안녕";

async fn heard(far: &mut Far) -> ChatEvent {
    timeout(Duration::from_secs(30), far.events.recv()).await.expect("in time").expect("an event")
}

/// One account in one channel.
async fn at_home() -> (Far, Wire) {
    let mut far = Far::open(&["hongcha"], &["a"]);
    let mut wire = far.accept().await;
    assert_eq!(wire.join().await, "a");
    wire.tell(STATE).await;
    (far, wire)
}

#[tokio::test(start_paused = true)]
async fn what_is_said_is_heard_and_answered() {
    let (mut far, mut wire) = at_home().await;
    wire.tell(SAID).await;
    let ChatEvent::Said(message) = heard(&mut far).await else { panic!() };
    assert_eq!(message.text.expose(), "홍차야 안녕");
    let outbox = far.outbox.clone();
    let sent = tokio::spawn(async move { outbox.send(&post("hongcha", "a", "안녕하세요 여러분")).await });
    assert_eq!(wire.next().await, "@reply-parent-msg-id=m-1 PRIVMSG #a :안녕하세요 여러분");
    wire.tell("@badges=;id=m-2;mod=0 :tmi.twitch.tv USERSTATE #a").await;
    assert_eq!(sent.await.unwrap().expect("shown").id.as_str(), "m-2");
}

#[tokio::test(start_paused = true)]
async fn the_same_line_twice_is_heard_once() {
    let (mut far, mut wire) = at_home().await;
    for line in [SAID, SAID, "@id=m-2;user-id=42 :minsu!m@m PRIVMSG #a :그리고"] {
        wire.tell(line).await;
    }
    heard(&mut far).await;
    let ChatEvent::Said(second) = heard(&mut far).await else { panic!() };
    assert_eq!(second.text.expose(), "그리고");
}

#[tokio::test(start_paused = true)]
async fn broken_lines_lose_nothing() {
    let (mut far, mut wire) = at_home().await;
    wire.raw(b"@bits=100;id=1;emotes=25:4-0;user-id=4 :a!a@a PRIVMSG #a :Cheer100 \xff\xfe a\rb\r\n").await;
    wire.raw(b"\r\n\n@ :x\r\n@bits=1 \r\n\xff\xff\xff\r\n").await;
    wire.raw(format!("@junk={};bits=5;id=2;user-id=4 :a!a@a PRIVMSG #a :big\r\n", "x".repeat(8192)).as_bytes()).await;
    wire.raw(&vec![b'x'; 100_000]).await;
    wire.raw(b"\r\n@bits=7;id=3;user-id=4 :a!a@a PRIVMSG #a :last\r\n").await;
    for units in [100, 5, 7] {
        let ChatEvent::Paid(_, payment) = heard(&mut far).await else { panic!() };
        assert_eq!(payment.units, units);
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_in_doubt_is_never_said_again() {
    let (mut far, mut wire) = at_home().await;
    let outbox = far.outbox.clone();
    let sent = tokio::spawn(async move { outbox.send(&post("hongcha", "a", "한 번만 말해요")).await });
    assert!(wire.next().await.ends_with("한 번만 말해요"));
    wire.tell(":tmi.twitch.tv RECONNECT").await;
    assert_eq!(sent.await.unwrap(), Err(SendError::InDoubt));
    let mut again = far.accept().await;
    assert_eq!(again.join().await, "a");
    assert!(timeout(Duration::from_mins(1), again.next()).await.is_err(), "nothing more is said");
}

#[tokio::test(start_paused = true)]
async fn a_sister_that_hears_a_line_confirms_it() {
    let mut far = Far::open(&["hongcha", "omar"], &["a"]);
    let (first, second) = (far.accept().await, far.accept().await);
    let (mut hongcha, mut omar) = if first.login == "hongcha_bot" { (first, second) } else { (second, first) };
    assert_eq!(hongcha.join().await, "a");
    let outbox = far.outbox.clone();
    let sent = tokio::spawn(async move { outbox.send(&post("omar", "a", "나는 오마르야")).await });
    assert!(omar.next().await.ends_with("나는 오마르야"));
    hongcha.tell("@id=m-3;user-id=8 :omar_bot!o@o PRIVMSG #a :나는 오마르야").await;
    assert_eq!(sent.await.unwrap().expect("shown").id.as_str(), "m-3");
    let ChatEvent::Said(message) = heard(&mut far).await else { panic!() };
    assert!(message.author.is_bot, "our own are nobody's callers");
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_given_up_and_others_take_over() {
    let mut far = Far::open(&["hongcha", "omar"], &["a", "b"]);
    let (mut first, mut second) = (far.accept().await, far.accept().await);
    let (lost, kept) = tokio::join!(first.join(), second.join());
    assert_ne!(lost, kept);
    // The first says nothing any more; the second goes on.
    let taken = timeout(Duration::from_secs(15), second.join()).await.expect("taken over in time");
    assert_eq!(taken, lost);
    drop(first);
}

#[tokio::test(start_paused = true)]
async fn a_refused_login_leaves_the_others_alone() {
    let mut far = Far::open(&["hongcha", "omar"], &["a"]);
    let mut refused = far.knock().await;
    refused.tell(":tmi.twitch.tv NOTICE * :Login authentication failed").await;
    let mut other = far.accept().await;
    assert_ne!(refused.login, other.login);
    assert_eq!(timeout(Duration::from_secs(15), other.join()).await.expect("joined"), "a");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_reaches_whoever_spoke() {
    let (far, mut wire) = at_home().await;
    let outbox = far.outbox.clone();
    let sent = tokio::spawn(async move { outbox.send(&post("hongcha", "a", "막힌 말")).await });
    wire.next().await;
    wire.tell("@msg-id=msg_rejected_mandatory :tmi.twitch.tv NOTICE #a :no").await;
    assert_eq!(sent.await.unwrap(), Err(SendError::Refused("rejected".into())));
}
