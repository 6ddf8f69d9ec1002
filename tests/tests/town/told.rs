//! What people are told, and how often.

use std::time::Duration;

use lovelm::chat::{ChatEvent, Deletion, Message, Platform};
use lovelm_tests::town::{ANSWER, Plan, Town, calm};

#[tokio::test]
async fn commands_and_empty_calls_have_a_limit_of_their_own_that_is_told_once() {
    let mut config = calm();
    config.limits.command.burst = 2;
    config.limits.command.every = Duration::from_secs(10);
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    assert_eq!(town.command("minsu", "about").await.len(), 1);
    assert_eq!(town.say("minsu", "@omar").await.len(), 1, "a greeting");
    let refused = town.command("minsu", "queue").await;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("10"), "{refused:?}");
    assert_eq!(town.say("minsu", "@omar?").await, [""; 0], "told once");
    assert_eq!(town.command("minsu", "about").await, [""; 0]);
    assert_eq!(town.command("emma", "about").await.len(), 1, "others may");
    assert_eq!(town.say("minsu", "@omar what now?").await.len(), 1, "a question is no command");
    town.clock.advance(Duration::from_secs(10));
    assert_eq!(town.command("minsu", "about").await.len(), 1);
    town.end().await;
}

#[tokio::test]
async fn the_machines_own_console_and_moderators_may_always() {
    let mut config = calm();
    config.limits.command.burst = 1;
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    for _ in 0..3 {
        let ChatEvent::Command(mut about) = town.invocation("minsu", "about") else { unreachable!() };
        about.message.place.platform = Platform::Console;
        assert_eq!(town.tell(ChatEvent::Command(about)).await.len(), 1);
        let ChatEvent::Command(mut about) = town.invocation("mod", "about") else { unreachable!() };
        about.message.author.standing.moderator = true;
        assert_eq!(town.tell(ChatEvent::Command(about)).await.len(), 1);
    }
    town.end().await;
}

#[tokio::test]
async fn a_command_that_comes_twice_is_done_once() {
    let town = Town::open().await;
    let about = town.invocation("minsu", "about");
    assert_eq!(town.tell(about.clone()).await.len(), 1);
    assert_eq!(town.tell(about).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn what_is_kept_of_somebody_is_told_to_nobody_else() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    for line in ["privacy", "privacy on", "mydata", "privacy off", "forget", "mydata"] {
        let told = town.command("minsu", line).await;
        assert_eq!(told.len(), 1, "{line}: {told:?}");
        assert!(told[0].starts_with("(whisper) hongcha > minsu: "), "{line}: {told:?}");
    }
    let about = town.command("minsu", "about").await;
    assert!(about[0].starts_with("(notice) "), "{about:?}");
    town.end().await;
}

#[tokio::test]
async fn a_flood_of_refusals_is_told_to_a_few() {
    let mut config = calm();
    config.limits.channel.burst = 1;
    config.limits.told.burst = 5;
    config.limits.told.every = Duration::from_mins(1);
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["first"]).await;
    assert_eq!(town.say("first", "@omar what now?").await.len(), 1);
    let mut told = 0;
    for n in 0..40 {
        told += town.say(&format!("viewer{n}"), "@omar what now?").await.len();
    }
    assert_eq!(told, 5);
    town.end().await;
}

#[tokio::test]
async fn a_panel_that_is_too_late_is_told_once() {
    let town = Town::open().await;
    town.know(&["first", "minsu"]).await;
    town.engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("first", "@omar is it raining?"))).await;
    town.until("the first answer began", |town| town.engine.running() == 1).await;
    let panel = town.hear(town.invocation("minsu", "panel what now?")).await;
    town.clock.advance(Duration::from_hours(11));
    town.done(first).await;
    town.done(panel).await;
    let told = town.square.read();
    assert_eq!(told.iter().filter(|line| line.contains("> minsu: ")).count(), 1, "{told:?}");
    town.engine.release();
    town.end().await;
}

#[tokio::test]
async fn every_end_has_its_sentence_on_every_platform_and_is_told_once() {
    for platform in [Platform::Console, Platform::Discord, Platform::Twitch] {
        let mut config = calm();
        (config.scheduler.line, config.scheduler.shortest_line) = (Duration::from_millis(1), 3);
        let town = Town::with(Plan { config, ..Plan::default() }).await;
        let people = ["first", "shed", "gone", "late", "fan", "full"];
        town.know(&people).await;
        town.engine.hold();
        let mut receipts = Vec::new();
        let say = |who: &str| -> Message { town.message_on(platform, who, "@omar should I text my ex?") };
        receipts.push(town.hear(ChatEvent::Said(say("first"))).await);
        town.until("the first answer began", |town| town.engine.running() == 1).await;
        let gone = say("gone");
        for message in [say("late"), gone.clone(), say("shed")] {
            receipts.push(town.hear(ChatEvent::Said(message)).await);
        }
        receipts.push(town.hear(ChatEvent::Said(say("full"))).await);
        let mut fan = say("fan");
        fan.author.standing.supporter = true;
        receipts.push(town.hear(ChatEvent::Said(fan)).await);
        let (place, message) = (gone.place, gone.id.expect("an id"));
        receipts.push(town.hear(ChatEvent::Deleted(Deletion::Message { place, message })).await);
        town.until("three are told", |town| town.square.unread() == 3).await;
        let mut told = town.square.read();
        if platform == Platform::Console {
            // It waits for ever.
            town.engine.release();
        } else {
            town.clock.advance(Duration::from_hours(11));
        }
        for receipt in receipts {
            town.done(receipt).await;
        }
        told.extend(town.square.read());
        town.engine.release();
        let of = |who: &str| -> Vec<_> { told.iter().filter(|line| line.contains(&format!("> {who}: "))).collect() };
        for (who, words) in [
            ("full", "The line is full right now."),
            ("shed", "So many questions came at once"),
            ("gone", "Your question is taken back."),
            ("late", if platform == Platform::Console { ANSWER } else { "I couldn't get to your question in time." }),
        ] {
            assert_eq!(of(who).len(), 1, "{who} on {platform}: {told:?}");
            assert!(of(who)[0].contains(words), "{who} on {platform}: {told:?}");
        }
        town.end().await;
    }
}
