use lovelm_tests::{
    discord::{Evening, Network, Person},
    town::ANSWER,
};

#[tokio::test]
async fn a_question_is_asked_again_before_and_after_a_restart() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.ask("minsu", "omar", "should I text my ex?");
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    let answer = evening.last();
    evening.press(&Person::named("minsu"), answer.id, ":again:");
    let heard = evening.lines(1).await;
    assert!(heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    evening.restart().await;
    evening.press(&Person::named("minsu"), answer.id, ":again:");
    let heard = evening.lines(1).await;
    assert!(heard.iter().any(|line| line.starts_with("omar") && line.contains(ANSWER)), "{heard:?}");
    evening.press(&Person::named("minsu"), answer.id, ":ask:");
    let heard = evening.lines(1).await;
    assert!(heard.iter().any(|line| !line.starts_with("omar") && line.contains(ANSWER)), "another persona: {heard:?}");
    evening.end().await;
}

#[tokio::test]
async fn an_answer_is_cancelled_by_its_asker_and_by_moderators_only() {
    for (who, stops) in
        [(Person::named("minsu"), true), (Person::named("boss").moderator(), true), (Person::named("stranger"), false)]
    {
        let mut evening = Evening::open().await;
        evening.know(&["minsu", "boss", "stranger"]).await;
        evening.engine.hold();
        evening.ask("minsu", "omar", "tell me everything");
        evening.until("it is being answered", |evening| evening.engine.running() == 1).await;
        evening.discord.until("it can be cancelled", |network| cancellable(network).is_some()).await;
        let message = evening.discord.with(|network, _| cancellable(network)).expect("found above");
        let pressed = evening.press(&who, message, ":cancel:");
        evening
            .discord
            .until("it is acknowledged", |network| {
                network.interaction(pressed).is_some_and(|i| i.acknowledged.is_some())
            })
            .await;
        if stops {
            evening.until("it is cancelled", |evening| evening.engine.cancelled() == 1).await;
        }
        evening.engine.release();
        evening.settled().await;
        let heard = evening.unread();
        assert_eq!(heard.iter().any(|line| line.contains(ANSWER)), !stops, "{}: {heard:?}", who.name);
        evening.end().await;
    }
}

fn cancellable(network: &Network) -> Option<u64> {
    let mut ours = network.ours().filter(|message| !message.deleted);
    ours.find(|message| network.buttons(message.id).iter().any(|b| b.id.contains(":cancel:"))).map(|message| message.id)
}
