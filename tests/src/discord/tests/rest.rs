use std::time::Duration;

use serde_json::{Value, json};

use super::{Stage, said};
use crate::discord::{Breach, Chaos, Limits, Person, Scope, Trouble, id_of, mention, permission};

#[test]
fn every_route_answers_as_the_document_says() {
    let mut stage = Stage::set();
    let (lounge, town, omar) = (id_of("lounge"), id_of("town"), id_of("omar"));
    let (thread, minsu) = (id_of("a thread"), id_of("minsu"));
    let said_one = stage.post("hello").body["id"].as_str().expect("an id").to_owned();
    stage.wait(10.0);
    for path in [
        "/gateway".to_owned(),
        "/gateway/bot".to_owned(),
        "/users/@me".to_owned(),
        "/users/@me/guilds".to_owned(),
        "/applications/@me".to_owned(),
        "/oauth2/applications/@me".to_owned(),
        format!("/guilds/{town}"),
        format!("/guilds/{town}/roles"),
        format!("/guilds/{town}/channels"),
        format!("/guilds/{town}/members/{minsu}"),
        format!("/channels/{lounge}"),
        format!("/channels/{thread}"),
        format!("/channels/{lounge}/messages?limit=5"),
        format!("/channels/{lounge}/messages/{said_one}"),
        format!("/applications/{omar}/commands"),
        format!("/applications/{omar}/guilds/{town}/commands"),
        format!("/applications/{omar}/entitlements?exclude_ended=true"),
    ] {
        let reply = stage.get(&path);
        assert_eq!(reply.status, 200, "{path}: {:?}", reply.body);
        stage.wait(1.0);
    }
    let bought = stage.network.buy(stage.at, "minsu", "omar", "question");
    let command =
        json!([{ "name": "ask", "description": "Ask", "options": [{ "type": 3, "name": "q", "description": "Q" }] }]);
    for (method, path, body, status) in [
        ("PUT", format!("/applications/{omar}/commands"), command.clone(), 200),
        ("PUT", format!("/applications/{omar}/guilds/{town}/commands"), command, 200),
        ("PUT", format!("/channels/{lounge}/messages/{said_one}/reactions/%F0%9F%91%80/@me"), Value::Null, 204),
        ("DELETE", format!("/channels/{lounge}/messages/{said_one}/reactions/%F0%9F%91%80/@me"), Value::Null, 204),
        ("POST", format!("/channels/{lounge}/typing"), Value::Null, 204),
        ("POST", format!("/channels/{lounge}/messages/{said_one}/threads"), json!({ "name": "apart" }), 201),
        ("POST", "/users/@me/channels".to_owned(), json!({ "recipient_id": minsu.to_string() }), 200),
        ("POST", format!("/applications/{omar}/entitlements/{bought}/consume"), Value::Null, 204),
        ("PATCH", format!("/channels/{lounge}/messages/{said_one}"), said("hello there"), 200),
        ("DELETE", format!("/channels/{lounge}/messages/{said_one}"), Value::Null, 204),
        ("DELETE", format!("/channels/{lounge}/messages/{said_one}"), Value::Null, 404),
        ("PATCH", format!("/channels/{lounge}/messages/{said_one}"), said("hello there"), 404),
        ("POST", format!("/channels/{lounge}/messages"), said(""), 400),
        ("POST", "/channels/5/messages".to_owned(), said("a"), 404),
    ] {
        let reply = stage.ask(method, &path, &body);
        assert_eq!(reply.status, status, "{method} {path}: {:?}", reply.body);
        stage.wait(1.0);
    }
    stage.well_formed();
    assert_eq!(stage.breaches(), []);
    assert!(stage.network.entitlement(bought).expect("bought").consumed);
}

#[test]
fn whoever_has_no_token_or_no_permission_is_refused() {
    let mut stage = Stage::set();
    stage.network.deny("lounge", "omar", permission::SEND_MESSAGES);
    assert_eq!(stage.post("a").body["code"], 50_013);
    stage.network.deny("lounge", "omar", permission::VIEW_CHANNEL);
    assert_eq!(stage.post("a").body["code"], 50_001);
    stage.network.allow("lounge", "omar");
    assert_eq!(stage.post("a").status, 200);
    stage.network.deny("lounge", "omar", permission::SEND_MESSAGES_IN_THREADS);
    let thread = format!("/channels/{}/messages", id_of("a thread"));
    assert_eq!(stage.ask("POST", &thread, &said("a")).status, 403, "what a channel denies its threads deny");
    stage.token = "wrong".to_owned();
    assert_eq!(stage.post("a").status, 401);
    assert_eq!(stage.network.report().invalid, 4);
    stage.well_formed();
}

