use std::time::Duration;

use lovelm::chat::{ChatEvent, Standing};
use lovelm_tests::town::{ANSWER, Plan, Town, answers, calm};

#[tokio::test]
async fn who_asks_too_fast_is_told_once_and_answered_again_later() {
    let mut config = calm();
    config.limits.person.burst = 2;
    config.limits.person.every = Duration::from_secs(15);
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    let answer = format!("omar > minsu: {ANSWER}");
    for _ in 0..2 {
        assert_eq!(town.say("minsu", "@omar what now?").await, [answer.as_str()]);
    }
    let refused = "(notice) omar > minsu: Let's take a breath first. Ask me again in about 15 seconds.";
    assert_eq!(town.say("minsu", "@omar what now?").await, [refused]);
    assert_eq!(town.say("minsu", "@omar what now??").await, [""; 0], "told once");
    assert_eq!(town.say("emma", "@omar what now?").await, [format!("omar > emma: {ANSWER}")], "others may");
    town.clock.advance(Duration::from_secs(15));
    assert_eq!(town.say("minsu", "@omar what now?").await, [answer.as_str()]);
    town.end().await;
}

#[tokio::test]
async fn the_day_the_channel_and_the_persona_have_their_own_words() {
    for (which, words) in [
        ("daily", "That was a good deal of talking for one day."),
        ("channel", "This channel has many questions right now."),
        ("persona", "Omar has many questions right now."),
    ] {
        let mut config = calm();
        match which {
            "daily" => config.limits.daily = 1,
            "channel" => config.limits.channel.burst = 1,
            _ => config.limits.persona.burst = 1,
        }
        let town = Town::with(Plan { config, ..Plan::default() }).await;
        town.know(&["minsu"]).await;
        assert_eq!(town.say("minsu", "@omar what now?").await, [format!("omar > minsu: {ANSWER}")]);
        let refused = town.say("minsu", "@omar what now?").await;
        assert_eq!(refused.len(), 1, "{which}");
        assert!(refused[0].starts_with(&format!("(notice) omar > minsu: {words}")), "{refused:?}");
        assert_eq!(town.say("minsu", "@omar what now?").await, [""; 0], "{which} is told once");
        town.end().await;
    }
}

#[tokio::test]
async fn moderators_and_who_pays_meet_no_limit() {
    let mut config = calm();
    config.limits.person.burst = 1;
    config.limits.daily = 1;
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["mod", "emma"]).await;
    for _ in 0..3 {
        let mut message = town.message("mod", "@omar what now?");
        message.author.standing = Standing { moderator: true, supporter: false };
        assert_eq!(town.tell(ChatEvent::Said(message)).await, [format!("omar > mod: {ANSWER}")]);
        let paid = town.paid("emma", "@omar what now?", Town::bits(100));
        assert_eq!(answers(town.tell(paid).await), [format!("omar > emma: {ANSWER}")]);
    }
    town.end().await;
}

#[tokio::test]
async fn a_long_wait_is_told_once_for_a_whole_panel_and_a_queue_shows_it() {
    let mut config = calm();
    config.scheduler.tell_after = Duration::from_secs(5);
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["first", "minsu"]).await;
    town.engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("first", "@omar what now?"))).await;
    town.until("the first answer began", |town| town.engine.running() == 1).await;
    town.square.read();
    let panel = town.hear(town.invocation("minsu", "panel what now?")).await;
    let told = town.square.read();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("(notice) hongcha > minsu: ") && told[0].contains("Your answer comes in"), "{told:?}");
    let queue = town.command("minsu", "queue").await.concat();
    assert!(queue.contains('4') && queue.matches("- ").count() == 4, "{queue}");
    for name in ["홍차:", "오마르:", "김달:", "슈히:"] {
        assert!(queue.contains(name), "{queue}");
    }
    town.engine.release();
    town.done(first).await;
    town.done(panel).await;
    assert_eq!(town.square.read().len(), 5);
    town.end().await;
}

#[tokio::test]
async fn a_full_line_and_too_many_of_one_person_are_told() {
    let mut config = calm();
    config.scheduler.most_waiting_each = 2;
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    town.engine.hold();
    let mut receipts = Vec::new();
    for _ in 0..3 {
        receipts.push(town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await);
        town.until("the first answer began", |town| town.engine.running() == 1).await;
    }
    assert_eq!(
        town.say("minsu", "@omar what now?").await,
        ["(notice) omar > minsu: You have enough questions in line for now. Ask again when one of them is answered."]
    );
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    assert_eq!(town.square.read().len(), 3);
    town.end().await;
}
