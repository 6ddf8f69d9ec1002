use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use async_trait::async_trait;
use chrono::DateTime;
use lovelm::{
    chat::{Address, Alert, ChatEvent, Lane, Message, Outbox, PersonaId, SendError},
    clock::ManualClock,
    reply::{Frame, Recipient, deliver, draft, post},
};
use tokio::io::AsyncWrite;

use super::session::roster;
use crate::{Console, Ear, Ended, Receipt, Say, Seat, Session, Sink, chat, pipe};

/// What was written, for whoever looks.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn sink(&self) -> Sink {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Page {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A reader that has gone away.
struct Torn;

impl AsyncWrite for Torn {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Answers every line by saying it back, word by word.
struct Parrot {
    console: Arc<Console>,
    clock: Arc<ManualClock>,
    heard: Mutex<Vec<String>>,
}

#[async_trait]
impl Ear for Parrot {
    async fn hear(&self, event: ChatEvent) -> Receipt {
        let message = match event {
            ChatEvent::Said(message) => message,
            ChatEvent::Paid(message, payment) => {
                self.heard.lock().unwrap().push(format!("{} bits", payment.units));
                message
            }
            ChatEvent::Command(invocation) => invocation.message,
            ChatEvent::Deleted(_) | ChatEvent::Edited(_) | ChatEvent::Raided { .. } => return Box::pin(async {}),
        };
        self.heard.lock().unwrap().push(format!("{}: {}", message.author.name.expose(), message.text.expose()));
        let (console, clock) = (Arc::clone(&self.console), Arc::clone(&self.clock));
        Box::pin(async move { answer(&console, &clock, message).await })
    }
}

fn recipient(message: &Message, lane: Lane) -> Recipient {
    let Message { place, author, id, .. } = message.clone();
    Recipient {
        speaker: PersonaId::new("hongcha"),
        to: Address { place, user: author.user, name: author.name, message: id, callback: None },
        lane,
    }
}

fn frame(console: &Console) -> Frame {
    Frame::new(lovelm::chat::Platform::Console, console.manner())
}

async fn answer(console: &Console, clock: &ManualClock, message: Message) {
    let words = message.text.expose().to_owned();
    let (pen, drafts) = draft();
    let to = recipient(&message, Lane::Answer);
    let writing = async {
        for (end, _) in words.match_indices(' ') {
            pen.show(&words[..end]);
            tokio::task::yield_now().await;
            clock.advance(std::time::Duration::from_millis(100));
        }
        pen.finish(&words);
        tokio::task::yield_now().await;
        clock.advance(std::time::Duration::from_millis(100));
    };
    tokio::join!(deliver(console, clock, &to, frame(console), drafts), writing);
}

struct Room {
    console: Arc<Console>,
    parrot: Parrot,
    out: Page,
    notices: Page,
}

fn spoken(key: &str, args: &[(&str, String)]) -> String {
    if let Some(number) = key.strip_prefix("console-scene-") {
        return format!("민수: 질문 {number}");
    }
    args.iter().fold(format!("[{key}"), |text, (name, value)| format!("{text} {name}={value}")) + "]"
}

fn room(out: Option<Sink>, grows: bool) -> Room {
    let (page, notices) = (Page::default(), Page::default());
    let say: Say = Arc::new(spoken);
    let names = vec![(PersonaId::new("hongcha"), "홍차".to_owned())];
    let apart = (!grows).then(|| notices.sink());
    let console = Arc::new(Console::new(out.unwrap_or_else(|| page.sink()), apart, names, say, grows));
    let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
    let parrot = Parrot { console: Arc::clone(&console), clock, heard: Mutex::default() };
    Room { console, parrot, out: page, notices }
}

impl Room {
    fn seat(&self) -> Seat<'_> {
        Seat { console: &self.console, ear: &self.parrot, clock: &*self.parrot.clock }
    }

    async fn pipe(&self, input: &[u8]) -> Ended {
        pipe(self.seat(), Session::new("run", "viewer", roster()), input, std::future::pending()).await.unwrap()
    }

    async fn chat(&self, input: &[u8]) -> Ended {
        chat(self.seat(), Session::new("run", "viewer", roster()), input, std::future::pending()).await.unwrap()
    }

