use super::{TestStore, accept, belonging, call, consultation, exchange, noon, persona, rows, support, tag, under_key};
use crate::{
    chat::{Consent, Language},
    privacy::Pseudonym,
    store::{Accepted, AgeBand, Attempt, Counted, Deed, FanDeed, Forgotten, MyData, register},
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
    let each = ["consultation", "fan_count", "ledger", "pending", "person", "recent"].map(|table| (table, 2));
    let expected = MyData { person: mine.person.clone(), rows: each.into(), fandom: vec![counted], cents: 200 };
    assert_eq!(mine, expected);

    assert_eq!(store.forget(&me, noon()).await.unwrap(), Forgotten { rows: 12 });
    assert_eq!(store.mydata(&me).await.unwrap(), MyData::default());
    assert_eq!(store.forget(&me, noon()).await.unwrap(), Forgotten { rows: 0 });

    let others = store.mydata(&[other]).await.unwrap();
    assert_eq!((others.of("pending"), others.of("consultation"), others.of("ledger")), (1, 1, 1));
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
    let tables = "select tablename::text from pg_tables where schemaname = 'public' and tablename !~ '^_'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&store.pool).await.unwrap();
    assert!(tables.len() >= 10);
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
    assert_eq!(store.mydata(&[tag(1)]).await.unwrap().of("ledger"), 1);
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

#[tokio::test]
async fn every_column_of_people_is_in_the_one_list() {
    let store = TestStore::open().await;
    // What is checked to be an HMAC is a pseudonym: of a person, unless it is known to be something else.
    let pseudonyms = "select c.conrelid::regclass::text || ' ' || a.attname
        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
        where c.connamespace = 'public'::regnamespace and c.contype = 'c'
        and pg_get_constraintdef(c.oid) like '%octet_length%= 32%' and a.atttypid = 'bytea'::regtype";
    let columns: Vec<String> = sqlx::query_scalar(pseudonyms).fetch_all(&store.pool).await.unwrap();
    let known: Vec<String> = register::tables().iter().map(|(table, column)| format!("{table} {column}")).collect();
    let no_people = ["event", "place", "message", "code"];
    for column in &columns {
        let is_none = no_people.iter().any(|name| column.ends_with(&format!(" {name}")));
        assert!(is_none || known.contains(column), "{column} is not in src/store/register.rs");
    }
    assert!(known.iter().all(|one| columns.contains(one)), "{known:?} {columns:?}");
}

#[tokio::test]
async fn rows_are_shown_with_what_belongs_to_them() {
    let store = TestStore::open().await;
    live(&store, &tag(1), 101).await;
    live(&store, &tag(2), 102).await;
    let shown = store.rows_of(&[tag(1)]).await.unwrap();
    // Neither has moderated, nor is anybody blocked.
    let of_moderators = ["moderation_log", "place_block"];
    assert!(shown.iter().all(|(table, rows)| rows.len() == usize::from(!of_moderators.contains(table))), "{shown:?}");
    assert_eq!(shown["consultation"][0]["story"], "이야기");
    assert_eq!(shown["consultation"][0]["answers"].as_array().unwrap().len(), 4);
    assert_eq!(shown["ledger"][0]["cents"], 100);
}

#[tokio::test]
async fn a_persons_rows_come_under_the_newest_key_and_become_one_where_there_can_be_one() {
    let store = TestStore::open().await;
    let (old, new) = (tag(1), under_key(2, 2));
    live(&store, &old, 101).await;
    live(&store, &new, 102).await;
    store.set_language(&old, Language::Ja).await.unwrap();
    store.set_consent(std::slice::from_ref(&new), Consent::Memory, true).await.unwrap();
    store.noticed(&old, noon()).await.unwrap();
    assert!(store.bring_over(std::slice::from_ref(&old), &new).await.unwrap() > 0);
    assert_eq!(store.mydata(std::slice::from_ref(&old)).await.unwrap(), MyData::default());
    let mine = store.mydata(std::slice::from_ref(&new)).await.unwrap();
    let person = mine.person.clone().unwrap();
    assert_eq!(person.consents, [Consent::Consultation, Consent::Fandom], "what both gave");
    assert_eq!((person.language, person.last_notice_at), (Some(Language::Ja), Some(noon())));
    assert_eq!((mine.of("person"), mine.of("fan_count"), mine.fandom[0].times), (1, 1, 2));
    assert_eq!((mine.of("pending"), mine.of("recent"), mine.of("consultation"), mine.of("ledger")), (2, 2, 2, 2));
    assert_eq!(store.bring_over(&[old], &new).await.unwrap(), 0, "once is enough");
}

#[tokio::test]
async fn a_child_stays_a_child_under_another_key() {
    let store = TestStore::open().await;
    let (old, new) = (tag(1), under_key(2, 2));
    store.set_age_band(&old, AgeBand::Under14, noon()).await.unwrap();
    live(&store, &new, 102).await;
    store.set_language(&new, Language::Ko).await.unwrap();
    store.bring_over(&[old], &new).await.unwrap();
    let person = store.person(&new).await.unwrap().unwrap();
    assert_eq!((person.age_band, person.consents.as_slice(), person.language), (Some(AgeBand::Under14), &[][..], None));
}

#[tokio::test]
async fn with_its_key_goes_what_nobody_can_use_and_the_rest_knows_nobody() {
    let store = TestStore::open().await;
    live(&store, &tag(1), 101).await;
    live(&store, &under_key(2, 2), 102).await;
    assert_eq!(store.open_under(1).await.unwrap(), 2, "both are sealed under the first key");
    assert_eq!(store.rows_under(1).await.unwrap().len(), 6);
    assert_eq!(store.bury(1).await.unwrap(), [("consultation", 1)].into());
    assert_eq!(rows(&store, "select count(*) from ledger where who is null").await, 1);
    assert_eq!(store.mydata(&[under_key(2, 2)]).await.unwrap().rows.len(), 6, "nobody else's");
}

#[tokio::test]
async fn what_one_program_forgets_the_others_hear() {
    let store = TestStore::open().await;
    let other = crate::store::Store::connect(store.url(), 8).await.unwrap();
    let (mut own, mut others) =
        (store.forgotten_elsewhere().await.unwrap(), other.forgotten_elsewhere().await.unwrap());
    let me = [under_key(2, 7), tag(7)];
    store.forget(&me, noon()).await.unwrap();
    assert_eq!(others.next().await.unwrap(), me);
    other.forget(&[tag(9)], noon()).await.unwrap();
    assert_eq!(own.next().await.unwrap(), [tag(9)], "and not what it did itself");
    other.close().await;
}
