use std::time::Duration;

use lovelm::{
    chat::{ChatEvent, Deletion, Standing, UserId},
    clock::Clock as _,
};
use lovelm_tests::town::{ANSWER, PLATFORM, Plan, Town, calm};

#[tokio::test]
async fn consents_are_shown_given_and_taken_back_with_what_was_kept() {
    let town = Town::open().await;
    town.know(&["emma"]).await;
    assert_eq!(town.command("emma", "privacy").await.len(), 1);
    assert_eq!(town.command("emma", "privacy on").await.len(), 1);
    town.say("emma", "@omar should I text my ex?").await;
    assert_eq!(town.database.number("select count(*) from consultation").await, 1);
    assert_eq!(town.database.number("select count(*) from fan_count").await, 1);
    town.command("emma", "privacy consultation off").await;
    assert_eq!(town.database.number("select count(*) from consultation").await, 0);
    assert_eq!(town.database.number("select count(*) from answer").await, 0);
    assert_eq!(town.database.number("select count(*) from fan_count").await, 1, "another consent");
    town.command("emma", "privacy off").await;
    assert_eq!(town.database.number("select count(*) from fan_count").await, 0);
    town.end().await;
}

#[tokio::test]
async fn my_data_counts_what_is_kept_and_of_whom() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let none = town.command("stranger", "mydata").await.concat();
    assert!(none.contains("보관") || none.contains("없") || none.contains("Nothing is kept"), "{none}");
    town.command("minsu", "language en").await;
    town.command("minsu", "privacy on").await;
    town.say("minsu", "@omar should I text my ex?").await;
    town.say("minsu", "@shuhi should I text my ex?").await;
    let kept = town.command("minsu", "mydata").await.concat();
    for line in ["2 conversations", "2 fan counts", "2 answers from the last day", "your settings"] {
        assert!(kept.contains(line), "{line}: {kept}");
    }
    town.end().await;
}

#[tokio::test]
async fn forget_takes_everything_what_waits_and_what_runs_too() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    for line in ["language en", "privacy on"] {
        town.command("minsu", line).await;
    }
    town.command("minsu", "panel should I text my ex?").await;
    town.tell(town.paid("minsu", "", Town::bits(100))).await;
    town.engine.hold();
    let runs = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    let waits = town.hear(town.paid("minsu", "@shuhi what now?", Town::bits(100))).await;
    let emma = town.hear(ChatEvent::Said(town.message("emma", "@omar what now?"))).await;
    let done = town.command("minsu", "forget").await;
    town.done(runs).await;
    town.done(waits).await;
    let heard = [done, town.square.read()].concat().concat();
    assert!(heard.contains("Done: ") && heard.contains("nothing is left of you here"), "{heard}");
    assert!(!heard.contains(ANSWER), "nothing more comes: {heard}");
    town.engine.release();
    town.done(emma).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER}")], "others are answered");
    let who = town.keyring.pseudonym(lovelm_tests::town::PLATFORM, &UserId::new("user-canary-minsu"));
    let hex = who.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let rows = town.database.dump().await;
    assert!(!rows.contains(&hex), "{rows}");
    assert_eq!(town.database.number("select count(*) from ledger where who is null").await, 2, "amounts stay");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn forget_takes_an_answer_that_is_just_being_shown() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.square.hold();
    let asked = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    town.until("the answer was made", |town| town.engine.requests().len() == 1 && town.engine.running() == 0).await;
    town.idle().await;
    let forget = town.invocation("minsu", "forget");
    let pipeline = town.pipeline.clone();
    let forgetting = tokio::spawn(async move { pipeline.hear(forget).await });
    town.idle().await;
    town.square.release();
    let forgotten = forgetting.await.expect("it was heard");
    town.done(forgotten).await;
    town.done(asked).await;
    town.square.read();
    assert_eq!(town.database.number("select count(*) from recent").await, 0, "nothing comes after");
    town.end().await;
}

