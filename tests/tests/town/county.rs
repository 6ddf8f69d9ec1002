//! Two gateways and two workers over one Redis and one Postgres.

use std::time::Duration;

use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::{
    scripted::{ScriptedEngine, question},
    town::{ANSWER, County, Town, saying},
};

fn engine() -> ScriptedEngine {
    saying(|_| ANSWER.to_owned())
}

/// Waits until something is so of the machines.
async fn until(what: &str, so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting).await.unwrap_or_else(|_| panic!("{what}"));
}

fn answer(who: &str) -> String {
    format!("omar > {who}: {ANSWER}")
}

#[tokio::test]
async fn answers_arrive_where_they_were_asked_for_and_nothing_can_be_read_on_the_way() {
    let county = County::open().await;
    let engines = [engine(), engine()];
    let _mills = [county.worker("a", &engines[0]).await, county.worker("b", &engines[1]).await];
    let (seoul, busan) = (county.town("seoul").await, county.town("busan").await);
    seoul.know(&["minsu"]).await;
    busan.know(&["emma"]).await;
    engines.iter().for_each(ScriptedEngine::hold);
    let minsu = seoul.hear(ChatEvent::Said(seoul.message("minsu", "@omar my lighthouse is dark"))).await;
    // One of two slots is kept for who pays.
    let emma = busan.hear(busan.paid("emma", "@omar my lighthouse is bright", Town::bits(100))).await;
    assert_eq!(busan.square.read(), ["(notice) omar > emma: 100 bits received. Thank you."]);
    until("both are answered at once", || engines.iter().all(|engine| engine.running() == 1)).await;
    for canary in ["lighthouse", "minsu", "emma", "Breathe", "canary"] {
        assert!(!county.redis.dump().contains(canary), "{canary} can be read");
    }
    engines[0].step(3);
    engines[1].step(5);
    engines.iter().for_each(ScriptedEngine::release);
    seoul.done(minsu).await;
    busan.done(emma).await;
    assert_eq!(seoul.square.read(), [answer("minsu")]);
    assert_eq!(busan.square.read(), [answer("emma")]);
    seoul.end().await;
    busan.end().await;
}

#[tokio::test]
async fn a_worker_that_dies_before_the_first_word_is_replaced() {
    let county = County::open().await;
    let (dying, living) = (engine(), engine());
    let mut mill = county.worker("a", &dying).await;
    let town = county.town("seoul").await;
    town.know(&["minsu"]).await;
    dying.hold();
    let asked = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    until("the answer began", || dying.running() == 1).await;
    mill.kill().await;
    let _mill = county.worker("b", &living).await;
    town.done(asked).await;
    assert_eq!(town.square.read(), [answer("minsu")]);
    assert_eq!(living.requests().len(), 1);
    town.end().await;
}

#[tokio::test]
async fn a_worker_that_dies_in_the_middle_is_apologised_for_once() {
    let county = County::open().await;
    let (dying, living) = (engine(), engine());
    let mut mill = county.worker("a", &dying).await;
    let town = county.town("seoul").await;
    town.know(&["minsu"]).await;
    dying.hold();
    let message = town.message_on(Platform::Discord, "minsu", "@omar what now?");
    let asked = town.hear(ChatEvent::Said(message)).await;
    dying.step(8);
    town.until("something is shown", |town| town.square.unread() > 0).await;
    mill.kill().await;
    let _mill = county.worker("b", &living).await;
    town.done(asked).await;
    let heard = town.square.read();
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].starts_with("omar > minsu: B"), "{heard:?}");
    assert!(heard[1].contains("Something went wrong in the middle"), "{heard:?}");
    assert_eq!(town.say("minsu", "@omar and now?").await, [answer("minsu")]);
    assert_eq!(living.requests().len(), 1, "what was apologised for is not answered as well");
    town.end().await;
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_gives_back_what_it_cannot_end() {
    let county = County::open().await;
    let (leaving, staying) = (engine(), engine());
    let mut mill = county.worker("a", &leaving).await;
    let town = county.town("seoul").await;
    town.know(&["minsu"]).await;
    leaving.hold();
    let asked = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    until("the answer began", || leaving.running() == 1).await;
    let _other = county.worker("b", &staying).await;
    mill.stop().await;
    town.done(asked).await;
    assert_eq!(town.square.read(), [answer("minsu")]);
    town.end().await;
}

