use lovelm::chat::{ChatEvent, Deletion, Standing};
use lovelm_tests::town::{ANSWER, Town};

use crate::bursts::{busy, finish, joining};

/// A town that knows its people, and whose moderator speaks English.
async fn town() -> Town {
    let town = Town::open().await;
    town.know(&["minsu", "emma", "boss"]).await;
    assert_eq!(town.command("boss", "language en").await.len(), 1);
    town
}

/// A moderator gives a command, such as `mod pause`.
async fn moderate(town: &Town, line: &str) -> Vec<String> {
    let ChatEvent::Command(mut invocation) = town.invocation("boss", line) else { unreachable!() };
    invocation.message.author.standing = Standing { moderator: true, supporter: false };
    town.tell(ChatEvent::Command(invocation)).await
}

#[tokio::test]
async fn a_paused_place_hears_nothing_until_it_is_resumed() {
    let town = town().await;
    assert_eq!(town.command("minsu", "lovelm pause").await, [""; 0], "a viewer may not");
    let paused = moderate(&town, "lovelm pause").await;
    assert_eq!(paused.len(), 1, "{paused:?}");
    assert_eq!(town.say("minsu", "@omar what now?").await, [""; 0]);
    let paid = town.tell(town.paid("emma", "@omar what now?", Town::bits(500))).await;
    assert_eq!(paid.len(), 1, "who paid is told: {paid:?}");
    assert!(paid[0].contains("paused us in this channel"), "{paid:?}");
    assert!(moderate(&town, "mod status").await[0].contains("This channel: paused"));
    assert_eq!(moderate(&town, "mod resume").await.len(), 1);
    assert_eq!(town.say("minsu", "@omar what now?").await, [format!("omar > minsu: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn a_call_that_waits_when_its_place_is_paused_is_not_answered() {
    let town = town().await;
    town.engine.hold();
    let running = town.hear(ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    let waiting = town.hear(ChatEvent::Said(town.message("emma", "@omar second"))).await;
    moderate(&town, "lovelm pause").await;
    town.engine.release();
    town.done(running).await;
    town.done(waiting).await;
    assert_eq!(town.square.read(), [format!("omar > minsu: {ANSWER}")], "what had begun is finished");
    town.end().await;
}

#[tokio::test]
async fn in_a_quiet_place_there_are_answers_and_nothing_else() {
    let town = town().await;
    moderate(&town, "lovelm quiet").await;
    let paid = town.tell(town.paid("emma", "@omar what now?", Town::bits(500))).await;
    assert_eq!(paid, [format!("omar > emma: {ANSWER}")], "no thank-you");
    assert_eq!(town.tell(town.paid("emma", "", Town::bits(500))).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn a_moderator_stops_the_answer_that_is_being_written() {
    let town = town().await;
    assert!(moderate(&town, "lovelm skip").await[0].contains("No answer is being written"));
    town.engine.hold();
    let running = town.hear(ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    assert!(moderate(&town, "lovelm skip").await[0].contains("Stopped the answer"));
    town.engine.release();
    town.done(running).await;
    assert_eq!(town.square.read(), [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn a_skipped_answer_does_not_begin_again_for_whoever_asked_the_same() {
    let (town, first) = busy(joining(), &["minsu", "emma"]).await;
    let mut receipts = vec![first];
    for who in ["minsu", "emma"] {
        receipts.push(town.hear(ChatEvent::Said(town.message(who, "@omar 고백할까?"))).await);
    }
    assert_eq!(moderate(&town, "lovelm skip").await.len(), 1);
    town.until("the next one began", |town| town.engine.requests().len() == 2 && town.engine.running() == 1).await;
    assert_eq!(moderate(&town, "lovelm skip").await.len(), 1);
    assert_eq!(finish(&town, receipts).await, [""; 0]);
    assert_eq!(town.engine.requests().len(), 2);
    town.end().await;
}

#[tokio::test]
async fn who_paid_before_a_pause_is_told_once_and_the_call_is_closed() {
    let town = town().await;
    town.engine.hold();
    let running = town.hear(town.paid("minsu", "@omar first", Town::bits(500))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    let waiting = town.hear(town.paid("emma", "@omar second", Town::bits(500))).await;
    moderate(&town, "lovelm pause").await;
    town.square.read();
    town.engine.release();
    town.done(running).await;
    town.done(waiting).await;
    let heard = town.square.read();
    assert_eq!(heard.iter().filter(|line| line.contains("paused us in this channel")).count(), 1, "{heard:?}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn a_raid_is_welcomed_once() {
    let town = Town::open().await;
    let raid = ChatEvent::Raided { message: town.message("emma", ""), viewers: 12 };
    let welcome = town.tell(raid.clone()).await;
    assert_eq!(welcome.len(), 1, "{welcome:?}");
    assert!(welcome[0].starts_with("(notice) hongcha > emma: ") && welcome[0].contains("12"), "{welcome:?}");
    assert_eq!(town.tell(raid).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn nothing_is_said_to_whoever_was_shut_out() {
    let town = town().await;
    town.engine.hold();
    let running = town.hear(ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    let message = town.message("emma", "@omar second");
    let user = message.author.user.clone();
    let waiting = town.hear(ChatEvent::Said(message)).await;
    town.hear(ChatEvent::Deleted(Deletion::Person { place: town.place(), user })).await;
    town.done(waiting).await;
    assert_eq!(town.square.read(), [""; 0]);
    town.engine.release();
    town.done(running).await;
    assert_eq!(town.square.read(), [format!("omar > minsu: {ANSWER}")]);
    town.end().await;
}
