//! What joins, what does not, and that nothing is lost on the way.

mod traces;

use std::{sync::Arc, time::Duration};

use chrono::DateTime;
use serde_json::json;

use super::{CoalesceConfig, GatheringId, Scope, State, Taken, Words};
use crate::{
    chat::{Address, ChannelId, Language, PersonaId, Place, Platform, RawText, Standing, UserId},
    clock::ManualClock,
    limits::{Admitted, Limits, LimitsConfig},
    privacy::{Line, Private, Pseudonym, Scrubbed},
    routing::CallKind,
};

/// What is said raw is not looked at here: a number stands for it.
type Town = State<u32>;

fn pseudonym(number: u32) -> Pseudonym {
    let mut mac = [0_u8; 32];
    mac[..4].copy_from_slice(&number.to_be_bytes());
    serde_json::from_value(json!({ "key_version": 1, "mac": mac })).unwrap()
}

fn scrubbed(text: &str) -> Scrubbed {
    serde_json::from_value(json!(text)).unwrap()
}

/// The machine's own console meets no limit, so that a test can have as many calls as it likes.
fn call(person: u32, text: &str) -> Private {
    Private {
        who: pseudonym(person),
        place: pseudonym(1000),
        event: pseudonym(0),
        older_events: Vec::new(),
        personas: vec![PersonaId::new("omar")],
        kind: CallKind::Mention,
        payment: None,
        standing: Standing::default(),
        language: Language::Ko,
        story: scrubbed(text),
        context: Vec::new(),
        address: Address {
            place: Place { platform: Platform::Console, channel: ChannelId::new("c") },
            user: UserId::new("u"),
            name: RawText::new("이름"),
            message: None,
            callback: None,
        },
    }
}

fn admitted(call: Private) -> Arc<Admitted> {
    let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
    Arc::new(Limits::new(&LimitsConfig::default(), clock).admit(call).unwrap())
}

/// A message of ten characters.
fn words(number: u32) -> Words<u32> {
    Words { message: Some(message(number)), chars: 10, said: number }
}

fn message(number: u32) -> Pseudonym {
    pseudonym(10_000 + number)
}

fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn open(town: &mut Town, now: Duration, call: Private, number: u32) -> GatheringId {
    town.open(now, admitted(call), words(number)).expect("room")
}

fn growing(town: &Town, now: Duration, person: u32, persona: &str) -> Option<GatheringId> {
    let personas = [PersonaId::new(persona)];
    town.growing(now, &pseudonym(person), &pseudonym(1000), (&personas, 10)).map(|growing| growing.id)
}

fn join(town: &mut Town, person: u32, text: &str, number: u32) -> Option<GatheringId> {
    let call = call(person, text);
    let id = town.same(&call)?;
    town.join(id, admitted(call), words(number)).ok().map(|()| id)
}

#[test]
fn a_burst_goes_on_while_it_is_quick_and_short() {
    let config = CoalesceConfig::default();
    let mut town = Town::new(&config);
    let id = open(&mut town, at(0), call(1, "우리 남친이"), 0);
    assert_eq!(growing(&town, at(1500), 1, "omar"), Some(id));
    assert_eq!(growing(&town, at(1501), 1, "omar"), None, "too late");
    assert_eq!(growing(&town, at(100), 2, "omar"), None, "somebody else");
    assert_eq!(growing(&town, at(100), 1, "shuhi"), None, "another persona");
    for (number, now) in [(1, 1500), (2, 3000), (3, 4500)] {
        town.grow(at(now), id, &pseudonym(1), words(number)).unwrap();
    }
    assert_eq!(growing(&town, at(5000), 1, "omar"), Some(id));
    assert_eq!(growing(&town, at(5001), 1, "omar"), None, "five seconds from the first");
    assert!(town.grow(at(5001), id, &pseudonym(1), words(4)).is_err());
    assert!(town.grow(at(5000), id, &pseudonym(2), words(4)).is_err(), "it changed hands meanwhile");
    assert_eq!(town.begin(id).unwrap().reworded, Some(vec![0, 1, 2, 3]));
    assert_eq!(growing(&town, at(5000), 1, "omar"), None, "it has begun");
    assert!(town.grow(at(5000), id, &pseudonym(1), words(4)).is_err());
    town.end(id);
    assert!(town.is_empty());
}

