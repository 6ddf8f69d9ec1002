use std::time::Duration;

use lovelm::{
    chat::{ChatEvent, PersonaId, Platform},
    engine::EngineError,
};
use lovelm_tests::{
    scripted::Fault,
    town::{ANSWER, Plan, Town, answers, calm, saying},
};

#[tokio::test]
async fn a_payment_without_words_is_thanked_for_and_booked() {
    let town = Town::open().await;
    let thanks = town.tell(town.paid("emma", "", Town::bits(100))).await;
    assert_eq!(thanks.len(), 1, "{thanks:?}");
    assert!(thanks[0].starts_with("(notice) hongcha > emma: ") && thanks[0].contains("100"), "{thanks:?}");
    let mut named = town.message("emma", " ");
    named.mentions = vec![PersonaId::new("shuhi")];
    let thanks = town.tell(ChatEvent::Paid(named, Town::bits(500))).await;
    assert!(thanks[0].starts_with("(notice) shuhi > emma: ") && thanks[0].contains("500"), "{thanks:?}");
    assert!(town.engine.requests().is_empty(), "no answer was asked for");
    assert_eq!(town.database.number("select sum(cents)::bigint from ledger").await, 600);
    let supported = "select count from fan_total where persona = 'shuhi' and deed = 'supported'";
    assert_eq!(town.database.number(supported).await, 1);
    town.end().await;
}

#[tokio::test]
async fn what_is_paid_with_words_goes_before_ten_that_wait() {
    let town = Town::open().await;
    let crowd: Vec<String> = (0..10).map(|n| format!("viewer{n}")).collect();
    town.know(&crowd.iter().map(String::as_str).collect::<Vec<_>>()).await;
    town.know(&["emma", "first"]).await;
    town.engine.hold();
    let mut receipts = vec![town.hear(ChatEvent::Said(town.message("first", "@omar am I early?"))).await];
    town.until("the first answer began", |town| town.engine.running() == 1).await;
    for name in &crowd {
        receipts.push(town.hear(ChatEvent::Said(town.message(name, "@omar should I wait?"))).await);
    }
    receipts.push(town.hear(town.paid("emma", "@omar should I pay?", Town::bits(300))).await);
    assert_eq!(town.database.number("select count(*) from pending where state = 'waiting'").await, 1);
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    let heard = answers(town.square.read());
    assert_eq!(heard.len(), 12, "{heard:?}");
    let paid = heard.iter().position(|line| *line == format!("omar > emma: {ANSWER}"));
    assert!(paid.is_some_and(|place| place <= 1), "{heard:?}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    assert_eq!(town.database.number("select count(*) from delivered").await, 1);
    town.end().await;
}

#[tokio::test]
async fn a_paid_event_that_comes_twice_is_booked_once_and_answered_once() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    let message = town.message("emma", "@omar should I text my ex?");
    let paid = || ChatEvent::Paid(message.clone(), Town::bits(200));
    let heard = town.tell(paid()).await;
    assert_eq!(
        heard,
        ["(notice) omar > emma: 200 bits received. Thank you.".to_owned(), format!("omar > emma: {ANSWER}")]
    );
    assert_eq!(town.tell(paid()).await, [""; 0]);
    assert_eq!(town.database.number("select count(*) from ledger").await, 1);
    assert_eq!(town.engine.requests().len(), 1);
    town.end().await;
}

