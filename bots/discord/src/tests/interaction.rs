use chrono::{DateTime, Utc};
use lovelm::chat::{
    ChatEvent, Command, ConsentChange, Invocation, Language, Moderation, PersonaId, RawText, UserId, Whom,
};
use serde_json::{Value, json};
use serenity::model::application::Interaction;

use super::support::{hearing, member, read, user, written};
use crate::hear::{Asked, Word, asked};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn interaction(kind: u8, data: &Value) -> Asked {
    let mut caller = member();
    caller["user"] = user(42, "minsu");
    caller["permissions"] = json!("8192");
    let mut value = json!({
        "id": "900", "application_id": "9", "type": kind, "data": data, "guild_id": "10", "channel_id": "11",
        "channel": { "id": "11", "type": 0, "permissions": "0" }, "member": caller, "token": "tok", "version": 1,
        "app_permissions": "0", "locale": "ko", "guild_locale": "ko", "entitlements": [],
        "authorizing_integration_owners": {}, "context": 0, "attachment_size_limit": 1000,
    });
    if kind == 3 {
        value["message"] = written(5, "the answer");
    }
    asked(&read::<Interaction>(value), &hearing(), now())
}

fn slash(name: &str, options: &Value) -> Asked {
    interaction(2, &json!({ "id": "1", "name": name, "type": 1, "options": options }))
}

fn invoked(asked: Asked) -> (Word, Command) {
    match asked.event {
        Some(ChatEvent::Command(Invocation { message, command })) => {
            let callback = message.callback.expect("a way back");
            assert_eq!((callback.token.as_str(), callback.persona.as_str()), ("tok", "omar"));
            assert_eq!(message.id.unwrap().as_str(), "900");
            (asked.word, command)
        }
        other => panic!("a command: {other:?}"),
    }
}

fn text(name: &str, value: &str) -> Value {
    json!({ "name": name, "type": 3, "value": value })
}

#[test]
fn a_question_is_answered_for_everybody_by_whoever_was_asked() {
    let asked = slash("ask", &json!([text("question", "헤어졌어")]));
    let Some(ChatEvent::Command(invocation)) = &asked.event else { panic!("a command") };
    assert!(invocation.message.author.standing.moderator);
    assert_eq!(invocation.message.author.locale, Some(Language::Ko));
    assert_eq!(invocation.message.text.expose(), "헤어졌어");
    let (word, command) = invoked(asked);
    assert_eq!(word, Word::Later { private: false });
    assert_eq!(command, Command::Ask { persona: Some(PersonaId::new("omar")), text: RawText::new("헤어졌어") });
    let asked = slash("ask", &json!([text("question", "hi"), text("persona", "hongcha")]));
    let Some(ChatEvent::Command(invocation)) = &asked.event else { panic!("a command") };
    assert!(!invocation.message.callback.as_ref().unwrap().private, "her answer is for everybody");
    let (word, command) = invoked(asked);
    assert_eq!(word, Word::Later { private: true }, "her own account answers");
    assert!(matches!(command, Command::Ask { persona: Some(persona), .. } if persona.as_str() == "hongcha"));
    assert_eq!(invoked(slash("panel", &json!([text("question", "hi")]))).0, Word::Later { private: false });
}

#[test]
fn a_story_is_a_form_first_and_private_then() {
    let asked = slash("story", &json!([]));
    assert!(asked.event.is_none());
    assert_eq!(asked.word, Word::Form { persona: PersonaId::new("omar"), language: Language::Ko });
    let field = json!({ "type": 4, "custom_id": "story", "value": "가".repeat(4_000) });
    let rows = json!([{ "type": 1, "components": [field] }]);
    let form = interaction(5, &json!({ "custom_id": "story:hongcha", "components": rows }));
    let Some(ChatEvent::Command(invocation)) = &form.event else { panic!("a command") };
    assert!(invocation.message.callback.as_ref().unwrap().private);
    let (word, command) = invoked(form);
    assert_eq!(word, Word::Later { private: true });
    let Command::Ask { persona, text } = command else { panic!("a question") };
    assert_eq!((persona.unwrap().as_str(), text.chars()), ("hongcha", 4_000));
}

