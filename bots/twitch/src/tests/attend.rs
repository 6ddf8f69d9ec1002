use std::sync::{Arc, Mutex};

use chrono::DateTime;
use lovelm::chat::{ChannelId, ChatEvent, Deletion, EventId, Message, MessageId, Place, Platform, RawText, UserId};
use tokio::sync::{Semaphore, mpsc};

use crate::attend;

fn place(channel: &str) -> Place {
    Place { platform: Platform::Twitch, channel: ChannelId::new(channel) }
}

fn said(channel: &str, id: &str) -> ChatEvent {
    let (event, user) = (EventId::new(id), UserId::new("42"));
    ChatEvent::Said(Message::said(event, place(channel), user, RawText::new("x"), DateTime::UNIX_EPOCH))
}

fn deleted(channel: &str) -> ChatEvent {
    ChatEvent::Deleted(Deletion::Message { place: place(channel), message: MessageId::new("m") })
}

fn name(event: &ChatEvent) -> String {
    match event {
        ChatEvent::Said(message) => message.event.as_str().to_owned(),
        ChatEvent::Deleted(deletion) => format!("deleted in {}", deletion.place().channel.as_str()),
        _ => unreachable!("nothing else is told"),
    }
}

#[tokio::test]
async fn one_that_waits_keeps_nobody_and_a_deletion_is_heard_again_behind_it() {
    let (ears, events) = mpsc::channel(8);
    let (heard, gate) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
    let (noted, opened) = (Arc::clone(&heard), Arc::clone(&gate));
    let attending = tokio::spawn(attend(events, move |event| {
        let (heard, gate) = (Arc::clone(&noted), Arc::clone(&opened));
        async move {
            let name = name(&event);
            if name == "slow" {
                let _open = gate.acquire().await;
            }
            heard.lock().unwrap().push(name);
        }
    }));
    for event in [said("a", "slow"), said("a", "fast"), deleted("a"), deleted("b")] {
        ears.send(event).await.unwrap();
    }
    while heard.lock().unwrap().len() < 3 {
        tokio::task::yield_now().await;
    }
    let mut before = heard.lock().unwrap().clone();
    before.sort();
    assert_eq!(before, ["deleted in a", "deleted in b", "fast"]);
    gate.add_permits(1);
    drop(ears);
    attending.await.unwrap();
    assert_eq!(heard.lock().unwrap()[3..], ["slow", "deleted in a"]);
}

#[tokio::test]
async fn a_cleared_place_is_heard_once() {
    let (ears, events) = mpsc::channel(8);
    let (heard, gate) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
    let (noted, opened) = (Arc::clone(&heard), Arc::clone(&gate));
    let attending = tokio::spawn(attend(events, move |event| {
        let (heard, gate) = (Arc::clone(&noted), Arc::clone(&opened));
        async move {
            let name = name(&event);
            if name == "slow" {
                let _open = gate.acquire().await;
            }
            heard.lock().unwrap().push(name);
        }
    }));
    let cleared = ChatEvent::Deleted(Deletion::Everything { place: place("a") });
    for event in [said("a", "slow"), cleared, said("a", "later")] {
        ears.send(event).await.unwrap();
    }
    gate.add_permits(1);
    drop(ears);
    attending.await.unwrap();
    let mut all = heard.lock().unwrap().clone();
    all.sort();
    assert_eq!(all, ["deleted in a", "later", "slow"], "a second time would take what was asked later");
}
