use std::time::Duration;

use lovelm::{
    chat::ChatEvent,
    store::cluster::{Cluster, DataDir},
};
use lovelm_tests::{
    program::Folder,
    town::{ANSWER, Plan, Town, saying},
};

#[tokio::test]
async fn who_waits_when_the_fleet_closes_is_told_and_what_runs_is_finished() {
    let town = Town::open().await;
    town.know(&["first", "minsu", "emma"]).await;
    town.engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("first", "@omar what now?"))).await;
    town.until("the first answer began", |town| town.engine.running() == 1).await;
    let waits = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    let paid = town.hear(town.paid("emma", "@omar what now?", Town::bits(100))).await;
    assert_eq!(town.square.read(), ["(notice) omar > emma: 100 bits received. Thank you."]);
    town.pipeline.close();
    town.done(waits).await;
    town.done(paid).await;
    let mut told = town.square.read();
    told.sort();
    let restarted = "I am being restarted";
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with(&format!("(notice) omar > emma: {restarted}. Your question is kept safe")), "{told:?}");
    assert!(told[1].starts_with(&format!("(notice) omar > minsu: {restarted} and couldn't finish")), "{told:?}");
    let late = town.say("minsu", "@omar still there?").await;
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(late[0].contains("take no new questions"), "{late:?}");
    town.engine.release();
    town.done(first).await;
    assert_eq!(town.square.read(), [format!("omar > first: {ANSWER}")]);
    assert_eq!(
        town.database.number("select count(*) from pending").await,
        1,
        "what was paid for waits for the next start"
    );

    let town = town.crash(saying(|_| ANSWER.to_owned())).await;
    let taken_up = town.pipeline.resume().await.expect("rows can be read");
    town.done(taken_up).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn an_answer_that_hangs_past_its_deadline_is_ended_with_a_word() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    town.engine.hold();
    let minsu = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    let emma = town.hear(ChatEvent::Said(town.message("emma", "@shuhi what now?"))).await;
    town.clock.advance(Duration::from_hours(11));
    town.done(minsu).await;
    town.done(emma).await;
    let mut told = town.square.read();
    told.sort();
    assert_eq!(
        told,
        [
            "(notice) omar > minsu: This took me far too long, so the answer ends here. I'm sorry.",
            "(notice) shuhi > emma: I couldn't get to your question in time. I'm sorry. Please ask again in a little while.",
        ]
    );
    town.end().await;
}

#[tokio::test]
async fn questions_are_answered_when_the_database_is_lost() {
    let folder = Folder::default();
    let data = DataDir::open(&folder.path("data")).expect("a folder");
    let cluster = Cluster::start(&data).await.expect("a Postgres");
    let town = Town::with(Plan { url: Some(cluster.url()), ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    assert_eq!(town.say("minsu", "@omar what now?").await, [format!("omar > minsu: {ANSWER}")]);
    cluster.stop().await.expect("it stops");
    let heard = town.say("minsu", "@omar and now?").await;
    assert_eq!(
        heard.last(),
        Some(&format!("omar > minsu: {ANSWER} (AI answer)")),
        "nobody is known any more: {heard:?}"
    );
    let trouble = town.command("minsu", "mydata").await;
    assert_eq!(trouble.len(), 1, "{trouble:?}");
    town.end().await;
}
