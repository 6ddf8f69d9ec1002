use std::time::Duration;

use lovelm_tests::{
    discord::{BOTS, Evening, Person, Plan, TOKEN_LIVES, id_of},
    town::{ANSWER, saying},
};
use serde_json::Value;

fn minsu() -> Person {
    Person::named("minsu").speaking("ko")
}

/// Opens the form of `/story` and sends a story in.
async fn send_story(evening: &Evening, who: &Person, bot: &str, story: &str) -> u64 {
    let asked = evening.slash(who, bot, "story", &[]);
    let opened =
        |network: &lovelm_tests::discord::Network| network.interaction(asked).is_some_and(|i| i.modal.is_some());
    evening.discord.until("the form is open", opened).await;
    let form =
        evening.discord.with(|network, _| network.interaction(asked).and_then(|i| i.modal.clone())).expect("a form");
    let field = &form["components"][0]["components"][0];
    assert_eq!(field["max_length"], 4000, "{form}");
    evening.discord.with(|network, at| network.submit(at, asked, &[story]))
}

#[tokio::test]
async fn every_command_is_known_in_three_languages() {
    let evening = Evening::open().await;
    for bot in BOTS {
        let commands = evening.discord.with(|network, _| network.commands(bot, Some("town")));
        let names: Vec<_> = commands.iter().filter_map(|command| command["name"].as_str()).collect();
        for name in [
            "ask", "panel", "story", "answer", "queue", "persona", "language", "privacy", "mydata", "forget", "about",
            "mod",
        ] {
            assert!(names.contains(&name), "{bot} has no {name}: {names:?}");
        }
        for command in commands.iter().filter(|command| command["type"] == 1) {
            for locale in ["ko", "ja"] {
                assert!(command["name_localizations"][locale].is_string(), "{locale}: {}", command["name"]);
                assert!(command["description_localizations"][locale].is_string(), "{locale}: {}", command["name"]);
            }
            let chars = longest(command);
            assert!(chars <= 8000, "{} has {chars} characters", command["name"]);
        }
        let mods = commands.iter().find(|command| command["name"] == "mod").expect("found above");
        assert!(mods["default_member_permissions"].is_string(), "for moderators only: {mods}");
        assert!(commands.iter().any(|command| command["type"] == 3), "a menu of messages");
    }
    evening.end().await;
}

/// Characters of a command, the longest language counted.
fn longest(value: &Value) -> usize {
    let own = |name: &str| {
        let length = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
        let localized =
            value[format!("{name}_localizations")].as_object().into_iter().flatten().map(|(_, text)| length(text));
        localized.chain([length(&value[name])]).max().unwrap_or_default()
    };
    let below = ["options", "choices"].into_iter().filter_map(|name| value[name].as_array()).flatten();
    let inner: usize = below.map(longest).sum();
    own("name") + own("description") + value["value"].as_str().map_or(0, |text| text.chars().count()) + inner
}

#[tokio::test]
async fn ask_is_answered_where_it_was_asked() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    let asked = evening.slash(&minsu(), "omar", "ask", &[("question", "헤어진 사람에게 연락해도 될까?".into())]);
    let heard = evening.answered(asked).await;
    assert!(heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    assert!(evening.discord.with(|network, _| network.answers(asked)[0].only_for.is_none()), "everybody sees it");
    assert_eq!(evening.still().await, [""; 0]);
    evening.end().await;
}

#[tokio::test]
async fn half_a_name_finds_a_persona() {
    let evening = Evening::open().await;
    let half = evening.discord.with(|network, at| {
        network.half_typed(at, "omar", "lounge", &Person::named("minsu").speaking("ko"), "ask", ("persona", "슈"))
    });
    let proposed =
        |network: &lovelm_tests::discord::Network| network.interaction(half).is_some_and(|i| !i.choices.is_empty());
    evening.discord.until("something is proposed", proposed).await;
    let choices =
        evening.discord.with(|network, _| network.interaction(half).map(|i| i.choices.clone())).expect("asked");
    assert_eq!(choices.len(), 1, "{choices:?}");
    assert!(choices[0].to_string().contains("shuhi"), "{choices:?}");
    evening.end().await;
}

