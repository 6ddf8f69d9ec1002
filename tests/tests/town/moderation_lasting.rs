//! What moderators want outlives a crash, an outage and the program that heard it.

use std::time::Duration;

use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::town::{ANSWER, Town, saying};

use crate::{
    moderation::{answer, at, elsewhere, moderate, order_at, running, settled, town},
    outages::{Island, seconds},
};

async fn restarted(town: Town) -> Town {
    town.engine.hold();
    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    town.know(&["minsu", "emma"]).await;
    town
}

#[tokio::test]
async fn what_is_wanted_holds_behind_a_restart() {
    let town = town().await;
    town.say("minsu", "@omar hello?").await;
    for order in ["mod pause", "mod hours 23:00-07:00", "mod limits day 20", "mod block minsu"] {
        moderate(&town, order).await;
    }
    town.tell(order_at(&town, elsewhere(), "mod channel deny")).await;
    let town = Box::pin(restarted(town)).await;
    assert_eq!(town.say("emma", "@omar hello?").await, [""; 0]);
    assert_eq!(town.tell(ChatEvent::Said(at(&town, elsewhere(), "emma", "@omar hello?"))).await, [""; 0]);
    let status = moderate(&town, "mod status").await.concat();
    for part in ["This channel: paused", "23:00-07:00", "One person is blocked", "20 times a day"] {
        assert!(status.contains(part), "{part}: {status}");
    }
    moderate(&town, "mod resume").await;
    let town = Box::pin(restarted(town)).await;
    assert_eq!(town.say("emma", "@omar hello?").await, [answer("emma")]);
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn who_paid_before_a_crash_is_told_by_the_next_start_that_the_place_is_paused() {
    let town = town().await;
    let paid = running(&town, town.paid("emma", "@omar hello?", Town::bits(500))).await;
    drop(paid);
    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    moderate(&town, "mod pause").await;
    let receipt = town.pipeline.resume().await.expect("taken up");
    town.done(receipt).await;
    let heard = town.square.read();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].contains("paused us in this channel"), "{heard:?}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn another_program_stops_within_a_token_what_a_moderator_pauses_here() {
    let town = town().await;
    let other = town.beside(saying(|_| ANSWER.to_owned())).await;
    assert_eq!(other.say("minsu", "@omar hello?").await, [answer("minsu")]);
    let first = running(&other, ChatEvent::Said(other.message("minsu", "@omar first"))).await;
    let waiting = other.hear(ChatEvent::Said(other.message("emma", "@omar second"))).await;
    assert_eq!(moderate(&town, "mod pause").await.len(), 1);
    // Its engine still holds, and its clock stands: nothing but the news ends them.
    other.done(first).await;
    other.done(waiting).await;
    other.engine.release();
    assert_eq!(other.say("minsu", "@omar third").await, [""; 0]);
    moderate(&other, "mod resume").await;
    // The news comes in its own time.
    let mut heard = Vec::new();
    while heard.is_empty() {
        heard = town.say("emma", "@omar fourth").await;
    }
    assert_eq!(heard, [answer("emma")]);
    other.end().await;
    town.end().await;
}

#[tokio::test]
async fn two_programs_share_blocks_and_the_log() {
    let town = town().await;
    let other = town.beside(saying(|_| ANSWER.to_owned())).await;
    town.say("minsu", "@omar hello?").await;
    moderate(&town, "mod block minsu").await;
    while !other.say("minsu", "@omar hello?").await.is_empty() {}
    assert!(moderate(&other, "mod log").await.concat().contains("blocked somebody"));
    let mut console = town.place();
    console.platform = Platform::Console;
    other.tell(order_at(&other, console, "mod all pause")).await;
    while !town.say("emma", "@omar hello?").await.is_empty() {}
    other.end().await;
    town.end().await;
}

#[tokio::test]
async fn a_pause_in_an_outage_holds_at_once_and_is_written_down_when_the_database_is_back() {
    let (mut island, town) = Island::with(lovelm_tests::town::calm()).await;
    let town = settled(town).await;
    island.lose().await;
    let told = moderate(&town, "mod pause").await.concat();
    assert!(told.contains("기록") || told.contains("my notes"), "{told}");
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0]);
    moderate(&town, "mod quiet").await;
    moderate(&town, "mod pause").await;
    island.restore().await;
    let deadline = tokio::time::timeout(Duration::from_secs(90), async {
        while island.number("select count(*) from place_rule where tone = 'paused'").await == 0 {
            seconds(&town, 1).await;
        }
    });
    deadline.await.expect("it is written down");
    seconds(&town, 30).await;
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0]);
    town.end().await;
}
