use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::town::{ANSWER, Plan, Town, saying};

#[tokio::test]
async fn a_language_can_be_chosen_and_is_kept() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let changed = town.command("minsu", "language ja").await;
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].contains("日本語"), "{changed:?}");
    assert_eq!(town.say("minsu", "@omar should I text my ex?").await.len(), 1);
    let prompt = town.engine.requests()[0].prompt.clone();
    assert!(prompt.messages[0].text.contains("日本語だけで答える"), "{:?}", prompt.messages[0].text);
    let current = town.command("minsu", "language").await.concat();
    assert!(current.contains("日本語") && current.contains("!language"), "{current}");
    assert_eq!(town.database.texts("select language from person where language is not null").await, ["ja"]);
    town.end().await;
}

#[tokio::test]
async fn plain_lines_go_to_the_persona_that_was_chosen() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    let plain = |who: &str| ChatEvent::Said(town.message_on(Platform::Console, who, "what do I do?"));
    assert_eq!(town.tell(plain("minsu")).await, [format!("hongcha > minsu: {ANSWER}")]);
    let ChatEvent::Command(mut choice) = town.invocation("minsu", "persona kimdal") else { unreachable!() };
    choice.message.place.platform = Platform::Console;
    let changed = town.tell(ChatEvent::Command(choice)).await;
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(town.tell(plain("minsu")).await, [format!("kimdal > minsu: {ANSWER}")]);
    assert_eq!(town.tell(plain("emma")).await, [format!("hongcha > emma: {ANSWER}")], "emma chose nobody");
    let all = town.command("emma", "persona").await.concat();
    for id in ["hongcha)", "omar)", "kimdal)", "shuhi)"] {
        assert!(all.contains(id), "{all}");
    }
    town.end().await;
}

#[tokio::test]
async fn more_gives_the_rest_of_a_long_answer() {
    let sentence = |n| format!("This is sentence number {n}: {}and done.", "on and ".repeat(18));
    let long = (1..=4).map(sentence).collect::<Vec<_>>().join(" ");
    let town = Town::with(Plan { engine: saying(move |_| long.clone()), ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    let none = town.command("minsu", "more").await;
    assert_eq!(none.len(), 1, "{none:?}");
    let first = town.say("minsu", "@omar tell me everything").await;
    assert_eq!(first.len(), 1, "one line on Twitch: {first:?}");
    assert!(first[0].contains("sentence number 1:") && first[0].contains("!more"), "{first:?}");
    let shown = (1..=4).take_while(|n| first[0].contains(&format!("number {n}:"))).count();
    assert!((1..4).contains(&shown), "{first:?}");
    let rest = town.command("minsu", "more").await;
    let rest: String = rest.iter().map(|line| line.trim_start_matches("omar > minsu: ").to_owned() + " ").collect();
    let next = shown + 1;
    assert!(rest.starts_with(&format!("This is sentence number {next}:")), "nothing is lost: {rest}");
    let others = town.command("emma", "more").await.concat();
    assert!(!others.contains("sentence number"), "another person's answer: {others}");
    town.end().await;
}

#[tokio::test]
async fn about_and_an_empty_queue_are_answered_at_once() {
    let town = Town::open().await;
    town.engine.hold();
    let about = town.command("emma", "about").await;
    assert_eq!(about.len(), 1, "{about:?}");
    for command in ["!privacy", "!mydata", "!forget"] {
        assert!(about[0].contains(command), "{about:?}");
    }
    assert_eq!(town.command("emma", "queue").await.len(), 1);
    assert_eq!(town.database.dump().await, "", "looking around leaves no trace");
    town.end().await;
}

#[tokio::test]
async fn a_bot_commands_nothing() {
    let town = Town::open().await;
    for line in ["about", "panel what now?", "ask omar what now?", "privacy on", "forget"] {
        let ChatEvent::Command(mut invocation) = town.invocation("nightbot", line) else { unreachable!() };
        invocation.message.author.is_bot = true;
        assert_eq!(town.tell(ChatEvent::Command(invocation)).await, [""; 0], "{line}");
    }
    town.end().await;
}