#[test]
fn a_full_bucket_says_how_long_to_wait_and_notices_who_does_not() {
    let mut stage = Stage::set();
    for nth in 0..5 {
        let reply = stage.post(&format!("line {nth}"));
        assert_eq!(reply.status, 200);
        let header =
            |name: &str| reply.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        assert_eq!(header("x-ratelimit-remaining"), Some((4 - nth).to_string()));
        assert!(header("x-ratelimit-bucket").is_some() && header("x-ratelimit-reset").is_some());
    }
    stage.wait(1.0);
    let reply = stage.post("one more");
    assert_eq!((reply.status, &reply.body["global"], &reply.body["retry_after"]), (429, &json!(false), &json!(4.0)));
    assert!(reply.headers.contains(&("retry-after", "4.000".to_owned())), "{:?}", reply.headers);
    assert_eq!(stage.breaches(), [], "a full bucket is no fault");
    assert_eq!(stage.edit("5", "another route").status, 404, "not in the bucket");
    stage.wait(3.0);
    assert_eq!(stage.post("too early").status, 429);
    assert_eq!(stage.breaches(), [Breach::InsideRetryAfter]);
    stage.wait(1.1);
    assert_eq!(stage.post("in time").status, 200);
    stage.well_formed();
}

#[test]
fn limits_of_all_routes_and_of_everybody_are_told_apart() {
    let mut stage = Stage::set();
    let limited = |scope, wait| Trouble::Limited { scope, wait: Duration::from_secs(wait) };
    stage.network.plan("omar", "POST /channels/", limited(Scope::Shared, 2));
    let reply = stage.post("a");
    assert!(reply.headers.contains(&("x-ratelimit-scope", "shared".to_owned())));
    assert_eq!(stage.network.report().invalid, 0, "shared limits count against nobody");
    stage.network.plan("omar", "GET /users", limited(Scope::Global, 3));
    assert_eq!(stage.get("/users/@me").body["global"], true);
    stage.wait(1.0);
    assert_eq!(stage.get("/gateway").status, 429, "everything waits");
    assert_eq!(stage.breaches(), [Breach::InsideRetryAfter]);
    stage.wait(2.5);
    assert_eq!(stage.post("a").status, 200);
    stage.wait(1.0);
    stage.network.limit(Limits { global: 2, ..Limits::default() });
    let statuses: Vec<_> = (0..3).map(|_| stage.get("/gateway").status).collect();
    assert_eq!(statuses, [200, 200, 429]);
    stage.network.limit(Limits { invalid: 1, ..Limits::default() });
    stage.wait(5.0);
    assert_eq!(stage.get("/gateway").status, 429, "nobody answers this address any more");
}

#[test]
fn the_same_nonce_is_the_same_message_for_a_while() {
    let mut stage = Stage::set();
    let path = format!("/channels/{}/messages", id_of("lounge"));
    let mut body = said("once");
    (body["nonce"], body["enforce_nonce"]) = ("abc".into(), true.into());
    let first = stage.ask("POST", &path, &body);
    assert_eq!(first.body["nonce"], "abc");
    assert_eq!(stage.ask("POST", &path, &body).body["id"], first.body["id"]);
    body["enforce_nonce"] = false.into();
    assert_ne!(stage.ask("POST", &path, &body).body["id"], first.body["id"]);
    body["enforce_nonce"] = true.into();
    stage.wait(600.0);
    assert_ne!(stage.ask("POST", &path, &body).body["id"], first.body["id"], "after minutes it is forgotten");
    assert_eq!(stage.network.report().recognised, 1);
    stage.well_formed();
}

