use std::path::Path;

use chrono::DateTime;

use super::*;
use crate::{
    chat::{ChannelId, EventId, Message, MessageId, Place, Platform, Quoted, RawText, UserId},
    routing::Call,
};

fn door(folder: &Path) -> Door {
    let keyring = Keyring::open_or_create(&folder.join("keys.toml")).unwrap();
    Door::new(std::sync::Arc::new(keyring), ["홍차", "hongcha"])
}

fn call(question: &str, context: &[&str]) -> Call {
    let place = Place { platform: Platform::Discord, channel: ChannelId::new("channel-1") };
    let (event, user) = (EventId::new("event-1"), UserId::new("123456789012345678"));
    let mut message = Message::said(event, place, user, RawText::new(question), DateTime::UNIX_EPOCH);
    message.id = Some(MessageId::new("message-1"));
    message.author.name = RawText::new("민수짱");
    message.context = context.iter().map(|text| Quoted { speaker: None, text: RawText::new(*text) }).collect();
    Call {
        question: RawText::new(question),
        message,
        personas: vec![PersonaId::new("omar")],
        kind: CallKind::Mention,
        payment: None,
    }
}

#[test]
fn what_comes_through_holds_nothing_personal_outside_its_address() {
    let folder = tempfile::tempdir().unwrap();
    let private =
        door(folder.path()).through(&call("민수가 010-1234-5678로 전화했어", &["지영이랑 민수는 친해?"]), Language::En);
    assert_eq!(private.story.as_str(), "A가 [전화번호]로 전화했어");
    assert_eq!(private.context[0].text.as_str(), "B랑 A는 친해?");
    assert_eq!(private.language, Language::Ko);
    assert_eq!(private.address.user.as_str(), "123456789012345678");
    let printed = format!("{private:?}");
    for canary in ["민수", "지영", "010", "123456789012345678", "event-1", "message-1", "channel-1"] {
        assert!(!printed.contains(canary), "{canary}");
    }
}

#[test]
fn a_person_is_found_under_every_key() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = std::sync::Arc::new(Keyring::open_or_create(&folder.path().join("keys.toml")).unwrap());
    let door = Door::new(keyring.clone(), []);
    let before = door.through(&call("hello", &[]), Language::Ko);
    keyring.rotate().unwrap();
    let after = door.through(&call("hello", &[]), Language::Ko);
    assert_ne!(before.who, after.who);
    assert_ne!(before.event, after.event);
    let everywhere = keyring.pseudonyms(Platform::Discord, &UserId::new("123456789012345678"));
    assert_eq!(everywhere, [after.who.clone(), before.who]);
    assert_eq!(after.belonging(7).who(), &after.who);
    assert_eq!(door.belonging(Platform::Discord, &UserId::new("123456789012345678"), 7).who(), &after.who);
}

#[test]
fn floods_are_cut_before_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(folder.path()).with_limit(10);
    let flood = "가".repeat(100_000);
    let private = door.through(&call(&flood, &["an old line", "새 줄", "last"]), Language::En);
    assert_eq!(private.story.as_str(), "가".repeat(10));
    let context: Vec<&str> = private.context.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(context, ["새 줄", "last"]);
    assert_eq!(door.through(&call("", &[]), Language::Ja).language, Language::Ja);
}

#[test]
fn answers_are_scrubbed_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let answer = door(folder.path()).answer("홍차예요. jake@example.com으로 물어봐요. 109에 전화해요.");
    assert_eq!(answer.as_str(), "홍차예요. [메일]로 물어봐요. 109에 전화해요.");
}