#[tokio::test]
async fn what_is_deleted_on_the_platform_is_not_answered_and_not_kept() {
    let town = Town::open().await;
    town.know(&["minsu", "emma", "first"]).await;
    town.say("minsu", "@omar what now?").await;
    town.say("emma", "@omar what now?").await;
    town.engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("first", "@omar what now?"))).await;
    town.until("the first answer began", |town| town.engine.running() == 1).await;

    let message = town.message("minsu", "@omar and now?");
    let id = message.id.clone().expect("an id");
    let waits = town.hear(ChatEvent::Said(message)).await;
    town.hear(ChatEvent::Deleted(Deletion::Message { place: town.place(), message: id })).await;
    town.done(waits).await;
    assert!(!town.square.read().concat().contains(ANSWER));

    let waits = town.hear(ChatEvent::Said(town.message("emma", "@shuhi and now?"))).await;
    let user = UserId::new("user-canary-emma");
    town.hear(ChatEvent::Deleted(Deletion::Person { place: town.place(), user })).await;
    town.done(waits).await;
    assert!(!town.square.read().concat().contains(ANSWER));
    assert_eq!(town.database.number("select count(*) from recent").await, 1, "minsu's first");

    let waits = town.hear(ChatEvent::Said(town.message("minsu", "@kimdal and now?"))).await;
    town.hear(ChatEvent::Deleted(Deletion::Everything { place: town.place() })).await;
    town.done(waits).await;
    town.done(first).await;
    assert!(!town.square.read().concat().contains(ANSWER), "what ran was stopped as well");
    assert_eq!(town.database.number("select count(*) from recent").await, 0);
    assert_eq!(town.engine.cancelled(), 1);
    town.end().await;
}

#[tokio::test]
async fn rights_reach_what_came_before_a_key_rotation() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "privacy on").await;
    town.say("minsu", "@omar should I text my ex?").await;
    town.engine.hold();
    let waits = town.hear(town.paid("minsu", "@shuhi and now?", Town::bits(100))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    town.square.read();

    town.keyring.rotate().expect("a new key");
    town.command("minsu", "privacy off").await;
    assert_eq!(town.database.number("select count(*) from consultation").await, 0);
    assert_eq!(town.database.number("select count(*) from fan_count").await, 0);
    assert_eq!(town.database.number("select count(*) from person where consent_consultation").await, 0);
    let user = UserId::new("user-canary-minsu");
    town.hear(ChatEvent::Deleted(Deletion::Person { place: town.place(), user })).await;
    town.done(waits).await;
    assert!(!town.square.read().concat().contains(ANSWER), "what ran was stopped");
    assert_eq!(town.engine.cancelled(), 1);
    assert_eq!(town.database.number("select count(*) from recent").await, 0);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn what_is_ones_own_business_is_said_to_nobody_else_in_a_quiet_place_too() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "language en").await;
    let private = ["privacy", "privacy on", "privacy off", "mydata", "forget"];
    for line in private {
        let heard = town.command("minsu", line).await;
        assert!(heard.len() == 1 && heard[0].starts_with("(whisper) "), "{line}: {heard:?}");
    }
    let ChatEvent::Command(mut pause) = town.invocation("boss", "mod pause") else { unreachable!() };
    pause.message.author.standing = Standing { moderator: true, supporter: false };
    town.tell(ChatEvent::Command(pause)).await;
    let heard = town.command("minsu", "forget").await;
    assert!(heard.len() == 1 && heard[0].starts_with("(whisper) "), "{heard:?}");
    town.end().await;
}

#[tokio::test]
async fn where_nobody_can_be_spoken_to_alone_nothing_is_said_of_what_is_kept() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "language en").await;
    town.square.forbid_whispers();
    town.command("minsu", "privacy on").await;
    town.say("minsu", "@omar should I text my ex?").await;
    for line in ["privacy", "mydata", "privacy fandom off", "forget"] {
        let heard = town.command("minsu", line).await;
        assert_eq!(heard.len(), 1, "{line}: {heard:?}");
        for word in ["conversation", "fan count", "deleted", "entries", "yes", "nothing", "Nothing"] {
            assert!(!heard[0].contains(word), "{line} says {word}: {heard:?}");
        }
        assert!(heard[0].contains("only you"), "{line}: {heard:?}");
    }
    let heard = town.command("minsu", "mydata").await.concat();
    assert!(heard.contains("본인에게만") && !heard.contains("없"), "their language is forgotten, too: {heard}");
    assert_eq!(town.database.number("select count(*) from consultation").await, 0, "it was done all the same");
    town.end().await;
}