#[tokio::test]
async fn a_story_is_told_and_answered_between_two() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    let story = format!("우리는 {} 그래서 헤어졌어요.", "오래 만났고 ".repeat(400));
    let sent = send_story(&evening, &minsu(), "hongcha", &story).await;
    let heard = evening.answered(sent).await;
    assert!(heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    let alone = |message: &&lovelm_tests::discord::Message| message.only_for == Some(id_of("minsu"));
    let (all, own) = evening.discord.with(|network, _| (network.ours().count(), network.ours().filter(alone).count()));
    assert_eq!(all, own, "nobody else sees anything of it");
    evening.end().await;
}

#[tokio::test]
async fn a_story_whose_answer_comes_too_late_is_fetched() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.engine.hold();
    let sent = send_story(&evening, &minsu(), "hongcha", "그 사람이 3년 만에 연락을 했어요. 만나야 할까요?").await;
    evening.until("it is being answered", |evening| evening.engine.running() == 1).await;
    let acknowledged =
        |network: &lovelm_tests::discord::Network| network.interaction(sent).is_some_and(|i| i.acknowledged.is_some());
    evening.discord.until("it is acknowledged", acknowledged).await;
    evening.leap(TOKEN_LIVES.saturating_sub(Duration::from_secs(30)));
    tokio::time::sleep(Duration::from_secs(2)).await;
    evening.leap(Duration::from_mins(1));
    evening.engine.release();
    evening.settled().await;
    let shown = evening.unread();
    assert!(
        !shown.iter().any(|line| line.contains(ANSWER) && !line.contains("(minsu)")),
        "not before everybody: {shown:?}"
    );
    let fetched = evening.slash(&minsu(), "hongcha", "answer", &[]);
    let heard = evening.answered(fetched).await;
    assert!(heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    assert!(evening.discord.with(|network, _| network.answers(fetched)[0].only_for.is_some()));
    evening.unread();
    evening.end().await;
}

#[tokio::test]
async fn what_one_asks_about_oneself_only_one_sees() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    for line in ["queue", "persona", "language", "privacy", "mydata", "about", "answer", "more", "forget"] {
        let asked = evening.slash(&minsu(), "shuhi", line, &[]);
        let heard = evening.answered(asked).await;
        assert!(!heard.concat().trim().is_empty(), "{line}: {heard:?}");
        let alone = evening.discord.with(|network, _| network.answers(asked).iter().all(|m| m.only_for.is_some()));
        assert!(alone, "{line}: {heard:?}");
    }
    evening.end().await;
}

#[tokio::test]
async fn words_of_somebody_else_can_be_asked_about() {
    let mut evening =
        Evening::with(Plan { engine: saying(|_| ANSWER.to_owned()).with_slots(4), ..Plan::default() }).await;
    evening.know(&["minsu", "emma"]).await;
    let said = evening.say("emma", "내 남자친구 김민준이 010-1234-5678로 연락하래");
    let menu = evening.discord.with(|network, _| network.commands("omar", Some("town")));
    let name =
        menu.iter().find(|command| command["type"] == 3).and_then(|c| c["name"].as_str()).expect("a menu").to_owned();
    let asked = evening.discord.with(|network, at| network.menu(at, "omar", &minsu(), &name, said.id));
    let heard = evening.answered(asked).await;
    assert!(heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    let prompts = format!("{:?}", evening.engine.requests());
    assert!(!prompts.contains("5678"), "scrubbed");
    assert!(!evening.database.dump().await.contains("5678"), "nothing of it is kept");
    evening.unread();
    evening.end().await;
}
