use chrono::DateTime;
use lovelm::chat::{CallName, ChatEvent, Command, PersonaId, Roster};

use crate::{
    Session,
    session::{Sentence, Step},
};

pub fn roster() -> Roster {
    let call = |persona: &str, name: &str| CallName { persona: PersonaId::new(persona), name: name.to_owned() };
    Roster {
        personas: vec![PersonaId::new("hongcha"), PersonaId::new("omar")],
        names: vec![call("hongcha", "홍차"), call("omar", "오마르")],
    }
}

fn session() -> Session {
    Session::new("run", "viewer", roster())
}

fn heard(step: Step) -> ChatEvent {
    match step {
        Step::Hear(event) => *event,
        _ => panic!("nothing to hear"),
    }
}

fn said(step: Step) -> Sentence {
    match step {
        Step::Say(sentence) => sentence,
        _ => panic!("nothing to say"),
    }
}

#[test]
fn a_plain_line_is_said_by_the_viewer() {
    let mut session = session();
    let ChatEvent::Said(first) = heard(session.read(" @omar 안녕 ", DateTime::UNIX_EPOCH)) else { panic!() };
    assert_eq!((first.text.expose(), first.author.name.expose()), ("@omar 안녕", "viewer"));
    assert!(!first.author.is_bot && first.mentions.is_empty());
    assert_eq!(
        said(session.read("/as 민수", DateTime::UNIX_EPOCH)),
        ("console-speaking-as", vec![("name", "민수".to_owned())])
    );
    let ChatEvent::Said(second) = heard(session.read("나야", DateTime::UNIX_EPOCH)) else { panic!() };
    assert_eq!(second.author.user.as_str(), "민수");
    assert_ne!(first.event, second.event);
    assert!(matches!(session.read(" \t ", DateTime::UNIX_EPOCH), Step::Nothing));
}

#[test]
fn bits_pay_with_words_and_without() {
    for (line, words, units) in [("/bits 100 고백할까?", "고백할까?", 100), ("/BITS 5", "", 5)] {
        let ChatEvent::Paid(message, payment) = heard(session().read(line, DateTime::UNIX_EPOCH)) else { panic!() };
        assert_eq!((message.text.expose(), payment.units, payment.cents), (words, units, units));
    }
    for line in ["/bits", "/bits x", "/bits -5 x", "/bits 0", "/bits 99999999999999999999"] {
        assert_eq!(said(session().read(line, DateTime::UNIX_EPOCH)).0, "console-bits-usage", "{line}");
    }
}

#[test]
fn a_viewer_keeps_how_they_stand() {
    let mut session = session();
    assert_eq!(said(session.read("/mod", DateTime::UNIX_EPOCH)).1[1].1, "on");
    assert_eq!(said(session.read("/sub", DateTime::UNIX_EPOCH)).1[1].1, "on");
    assert_eq!(said(session.read("/mod", DateTime::UNIX_EPOCH)).1[1].1, "off");
    let mut standing = |line: &str| {
        said(session.read(line, DateTime::UNIX_EPOCH));
        let ChatEvent::Said(message) = heard(session.read("x", DateTime::UNIX_EPOCH)) else { panic!() };
        (message.author.standing.moderator, message.author.standing.supporter)
    };
    assert_eq!(standing("/as b"), (false, false));
    assert_eq!(standing("/as viewer"), (false, true));
}

#[test]
fn commands_are_the_fleets_own() {
    let ChatEvent::Command(panel) = heard(session().read("/panel 고백할까?", DateTime::UNIX_EPOCH)) else {
        panic!()
    };
    assert!(matches!(panel.command, Command::Panel { text } if text.expose() == "고백할까?"));
    assert_eq!(panel.message.text.expose(), "고백할까?");
    assert!(matches!(session().read("/quit", DateTime::UNIX_EPOCH), Step::Quit));
}

#[test]
fn what_is_not_understood_gets_a_sentence() {
    for (line, key) in [
        ("/nope", "unknown-command"),
        ("/", "unknown-command"),
        ("/persona minsu", "unknown-persona"),
        ("/panel", "missing-text"),
        ("/language fr", "bad-argument"),
        ("/as", "console-as-usage"),
        ("/help", "console-help"),
    ] {
        assert_eq!(said(session().read(line, DateTime::UNIX_EPOCH)).0, key, "{line}");
    }
    let long = format!("/as {}", "가".repeat(41));
    assert_eq!(said(session().read(&long, DateTime::UNIX_EPOCH)).0, "console-as-usage");
}
