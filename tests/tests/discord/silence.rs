use lovelm_tests::{
    discord::{BOTS, Evening, Network, Person, Plan, mention},
    town::{ANSWER, saying},
};

#[tokio::test]
async fn bots_and_sisters_are_never_answered() {
    // Whatever they say, they name each other.
    let engine = saying(|_| format!("ask {} and {}", mention("hongcha"), mention("kimdal"))).with_slots(4);
    let mut evening = Evening::with(Plan { engine, ..Plan::default() }).await;
    evening.know(&["minsu"]).await;
    let nightbot = Person::named("nightbot").bot();
    let all: String = BOTS.map(mention).join(" ");
    evening.discord.with(|network, at| network.say(at, "lounge", &nightbot, &format!("{all} hello?")));
    assert_eq!(evening.still().await, [""; 0]);
    evening.ask("minsu", "omar", "whom should I ask?");
    assert_eq!(evening.lines(1).await.len(), 1);
    let answer = evening.last();
    evening.discord.with(|network, at| network.reply(at, "lounge", &nightbot, answer.id, true, "and I?"));
    assert_eq!(evening.still().await, [""; 0]);
    evening.end().await;
}

#[tokio::test]
async fn a_message_taken_back_is_not_answered() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.engine.hold();
    let asked = evening.ask("minsu", "omar", "I should not have said this");
    evening.until("it is being answered", |evening| evening.engine.running() == 1).await;
    evening.discord.with(|network, _| network.delete(asked.id));
    evening.until("it is stopped", |evening| evening.engine.cancelled() == 1).await;
    evening.engine.release();
    evening.settled().await;
    let left = |network: &Network| network.ours().filter(|message| !message.deleted).count();
    evening.discord.until("nothing stands for it", |network| left(network) == 0).await;
    assert_eq!(evening.still().await, [""; 0]);
    evening.end().await;
}

#[tokio::test]
async fn events_that_come_twice_are_answered_once() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.discord.with(|network, _| {
        network.chaos(Some(lovelm_tests::discord::Chaos { ambiguous: 0, repeated: 100 }));
    });
    evening.ask("minsu", "omar", "should I text my ex?");
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    let asked = evening.slash(&Person::named("minsu"), "kimdal", "ask", &[("question", "and now?".into())]);
    let heard = evening.answered(asked).await;
    assert_eq!(heard.iter().filter(|line| line.contains(ANSWER)).count(), 1, "{heard:?}");
    assert_eq!(evening.engine.requests().len(), 2);
    assert_eq!(evening.still().await, [""; 0]);
    evening.end().await;
}