#[tokio::test]
async fn a_flush_in_the_middle_loses_nothing_and_answers_nothing_twice() {
    let county = County::open().await;
    let echo = || saying(|prompt| format!("You said {} and I heard it well.", question(prompt).len()));
    let engines = [echo(), echo()];
    let _mills = [county.worker("a", &engines[0]).await, county.worker("b", &engines[1]).await];
    let towns = [county.town("seoul").await, county.town("busan").await];
    engines.iter().for_each(ScriptedEngine::hold);
    let mut asked = Vec::new();
    for town in &towns {
        town.know(&["p0", "p1", "p2", "p3", "p4", "p5"]).await;
        for number in 0..5 {
            let message = town.message(&format!("p{number}"), "@omar what now?");
            asked.push((town, town.hear(ChatEvent::Said(message)).await));
        }
        asked.push((town, town.hear(town.paid("p5", "@omar what now?", Town::bits(300))).await));
    }
    until("two are answered", || engines.iter().all(|engine| engine.running() == 1)).await;
    engines[0].step(4);
    engines[1].step(4);
    county.redis.flush();
    engines.iter().for_each(ScriptedEngine::release);
    for (town, receipt) in asked {
        town.done(receipt).await;
    }
    for town in towns {
        let mut heard: Vec<_> = town.square.read();
        heard.sort();
        heard.retain(|line| !line.starts_with("(notice)") || !line.contains("bits received"));
        assert_eq!(heard.len(), 6, "{heard:#?}");
        for (number, line) in heard.iter().enumerate() {
            assert!(line.starts_with(&format!("omar > p{number}: You said ")), "{heard:#?}");
            assert!(line.ends_with("and I heard it well."), "{heard:#?}");
        }
        town.end().await;
    }
    assert_eq!(county.database.number("select count(*) from pending").await, 0);
}

#[tokio::test]
async fn while_redis_is_away_who_paid_waits_and_others_are_told() {
    let mut county = County::open().await;
    let engine = engine();
    let _mill = county.worker("a", &engine).await;
    let town = county.town("seoul").await;
    town.know(&["minsu", "emma"]).await;
    county.redis.kill();
    let heard = town.say("minsu", "@omar what now?").await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].contains("Something went wrong while I was thinking"), "{heard:?}");
    let paid = town.hear(town.paid("emma", "@omar what now?", Town::bits(300))).await;
    assert_eq!(town.square.read(), ["(notice) omar > emma: 300 bits received. Thank you."]);
    county.redis.restart();
    town.done(paid).await;
    assert_eq!(town.square.read(), [answer("emma")]);
    assert_eq!(town.say("minsu", "@omar what now?").await, [answer("minsu")]);
    assert_eq!(engine.requests().len(), 2);
    town.end().await;
}

#[tokio::test]
async fn a_redis_that_stands_still_for_a_while_delays_and_loses_nothing() {
    let county = County::open().await;
    let engine = engine();
    let _mill = county.worker("a", &engine).await;
    let town = county.town("seoul").await;
    town.know(&["minsu"]).await;
    engine.hold();
    let asked = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    until("the answer began", || engine.running() == 1).await;
    engine.step(2);
    county.redis.pause();
    engine.release();
    tokio::time::sleep(Duration::from_secs(1)).await;
    county.redis.resume();
    town.done(asked).await;
    assert_eq!(town.square.read(), [answer("minsu")]);
    town.end().await;
}

#[tokio::test]
async fn who_wants_to_be_forgotten_is_gone_from_the_line_too() {
    let county = County::open().await;
    let engine = engine();
    let _mill = county.worker("a", &engine).await;
    let (seoul, busan) = (county.town("seoul").await, county.town("busan").await);
    seoul.know(&["minsu", "emma"]).await;
    engine.hold();
    let emma = seoul.hear(ChatEvent::Said(seoul.message("emma", "@omar what now?"))).await;
    until("the answer began", || engine.running() == 1).await;
    let minsu = seoul.hear(ChatEvent::Said(seoul.message("minsu", "@omar what now?"))).await;
    // From the other machine, too.
    let heard = busan.command("minsu", "forget").await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    seoul.done(minsu).await;
    let heard = seoul.square.read();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].starts_with("(notice) omar > minsu: "), "{heard:?}");
    engine.release();
    seoul.done(emma).await;
    assert_eq!(seoul.square.read(), [answer("emma")]);
    for place in ["person:", "place:", "of:"] {
        until("nothing is left", || county.redis.say(&format!("KEYS *:{place}*")).starts_with("*0")).await;
    }
    seoul.end().await;
    busan.end().await;
}
