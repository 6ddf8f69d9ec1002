//! Quiet hours, by the clock of the place's zone.

use std::time::Duration;

use lovelm::chat::ChatEvent;
use lovelm_tests::town::{Plan, Town, answers, calm};

use crate::moderation::{answer, at, elsewhere, moderate, order_at, settled, town};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn at_night_who_paid_is_answered_and_everybody_else_is_told_once() {
    let town = town().await;
    let told = moderate(&town, "mod hours 23:00-07:00").await;
    assert!(told[0].contains("23:00-07:00"), "{told:?}");
    assert_eq!(town.say("minsu", "@omar what now?").await, [answer("minsu")], "it is noon");
    town.clock.advance(11 * HOUR);
    town.know(&["minsu", "emma"]).await;
    let quiet = town.say("minsu", "@omar what now?").await;
    assert_eq!(quiet.len(), 1, "{quiet:?}");
    assert!(quiet[0].starts_with("(notice)") && quiet[0].contains("until 07:00"), "{quiet:?}");
    for _ in 0..30 {
        town.clock.advance(MINUTE);
        assert_eq!(town.say("minsu", "@omar what now?").await, [""; 0], "it was said");
    }
    let paid = town.tell(town.paid("emma", "@omar what now?", Town::bits(500))).await;
    assert_eq!(answers(paid), [answer("emma")]);
    assert_eq!(town.tell(ChatEvent::Said(at(&town, elsewhere(), "emma", "@omar what now?"))).await, [answer("emma")]);
    let raid = ChatEvent::Raided { message: town.message("emma", ""), viewers: 12 };
    assert_eq!(town.tell(raid).await, [""; 0]);
    town.clock.advance(8 * HOUR);
    town.know(&["minsu", "emma"]).await;
    assert_eq!(town.say("minsu", "@omar what now?").await, [answer("minsu")]);
    assert!(moderate(&town, "mod status").await[0].contains("Quiet hours: 23:00-07:00"));
    assert!(moderate(&town, "mod hours off").await[0].contains("no quiet hours"));
    town.end().await;
}

#[tokio::test]
async fn a_flood_at_night_is_not_answered_by_a_flood() {
    let mut config = calm();
    config.limits.told = lovelm::limits::RateConfig { burst: 3, every: MINUTE };
    let town = settled(Town::with(Plan { config, ..Plan::default() }).await).await;
    moderate(&town, "mod hours 11-13").await;
    let mut told = 0;
    for n in 0..100 {
        told += town.say(&format!("viewer{n}"), "@omar what now?").await.len();
    }
    assert_eq!(told, 3);
    town.end().await;
}

#[tokio::test]
async fn an_answer_that_was_promised_before_the_night_comes() {
    let town = town().await;
    moderate(&town, "mod hours 13:00-14:00").await;
    town.clock.advance(HOUR.saturating_sub(Duration::from_secs(1)));
    town.know(&["minsu", "emma"]).await;
    town.engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    let second = town.hear(ChatEvent::Said(town.message("emma", "@omar second"))).await;
    town.until("one runs", |town| town.engine.running() == 1).await;
    town.clock.advance(MINUTE);
    town.engine.release();
    town.done(first).await;
    town.done(second).await;
    assert_eq!(town.square.read().len(), 2);
    assert_eq!(town.say("minsu", "@omar third").await.len(), 1, "told that it is quiet");
    town.end().await;
}

/// The town's clock stands at noon in Seoul: 23:00 of the evening before in New York.
#[tokio::test]
async fn the_zone_is_the_operators() {
    let mut config = calm();
    config.fleet.time_zone = "America/New_York".parse().expect("a zone");
    let town = settled(Town::with(Plan { config, ..Plan::default() }).await).await;
    moderate(&town, "mod hours 23:00-07:00").await;
    assert!(town.say("minsu", "@omar what now?").await[0].contains("until 07:00"));
    moderate(&town, "mod hours 00:00-07:00").await;
    assert_eq!(town.say("minsu", "@omar what now?").await, [answer("minsu")]);
    town.end().await;
}

/// From there to the night in which New York's clocks go back: its quiet hours are an hour longer.
#[tokio::test]
async fn a_night_in_which_clocks_go_back_is_an_hour_longer() {
    let mut config = calm();
    config.fleet.time_zone = "America/New_York".parse().expect("a zone");
    let town = settled(Town::with(Plan { config, ..Plan::default() }).await).await;
    moderate(&town, "mod hours 23:00-07:00").await;
    // 28 May 23:00 to 31 October 23:00, both in summer time.
    town.clock.advance(Duration::from_hours(156 * 24));
    town.know(&["minsu", "emma"]).await;
    for hours in 0..9 {
        let heard = town.say("minsu", "@omar what now?").await;
        assert!(answers(heard).is_empty(), "{hours} hours into the night");
        town.clock.advance(HOUR);
        town.know(&["minsu", "emma"]).await;
    }
    assert_eq!(town.say("minsu", "@omar what now?").await, [answer("minsu")]);
    town.tell(order_at(&town, town.place(), "mod hours off")).await;
    town.end().await;
}
