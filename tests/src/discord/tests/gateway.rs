use std::time::Duration;

use serde_json::{Value, json};
use serenity::model::event::{Event, GatewayEvent};

use super::{PLAIN, Stage, events};
use crate::discord::{Breach, Fault, Person, id_of, intent, mention, permission};

fn content_of(payloads: &[Value]) -> Vec<&str> {
    payloads
        .iter()
        .filter(|payload| payload["t"] == "MESSAGE_CREATE")
        .filter_map(|p| p["d"]["content"].as_str())
        .collect()
}

#[test]
fn a_session_begins_with_hello_ready_and_the_guilds() {
    let mut stage = Stage::set();
    let (wire, told) = stage.identify(PLAIN);
    assert_eq!(told[0]["op"], 10);
    assert_eq!(events(&told), ["READY", "GUILD_CREATE"]);
    assert_eq!((&told[1]["s"], &told[2]["s"]), (&json!(1), &json!(2)));
    stage.network.read(stage.at, wire, "{\"op\":1,\"d\":2}");
    assert_eq!(stage.payloads(wire)[0]["op"], 11);
    assert!(stage.network.connected("omar") && !stage.network.connected("shuhi"));
    assert_eq!(stage.breaches(), []);
}

#[test]
fn words_are_shown_only_to_whom_they_concern() {
    let mut stage = Stage::set();
    let (wire, _) = stage.identify(PLAIN);
    let minsu = Person::named("minsu");
    let own = stage.post("my own words").body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    stage.network.say(stage.at, "lounge", &minsu, "nobody's business");
    stage.network.say(stage.at, "lounge", &minsu, &format!("hey {}", mention("omar")));
    stage.network.reply(stage.at, "lounge", &minsu, own, true, "with a ping");
    stage.network.reply(stage.at, "lounge", &minsu, own, false, "without a ping");
    stage.network.direct("minsu", "omar");
    stage.network.say(stage.at, "minsu to omar", &minsu, "in private");
    let told = stage.payloads(wire);
    assert_eq!(
        content_of(&told),
        ["my own words", "", &format!("hey {}", mention("omar")), "with a ping", "", "in private"]
    );
    assert_eq!(told[3]["d"]["referenced_message"]["content"], "my own words");
    assert!(told[1]["d"]["member"]["roles"].is_array() && told[5]["d"]["member"].is_null());

    let mut stage = Stage::set();
    stage.network.grant("omar", intent::MESSAGE_CONTENT);
    let (wire, _) = stage.identify(PLAIN | intent::MESSAGE_CONTENT);
    stage.network.say(stage.at, "lounge", &minsu, "everybody's business");
    assert_eq!(content_of(&stage.payloads(wire)), ["everybody's business"]);
    stage.network.deny("lounge", "omar", permission::VIEW_CHANNEL);
    stage.network.say(stage.at, "lounge", &minsu, "behind a door");
    assert_eq!(events(&stage.payloads(wire)), [""; 0]);
}

#[test]
fn a_resumed_session_hears_what_it_missed_in_order() {
    let mut stage = Stage::set();
    let (wire, told) = stage.identify(PLAIN);
    let session = told[1]["d"]["session_id"].clone();
    let say = |stage: &mut Stage, nth: u32| {
        stage.network.say(stage.at, "lounge", &Person::named("minsu"), &format!("{} {nth}", mention("omar")))
    };
    assert_eq!(say(&mut stage, 0).reached, 1);
    stage.network.fault(stage.at, "omar", Fault::Reset);
    assert_eq!(stage.payloads(wire).last(), Some(&json!("Reset")));
    for nth in 1..4 {
        stage.wait(1.0);
        assert_eq!(say(&mut stage, nth).reached, 1, "kept for whoever comes back");
    }
    let (wire, told) = stage.resume(&session, 3);
    let heard: Vec<_> = content_of(&told).iter().map(|text| text.rsplit(' ').next().unwrap_or_default()).collect();
    assert_eq!(heard, ["1", "2", "3"]);
    assert_eq!(events(&told).last(), Some(&"RESUMED"));
    assert_eq!(stage.breaches(), []);
    stage.network.hung_up(stage.at, wire, Some(1000));
    let (_, told) = stage.resume(&session, 7);
    assert_eq!(told[1], json!({ "op": 9, "d": false, "s": null, "t": null }), "who says goodbye is forgotten");
    let (_, told) = stage.resume(&json!("nonsense"), 0);
    assert_eq!(told[1]["d"], false);
    stage.wait(6.0);
    assert_eq!(events(&stage.identify(PLAIN).1).len(), 2);
    assert_eq!(stage.breaches(), []);
}

#[test]
fn sessions_are_not_begun_without_need() {
    let mut stage = Stage::set();
    let (wire, _) = stage.identify(PLAIN);
    stage.network.fault(stage.at, "omar", Fault::Drop);
    assert_eq!(stage.payloads(wire), [json!("Drop")]);
    stage.wait(6.0);
    stage.identify(PLAIN);
    assert_eq!(stage.breaches(), [Breach::NeedlessIdentify]);

    let mut stage = Stage::set();
    for fault in Fault::FORGETTING {
        stage.identify(PLAIN);
        stage.network.fault(stage.at, "omar", fault);
        stage.wait(9.0);
    }
    assert_eq!(stage.breaches(), [], "these ask for it");
    stage.identify(PLAIN);
    stage.network.fault(stage.at, "omar", Fault::Close(4009));
    let (_, told) = stage.identify(PLAIN);
    assert_eq!(told[1]["op"], 9);
    assert_eq!(stage.breaches(), [Breach::IdentifyRate]);
}

