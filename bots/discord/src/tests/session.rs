use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::gateway::{Act, Close, Login, Payload, Session};

fn session() -> Session {
    Session::new(Login { token: "secret".into(), intents: 513, shard: (0, 1) })
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn hear(session: &mut Session, payload: &Value, now: Duration) -> Vec<Act> {
    let text = payload.to_string();
    session.heard(&Payload::of(&text).expect("a payload"), now, 0.5)
}

fn hello() -> Value {
    json!({ "op": 10, "d": { "heartbeat_interval": 40_000 } })
}

fn ready(seq: u64) -> Value {
    let d = json!({ "session_id": "s-1", "resume_gateway_url": "wss://elsewhere.example" });
    json!({ "op": 0, "t": "READY", "s": seq, "d": d })
}

fn event(seq: u64) -> Value {
    json!({ "op": 0, "t": "TYPING_START", "s": seq, "d": {} })
}

fn said(act: &Act) -> Value {
    match act {
        Act::Say(words) => serde_json::from_str(words).expect("JSON"),
        other => panic!("nothing is said: {other:?}"),
    }
}

/// A session that is in, with two events heard.
fn entered() -> Session {
    let mut session = session();
    session.connected(secs(0));
    assert_eq!(hear(&mut session, &hello(), secs(0)), [Act::Identify]);
    let login: Value = serde_json::from_str(&session.identify(secs(0))).unwrap();
    assert_eq!((&login["op"], &login["d"]["compress"]), (&json!(2), &json!(true)));
    assert_eq!(hear(&mut session, &ready(1), secs(0)), [Act::Hand]);
    assert_eq!(hear(&mut session, &event(2), secs(1)), [Act::Hand]);
    session
}

#[test]
fn a_session_is_taken_up_where_it_was_left_and_where_it_was_said() {
    let mut session = entered();
    assert_eq!(session.closed(Some(4000)), None);
    assert_eq!(session.address(), Some("wss://elsewhere.example"));
    session.connected(secs(5));
    let acts = hear(&mut session, &hello(), secs(5));
    assert_eq!(said(&acts[0]), json!({ "op": 6, "d": { "token": "secret", "session_id": "s-1", "seq": 2 } }));
    assert_eq!(hear(&mut session, &event(2), secs(5)), [], "what was heard before is not news");
    assert_eq!(hear(&mut session, &event(3), secs(5)), [Act::Hand]);
}

#[test]
fn the_first_beat_is_spread_and_whoever_does_not_acknowledge_is_left() {
    let mut session = entered();
    assert_eq!(session.next(), Some(secs(20)), "half of forty seconds");
    let beat = session.tick(secs(20), true).expect("a beat");
    assert_eq!(said(&beat), json!({ "op": 1, "d": 2 }));
    assert_eq!(session.tick(secs(59), true), None);
    assert_eq!(session.tick(secs(60), true), Some(Act::BreakOff));
    let mut session = entered();
    session.tick(secs(20), true);
    assert_eq!(hear(&mut session, &json!({ "op": 11 }), secs(21)), []);
    assert!(matches!(session.tick(secs(60), true), Some(Act::Say(_))));
}

#[test]
fn while_nothing_is_read_an_acknowledgement_may_be_missing() {
    let mut session = entered();
    session.tick(secs(20), false);
    assert!(matches!(session.tick(secs(60), false), Some(Act::Say(_))));
}

#[test]
fn a_gateway_that_does_not_greet_or_let_in_is_left() {
    let mut session = session();
    session.connected(secs(100));
    assert_eq!(session.tick(secs(114), true), None);
    assert_eq!(session.tick(secs(115), true), Some(Act::BreakOff));
    session.connected(secs(200));
    hear(&mut session, &hello(), secs(200));
    session.identify(secs(200));
    assert!(matches!(session.tick(secs(229), true), Some(Act::Say(_))), "a beat is due");
    assert_eq!(session.tick(secs(230), true), Some(Act::BreakOff));
}

#[test]
fn codes_that_end_an_account_say_what_to_do() {
    for (code, close) in [
        (4004, Close::Token),
        (4010, Close::Shards),
        (4011, Close::Shards),
        (4012, Close::Version),
        (4013, Close::Intents),
        (4014, Close::Intents),
    ] {
        assert_eq!(entered().closed(Some(code)), Some(close), "{code}");
        assert!(close.to_string().len() > 20);
    }
}

#[test]
fn only_what_ends_a_session_begins_another() {
    let again = |session: &mut Session| {
        session.connected(secs(50));
        hear(session, &hello(), secs(50))
    };
    for code in [None, Some(1000), Some(1006), Some(4000), Some(4001), Some(4003), Some(4008), Some(4900)] {
        let mut session = entered();
        assert_eq!(session.closed(code), None);
        assert!(matches!(again(&mut session)[0], Act::Say(_)), "{code:?} is taken up");
    }
    for code in [4007, 4009] {
        let mut session = entered();
        assert_eq!(session.closed(Some(code)), None);
        assert_eq!(again(&mut session), [Act::Identify], "{code}");
    }
    let mut session = entered();
    assert_eq!(hear(&mut session, &json!({ "op": 9, "d": true }), secs(3)), [Act::Rest]);
    assert!(matches!(again(&mut session)[0], Act::Say(_)));
    assert_eq!(hear(&mut session, &json!({ "op": 9, "d": false }), secs(3)), [Act::Rest]);
    assert_eq!(again(&mut session), [Act::Identify]);
    assert_eq!(hear(&mut session, &json!({ "op": 7, "d": null }), secs(3)), [Act::BreakOff]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever breaks, every event is handed on once, and nobody logs in anew who can go on.
    #[test]
    fn nothing_is_lost_over_broken_connections(breaks in prop::collection::vec((1_u64..6, 0_u16..5), 1..40)) {
        let (mut session, mut handed, mut logins, mut seq) = (session(), Vec::new(), 0, 1);
        for (more, how) in breaks {
            session.connected(secs(0));
            let acts = hear(&mut session, &hello(), secs(0));
            if acts == [Act::Identify] {
                logins += 1;
                session.identify(secs(0));
                prop_assert_eq!(hear(&mut session, &ready(1), secs(0)), [Act::Hand]);
                handed.push(1);
            } else {
                let from = said(&acts[0])["d"]["seq"].as_u64().unwrap();
                prop_assert_eq!(from, seq, "it goes on where it was");
                // The far end repeats the last one, as it may.
                prop_assert_eq!(hear(&mut session, &event(seq), secs(0)), []);
            }
            for _ in 0..more {
                seq += 1;
                prop_assert_eq!(hear(&mut session, &event(seq), secs(0)), [Act::Hand]);
                handed.push(seq);
            }
            let codes = [None, Some(1006), Some(4000), Some(4008), Some(1001)];
            prop_assert_eq!(session.closed(codes[usize::from(how)]), None);
        }
        prop_assert_eq!(logins, 1);
        prop_assert_eq!(handed, (1..=seq).collect::<Vec<_>>());
    }

    #[test]
    fn no_text_breaks_a_session(text in ".{0,200}", op in 0_u8..20, s in any::<u64>(), t in "[A-Z_]{0,12}") {
        let mut session = entered();
        if let Some(payload) = Payload::of(&text) {
            session.heard(&payload, secs(2), 0.1);
        }
        hear(&mut session, &json!({ "op": op, "s": s, "t": t, "d": text }), secs(2));
    }
}
