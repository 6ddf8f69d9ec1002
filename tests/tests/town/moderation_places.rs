//! What holds in one place and not in another, and what only the operator may.

use lovelm::chat::{ChannelId, ChatEvent, Place, Platform};
use lovelm_tests::town::{CHANNEL, Plan, Town, answers, calm};

use crate::moderation::{BOSS, answer, at, elsewhere, moderate, order_at, settled, town};

const CRISIS: &str = "@omar he left and I want to kill myself tonight";

fn on(platform: Platform) -> Place {
    Place { platform, channel: ChannelId::new(CHANNEL) }
}

async fn asks(town: &Town, place: Place) -> Vec<String> {
    answers(town.tell(ChatEvent::Said(at(town, place, "minsu", "@omar what now?"))).await)
}

#[tokio::test]
async fn a_moderator_of_one_place_moderates_no_other() {
    let town = town().await;
    for order in ["mod pause", "mod channel deny", "mod hours 00:00-23:59", "mod limits minute 1", "mod block minsu"] {
        town.tell(order_at(&town, elsewhere(), order)).await;
    }
    assert_eq!(asks(&town, elsewhere()).await, [""; 0]);
    for place in [town.place(), on(Platform::Discord)] {
        for _ in 0..3 {
            assert_eq!(asks(&town, place.clone()).await, [answer("minsu")]);
        }
    }
    assert!(moderate(&town, "mod log").await[0].contains("No moderator has done anything here"));
    town.end().await;
}

#[tokio::test]
async fn everywhere_is_the_operators_alone() {
    let town = town().await;
    for platform in [Platform::Twitch, Platform::Discord] {
        assert_eq!(town.tell(order_at(&town, on(platform), "mod all pause")).await, [""; 0], "{platform}");
    }
    let ChatEvent::Command(mut viewer) = town.invocation("minsu", "mod all pause") else { unreachable!() };
    viewer.message.place.platform = Platform::Console;
    assert_eq!(town.tell(ChatEvent::Command(viewer)).await, [""; 0], "whoever sits there and moderates nothing");
    assert_eq!(asks(&town, town.place()).await, [answer("minsu")]);
    let told = town.tell(order_at(&town, on(Platform::Console), "mod all pause")).await;
    assert!(told[0].contains("We pause everywhere"), "{told:?}");
    for place in [town.place(), elsewhere(), on(Platform::Discord)] {
        assert_eq!(asks(&town, place).await, [""; 0]);
    }
    moderate(&town, "mod resume").await;
    assert_eq!(asks(&town, town.place()).await, [""; 0], "a place cannot undo it");
    let refused = town.tell(order_at(&town, on(Platform::Console), "mod all limits day 3")).await;
    assert!(refused[0].contains("for one channel only"), "{refused:?}");
    town.tell(order_at(&town, on(Platform::Console), "mod all resume")).await;
    assert_eq!(asks(&town, town.place()).await, [answer("minsu")]);
    town.end().await;
}

#[tokio::test]
async fn a_denied_place_is_silent_but_for_rights_and_its_moderators() {
    let town = town().await;
    assert!(town.pipeline.answers_in(&town.place()).await);
    moderate(&town, "mod channel deny").await;
    assert!(!town.pipeline.answers_in(&town.place()).await);
    assert_eq!(asks(&town, town.place()).await, [""; 0]);
    for command in ["about", "queue", "more"] {
        assert_eq!(town.command("minsu", command).await, [""; 0], "{command}");
    }
    assert_eq!(town.tell(town.paid("emma", "", Town::bits(5))).await, [""; 0], "nor is anybody thanked");
    assert_eq!(town.command("minsu", "mydata").await.len(), 1);
    moderate(&town, "mod channel allow").await;
    assert_eq!(asks(&town, town.place()).await, [answer("minsu")]);
    town.end().await;
}