#[test]
fn a_burst_has_an_end_in_messages_and_in_characters() {
    let mut town = Town::new(&CoalesceConfig { most_messages: 2, ..CoalesceConfig::default() });
    let id = open(&mut town, at(0), call(1, "가"), 0);
    town.grow(at(0), id, &pseudonym(1), words(1)).unwrap();
    assert_eq!(growing(&town, at(0), 1, "omar"), None);
    assert_eq!(town.grow(at(0), id, &pseudonym(1), words(2)).unwrap_err().said, 2, "given back");
    let mut town = Town::new(&CoalesceConfig { most_chars: 19, ..CoalesceConfig::default() });
    open(&mut town, at(0), call(1, "가"), 0);
    assert_eq!(growing(&town, at(0), 1, "omar"), None);
    let mut town = Town::new(&CoalesceConfig { gap: Duration::ZERO, ..CoalesceConfig::default() });
    open(&mut town, at(0), call(1, "가"), 0);
    assert_eq!(growing(&town, at(0), 1, "omar"), None, "switched off");
}

#[test]
fn a_burst_joins_a_panel_whomever_it_calls() {
    let mut town = Town::new(&CoalesceConfig::default());
    let panel =
        Private { kind: CallKind::Panel, personas: ["omar", "shuhi"].map(PersonaId::new).into(), ..call(1, "가") };
    let id = open(&mut town, at(0), panel, 0);
    assert_eq!(growing(&town, at(100), 1, "omar"), Some(id));
}

#[test]
fn the_same_question_is_the_same_however_it_is_typed() {
    let mut town = Town::new(&CoalesceConfig::default());
    let id = open(&mut town, at(0), call(1, "고백할까  LOVE?"), 0);
    for (person, text) in [(2, "고백할까 love?"), (3, "  고백할까\r\nＬＯＶＥ？ "), (4, "고\u{200b}백할까 Love?")]
    {
        assert_eq!(join(&mut town, person, text, person), Some(id), "{text}");
    }
    assert_eq!(town.same(&call(5, "고백할까 love")), None, "nothing is guessed");
    let elsewhere = |change: fn(&mut Private)| {
        let mut call = call(5, "고백할까 love?");
        change(&mut call);
        call
    };
    for different in [
        elsewhere(|call| call.place = pseudonym(1001)),
        elsewhere(|call| call.personas = vec![PersonaId::new("shuhi")]),
        elsewhere(|call| call.language = Language::Ja),
        elsewhere(|call| call.kind = CallKind::Panel),
        elsewhere(|call| call.context = vec![Line { speaker: None, text: scrubbed("가") }]),
        elsewhere(|call| {
            call.payment = Some(serde_json::from_value(json!({"kind": "bits", "units": 1, "cents": 1})).unwrap());
        }),
    ] {
        assert_eq!(town.same(&different), None);
    }
    assert!(town.begin(id).is_some() && town.is_shared(id));
    assert_eq!(town.same(&call(5, "고백할까 love?")), None, "it has begun");
    assert_eq!(town.others(id, &pseudonym(1)).len(), 3);
    assert_eq!(town.others(id, &pseudonym(1)).len(), 0, "told once");
    town.end(id);
    assert!(town.is_empty());
}

#[test]
fn nobody_joins_a_worse_place_than_their_own() {
    let supporter = |person| {
        let standing = Standing { supporter: true, moderator: false };
        Private { standing, ..call(person, "가") }
    };
    let mut town = Town::new(&CoalesceConfig::default());
    let free = open(&mut town, at(0), call(1, "가"), 1);
    assert_eq!(town.same(&supporter(2)), None);
    let better = open(&mut town, at(0), supporter(2), 2);
    assert_eq!(town.same(&call(3, "가")), Some(better));
    town.end(better);
    town.end(free);
    assert!(town.is_empty());
}

