use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::town::{ANSWER, Log, Town};

const STORY: &str = "@omar he left and I want to kill myself tonight";

#[tokio::test]
async fn the_card_comes_at_once_though_the_engine_hangs_and_the_line_is_full() {
    let mut config = lovelm_tests::town::calm();
    config.scheduler.most_waiting = 2;
    config.limits.person.burst = 1;
    let town = Town::with(lovelm_tests::town::Plan { config, ..Default::default() }).await;
    town.know(&["a", "b", "c", "d", "minsu"]).await;
    town.engine.hold();
    let mut receipts = Vec::new();
    for name in ["a", "b", "c"] {
        receipts.push(town.hear(ChatEvent::Said(town.message(name, "@omar what now?"))).await);
        town.until("the first answer began", |town| town.engine.running() == 1).await;
    }
    let full = town.say("d", "@omar what now?").await;
    assert_eq!(full.len(), 1, "{full:?}");
    assert!(full[0].contains("The line is full"), "{full:?}");
    for platform in [Platform::Twitch, Platform::Discord] {
        let message = town.message_on(platform, "minsu", STORY);
        let heard = town.tell(ChatEvent::Said(message)).await;
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert!(heard[0].starts_with("(crisis) omar > minsu: ") && heard[0].contains("988"), "{heard:?}");
        assert_eq!(heard[1], format!("(alert) suicide on {platform}, with a link"));
    }
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    assert_eq!(town.square.read().len(), 3);
    town.end().await;
}

#[tokio::test]
async fn nothing_of_a_crisis_is_kept_or_logged_and_no_model_sees_it() {
    let log = Log::capture();
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "privacy on").await;
    let before = town.database.dump().await;
    for line in [STORY, "홍차야 나 오늘 죽고 싶어", "@kimdal 自殺したい"] {
        assert_eq!(town.say("minsu", line).await.len(), 2, "{line}");
    }
    assert_eq!(town.command("minsu", "panel I want to end my life").await.len(), 2, "one card, not four");
    assert_eq!(town.database.dump().await, before);
    assert!(town.engine.requests().is_empty());
    let log = log.text();
    for word in ["kill myself", "죽고", "自殺", "end my life", "minsu", "canary"] {
        assert!(!log.contains(word), "{word}: {log}");
    }
    town.end().await;
}

#[tokio::test]
async fn a_crisis_that_comes_twice_has_one_card() {
    let town = Town::open().await;
    let message = town.message("minsu", STORY);
    assert_eq!(town.tell(ChatEvent::Said(message.clone())).await.len(), 2);
    assert_eq!(town.tell(ChatEvent::Said(message)).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn a_payment_with_a_crisis_is_kept_as_an_amount_only() {
    let town = Town::open().await;
    let heard = town.tell(town.paid("emma", STORY, Town::bits(500))).await;
    assert_eq!(heard.len(), 2, "a card and an alert, no thanks: {heard:?}");
    assert!(heard[0].starts_with("(crisis) "), "{heard:?}");
    assert_eq!(town.database.number("select sum(cents)::bigint from ledger").await, 500);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    let rows = town.database.dump().await;
    assert_eq!(rows.lines().count(), 1, "the ledger's row and no other: {rows}");
    assert!(rows.starts_with("ledger ") && !rows.contains("kill"), "{rows}");
    town.end().await;
}

#[tokio::test]
async fn worries_that_are_no_crisis_are_answered() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    for line in [
        "@omar I'm dying to see her again",
        "@omar 배고파 죽겠는데 데이트 뭐 먹지?",
        "@omar this homework is killing me",
    ] {
        assert_eq!(town.say("minsu", line).await, [format!("omar > minsu: {ANSWER}")], "{line}");
    }
    town.end().await;
}