#[tokio::test]
async fn moderators_want_fewer_calls_of_one_person_and_never_more_than_the_operator() {
    let mut config = calm();
    config.limits.person.burst = 5;
    config.limits.daily = 20;
    let town = settled(Town::with(Plan { config, ..Plan::default() }).await).await;
    assert!(moderate(&town, "mod limits minute 10").await[0].contains("It can be 9 at most"));
    assert!(moderate(&town, "mod limits day 21").await[0].contains("It can be 20 at most"));
    assert!(moderate(&town, "mod limits minute 2").await[0].contains("2 times a minute and 20 times a day"));
    for _ in 0..2 {
        assert_eq!(asks(&town, town.place()).await, [answer("minsu")]);
    }
    let refused = town.say("minsu", "@omar what now?").await;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with("(notice)"), "{refused:?}");
    for _ in 0..5 {
        assert_eq!(town.say("minsu", "@omar what now?").await, [""; 0], "it was said");
    }
    let paid = town.tell(town.paid("minsu", "@omar what now?", Town::bits(500))).await;
    assert_eq!(answers(paid), [answer("minsu")]);
    town.clock.advance(std::time::Duration::from_mins(1));
    moderate(&town, "mod limits reset").await;
    for _ in 0..4 {
        assert_eq!(asks(&town, town.place()).await, [answer("minsu")]);
    }
    town.end().await;
}

#[tokio::test]
async fn alerts_go_where_both_sides_agreed_and_a_code_is_good_once() {
    let town = town().await;
    let alert = |heard: Vec<String>| heard.into_iter().find(|line| line.starts_with("(alert")).expect("an alert");
    let desk = Place { platform: Platform::Discord, channel: ChannelId::new("desk") };
    assert!(moderate(&town, "mod alerts").await[0].contains("only the operator's log"));
    assert!(
        moderate(&town, "mod alerts pair").await[0].contains("only the operator's log"),
        "everybody reads that chat"
    );
    assert!(moderate(&town, "mod alerts 0123456789ab").await[0].contains("I don't know this code"));
    let offered = town.tell(order_at(&town, desk, "mod alerts pair")).await;
    let code = offered[0].split("mod alerts ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a code");
    assert!(offered[0].starts_with("(whisper)"), "{offered:?}");
    assert!(moderate(&town, &format!("mod alerts {}", code.to_uppercase())).await[0].contains("is told at once"));
    let used = town.tell(order_at(&town, elsewhere(), &format!("mod alerts {code}"))).await;
    assert!(used[0].contains("I don't know this code"), "{used:?}");
    assert_eq!(alert(town.say("minsu", CRISIS).await), "(alert, desk) suicide on twitch, with a link");
    let other = town.tell(ChatEvent::Said(at(&town, elsewhere(), "minsu", CRISIS))).await;
    assert_eq!(alert(other), "(alert) suicide on twitch, with a link");
    let dump = town.database.dump().await;
    assert!(!dump.contains("desk") && !dump.contains("canary"), "{dump}");
    moderate(&town, "mod alerts off").await;
    assert_eq!(alert(town.say("minsu", CRISIS).await), "(alert) suicide on twitch, with a link");
    town.end().await;
}

#[tokio::test]
async fn every_order_is_logged_where_it_was_given_and_forgets_who_gave_it() {
    let town = town().await;
    let place = on(Platform::Discord);
    let order = async |line: &str| town.tell(order_at(&town, place.clone(), line)).await;
    for line in ["mod pause", "mod hours 23:00-07:00", "mod limits day 20", "mod resume"] {
        assert_eq!(order(line).await.len(), 1, "{line}");
    }
    let log = order("mod log").await.concat();
    for part in ["(whisper)", "boss: paused", "(23:00-07:00)", "changed the limits (20)", "05-29 12:00"] {
        assert!(log.contains(part), "{part}: {log}");
    }
    let dump = town.database.dump().await;
    assert!(!dump.contains(BOSS) && !dump.contains("canary"), "{dump}");
    order("forget").await;
    let log = order("mod log").await.concat();
    assert!(log.contains("12:00 paused") && !log.lines().skip(1).any(|line| line.contains("boss")), "{log}");
    town.end().await;
}
