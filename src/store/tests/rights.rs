use super::{TestStore, accept, belonging, call, consultation, exchange, noon, persona, rows, support, tag, under_key};
use crate::{
    chat::{Consent, Language},
    privacy::Pseudonym,
    store::{Accepted, Attempt, Counted, Deed, FanDeed, Forgotten, MyData},
};

/// One row in every table that knows people.
async fn live(store: &TestStore, who: &Pseudonym, number: u8) {
    store.set_consent(std::slice::from_ref(who), Consent::Consultation, true).await.unwrap();
    store.set_consent(std::slice::from_ref(who), Consent::Fandom, true).await.unwrap();
    let mut paid = call(number, 0);
    paid.who = who.clone();
    accept(store, &paid).await.unwrap();
    let own = |who: &Pseudonym| who.clone();
    store.remember(&belonging(own(who), exchange(9, 0, b"text").value().clone())).await.unwrap();
    store.keep_consultation(&belonging(own(who), consultation(0, "이야기").value().clone())).await.unwrap();
    let deed = FanDeed { persona: persona("omar"), deed: Deed::Asked };
    store.count(&belonging(own(who), deed)).await.unwrap();
    store.record(&belonging(own(who), support(number, 0, 100).value().clone())).await.unwrap();
}

#[tokio::test]
async fn forget_deletes_a_person_under_every_key_and_nobody_else() {
    let store = TestStore::open().await;
    let (old, new, other) = (tag(1), under_key(2, 2), tag(3));
    live(&store, &old, 101).await;
    live(&store, &new, 102).await;
    live(&store, &other, 103).await;
    store.set_language(&new, Language::En).await.unwrap();
    let me = [new.clone(), old.clone()];

    let mine = store.mydata(&me).await.unwrap();
    assert_eq!(mine.person.as_ref().unwrap().language, Some(Language::En));
    let counted = Counted { persona: persona("omar"), deed: "asked".into(), times: 2 };
    let expected = MyData {
        person: mine.person.clone(),
        open_calls: 2,
        exchanges: 2,
        consultations: 2,
        fandom: vec![counted],
        payments: 2,
        cents: 200,
    };
    assert_eq!(mine, expected);

    assert_eq!(store.forget(&me, noon()).await.unwrap(), Forgotten { rows: 12 });
    assert_eq!(store.mydata(&me).await.unwrap(), MyData::default());
    assert_eq!(store.forget(&me, noon()).await.unwrap(), Forgotten { rows: 0 });

    let others = store.mydata(&[other]).await.unwrap();
    assert_eq!((others.open_calls, others.consultations, others.payments), (1, 1, 1));
    assert_eq!(rows(&store, "select sum(cents)::bigint from ledger").await, 300);
    assert_eq!(rows(&store, "select count(*) from ledger where who is null").await, 2);
    assert_eq!(rows(&store, "select count(*) from answer").await, 4);
}

#[tokio::test]
async fn after_forget_no_table_holds_a_byte_of_the_pseudonym() {
    let store = TestStore::open().await;
    let who = tag(0xA7);
    live(&store, &who, 101).await;
    store.forget(&[who], noon()).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
        .fetch_all(&store.pool)
        .await
        .unwrap();
    assert!(tables.len() >= 9);
    for table in tables {
        let scan = format!("select count(*) from {table} where {table}::text like '%' || repeat('a7', 32) || '%'");
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(scan)).fetch_one(&store.pool).await.unwrap();
        assert_eq!(found, 0, "{table}");
    }
}

#[tokio::test]
async fn a_forgotten_call_is_not_answered_and_its_duplicate_neither() {
    let store = TestStore::open().await;
    accept(&store, &call(1, 10)).await.unwrap();
    store.forget(&[tag(10)], noon()).await.unwrap();
    assert!(!store.sending(&call(1, 10).event, &persona("omar"), Attempt::First).await.unwrap());
    assert_eq!(accept(&store, &call(1, 10)).await.unwrap(), Accepted::Duplicate);
}

#[tokio::test]
async fn forget_of_nobody_forgets_nobody() {
    let store = TestStore::open().await;
    live(&store, &tag(1), 101).await;
    assert_eq!(store.forget(&[], noon()).await.unwrap(), Forgotten { rows: 0 });
    assert_eq!(store.mydata(&[]).await.unwrap(), MyData::default());
    assert_eq!(store.mydata(&[tag(1)]).await.unwrap().payments, 1);
}

#[tokio::test]
async fn a_forget_that_races_with_a_story_leaves_none_of_it() {
    let store = TestStore::open().await;
    for round in 0..10_u8 {
        store.set_consent(&[tag(round)], Consent::Consultation, true).await.unwrap();
        let told = consultation(round, "이야기");
        let me = [tag(round)];
        let (kept, forgotten) = tokio::join!(store.keep_consultation(&told), store.forget(&me, noon()));
        kept.unwrap();
        forgotten.unwrap();
    }
    assert_eq!(rows(&store, "select count(*) from consultation").await, 0);
}
