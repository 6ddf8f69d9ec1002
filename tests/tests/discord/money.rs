use std::time::Duration;

use lovelm_tests::{
    discord::{Evening, Person},
    town::ANSWER,
};

#[tokio::test]
async fn every_kind_of_boost_is_thanked_for_once() {
    let mut evening = Evening::open().await;
    evening.know(&["emma"]).await;
    for kind in 8..=11 {
        let booster = Person::named(&format!("booster{kind}"));
        evening.discord.with(|network, at| network.boost(at, "lounge", &booster, kind));
        let thanks = evening.lines(1).await;
        assert_eq!(thanks.len(), 1, "{thanks:?}");
    }
    assert_eq!(evening.still().await, [""; 0], "one line each");
    assert_eq!(evening.database.number("select count(*) from ledger where kind = 'boost'").await, 4);
    evening.end().await;
}

#[tokio::test]
async fn a_question_that_was_bought_is_used_up_by_its_answer() {
    let mut evening = Evening::open().await;
    evening.know(&["emma"]).await;
    let bought = evening.discord.with(|network, at| network.buy(at, "emma", "omar", "question"));
    evening.settled().await;
    evening.unread();
    let consumed = |evening: &Evening| {
        evening.discord.with(|network, _| network.entitlement(bought).is_some_and(|bought| bought.consumed))
    };
    assert!(!consumed(&evening), "not before the answer");
    evening.engine.hold();
    let asked = evening.slash(&Person::named("emma"), "omar", "ask", &[("question", "should I wait?".into())]);
    evening.until("it is being answered", |evening| evening.engine.running() == 1).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!consumed(&evening), "not before the answer");
    evening.engine.release();
    let heard = evening.answered(asked).await;
    assert!(heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    evening.until("it is used up", consumed).await;
    evening.unread();
    evening.end().await;
}

#[tokio::test]
async fn what_was_bought_while_nobody_was_there_is_found_at_the_start() {
    let mut evening = Evening::open().await;
    evening.know(&["emma"]).await;
    evening.engine.hold();
    let before = evening.discord.report().statuses.get(&200).copied().unwrap_or_default();
    let bought = evening.discord.with(|network, at| {
        for bot in lovelm_tests::discord::BOTS {
            network.fault(at, bot, lovelm_tests::discord::Fault::Invalid { resumable: false });
        }
        network.buy(at, "emma", "omar", "question")
    });
    evening.restart().await;
    assert!(evening.discord.report().statuses[&200] > before);
    evening.engine.release();
    let asked = evening.slash(&Person::named("emma"), "omar", "ask", &[("question", "should I wait?".into())]);
    evening.answered(asked).await;
    let consumed = |evening: &Evening| {
        evening.discord.with(|network, _| network.entitlement(bought).is_some_and(|bought| bought.consumed))
    };
    evening.until("it is used up", consumed).await;
    evening.unread();
    evening.end().await;
}