    fn heard(&self) -> Vec<String> {
        self.parrot.heard.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_pipe_is_answered_line_by_line() {
    let room = room(None, false);
    let ended = room.pipe("하나 둘 셋\n\n/as 민수\n/bits 100 넷\r\n/panel 다섯".as_bytes()).await;
    assert_eq!(room.out.text(), "홍차: 하나 둘 셋\n홍차: 넷\n홍차: 다섯\n");
    assert_eq!(room.heard(), ["viewer: 하나 둘 셋", "100 bits", "민수: 넷", "민수: 다섯"]);
    assert_eq!(room.notices.text(), "[console-speaking-as name=민수]\n");
    assert_eq!(ended, Ended { lines: 5, refused: 0, scene: false });
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_noted_by_number_and_skipped() {
    let room = room(None, false);
    let input = [b"a\n\xff\xfe\n".as_slice(), "x".repeat(100_000).as_bytes(), b"\nb\n/nope\n"].concat();
    let ended = room.pipe(&input).await;
    assert_eq!(room.out.text(), "홍차: a\n홍차: b\n");
    let notes = [
        "[console-line-not-text line=2]",
        "[console-line-too-long limit=64 line=3]",
        "[unknown-command command=/nope]",
    ];
    assert_eq!(room.notices.text(), notes.join("\n") + "\n");
    assert_eq!(ended, Ended { lines: 5, refused: 2, scene: false });
}

#[tokio::test]
async fn an_input_without_a_line_plays_the_scene() {
    let room = room(None, false);
    assert!(room.pipe(b"").await.scene);
    let turns = ["1", "2", "3"].map(|n| format!("민수: 질문 {n}\n홍차: 질문 {n}\n")).concat();
    assert_eq!(room.out.text(), format!("[console-scene]\n{turns}"));
    assert_eq!(room.heard()[0], "민수: 질문 1");
}

#[tokio::test]
async fn an_empty_line_is_a_line_and_plays_nothing() {
    let room = room(None, false);
    assert_eq!(room.pipe(b"\n").await, Ended { lines: 1, refused: 0, scene: false });
    assert_eq!(room.out.text(), "");
}

#[tokio::test]
async fn quit_ends_before_the_next_line() {
    let room = room(None, false);
    assert_eq!(room.pipe(b"a\n/quit\nb\n").await.lines, 2);
    assert_eq!(room.out.text(), "홍차: a\n");
}

#[tokio::test]
async fn a_pipe_that_nobody_reads_ends() {
    let room = room(Some(Box::new(Torn)), false);
    assert_eq!(room.pipe(b"a\nb\nc\n").await.lines, 1);
}

#[tokio::test]
async fn somebody_who_types_is_heard_at_once_and_answers_stay_whole() {
    let room = room(None, true);
    let ended = room.chat("하나 둘 셋 넷\n다섯 여섯 일곱\n/help\n".as_bytes()).await;
    assert_eq!(ended.lines, 3);
    let out = room.out.text();
    let printed: Vec<&str> = out.lines().collect();
    assert!(printed.contains(&"[console-help]"), "{out}");
    assert!(printed.iter().all(|line| !line.contains("하나") || !line.contains("다섯")), "{out}");
    for word in ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱"] {
        assert_eq!(out.matches(word).count(), 1, "{word} in {out}");
    }
    assert!(out.ends_with('\n'));
}

#[tokio::test]
async fn shutdown_ends_the_reading_at_once() {
    let room = room(None, true);
    let (_writer, input) = tokio::io::duplex(64);
    let session = Session::new("run", "viewer", roster());
    let ended = chat(room.seat(), session, tokio::io::BufReader::new(input), async {}).await.unwrap();
    assert_eq!(ended, Ended::default());
}

#[tokio::test]
async fn whispers_notices_and_alerts_are_lines_of_their_own() {
    let room = room(None, true);
    let room_ref = &room;
    room.chat(b"x\n").await;
    let ChatEvent::Said(message) = said("y") else { panic!() };
    let notice = recipient(&message, Lane::Notice);
    post(&*room_ref.console, &*room.parrot.clock, &notice, &frame(&room.console), "잠깐만요.").await;
    let text = frame(&room.console).own("\u{1b}[2J비밀\n오마르: 가짜").remove(0);
    let whispered =
        lovelm::chat::Post { speaker: notice.speaker, to: notice.to, text, lane: Lane::Notice, follows: None };
    room.console.whisper(&whispered).await.unwrap();
    let place = whispered.to.place.clone();
    room.console.alert(&Alert { place, to: None, message: None, class: "suicide" }).await.unwrap();
    let expected = "홍차: x\n홍차: 잠깐만요.\n[console-whisper persona=홍차]: 비밀\n  오마르: 가짜\n[console-alert class=suicide]\n";
    assert_eq!(room.out.text(), expected);
}

#[tokio::test]
async fn a_reader_that_is_gone_is_gone_for_every_line() {
    let room = room(Some(Box::new(Torn)), true);
    let ChatEvent::Said(message) = said("y") else { panic!() };
    let to = recipient(&message, Lane::Answer);
    let text = frame(&room.console).own("네").remove(0);
    let line = lovelm::chat::Post { speaker: to.speaker, to: to.to, text, lane: Lane::Answer, follows: None };
    assert_eq!(room.console.send(&line).await, Err(SendError::Gone));
    assert_eq!(room.console.whisper(&line).await, Err(SendError::Gone));
}

fn said(text: &str) -> ChatEvent {
    match Session::new("run", "viewer", roster()).read(text, DateTime::UNIX_EPOCH) {
        crate::session::Step::Hear(event) => *event,
        _ => panic!("nothing to hear"),
    }
}