#[test]
fn what_is_about_the_caller_is_for_the_caller() {
    for (name, expected) in [
        ("answer", Command::Answer),
        ("more", Command::More),
        ("queue", Command::Queue),
        ("mydata", Command::MyData),
        ("forget", Command::Forget),
        ("about", Command::About),
        ("persona", Command::Persona(None)),
        ("language", Command::Language(None)),
        ("privacy", Command::Privacy(None)),
        ("of another version", Command::About),
    ] {
        let (word, command) = invoked(slash(name, &json!([])));
        assert_eq!((word, command), (Word::Later { private: true }, expected), "{name}");
    }
}

#[test]
fn choices_are_read_by_place_and_by_name() {
    let language =
        |value: Value, kind: u8| slash("language", &json!([{ "name": "language", "type": kind, "value": value }]));
    assert_eq!(invoked(language(json!(2), 4)).1, Command::Language(Some(Language::Ja)));
    assert_eq!(invoked(language(json!("en"), 3)).1, Command::Language(Some(Language::En)));
    assert_eq!(invoked(language(json!(9), 4)).1, Command::Language(None));
    let allowed =
        json!([{ "name": "consent", "type": 4, "value": 2 }, { "name": "allowed", "type": 5, "value": true }]);
    let consent = Some(lovelm::chat::Consent::Fandom);
    let change = ConsentChange { consent, allowed: true };
    assert_eq!(invoked(slash("privacy", &allowed)).1, Command::Privacy(Some(change)));
}

#[test]
fn moderators_say_what_they_would_write_elsewhere() {
    let say =
        |name: &str, options: Value| invoked(slash("mod", &json!([{ "name": name, "type": 1, "options": options }]))).1;
    assert_eq!(say("pause", json!([])), Command::Moderate(Moderation::Pause));
    let number = |name: &str, value: u32| json!([{ "name": name, "type": 4, "value": value }]);
    assert_eq!(say("skip", number("number", 3)), Command::Moderate(Moderation::Skip(Some(3))));
    let whom = json!([{ "name": "user", "type": 6, "value": "77" }]);
    assert_eq!(say("block", whom), Command::Moderate(Moderation::Block(Whom::Account(UserId::new("77")))));
    assert_eq!(say("channel", number("access", 1)), Command::Moderate(Moderation::Deny));
    let alerts = say("alerts", number("to", 0));
    assert_eq!(alerts, Command::Moderate(Moderation::Alerts(lovelm::chat::AlertsChange::Here)));
    let limits = say("limits", number("minute", 2));
    assert_eq!(limits, Command::Moderate(Moderation::Limits(lovelm::chat::LimitsChange::PerMinute(2))));
}

#[test]
fn a_message_of_somebody_else_is_read_and_not_told_as_ones_own() {
    let data = json!({
        "id": "1", "name": "Ask a persona about this", "type": 3, "target_id": "5",
        "resolved": { "messages": { "5": written(5, "걔가 잠수 탔어") } },
    });
    let asked = interaction(2, &data);
    let Some(ChatEvent::Command(invocation)) = &asked.event else { panic!("a command") };
    assert_eq!(invocation.message.context[0].text.expose(), "걔가 잠수 탔어");
    assert!(invocation.message.text.is_blank());
    assert!(matches!(invocation.command, Command::Read { .. }));
}

#[test]
fn a_button_means_what_its_id_says_and_a_stop_leaves_its_message_alone() {
    let press = |id: &str| interaction(3, &json!({ "custom_id": id, "component_type": 2 }));
    assert_eq!(invoked(press("lovelm:1:cancel:5:42")).0, Word::Unchanged);
    assert_eq!(invoked(press("lovelm:1:again:42")).0, Word::Later { private: false });
    let asked = press("lovelm:1:ask:hongcha:42");
    let Some(ChatEvent::Command(invocation)) = &asked.event else { panic!("a command") };
    assert!(!invocation.message.callback.as_ref().unwrap().private, "she answers in the channel");
    assert_eq!(asked.word, Word::Later { private: true });
    let strange = press("somebody else's");
    assert!(strange.event.is_none() && strange.word == Word::Unchanged);
}

#[test]
fn a_name_that_is_being_typed_is_completed() {
    let option = json!({ "name": "persona", "type": 3, "value": "오마", "focused": true });
    let asked = interaction(4, &json!({ "id": "1", "name": "ask", "type": 1, "options": [option] }));
    assert_eq!(asked.word, Word::Choices(vec![("오마르".into(), "omar".into())]));
}
