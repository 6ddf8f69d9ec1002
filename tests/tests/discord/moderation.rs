use lovelm_tests::{
    discord::{Evening, Network, Person},
    town::ANSWER,
};

fn boss() -> Person {
    Person::named("boss").moderator()
}

/// A moderator's command, and what they are told.
async fn order(evening: &mut Evening, who: &Person, line: &str) -> Vec<String> {
    let asked = evening.slash(who, "omar", line, &[]);
    let spoken = |network: &Network| network.answers(asked).iter().any(|message| !message.content.is_empty());
    evening.discord.until("it is answered", spoken).await;
    evening.answers(asked)
}

#[tokio::test]
async fn a_paused_channel_is_silent_until_it_is_resumed() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu", "boss"]).await;
    order(&mut evening, &boss(), "mod pause").await;
    evening.unread();
    evening.ask("minsu", "omar", "what now?");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    evening.settled().await;
    let heard = evening.unread();
    assert!(!heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    assert!(evening.engine.requests().is_empty());
    order(&mut evening, &boss(), "mod resume").await;
    evening.unread();
    evening.ask("minsu", "omar", "and now?");
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    evening.end().await;
}

#[tokio::test]
async fn a_moderator_stops_what_is_being_written() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu", "boss"]).await;
    evening.engine.hold();
    evening.ask("minsu", "omar", "tell me everything");
    evening.until("it is being answered", |evening| evening.engine.running() == 1).await;
    order(&mut evening, &boss(), "mod skip").await;
    evening.until("it is stopped", |evening| evening.engine.cancelled() == 1).await;
    evening.engine.release();
    evening.settled().await;
    let heard = evening.unread();
    assert!(!heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    assert_eq!(evening.still().await, [""; 0]);
    evening.end().await;
}

#[tokio::test]
async fn whoever_moderates_nothing_orders_nothing() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    // A server's owner may let everybody see the command.
    order(&mut evening, &Person::named("minsu"), "mod pause").await;
    evening.unread();
    evening.ask("minsu", "omar", "what now?");
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    evening.end().await;
}
