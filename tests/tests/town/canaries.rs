use lovelm::chat::{ChatEvent, Platform, Quoted, RawText};
use lovelm_tests::{
    scripted::question,
    town::{CHANNEL, Log, Plan, Town, saying},
};

/// What is to be found nowhere behind the door: of the stories, of accounts, of places.
const CANARIES: [&str; 12] = [
    "010-7391-2846",
    "7391-2846",
    "canary.kim@example.org",
    "canary.kim",
    "@canary_handle_77",
    "canary_handle_77",
    "900101-1234567",
    "https://canary.example/secret",
    "canary.example",
    "user-canary",
    "message-canary",
    "event-canary",
];

const STORIES: [&str; 6] = [
    "그 사람 번호가 010-7391-2846 인데 먼저 연락할까요?",
    "내 메일은 canary.kim@example.org 인데 답장이 안 와요",
    "he is @canary_handle_77 on insta and he ignores me",
    "주민번호 900101-1234567 까지 알려 줬는데 헤어졌어요",
    "she sent me https://canary.example/secret?x=1 and left",
    "電話は 010-7391-2846 です。返事が来ません",
];

#[tokio::test]
async fn no_canary_reaches_a_model_a_table_or_the_log() {
    let log = Log::capture();
    // The model says back whatever it was told.
    let town =
        Town::with(Plan { engine: saying(|prompt| format!("So: {}", question(prompt))), ..Plan::default() }).await;
    let names = ["canaryminsu", "canaryemma"];
    town.command(names[0], "privacy on").await;
    town.square.read();
    for name in names {
        for story in STORIES {
            for persona in ["@omar", "@shuhi"] {
                town.say(name, &format!("{persona} {story}")).await;
            }
            town.tell(town.paid(name, &format!("홍차야 {story}"), Town::bits(100))).await;
            let mut quoting = town.message_on(Platform::Discord, name, "@kimdal what do I make of this?");
            quoting.context = vec![Quoted { speaker: None, text: RawText::new(story) }];
            town.tell(ChatEvent::Said(quoting)).await;
        }
        town.command(name, &format!("panel {}", STORIES[0])).await;
        town.command(name, "more").await;
        town.command(name, "mydata").await;
    }
    town.engine.hold();
    let open = town.hear(town.paid(names[1], &format!("@omar {}", STORIES[1]), Town::bits(100))).await;
    let (rows, log) = (town.database.dump().await, log.text());
    town.engine.release();
    town.done(open).await;
    town.square.read();
    assert!(rows.lines().filter(|row| row.starts_with("consultation ")).count() > 15, "there is something to look at");
    assert!(rows.lines().any(|row| row.starts_with("pending ")), "a call was open");
    assert!(log.contains("answered"), "there is something to look at");
    let prompts: String = town
        .engine
        .requests()
        .iter()
        .flat_map(|request| &request.prompt.messages)
        .map(|turn| turn.text.as_str())
        .collect();
    for canary in CANARIES.into_iter().chain(names).chain([CHANNEL]) {
        for (place, text) in [("a prompt", &prompts), ("a table", &rows), ("the log", &log)] {
            let found = text.lines().find(|line| line.contains(canary));
            assert_eq!(found, None, "{canary} is in {place}");
        }
    }
    town.end().await;
}