#[tokio::test]
async fn a_paid_event_that_comes_again_after_a_crash_is_not_answered_again() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    let message = town.message("emma", "@omar should I text my ex?");
    let paid = ChatEvent::Paid(message, Town::bits(200));
    assert_eq!(answers(town.tell(paid.clone()).await).len(), 1);
    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    assert_eq!(town.tell(paid).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn what_was_paid_for_and_open_at_a_crash_is_answered_once() {
    let town = Town::open().await;
    town.know(&["emma", "minsu"]).await;
    town.engine.hold();
    let _lost = town.hear(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    let _waits = town.hear(town.paid("minsu", "슈히야 고백할까?", Town::bits(100))).await;
    assert_eq!(town.database.number("select count(*) from pending where state = 'waiting'").await, 2);

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    let taken_up = town.pipeline.resume().await.expect("rows can be read");
    town.done(taken_up).await;
    let mut heard = town.square.read();
    heard.sort();
    assert_eq!(heard, [format!("omar > emma: {ANSWER}"), format!("shuhi > minsu: {ANSWER}")]);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    let nothing = town.pipeline.resume().await.expect("rows can be read");
    town.done(nothing).await;
    town.end().await;
}

#[tokio::test]
async fn a_stranger_who_is_answered_after_a_crash_is_told_that_it_is_an_ais() {
    let town = Town::open().await;
    town.engine.hold();
    let _lost = town.hear(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    let thanks = town.square.read();
    assert!(!thanks.iter().any(|line| line.contains("AI")), "{thanks:?}");

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    let taken_up = town.pipeline.resume().await.expect("rows can be read");
    town.done(taken_up).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER} (AI answer)")]);
    town.end().await;
}

#[tokio::test]
async fn what_may_have_been_shown_before_a_crash_is_offered_and_never_shown_twice() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    town.engine.hold();
    let _lost = town.hear(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    town.database.change("update pending set state = 'sending'").await;

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    let taken_up = town.pipeline.resume().await.expect("rows can be read");
    town.done(taken_up).await;
    let heard = town.square.read();
    assert_eq!(
        heard,
        [
            "(notice) omar > emma: I was restarted in the middle, and my answer may not have been shown. If it is missing, please ask once more. I'm sorry."
        ]
    );
    assert!(town.engine.requests().is_empty());
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn a_paid_answer_whose_engine_fails_before_a_word_can_be_seen_is_tried_again() {
    let script = saying(|_| format!("<think>she paid for this</think>{ANSWER}"));
    let town = Town::with(Plan { engine: script, ..Plan::default() }).await;
    town.know(&["emma"]).await;
    town.engine.fault(Fault::Break(3, EngineError::Unavailable("gone".into())));
    let heard = town.tell(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    assert_eq!(answers(heard), [format!("omar > emma: {ANSWER}")]);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn a_paid_call_that_cannot_be_answered_is_apologised_for_and_closed() {
    let mut config = calm();
    config.engine.outage.tries = 2;
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["emma"]).await;
    for _ in 0..2 {
        town.engine.fault(Fault::Refuse(EngineError::Unavailable("gone".into())));
    }
    let heard = town.tell(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    let sorry = "(notice) omar > emma: I cannot answer now. The engine is down. Ask again in a few minutes.";
    assert_eq!(heard, ["(notice) omar > emma: 200 bits received. Thank you.", sorry]);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn where_the_platform_knows_lines_again_a_doubt_is_resolved_after_a_crash() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    town.engine.hold();
    let asked = town.message_on(Platform::Discord, "emma", "@omar should I text my ex?");
    let _lost = town.hear(ChatEvent::Paid(asked, Town::bits(200))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    town.database.change("update pending set state = 'sending'").await;

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    let taken_up = town.pipeline.resume().await.expect("rows can be read");
    town.done(taken_up).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER}")]);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn a_paid_line_in_doubt_is_sent_again_where_it_is_shown_once() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    town.square.forget_to_say(1);
    let asked = town.message_on(Platform::Discord, "emma", "@omar should I text my ex?");
    let heard = town.tell(ChatEvent::Paid(asked, Town::bits(200))).await;
    assert_eq!(answers(heard), [format!("omar > emma: {ANSWER}")]);

    town.square.forget_to_say(1);
    let heard = town.tell(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    assert_eq!(heard.len(), 3, "{heard:?}");
    assert!(heard[2].contains("may not have been shown"), "Twitch cannot say: {heard:?}");
    town.end().await;
}

#[tokio::test]
async fn a_free_line_in_doubt_is_sent_again_where_it_is_shown_once() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    town.square.forget_to_say(1);
    let asked = town.message_on(Platform::Discord, "emma", "@omar should I text my ex?");
    let heard = town.tell(ChatEvent::Said(asked)).await;
    assert_eq!(heard, [format!("omar > emma: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn what_was_taken_up_waited_before_and_what_is_too_late_gets_its_apology() {
    let mut config = calm();
    config.scheduler.deadline.twitch = Duration::from_secs(90);
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["emma", "minsu"]).await;
    town.engine.hold();
    let _lost = town.hear(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    town.clock.advance(Duration::from_mins(1));
    let _lost = town.hear(town.paid("minsu", "@omar should I text my ex?", Town::bits(10_000))).await;
    town.clock.advance(Duration::from_secs(35));
    town.square.read();

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    town.square.read();
    let taken_up = town.pipeline.resume().await.expect("rows can be read");
    town.done(taken_up).await;
    let heard = town.square.read();
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].starts_with("(notice) omar > emma: You supported us, and still"), "{heard:?}");
    assert_eq!(heard[1], format!("omar > minsu: {ANSWER}"));
    town.end().await;
}
