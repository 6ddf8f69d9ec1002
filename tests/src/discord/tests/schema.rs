use serde_json::json;

use super::super::{document, id_of, mention};
use crate::discord::rules::{Allowed, live, mentioned};

#[test]
fn words_of_a_path_go_before_its_braces() {
    let found = document().find("PATCH", "/webhooks/1/abc/messages/@original").expect("an operation");
    assert_eq!(found.operation, "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original");
    let found = document().find("PATCH", "/webhooks/1/abc/messages/7").expect("an operation");
    assert_eq!(found.params, ["1", "abc", "7"]);
    assert_eq!(document().find("PATCH", "/webhooks/1/abc/nonsense/7"), None);
    assert_eq!(document().find("PATCH", "/gateway"), None);
    assert_eq!(document().find("GET", "/channels//messages"), None);
}

#[test]
fn a_value_is_held_to_types_required_fields_constants_and_bounds() {
    let user = json!({
        "id": "1", "username": "a", "avatar": null, "discriminator": "0", "public_flags": 0, "flags": 0, "global_name": null,
        "primary_guild": null,
    });
    let faults = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut user = user.clone();
        change(&mut user);
        document().named("UserResponse", &user)
    };
    assert_eq!(faults(&|_| ()), [""; 0]);
    for (broken, change) in [
        ("no username", &|user: &mut serde_json::Value| drop(user.as_object_mut().unwrap().remove("username")) as _),
        ("type", &|user: &mut serde_json::Value| user["public_flags"] = "0".into()),
        ("snowflake", &|user: &mut serde_json::Value| user["id"] = "01".into()),
        ("bounds", &|user: &mut serde_json::Value| user["flags"] = json!(1_u64 << 60)),
    ] as [(&str, &dyn Fn(&mut serde_json::Value)); 4]
    {
        let found = faults(change);
        assert!(found.len() == 1 && found[0].contains(broken), "{broken}: {found:?}");
    }
    let callback = "POST /interactions/{interaction_id}/{interaction_token}/callback";
    assert_eq!(document().request(callback, &json!({ "type": 5, "data": { "flags": 64 } })), [""; 0]);
    assert!(!document().request(callback, &json!({ "type": 77 })).is_empty());
    let create = "POST /channels/{channel_id}/messages";
    assert!(!document().request(create, &json!({ "content": 5 })).is_empty());
    assert!(!document().request(create, &json!({ "content": "a", "nonce": "x".repeat(26) })).is_empty());
    assert!(!document().response("GET /gateway", 500, &json!({})).is_empty(), "no answer of that status");
    assert!(!document().response("GET /gateway", 404, &json!({})).is_empty(), "an error has a code");
}

#[test]
fn live_text_is_told_from_text_that_looks_like_it() {
    for text in [
        "@everyone look",
        "hi <@1>",
        "<@!1>",
        "<@&5>",
        "<#7>",
        "</ask:1234>",
        "<t:1700000000:R>",
        "<:blob:12>",
        "<a:blob:12>",
        "<id:customize>",
        "[a](https://b.c)",
        "discord.gg/abc",
        "DISCORD.COM/invite/abc",
    ] {
        assert!(live(text, &[]).is_some(), "{text}");
    }
    for text in
        ["", "a <3 b", "‹@1>", "＠everyone", "<@>", "<t: 5", "a < b: c > d", "discord[.]gg/abc", "[a] (b)", "</"]
    {
        assert_eq!(live(text, &[]), None, "{text}");
    }
    assert_eq!(live("hi <@1>", &[1]), None, "whom it answers");
    assert_eq!(mentioned("<@1> <@!2> <@x> <@1>"), [1, 2]);
}

#[test]
fn a_message_that_says_nothing_of_mentions_pings_everybody() {
    let (text, asker) = (format!("{} @everyone", mention("minsu")), Some(id_of("minsu")));
    let pings = |body: &serde_json::Value| {
        let allowed = Allowed::read(body);
        (allowed.pings(&text, asker).len(), allowed.pings_everybody(&text), allowed.wide(asker))
    };
    assert_eq!(pings(&json!({})), (1, true, true));
    assert_eq!(pings(&json!({ "allowed_mentions": { "parse": [] } })), (0, false, false));
    assert_eq!(pings(&json!({ "allowed_mentions": { "parse": [], "replied_user": true } })), (1, false, false));
    assert_eq!(pings(&json!({ "allowed_mentions": { "users": [id_of("minsu").to_string()] } })), (1, false, false));
    assert_eq!(pings(&json!({ "allowed_mentions": { "users": ["5"] } })), (0, false, true));
    assert_eq!(pings(&json!({ "allowed_mentions": { "parse": ["users"] } })), (1, false, true));
}
