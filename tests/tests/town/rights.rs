use lovelm::chat::{ChatEvent, Deletion, UserId};
use lovelm_tests::town::{ANSWER, Town};

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