#[test]
fn whoever_is_told_to_stay_away_stays_away() {
    for code in crate::discord::FATAL {
        let mut stage = Stage::set();
        let (wire, told) = stage.identify(PLAIN);
        stage.network.fault(stage.at, "omar", Fault::Close(code));
        assert_eq!(stage.payloads(wire), [json!(code)]);
        stage.wait(6.0);
        stage.resume(&told[1]["d"]["session_id"], 2);
        stage.identify(PLAIN);
        assert_eq!(stage.breaches(), [Breach::AfterFatal, Breach::AfterFatal]);
    }
    let mut stage = Stage::set();
    let (_, told) = stage.identify(PLAIN | intent::MESSAGE_CONTENT);
    assert_eq!(told.last(), Some(&json!(4014)), "an intent that was not granted");
    let mut stage = Stage::set();
    stage.token = "wrong".to_owned();
    assert_eq!(stage.identify(PLAIN).1.last(), Some(&json!(4004)));
}

#[test]
fn connections_are_ended_as_asked_and_for_their_faults() {
    let mut stage = Stage::set();
    let (wire, _) = stage.identify(PLAIN);
    for (fault, first) in [
        (Fault::Reconnect, json!({ "op": 7, "d": null, "s": null, "t": null })),
        (Fault::Invalid { resumable: true }, json!({ "op": 9, "d": true, "s": null, "t": null })),
        (Fault::Garbage, json!("garbage")),
    ] {
        stage.network.fault(stage.at, "omar", fault);
        assert_eq!(stage.payloads(wire)[0], first);
    }
    stage.network.fault(stage.at, "omar", Fault::UnknownEvent);
    stage.network.fault(stage.at, "omar", Fault::Repeat);
    let told = stage.payloads(wire);
    assert_eq!((&told[0], events(&told)[0]), (&told[1], "SOMETHING_NEW"));
    stage.wait(9.0);
    assert_eq!(stage.payloads(wire), [json!(4000)], "who does not leave is made to");

    let mut stage = Stage::set();
    let (wire, _) = stage.identify(PLAIN);
    stage.network.fault(stage.at, "omar", Fault::NoAck);
    stage.network.read(stage.at, wire, "{\"op\":1,\"d\":2}");
    assert_eq!(stage.payloads(wire), [] as [Value; 0]);
    stage.wait(130.0);
    assert_eq!(stage.payloads(wire), [json!(4009)]);
    assert_eq!(stage.breaches(), [Breach::NoHeartbeat]);

    let mut stage = Stage::set();
    let wire = stage.network.connect(stage.at);
    stage.network.read(stage.at, wire, "{\"op\":3,\"d\":{}}");
    assert_eq!(stage.payloads(wire).last(), Some(&json!(4003)));
    let wire = stage.network.connect(stage.at);
    stage.network.read(stage.at, wire, &"x".repeat(5000));
    assert_eq!(stage.payloads(wire).last(), Some(&json!(4002)));
    let (wire, _) = stage.identify(PLAIN);
    for _ in 0..120 {
        stage.network.read(stage.at, wire, "{\"op\":1,\"d\":2}");
    }
    assert_eq!(stage.payloads(wire).last(), Some(&json!(4008)));
    assert_eq!(stage.breaches(), [Breach::BadPayload, Breach::GatewayRate]);
}

#[test]
fn hello_may_be_late_and_what_came_before_it_waits() {
    let mut stage = Stage::set();
    stage.network.fault(stage.at, "omar", Fault::SlowHello);
    let (wire, told) = stage.identify(PLAIN);
    assert_eq!(told, [] as [Value; 0]);
    stage.wait(3.0);
    assert_eq!(events(&stage.payloads(wire)), ["READY", "GUILD_CREATE"]);
}

#[test]
fn serenity_knows_every_event() {
    let mut stage = Stage::set();
    let (wire, mut told) = stage.identify(PLAIN);
    let minsu = Person::named("minsu").boosting(Duration::ZERO);
    let said = stage.network.say(stage.at, "lounge", &minsu, &format!("hey {}", mention("omar"))).id;
    stage.network.reply(stage.at, "a thread", &minsu, said, true, "again");
    stage.network.rewrite(stage.at, said, &format!("hello {}", mention("omar")));
    stage.network.boost(stage.at, "lounge", &minsu, 9);
    stage.post("words of a bot");
    let bought = stage.network.buy(stage.at, "minsu", "omar", "membership");
    stage.network.expire(stage.at, bought);
    stage.network.refund(bought);
    stage.network.delete(said);
    stage.ask("POST", &format!("/channels/{}/threads", id_of("lounge")), &json!({ "name": "new", "type": 11 }));
    told.extend(stage.payloads(wire));
    for payload in &told {
        let known: GatewayEvent =
            serde_json::from_value(payload.clone()).unwrap_or_else(|why| panic!("{why}: {payload}"));
        if let GatewayEvent::Dispatch(_, Event::Unknown(unknown)) = known {
            panic!("{unknown:?}");
        }
    }
    let names = events(&told);
    assert_eq!(
        names[2..],
        [
            "MESSAGE_CREATE",
            "MESSAGE_CREATE",
            "MESSAGE_UPDATE",
            "MESSAGE_CREATE",
            "MESSAGE_CREATE",
            "ENTITLEMENT_CREATE",
            "ENTITLEMENT_UPDATE",
            "ENTITLEMENT_DELETE",
            "MESSAGE_DELETE",
            "THREAD_CREATE"
        ]
    );
    let boost = told.iter().find(|payload| payload["d"]["type"] == 9).expect("a boost");
    assert!(boost["d"]["member"]["premium_since"].is_string());
    stage.well_formed();
}
