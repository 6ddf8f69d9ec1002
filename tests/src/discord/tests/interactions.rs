use std::time::Duration;

use serde_json::{Value, json};
use serenity::model::event::{Event, GatewayEvent};

use super::{PLAIN, Stage, events, said};
use crate::discord::{Asked, Breach, Person, Wire, id_of, permission};

/// With a bot that registered commands and listens.
fn listening() -> (Stage, Wire) {
    let mut stage = Stage::set();
    let commands = json!([
        {
            "name": "ask", "description": "Ask", "name_localizations": { "ko": "질문" },
            "options": [{ "type": 3, "name": "question", "description": "Q", "autocomplete": true }],
        },
        { "name": "mod", "description": "Mods", "options": [{ "type": 1, "name": "pause", "description": "Pause" }] },
        { "name": "Ask about this", "type": 3 },
    ]);
    let path = format!("/applications/{}/guilds/{}/commands", id_of("omar"), id_of("town"));
    assert_eq!(stage.ask("PUT", &path, &commands).status, 200);
    stage.well_formed();
    let (wire, _) = stage.identify(PLAIN);
    (stage, wire)
}

impl Stage {
    fn callback(&mut self, interaction: u64, body: &Value) -> (u16, Value) {
        let token = self.network.interaction(interaction).expect("an interaction").token.clone();
        let reply = self.ask("POST", &format!("/interactions/{interaction}/{token}/callback"), body);
        (reply.status, reply.body["code"].clone())
    }

    fn webhook(&mut self, method: &str, interaction: u64, rest: &str, body: &Value) -> (u16, Value) {
        let token = self.network.interaction(interaction).expect("an interaction").token.clone();
        let reply = self.ask(method, &format!("/webhooks/{}/{token}{rest}", id_of("omar")), body);
        (reply.status, reply.body)
    }

    fn ask_command(&mut self) -> u64 {
        let minsu = Person::named("minsu").speaking("ko");
        self.network.slash(self.at, "omar", "lounge", &minsu, "ask", &[("question", "why?".into())])
    }
}

#[test]
fn a_command_is_deferred_answered_and_followed_up() {
    let (mut stage, wire) = listening();
    let asked = stage.ask_command();
    let told = stage.payloads(wire);
    let GatewayEvent::Dispatch(_, Event::InteractionCreate(heard)) =
        serde_json::from_value(told[0].clone()).expect("known")
    else {
        panic!("{told:?}");
    };
    let command = heard.interaction.command().expect("a command");
    assert_eq!((command.data.name.as_str(), command.locale.as_str()), ("ask", "ko"));
    stage.wait(2.9);
    assert_eq!(stage.callback(asked, &json!({ "type": 5 })).0, 204);
    assert_eq!(events(&stage.payloads(wire)), ["MESSAGE_CREATE"], "somebody thinks");
    assert_eq!(stage.webhook("PATCH", asked, "/messages/@original", &said("because")).0, 200);
    let (status, second) = stage.webhook("POST", asked, "", &said("and besides"));
    assert_eq!(status, 200);
    let second = format!("/messages/{}", second["id"].as_str().expect("an id"));
    assert_eq!(stage.webhook("PATCH", asked, &second, &said("and also")).0, 200);
    assert_eq!(stage.webhook("GET", asked, "/messages/@original", &Value::Null).1["content"], "because");
    let shown: Vec<_> = stage.network.answers(asked).iter().map(|message| message.content.clone()).collect();
    assert_eq!(shown, ["because", "and also"]);
    assert_eq!(stage.webhook("DELETE", asked, &second, &Value::Null).0, 204);
    assert_eq!(stage.network.answers(asked).len(), 1);
    assert_eq!(stage.breaches(), []);
    assert_eq!(stage.network.report().acknowledged.len(), 1);
    stage.well_formed();
}

#[test]
fn deadlines_pass() {
    let (mut stage, _) = listening();
    let late = stage.ask_command();
    stage.wait(3.1);
    assert_eq!(stage.callback(late, &json!({ "type": 5 })), (404, json!(10_062)));
    assert_eq!(stage.breaches(), [Breach::MissedAcknowledgement]);
    let asked = stage.ask_command();
    assert_eq!(stage.webhook("POST", asked, "", &said("first")).1["code"], 10_015, "not acknowledged yet");
    assert_eq!(stage.callback(asked, &json!({ "type": 5, "data": { "flags": 64 } })).0, 204);
    assert_eq!(stage.callback(asked, &json!({ "type": 5 })), (400, json!(40_060)));
    // Nobody sends heartbeats here, so nobody looks for them.
    stage.at += Duration::from_secs(899);
    assert_eq!(stage.webhook("POST", asked, "", &said("in time")).0, 200);
    stage.at += Duration::from_secs(2);
    assert_eq!(stage.webhook("POST", asked, "", &said("too late")).0, 401);
    let breaches = [Breach::MissedAcknowledgement, Breach::AcknowledgedTwice, Breach::LateToken];
    assert_eq!(stage.breaches(), breaches);
    let answer = stage.network.answers(asked)[0];
    assert_eq!((answer.only_for, answer.content.as_str()), (Some(id_of("minsu")), "in time"), "as deferred");
    stage.well_formed();
}

