//! People whom moderators do not let be heard, and texts that are a raid.

use std::time::Duration;

use lovelm::{
    chat::{ChatEvent, Platform, Standing},
    moderation::CopiesConfig,
};
use lovelm_tests::town::{Plan, Town, answers, calm};

use crate::{
    bursts::{busy, finish, joining},
    moderation::{BOSS, answer, at, elsewhere, moderate, order_at, running, settled, town},
};

const CRISIS: &str = "@omar he left and I want to kill myself tonight";

/// A town in which a moderator blocked Minsu, who spoke before.
async fn blocked() -> Town {
    let town = town().await;
    assert_eq!(town.say("minsu", "@omar hello?").await, [answer("minsu")]);
    let told = moderate(&town, "mod block @MINSU").await;
    assert!(told[0].starts_with("(whisper)") && told[0].contains("do not hear this person"), "{told:?}");
    town
}

#[tokio::test]
async fn whoever_is_blocked_is_not_heard_and_keeps_their_rights() {
    let town = blocked().await;
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0]);
    assert_eq!(town.command("minsu", "panel hello?").await, [""; 0]);
    assert_eq!(town.command("minsu", "about").await, [""; 0]);
    assert_eq!(town.say("emma", "@omar hello?").await, [answer("emma")]);
    assert_eq!(town.tell(ChatEvent::Said(at(&town, elsewhere(), "minsu", "@omar hello?"))).await, [answer("minsu")]);
    for right in ["privacy", "mydata"] {
        assert_eq!(town.command("minsu", right).await.len(), 1, "{right}");
    }
    let unknown = moderate(&town, "mod block nobody").await;
    assert!(unknown[0].contains("I don't know whom you mean"), "{unknown:?}");
    assert!(moderate(&town, "mod unblock emma").await[0].contains("not blocked"));
    assert!(moderate(&town, "mod unblock minsu").await[0].contains("hear this person here again"));
    assert_eq!(town.say("minsu", "@omar hello?").await, [answer("minsu")]);
    town.end().await;
}

#[tokio::test]
async fn somebody_in_danger_gets_the_card_whatever_moderators_want() {
    let town = blocked().await;
    for order in ["mod pause", "mod channel deny", "mod hours 00:00-23:59"] {
        moderate(&town, order).await;
        for who in ["minsu", "emma"] {
            let heard = town.say(who, CRISIS).await;
            assert_eq!(heard.len(), 2, "{order}: {heard:?}");
            assert!(heard[0].starts_with(&format!("(crisis) omar > {who}: ")), "{heard:?}");
        }
    }
    town.end().await;
}

#[tokio::test]
async fn a_block_outlives_forget_and_a_rotation_of_the_keys() {
    let town = blocked().await;
    assert_eq!(town.command("minsu", "forget").await.len(), 1);
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0]);
    assert_eq!(town.say("minsu", CRISIS).await.len(), 2);
    town.keyring.rotate().expect("another key");
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0]);
    assert_eq!(moderate(&town, "mod unblock minsu").await.len(), 1);
    assert_eq!(town.database.number("select count(*) from place_block").await, 0);
    town.end().await;
}

#[tokio::test]
async fn what_a_blocked_person_pays_is_booked_and_they_are_told_once_even_behind_a_restart() {
    let town = blocked().await;
    let told = town.tell(town.paid("minsu", "@omar what now?", Town::bits(500))).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Your support has arrived"), "{told:?}");
    for words in ["@omar and now?", ""] {
        assert_eq!(town.tell(town.paid("minsu", words, Town::bits(500))).await, [""; 0], "{words}");
    }
    town.engine.hold();
    let engine = town.engine.clone();
    let town = town.crash(engine).await;
    town.engine.release();
    assert_eq!(town.tell(town.paid("minsu", "@omar and now?", Town::bits(500))).await, [""; 0]);
    assert_eq!(town.database.number("select sum(units)::bigint from ledger").await, 2000);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn a_block_stops_what_runs_and_what_waits_of_one_person() {
    let town = town().await;
    let first = running(&town, ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    let second = town.hear(ChatEvent::Said(town.message("minsu", "@omar second"))).await;
    let other = town.hear(ChatEvent::Said(town.message("emma", "@omar third"))).await;
    moderate(&town, "mod block minsu").await;
    town.done(first).await;
    town.done(second).await;
    town.engine.release();
    town.done(other).await;
    assert_eq!(town.square.read(), [answer("emma")]);
    town.end().await;
}

#[tokio::test]
async fn who_asked_the_same_as_somebody_blocked_is_answered_all_the_same() {
    let (town, first) = busy(joining(), &["minsu", "emma", BOSS]).await;
    let mut receipts = vec![first];
    for who in ["minsu", "emma"] {
        receipts.push(town.hear(ChatEvent::Said(town.message(who, "@omar should I go?"))).await);
    }
    assert_eq!(moderate(&town, "mod block minsu").await.len(), 1);
    assert_eq!(finish(&town, receipts).await, [answer("emma")]);
    town.end().await;
}

#[tokio::test]
async fn a_moderator_who_blocks_themselves_can_undo_it() {
    let town = town().await;
    moderate(&town, "mod block boss").await;
    assert_eq!(town.say(BOSS, "@omar hello?").await, [""; 0]);
    moderate(&town, "mod unblock boss").await;
    assert_eq!(town.say(BOSS, "@omar hello?").await, [answer(BOSS)]);
    town.end().await;
}

#[tokio::test]
async fn the_operator_blocks_somebody_everywhere_and_a_moderator_nobody_of_another_platform() {
    let town = town().await;
    let mut console = town.place();
    console.platform = Platform::Console;
    let refused = moderate(&town, "mod block discord:user-canary-minsu").await;
    assert!(refused[0].contains("I don't know whom"), "{refused:?}");
    let told = town.tell(order_at(&town, console, "mod all block twitch:user-canary-minsu")).await;
    assert_eq!(told.len(), 1, "{told:?}");
    for place in [town.place(), elsewhere()] {
        assert_eq!(town.tell(ChatEvent::Said(at(&town, place, "minsu", "@omar hello?"))).await, [""; 0]);
    }
    let message = town.message_on(Platform::Discord, "minsu", "@omar hello?");
    assert_eq!(answers(town.tell(ChatEvent::Said(message)).await), [answer("minsu")], "there it is somebody else");
    town.end().await;
}

#[tokio::test]
async fn a_slow_raid_of_two_hundred_is_answered_ten_times_and_told_now_and_then() {
    let mut config = calm();
    config.moderation.copies = CopiesConfig::default();
    let town = settled(Town::with(Plan { config, ..Plan::default() }).await).await;
    let (mut answered, mut told) = (0, 0);
    for n in 0..200 {
        let who = format!("raider{n}");
        town.know(&[who.as_str()]).await;
        let heard = town.say(&who, &format!("@omar 여러분 저 방송으로 다 같이 오세요 {n}")).await;
        answered += heard.iter().filter(|line| **line == answer(&who)).count();
        told += heard.iter().filter(|line| line.starts_with("(notice)")).count();
        // Ten minutes in all.
        town.clock.advance(Duration::from_secs(3));
    }
    assert_eq!(answered, 10);
    assert!((1..=11).contains(&told), "once a minute: {told}");
    let mut message = town.message("emma", "@omar 여러분 저 방송으로 다 같이 오세요");
    message.author.standing = Standing { supporter: true, moderator: false };
    assert_eq!(town.tell(ChatEvent::Said(message)).await, [answer("emma")]);
    assert_eq!(town.say("minsu", "@omar should I go?").await, [answer("minsu")]);
    town.end().await;
}