#[tokio::test]
async fn an_operator_forgets_somebody_whose_call_waits_in_a_fleet_that_runs() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    town.command("minsu", "privacy on").await;
    town.say("minsu", "@omar should I text my ex?").await;
    town.engine.hold();
    let runs = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    let waits = town.hear(town.paid("minsu", "@shuhi what now?", Town::bits(100))).await;
    let emma = town.hear(ChatEvent::Said(town.message("emma", "@omar what now?"))).await;
    town.square.read();
    let records = town.records().await;
    let user = UserId::new("user-canary-minsu");
    assert!(records.forget(PLATFORM, &user).await.expect("it can").rows >= 5);
    town.done(runs).await;
    town.done(waits).await;
    assert!(!town.square.read().concat().contains(ANSWER), "nothing more comes");
    town.engine.release();
    town.done(emma).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER}")], "others are answered");
    assert_eq!(records.forget(PLATFORM, &user).await.expect("it can").rows, 0);
    assert_eq!(town.database.number("select count(*) from person").await, 5, "emma's, and minsu's elsewhere");
    records.store.close().await;
    town.end().await;
}

#[tokio::test]
async fn an_export_holds_every_word_and_no_pseudonym_and_nobody_else() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    for who in ["minsu", "emma"] {
        town.command(who, "privacy on").await;
        town.say(who, &format!("@omar should I text my ex, asks {}?", if who == "minsu" { "one" } else { "another" }))
            .await;
    }
    town.tell(town.paid("minsu", "", Town::bits(100))).await;
    town.engine.hold();
    let waits = town.hear(town.paid("minsu", "@shuhi and a \\x41 now?", Town::bits(100))).await;
    let records = town.records().await;
    let user = UserId::new("user-canary-minsu");
    let exported = records.export(PLATFORM, &user).await.expect("it can");
    let kept = exported["kept"].as_object().expect("tables");
    let tables: Vec<&str> = kept.keys().map(String::as_str).collect();
    assert_eq!(tables, ["consultation", "fan_count", "ledger", "pending", "person", "recent"]);
    assert_eq!(exported["platform"], "twitch");
    assert!(kept["consultation"][0]["story"].as_str().is_some_and(|story| story.contains("one")), "{exported}");
    assert_eq!(kept["consultation"][0]["answers"][0]["text"], ANSWER);
    assert_eq!(kept["recent"][0]["exchange"]["answer"], ANSWER);
    assert!(kept["pending"][0]["question"]["story"].as_str().is_some_and(|story| story.contains("now")), "{exported}");
    assert_eq!(kept["pending"][0]["address"]["user"], "user-canary-minsu");
    let text = exported.to_string();
    assert!(!text.contains("another") && !text.contains("\"who\"") && !text.contains("\"tag\""), "{text}");
    for who in town.keyring.pseudonyms(PLATFORM, &user) {
        let hex: String = lovelm_tests::town::hex(who.as_bytes());
        assert!(!text.contains(&hex), "{text}");
    }
    let stranger = records.export(PLATFORM, &UserId::new("nobody")).await.expect("it can");
    assert_eq!(stranger["kept"].as_object().map(serde_json::Map::len), Some(0));
    records.store.close().await;
    town.engine.release();
    town.done(waits).await;
    town.square.read();
    town.end().await;
}

#[tokio::test]
async fn after_forget_the_day_counts_from_nothing_and_nobody_is_told_what_they_were_told() {
    let mut config = calm();
    config.limits.daily = 1;
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    assert_eq!(town.say("minsu", "@omar what now?").await.len(), 1);
    assert!(!town.say("minsu", "@omar what now?").await.concat().contains(ANSWER));
    town.command("minsu", "forget").await;
    town.clock.advance(Duration::from_secs(1));
    assert!(town.say("minsu", "@omar what now?").await.concat().contains(ANSWER));
    town.end().await;
}

#[tokio::test]
async fn everything_goes_when_its_time_has_come() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "privacy on").await;
    town.say("minsu", "@omar should I text my ex?").await;
    town.tell(town.paid("minsu", "@omar and now?", Town::bits(100))).await;
    let counts = "select concat_ws(' ', (select count(*) from recent), (select count(*) from delivered),
        (select count(*) from consultation), (select count(*) from ledger), (select count(*) from person))";
    for (hours, expected) in
        [(23, "2 1 2 1 3"), (25, "0 1 2 1 3"), (7 * 24 + 1, "0 0 2 1 3"), (90 * 24 + 12, "0 0 0 1 3")]
    {
        let now = town.clock.elapsed();
        town.clock.advance(Duration::from_hours(hours).saturating_sub(now));
        town.pipeline.sweep().await;
        assert_eq!(town.database.texts(counts).await, [expected], "after {hours} h");
    }
    town.end().await;
}
