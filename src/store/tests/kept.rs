use chrono::TimeDelta;

use super::{TestStore, accept, belonging, call, consultation, exchange, noon, rows, scrubbed, tag};
use crate::{chat::Consent, store::Swept};

const EVERYTHING: &str = "select (select count(*) from consultation) + (select count(*) from answer)
    + (select count(*) from fan_count) + (select count(*) from recent) + (select count(*) from pending)";

#[tokio::test]
async fn without_consent_nothing_but_the_persons_row_is_kept() {
    let store = TestStore::open().await;
    assert!(!store.keep_consultation(&consultation(1, "이야기")).await.unwrap());
    store.noticed(&tag(1), noon()).await.unwrap();
    for consent in [Consent::Fandom, Consent::Memory] {
        store.set_consent(&[tag(1)], consent, true).await.unwrap();
        assert!(!store.keep_consultation(&consultation(1, "이야기")).await.unwrap());
    }
    assert_eq!(rows(&store, EVERYTHING).await, 0);
    assert_eq!(rows(&store, "select count(*) from person").await, 1);
}

#[tokio::test]
async fn a_panel_is_one_consultation_with_four_answers_in_order() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    assert!(store.keep_consultation(&consultation(1, "A가 연락을 안 해 👩‍❤️‍👨\r\n\0끝")).await.unwrap());
    let kept: (String, String) = sqlx::query_as(
        "select story, string_agg(persona, ' ' order by turn) from consultation join answer on consultation_id = id
         group by story",
    )
    .fetch_one(&store.pool)
    .await
    .unwrap();
    assert_eq!(kept, ("A가 연락을 안 해 👩‍❤️‍👨\r\n\u{fffd}끝".into(), "hongcha omar kimdal shuhi".into()));
    let finer_than_a_day = "select count(*) from information_schema.columns
        where table_schema = 'public' and table_name in ('consultation', 'answer', 'ledger') and data_type like 'time%'";
    assert_eq!(rows(&store, finer_than_a_day).await, 0);
}

#[tokio::test]
async fn a_fault_in_an_answer_keeps_nothing_of_the_consultation() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    let mut told = consultation(1, "이야기").value().clone();
    told.answers.push((super::persona("omar"), scrubbed("다시")));
    assert!(store.keep_consultation(&belonging(tag(1), told)).await.is_err());
    assert_eq!(rows(&store, EVERYTHING).await, 0);
}

#[tokio::test]
async fn long_and_empty_stories_are_kept_whole() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    for story in [String::new(), "가".repeat(100_000 / 3)] {
        assert!(store.keep_consultation(&consultation(1, &story)).await.unwrap());
    }
    assert_eq!(rows(&store, "select max(length(story))::bigint from consultation").await, 33_333);
}

#[tokio::test]
async fn everything_goes_when_its_time_has_come() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    store.keep_consultation(&consultation(1, "이야기")).await.unwrap();
    store.remember(&exchange(1, 1, b"text")).await.unwrap();
    accept(&store, &call(1, 1)).await.unwrap();
    assert_eq!(store.sweep(noon() + TimeDelta::hours(23)).await.unwrap(), Swept::default());
    let day = store.sweep(noon() + TimeDelta::hours(24)).await.unwrap();
    assert_eq!(day, Swept { calls: 1, exchanges: 1, ..Swept::default() });
    assert_eq!(store.sweep(noon() + TimeDelta::days(89)).await.unwrap().consultations, 0);
    assert_eq!(store.sweep(noon() + TimeDelta::days(90)).await.unwrap().consultations, 1);
    assert_eq!(rows(&store, EVERYTHING).await, 0);
    assert_eq!(store.sweep(noon() + TimeDelta::days(90)).await.unwrap(), Swept::default());
}

#[tokio::test]
async fn a_sweep_takes_more_than_fits_into_one_statement() {
    let store = TestStore::open().await;
    let many = "insert into recent (place_key, place, who_key, who, persona, exchange_key, exchange, answered_at)
        select 1, decode(repeat('ab', 32), 'hex'), 1, decode(repeat('cd', 32), 'hex'), 'omar', 1, 'x', '2020-01-01'
        from generate_series(1, 12000);
        insert into delivered (platform, event_key, event, persona, delivered_at)
        select 'twitch', 1, sha256(n::text::bytea), 'omar', '2020-01-01' from generate_series(1, 12000) as n;
        insert into pending (platform, event_key, event, persona, who_key, who, address_key, address, question_key, question, arrived_at)
        select 'twitch', 1, sha256(('p' || n)::bytea), 'omar', 1, sha256('a'), 1, 'x', 1, 'x', '2020-01-01'
        from generate_series(1, 6000) as n";
    store.as_owner(many).await;
    let swept = store.sweep(noon()).await.unwrap();
    assert_eq!(swept, Swept { calls: 6_000, exchanges: 12_000, delivered: 12_000, ..Swept::default() });
    assert_eq!(rows(&store, "select count(*) from delivered").await, 6_000, "against late duplicates");
    assert_eq!(rows(&store, EVERYTHING).await, 0);
}