#[test]
fn nobody_else_is_told_of_what_one_person_sees() {
    let (mut stage, wire) = listening();
    let asked = stage.ask_command();
    stage.payloads(wire);
    let mut body = said("between us");
    body["flags"] = 64.into();
    assert_eq!(stage.callback(asked, &json!({ "type": 4, "data": body })).0, 204);
    assert_eq!(events(&stage.payloads(wire)), [""; 0]);
    let list = stage.get(&format!("/channels/{}/messages", id_of("lounge"))).body;
    assert_eq!(list, json!([]));
}

#[test]
fn buttons_forms_proposals_and_menus_come_as_discord_sends_them() {
    let (mut stage, wire) = listening();
    let minsu = Person::named("minsu");
    let mut body = said("press me");
    body["components"] = json!([{ "type": 1, "components": [
        { "type": 2, "style": 2, "custom_id": "again", "label": "Again", "emoji": { "name": "🔁" } },
        { "type": 2, "style": 4, "custom_id": "cancel", "label": "Cancel", "disabled": true },
    ] }]);
    let path = format!("/channels/{}/messages", id_of("lounge"));
    let message = stage.ask("POST", &path, &body).body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let buttons = stage.network.buttons(message);
    assert_eq!((buttons[0].label.as_str(), buttons[1].disabled), ("🔁 Again", true));
    let pressed = stage.network.press(stage.at, &minsu, message, "again");
    let form = json!({ "type": 9, "data": { "custom_id": "form", "title": "Tell me", "components": [
        { "type": 1, "components": [{ "type": 4, "custom_id": "story", "style": 2, "label": "Story", "max_length": 4000 }] },
    ] } });
    assert_eq!(stage.callback(pressed, &form).0, 204);
    let filled = stage.network.submit(stage.at, pressed, &["a long story"]);
    assert_eq!(stage.callback(filled, &json!({ "type": 6 })).0, 204);
    let half = stage.network.half_typed(stage.at, "omar", "lounge", &minsu, "ask", ("question", "wh"));
    assert_eq!(stage.callback(half, &json!({ "type": 5 })).0, 400);
    let proposed = json!({ "type": 8, "data": { "choices": [{ "name": "why", "value": "why?" }] } });
    assert_eq!(stage.callback(half, &proposed).0, 204);
    assert_eq!(stage.network.interaction(half).expect("known").choices[0]["value"], "why?");
    let emma = stage.network.say(stage.at, "lounge", &Person::named("emma"), "what a day").id;
    stage.network.menu(stage.at, "omar", &minsu, "Ask about this", emma);
    stage.network.slash(stage.at, "omar", "lounge", &minsu.clone().moderator(), "mod pause", &[]);
    assert_eq!(stage.breaches(), [Breach::WrongAcknowledgement]);

    let told = stage.payloads(wire);
    let heard: Vec<_> = told.iter().filter(|payload| payload["t"] == "INTERACTION_CREATE").collect();
    assert_eq!(heard.len(), 5);
    for payload in &heard {
        let known: GatewayEvent =
            serde_json::from_value((*payload).clone()).unwrap_or_else(|why| panic!("{why}: {payload}"));
        assert!(matches!(known, GatewayEvent::Dispatch(_, Event::InteractionCreate(_))), "{payload}");
    }
    assert_eq!(heard[0]["d"]["message"]["content"], "press me");
    assert_eq!(heard[1]["d"]["data"]["components"][0]["components"][0]["value"], "a long story");
    assert_eq!(heard[2]["d"]["data"]["options"][0]["focused"], true);
    let target = heard[3]["d"]["data"]["target_id"].as_str().expect("a target");
    assert_eq!(heard[3]["d"]["data"]["resolved"]["messages"][target]["content"], "what a day");
    assert_eq!(heard[4]["d"]["data"]["options"][0]["name"], "pause");
    let permissions: u64 =
        heard[4]["d"]["member"]["permissions"].as_str().and_then(|p| p.parse().ok()).expect("a number");
    assert!(permissions & permission::MANAGE_MESSAGES != 0);
    assert_eq!(stage.network.interaction(filled).expect("known").asked, Asked::Modal(Some(message)));
    stage.well_formed();
}