#[test]
fn what_may_have_been_done_was_done() {
    let mut stage = Stage::set();
    for trouble in [Trouble::Ambiguous(502), Trouble::Cut, Trouble::Refused(500), Trouble::Slow(Duration::from_secs(9))]
    {
        stage.network.plan("omar", "POST /channels/", trouble);
    }
    let replies: Vec<_> = (0..4).map(|nth| stage.post(&format!("line {nth}"))).collect();
    assert_eq!(replies.iter().map(|reply| reply.status).collect::<Vec<_>>(), [502, 200, 500, 200]);
    assert!(replies[1].cut && replies[3].after == Duration::from_secs(9));
    let shown: Vec<_> = stage.network.ours().map(|message| message.content.as_str()).collect();
    assert_eq!(shown, ["line 0", "line 1", "line 3"]);
    assert_eq!(stage.network.report().ambiguous, 2);
    stage.network.chaos(Some(Chaos { ambiguous: 100, repeated: 0 }));
    stage.wait(6.0);
    assert!(stage.post("line 4").status >= 500);
    assert_eq!(stage.network.ours().count(), 4);
}

#[test]
fn what_a_bot_must_not_write_is_noticed() {
    let mut stage = Stage::set();
    let path = format!("/channels/{}/messages", id_of("lounge"));
    let asked = stage.network.say(stage.at, "lounge", &Person::named("minsu"), "hello?");
    let reply_to = |body: Value| {
        let mut body = body;
        body["message_reference"] = json!({ "message_id": asked.id.to_string() });
        body
    };
    for (body, breach) in [
        (json!({ "content": "a" }), Breach::MentionsMissing),
        (json!({ "content": "a", "allowed_mentions": { "parse": ["users"] } }), Breach::MentionsWide),
        (json!({ "content": "a", "allowed_mentions": { "users": [id_of("emma").to_string()] } }), Breach::MentionsWide),
        (said("look, @everyone"), Breach::LiveText),
        (said("https://discord.gg/abc"), Breach::LiveText),
        (said(&"가".repeat(2001)), Breach::TooLong),
    ] {
        stage.network.report.breaches.clear();
        stage.ask("POST", &path, &reply_to(body.clone()));
        assert_eq!(stage.breaches(), [breach], "{body}");
        stage.wait(6.0);
    }
    stage.network.report.breaches.clear();
    let to_asker =
        json!({ "content": mention("minsu"), "allowed_mentions": { "users": [id_of("minsu").to_string()] } });
    assert_eq!(stage.ask("POST", &path, &reply_to(to_asker)).body["mentions"].as_array().map(Vec::len), Some(1));
    assert_eq!(stage.ask("POST", &path, &reply_to(said(&"가".repeat(2000)))).status, 200);
    assert_eq!(stage.breaches(), []);
    stage.ask("POST", &path, &json!({ "content": 7, "allowed_mentions": {} }));
    assert!(matches!(stage.breaches()[..], [Breach::Shape(_)]), "{:?}", stage.breaches());
}

#[test]
fn edits_are_counted_by_channel_and_by_message() {
    let mut stage = Stage::set();
    let one = stage.post("one").body["id"].as_str().expect("an id").to_owned();
    let two = stage.post("two").body["id"].as_str().expect("an id").to_owned();
    stage.edit(&one, "one a");
    stage.wait(1.0);
    stage.edit(&two, "two a");
    assert_eq!(stage.breaches(), [Breach::EditRate]);
    for nth in 0..8 {
        stage.wait(1.5);
        assert_eq!(stage.edit(&two, &format!("two {nth}")).status, 200);
    }
    assert_eq!(stage.breaches(), [Breach::EditRate, Breach::TooManyEdits]);
    stage.well_formed();
}

#[test]
fn the_same_answer_twice_is_a_double() {
    let mut stage = Stage::set();
    let path = format!("/channels/{}/messages", id_of("lounge"));
    let asked = stage.network.say(stage.at, "lounge", &Person::named("minsu"), "hello?");
    let mut body = said("breathe");
    body["message_reference"] = json!({ "message_id": asked.id.to_string() });
    stage.ask("POST", &path, &body);
    assert_eq!(stage.network.doubles(), []);
    let again = stage.ask("POST", &path, &body).body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    assert_eq!(stage.network.doubles().len(), 1);
    stage.network.delete(again);
    assert_eq!(stage.network.doubles(), []);
}
