use lovelm_tests::{
    discord::{Evening, Person, Plan, id_of, mention},
    town::ANSWER,
};

#[tokio::test]
async fn a_mention_is_answered_to_whoever_mentions() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.ask("minsu", "omar", "should I text my ex?");
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    let answer = evening.last();
    assert!(answer.mentions.iter().all(|pinged| *pinged == id_of("minsu")), "nobody else is pinged");
    assert_eq!(evening.engine.requests().len(), 1);
    evening.end().await;
}

#[tokio::test]
async fn a_reply_is_answered_and_brings_what_stands_above_it() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu", "emma"]).await;
    evening.ask("minsu", "kimdal", "남자친구가 생일을 잊었어");
    evening.lines(1).await;
    let above = evening.last();
    evening.reply("emma", above.id, "그럼 저는 어떻게 해요?");
    assert_eq!(evening.lines(1).await, [format!("kimdal > emma: {ANSWER}")]);
    let asked = format!("{:?}", evening.engine.requests().last().expect("a request").prompt);
    assert!(asked.contains("Breathe first"), "what was said above is known: {asked}");
    evening.end().await;
}

#[tokio::test]
async fn a_direct_message_needs_no_mention() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.discord.with(|network, _| network.direct("minsu", "shuhi"));
    evening.say_in("minsu to shuhi", "minsu", "고백할까 말까 고민이에요");
    assert_eq!(evening.lines(1).await, [format!("#minsu to shuhi shuhi > minsu: {ANSWER}")]);
    evening.end().await;
}

#[tokio::test]
async fn a_thread_is_answered_in_the_thread() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.discord.with(|network, _| network.thread("lounge", "a thread", "minsu"));
    evening.say_in("a thread", "minsu", &format!("{} what now?", mention("hongcha")));
    assert_eq!(evening.lines(1).await, [format!("#a thread hongcha > minsu: {ANSWER}")]);
    evening.end().await;
}

#[tokio::test]
async fn whoever_may_read_everything_answers_to_a_name() {
    let mut evening = Evening::with(Plan { message_content: true, ..Plan::default() }).await;
    evening.know(&["minsu"]).await;
    evening.say("minsu", "홍차야 남자친구가 생일을 잊었어 👩‍❤️‍👩");
    assert_eq!(evening.lines(1).await, [format!("hongcha > minsu: {ANSWER}")]);
    evening.say("minsu", "홍차가 맛있네");
    evening.say("minsu", "nobody is meant");
    assert_eq!(evening.still().await, [""; 0]);
    evening.end().await;
}

#[tokio::test]
async fn a_name_alone_is_nothing_to_whoever_may_not_read() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.say("minsu", "홍차야 남자친구가 생일을 잊었어");
    assert_eq!(evening.still().await, [""; 0]);
    for bot in lovelm_tests::discord::BOTS {
        let intents = evening.discord.with(|network, _| network.intents(bot));
        assert_eq!(intents & lovelm_tests::discord::intent::PRIVILEGED, 0, "{bot} asks for no more than it needs");
    }
    evening.end().await;
}

#[tokio::test]
async fn the_same_under_discords_own_name() {
    let mut evening = Evening::with(Plan { as_discord: true, ..Plan::default() }).await;
    evening.know(&["minsu"]).await;
    for _ in 0..3 {
        evening.ask("minsu", "omar", "should I text my ex?");
        assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    }
    evening.end().await;
}

#[tokio::test]
async fn a_stranger_is_told_once_that_an_ai_answers() {
    let mut evening = Evening::open().await;
    evening.discord.with(|network, at| {
        network.say(at, "lounge", &Person::named("newcomer"), &format!("{} hello?", mention("omar")))
    });
    let first = evening.lines(1).await;
    assert!(first.iter().any(|line| line.contains(ANSWER)), "{first:?}");
    evening.still().await;
    evening.ask("newcomer", "omar", "and now?");
    assert_eq!(evening.lines(1).await, [format!("omar > newcomer: {ANSWER}")]);
    evening.end().await;
}