#[test]
fn a_shared_question_no_longer_grows_and_has_an_end() {
    let mut town = Town::new(&CoalesceConfig { most_askers: 2, ..CoalesceConfig::default() });
    let id = open(&mut town, at(0), call(1, "가"), 1);
    assert_eq!(join(&mut town, 2, "가", 2), Some(id));
    assert_eq!(growing(&town, at(10), 1, "omar"), None);
    assert_eq!(growing(&town, at(10), 2, "omar"), None);
    assert_eq!(join(&mut town, 3, "가", 3), None, "full");
    assert_eq!(join(&mut town, 2, "가", 4), Some(id), "somebody in it says it again");
    assert_eq!(town.end(id).iter().map(|asker| asker.words.len()).collect::<Vec<_>>(), [1, 2]);
    let mut town = Town::new(&CoalesceConfig { most_waiting: 1, ..CoalesceConfig::default() });
    open(&mut town, at(0), call(1, "가"), 1);
    assert!(town.open(at(0), admitted(call(2, "나")), words(2)).is_none(), "waits alone");
    assert_eq!(join(&mut town, 2, "가", 2), None);
}

#[test]
fn what_is_deleted_is_not_asked() {
    let mut town = Town::new(&CoalesceConfig::default());
    let id = open(&mut town, at(0), call(1, "가"), 0);
    for number in [1, 2] {
        town.grow(at(0), id, &pseudonym(1), words(number)).unwrap();
    }
    assert!(matches!(town.take_back(&message(1)), Taken::Less));
    assert!(matches!(town.take_back(&message(1)), Taken::Unknown), "once");
    assert_eq!(town.clone().begin(id).unwrap().reworded, Some(vec![0, 2]));
    assert!(matches!(town.take_back(&message(0)), Taken::Less));
    assert_eq!(town.clone().begin(id).unwrap().reworded, Some(vec![2]));
    assert!(matches!(town.take_back(&message(2)), Taken::First(gone, _) if gone == id));
    assert!(town.begin(id).is_none());
    assert!(town.end(id).is_empty() && town.is_empty());
}

#[test]
fn the_next_asker_is_answered_when_the_first_takes_it_back() {
    let mut town = Town::new(&CoalesceConfig::default());
    let id = open(&mut town, at(0), call(1, "가"), 1);
    for person in [2, 3] {
        join(&mut town, person, "가", person).unwrap();
    }
    assert_eq!(town.joined_by(&pseudonym(2)), [(id, pseudonym(1))]);
    assert!(
        matches!(town.take_back(&message(1)), Taken::First(gone, asker) if gone == id && *asker.who() == pseudonym(1))
    );
    assert_eq!(town.first(id).unwrap().call().who, pseudonym(2));
    assert!(town.joined_by(&pseudonym(2)).is_empty());
    assert!(matches!(town.take_back(&message(3)), Taken::Left(asker) if *asker.who() == pseudonym(3)));
    assert_eq!(town.take_person(&pseudonym(2), Scope::At(&pseudonym(1001)), false), [], "another place");
    assert_eq!(town.take_person(&pseudonym(2), Scope::Everywhere, false), [id]);
    assert!(town.first(id).is_none());
    town.end(id);
    assert!(town.is_empty());
}

#[test]
fn a_crisis_takes_what_waits_and_says_nothing_of_it() {
    let mut town = Town::new(&CoalesceConfig::default());
    let (runs, waits) = (open(&mut town, at(0), call(1, "가"), 1), open(&mut town, at(0), call(1, "나"), 2));
    join(&mut town, 2, "나", 3).unwrap();
    town.begin(runs).unwrap();
    assert_eq!(town.take_person(&pseudonym(1), Scope::WaitingAt(&pseudonym(1000)), true), [waits]);
    assert!(!town.tells_end(waits, &pseudonym(1)));
    assert!(town.tells_end(waits, &pseudonym(2)), "they are in no crisis");
    assert!(!town.tells_end(waits, &pseudonym(2)), "once");
    assert!(town.first(runs).is_some(), "it is being answered");
    assert_eq!(town.next(waits, &pseudonym(1)).unwrap().call().who, pseudonym(2));
    assert_eq!(town.take_person(&pseudonym(2), Scope::WaitingAt(&pseudonym(1000)), true), [waits], "it waits again");
}
