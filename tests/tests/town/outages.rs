use std::time::Duration;

use lovelm::{
    chat::{ChatEvent, PersonaId},
    config::Config,
    store::cluster::{Cluster, DataDir},
};
use lovelm_tests::{
    program::Folder,
    town::{ANSWER, Plan, Town, answers, calm},
};

/// A database that can be lost.
pub struct Island {
    data: DataDir,
    cluster: Option<Cluster>,
    _folder: Folder,
}

impl Island {
    pub async fn with(config: Config) -> (Self, Town) {
        let folder = Folder::default();
        let data = DataDir::open(&folder.path("data")).expect("a folder");
        let cluster = Cluster::start(&data).await.expect("a Postgres");
        let url = Some(cluster.url());
        let town = Box::pin(Town::with(Plan { config, url, ..Plan::default() })).await;
        town.know(&["emma", "minsu"]).await;
        (Self { data, cluster: Some(cluster), _folder: folder }, town)
    }

    pub async fn lose(&mut self) {
        self.cluster.take().expect("it runs").stop().await.expect("it stops");
    }

    pub async fn number(&self, query: &'static str) -> i64 {
        number(self, query).await
    }

    pub async fn restore(&mut self) {
        self.cluster = Some(Cluster::start(&self.data).await.expect("a Postgres"));
    }
}

/// Lets time go by, and with it every wait for the database.
pub async fn seconds(town: &Town, seconds: u64) {
    for _ in 0..seconds {
        town.clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn number(island: &Island, query: &'static str) -> i64 {
    use sqlx::Connection as _;
    let url = island.cluster.as_ref().expect("it runs").url();
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("it answers");
    sqlx::query_scalar(query).fetch_one(&mut connection).await.expect(query)
}

#[tokio::test]
async fn what_is_paid_in_an_outage_waits_is_told_so_once_and_is_answered_in_its_order() {
    let mut config = calm();
    config.scheduler.tell_after = Duration::from_secs(5);
    let (mut island, town) = Island::with(config).await;
    island.lose().await;
    let first = town.message("emma", "@omar should I text my ex?");
    let emma = town.hear(ChatEvent::Paid(first.clone(), Town::bits(200))).await;
    let minsu = town.hear(town.paid("minsu", "@shuhi should I text my ex?", Town::bits(100))).await;
    let again = town.hear(ChatEvent::Paid(first, Town::bits(200))).await;
    town.done(again).await;
    let mut named = town.message("minsu", " ");
    named.mentions = vec![PersonaId::new("kimdal")];
    let thanked = town.tell(ChatEvent::Paid(named, Town::bits(50))).await;
    assert_eq!(thanked.len(), 1, "money without words is thanked for: {thanked:?}");
    assert!(town.engine.requests().is_empty(), "nothing is answered that is not committed");
    seconds(&town, 20).await;
    let noted = "My records are slow to answer just now.";
    let told = town.square.read();
    assert_eq!(told.len(), 2, "once each: {told:?}");
    assert!(told[0].starts_with(&format!("(notice) omar > emma: {noted}")), "{told:?}");
    assert!(told[1].starts_with(&format!("(notice) shuhi > minsu: {noted}")), "{told:?}");

    island.restore().await;
    town.until("both were answered", |town| {
        town.clock.advance(Duration::from_millis(50));
        town.engine.requests().len() == 2 && town.engine.running() == 0
    })
    .await;
    town.done(emma).await;
    town.done(minsu).await;
    assert_eq!(answers(town.square.read()), [format!("omar > emma: {ANSWER}"), format!("shuhi > minsu: {ANSWER}")]);
    assert_eq!(number(&island, "select sum(cents)::bigint from ledger").await, 350);
    assert_eq!(number(&island, "select count(*) from delivered").await, 2);
    assert_eq!(number(&island, "select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn who_waits_past_the_deadline_is_apologised_to_once_and_the_books_are_kept_all_the_same() {
    let mut config = calm();
    config.scheduler.deadline.twitch = Duration::from_secs(90);
    let (mut island, town) = Island::with(config).await;
    island.lose().await;
    let message = town.message("emma", "@omar should I text my ex?");
    let paid = ChatEvent::Paid(message, Town::bits(200));
    let emma = town.hear(paid.clone()).await;
    seconds(&town, 100).await;
    town.done(emma).await;
    let told = town.square.read();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("(notice) omar > emma: You supported us, and still"), "{told:?}");

    island.restore().await;
    seconds(&town, 20).await;
    while number(&island, "select count(*) from delivered").await == 0 {
        seconds(&town, 1).await;
    }
    assert_eq!(number(&island, "select sum(cents)::bigint from ledger").await, 200);
    assert_eq!(number(&island, "select count(*) from pending").await, 0);
    assert_eq!(town.tell(paid).await, [""; 0], "a duplicate is known");
    assert!(town.engine.requests().is_empty());
    town.end().await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_announced_waits_and_is_made_again() {
    let (mut island, town) = Island::with(calm()).await;
    town.engine.hold();
    let emma = town.hear(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    town.square.read();
    island.lose().await;
    town.engine.release();
    town.until("it was made", |town| town.engine.running() == 0).await;
    seconds(&town, 10).await;
    assert_eq!(town.square.read(), [""; 0], "nothing goes out that is not noted");
    island.restore().await;
    town.until("it was made again", |town| {
        town.clock.advance(Duration::from_millis(50));
        town.square.unread() > 0
    })
    .await;
    town.done(emma).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER}")]);
    assert_eq!(number(&island, "select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn more_than_may_wait_is_apologised_for_at_once() {
    let mut config = calm();
    config.store.away.most_calls = 1;
    let (mut island, town) = Island::with(config).await;
    island.lose().await;
    let emma = town.hear(town.paid("emma", "@omar should I text my ex?", Town::bits(200))).await;
    let told = town.tell(town.paid("minsu", "@omar should I text my ex?", Town::bits(100))).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("(notice) omar > minsu: You supported us, and still"), "{told:?}");
    // The fleet ends, and the database never came back.
    town.pipeline.close();
    town.done(emma).await;
    let told = town.square.read();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("(notice) omar > emma: You supported us, and still"), "{told:?}");
    town.end().await;
}
