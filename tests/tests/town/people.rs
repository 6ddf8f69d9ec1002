use std::time::Duration;

use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::town::{ANSWER, Town};

const NOTICE: &str = "(notice) omar > minsu: I am Omar, an AI character. Not a person. You make the decisions.";

#[tokio::test]
async fn a_stranger_is_told_of_the_ai_and_asked_for_consent_once_and_of_the_ai_again_after_three_hours() {
    let town = Town::open().await;
    let answer = format!("omar > minsu: {ANSWER}");
    let asks =
        async |question: &str| town.tell(ChatEvent::Said(town.message_on(Platform::Discord, "minsu", question))).await;
    let first = asks("@omar should I text my ex?").await;
    assert_eq!(first.len(), 3, "{first:?}");
    assert_eq!(first[0], NOTICE);
    assert!(first[1].starts_with("(notice) omar > minsu: May I keep your questions"), "{first:?}");
    assert!(first[1].contains("/privacy on"), "{first:?}");
    assert_eq!(first[2], answer);
    assert_eq!(asks("@omar and now?").await, [answer.as_str()]);
    town.clock.advance(Duration::from_mins(179));
    assert_eq!(asks("@omar and now?").await, [answer.as_str()]);
    town.clock.advance(Duration::from_mins(2));
    assert_eq!(asks("@omar and now?").await, [NOTICE, answer.as_str()]);
    assert_eq!(asks("@omar and now?").await, [answer.as_str()]);
    town.end().await;
}

#[tokio::test]
async fn on_twitch_the_answer_itself_says_that_it_is_an_ais() {
    let town = Town::open().await;
    let (tagged, plain) = (format!("omar > minsu: {ANSWER} (AI answer)"), format!("omar > minsu: {ANSWER}"));
    assert_eq!(town.say("minsu", "@omar should I text my ex?").await, [tagged.as_str()]);
    assert_eq!(town.say("minsu", "@omar and now?").await, [plain.as_str()]);
    town.clock.advance(Duration::from_hours(3));
    assert_eq!(town.say("minsu", "@omar and now?").await, [tagged.as_str()]);
    town.end().await;
}

#[tokio::test]
async fn without_consent_a_person_is_one_row() {
    let town = Town::open().await;
    town.say("minsu", "@omar should I text my ex?").await;
    assert_eq!(town.database.number("select count(*) from person").await, 1);
    for (table, rows) in [
        ("select count(*) from consultation", 0),
        ("select count(*) from fan_count", 0),
        ("select count(*) from ledger", 0),
        ("select count(*) from pending", 0),
        ("select count(*) from recent", 1),
    ] {
        assert_eq!(town.database.number(table).await, rows, "{table}");
    }
    town.clock.advance(Duration::from_hours(25));
    town.pipeline.sweep().await;
    assert_eq!(town.database.number("select count(*) from recent").await, 0, "a day is over");
    town.end().await;
}
