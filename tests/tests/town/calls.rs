use lovelm::chat::{ChatEvent, PersonaId, Platform};
use lovelm_tests::town::{ANSWER, Town};

#[tokio::test]
async fn a_mention_a_name_with_its_particle_and_a_reply_are_answered() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let omar = format!("omar > minsu: {ANSWER}");
    assert_eq!(town.say("minsu", "@omar should I text my ex?").await, [omar.as_str()]);
    assert_eq!(town.say("minsu", "오마르님, 먼저 연락해도 될까요?").await, [omar.as_str()]);
    assert_eq!(town.say("minsu", "홍차야 👩‍❤️‍👩 어떡해").await, [format!("hongcha > minsu: {ANSWER}")]);
    assert_eq!(town.say("minsu", "슈히한테 물어볼래, 고백할까?").await, [format!("shuhi > minsu: {ANSWER}")]);
    let mut reply = town.message("minsu", "그래도 너무 속상해요");
    reply.reply_to = Some(PersonaId::new("kimdal"));
    assert_eq!(town.tell(ChatEvent::Said(reply)).await, [format!("kimdal > minsu: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn what_calls_nobody_is_left_in_peace() {
    let town = Town::open().await;
    for line in
        ["hello everyone", "홍차나무 예쁘다", "오마르크스 재밌네", "", "   ", "🙂", "mail me at omar@example.org"]
    {
        assert_eq!(town.say("minsu", line).await, [""; 0], "{line}");
    }
    let mut bot = town.message("nightbot", "@omar are you there?");
    bot.author.is_bot = true;
    assert_eq!(town.tell(ChatEvent::Said(bot)).await, [""; 0], "bots are never answered");
    assert!(town.engine.requests().is_empty());
    assert_eq!(town.database.dump().await, "", "nothing is kept of people who did not call");
    town.end().await;
}

#[tokio::test]
async fn a_call_without_words_is_greeted() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let heard = town.say("minsu", "홍차야?").await;
    assert_eq!(heard, ["(notice) hongcha > minsu: 듣고 있어요. 어떤 고민이 있으세요?"]);
    assert!(town.engine.requests().is_empty());
    town.end().await;
}

#[tokio::test]
async fn a_panel_answers_in_order_and_is_one_consultation_where_its_asker_consented() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    town.command("emma", "privacy consultation on").await;
    let four = |who: &str| ["hongcha", "omar", "kimdal", "shuhi"].map(|persona| format!("{persona} > {who}: {ANSWER}"));
    assert_eq!(town.command("minsu", "panel should I text my ex?").await, four("minsu"));
    assert_eq!(town.database.number("select count(*) from consultation").await, 0, "minsu said nothing of consent");
    assert_eq!(town.command("emma", "panel should I text my ex?").await, four("emma"));
    assert_eq!(town.database.number("select count(*) from consultation").await, 1);
    let answers = town.database.texts("select persona from answer order by turn").await;
    assert_eq!(answers, ["hongcha", "omar", "kimdal", "shuhi"]);
    town.end().await;
}

#[tokio::test]
async fn a_panel_speaks_in_order_on_an_engine_with_many_slots() {
    let slots = lovelm_tests::town::saying(|prompt| {
        // Whoever speaks first has the most to say.
        let first = prompt.messages[0].text.contains("You are Hongcha");
        if first { "Breathe in and out, and then once more. ".repeat(3) } else { ANSWER.to_owned() }
    });
    let town = Town::with(lovelm_tests::town::Plan { engine: slots.with_slots(4), ..Default::default() }).await;
    town.know(&["minsu"]).await;
    town.engine.hold();
    let panel = town.hear(town.invocation("minsu", "panel should I text my ex?")).await;
    town.until("three answer at once, beside the slot kept for who pays", |town| town.engine.running() == 3).await;
    town.engine.release();
    town.done(panel).await;
    let heard = town.square.read();
    let speakers: Vec<_> = heard.iter().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(speakers, ["hongcha", "omar", "kimdal", "shuhi"]);
    town.end().await;
}

#[tokio::test]
async fn an_event_that_comes_twice_is_answered_once() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let message = town.message("minsu", "@omar should I text my ex?");
    assert_eq!(town.tell(ChatEvent::Said(message.clone())).await.len(), 1);
    assert_eq!(town.tell(ChatEvent::Said(message)).await, [""; 0]);
    assert_eq!(town.engine.requests().len(), 1);
    town.end().await;
}

#[tokio::test]
async fn every_platform_has_its_manner() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    for platform in [Platform::Console, Platform::Discord, Platform::Twitch] {
        let message = town.message_on(platform, "minsu", "@shuhi how do I say sorry?");
        assert_eq!(town.tell(ChatEvent::Said(message)).await, [format!("shuhi > minsu: {ANSWER}")], "{platform}");
    }
    let plain = town.message_on(Platform::Console, "minsu", "how do I say sorry?");
    assert_eq!(town.tell(ChatEvent::Said(plain)).await, [format!("hongcha > minsu: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn a_follow_up_knows_what_was_said_before_and_a_panel_does_not() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.say("minsu", "@omar my boyfriend forgot the lighthouse").await;
    town.say("minsu", "@omar and what now?").await;
    town.command("minsu", "panel should I text my ex?").await;
    let requests = town.engine.requests();
    let told = |index: usize, words: &str| {
        let prompt = &requests[index].prompt;
        prompt.messages.iter().any(|turn| turn.text.contains(words))
    };
    assert_eq!(requests.len(), 6);
    assert!(told(1, "forgot the lighthouse"), "a follow-up is told what it follows");
    // Omar said something to this asker a moment ago; in a panel he does not look back at it either.
    assert!((2..6).all(|index| !told(index, "and what now?")), "every persona of a panel hears the same story");
    town.end().await;
}
