use serde_json::{Value, json};
use serenity::model::id::UserId;

use crate::api::Body;

fn body(body: &Body) -> Value {
    serde_json::from_slice(&body.json()).unwrap()
}

#[test]
fn nobody_is_mentioned_but_the_asker_whatever_is_said() {
    let plain = Body::new("@everyone <@1> <@&2>".into(), Vec::new());
    let nobody = json!({ "parse": [], "users": [], "roles": [], "replied_user": true });
    assert_eq!(body(&plain)["allowed_mentions"], nobody);
    assert_eq!(body(&plain.clone().answering(Some(5), true).once("n".into()).hidden(true))["allowed_mentions"], nobody);
    let further = body(&plain.clone().answering(Some(6), false));
    assert_eq!(further["allowed_mentions"]["replied_user"], json!(false), "it goes on beneath itself");
    let asker = body(&plain.mentioning(Some(UserId::new(42))));
    assert_eq!(asker["allowed_mentions"]["users"], json!(["42"]));
    assert_eq!(asker["allowed_mentions"]["parse"], json!([]));
}

#[test]
fn a_message_is_shown_once_without_pictures_and_without_its_question_if_that_is_gone() {
    let created = body(&Body::new("가".into(), Vec::new()).answering(Some(5), true).once("n1".into()));
    assert_eq!((&created["nonce"], &created["enforce_nonce"]), (&json!("n1"), &json!(true)));
    assert_eq!(created["message_reference"], json!({ "message_id": "5", "fail_if_not_exists": false }));
    assert_eq!(created["flags"], json!(4));
    let changed = body(&Body::new("나".into(), Vec::new()));
    assert_eq!(changed["components"], json!([]), "a change takes buttons away");
    assert!(changed.get("nonce").is_none() && changed.get("message_reference").is_none());
    assert_eq!(body(&Body::new("다".into(), Vec::new()).hidden(true))["flags"], json!(68));
}
