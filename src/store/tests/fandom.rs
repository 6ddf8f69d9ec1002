use super::{TestStore, belonging, event, persona, rows, support, tag, under_key};
use crate::{
    chat::Consent,
    privacy::Pseudonymous,
    store::{Deed, FanDeed},
};

fn asked(who: u8) -> Pseudonymous<FanDeed> {
    belonging(tag(who), FanDeed { persona: persona("omar"), deed: Deed::Asked })
}

#[tokio::test]
async fn deeds_count_for_the_fleet_always_and_for_the_fan_by_consent() {
    let store = TestStore::open().await;
    assert!(!store.count(&asked(1)).await.unwrap());
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    assert!(!store.count(&asked(1)).await.unwrap());
    store.set_consent(&[tag(1)], Consent::Fandom, true).await.unwrap();
    assert!(store.count(&asked(1)).await.unwrap());
    assert!(store.count(&asked(1)).await.unwrap());
    assert_eq!(store.fan_total(asked(1).value()).await.unwrap(), 4);
    assert_eq!(store.mydata(&[tag(1)]).await.unwrap().fandom[0].times, 2);

    store.set_consent(&[tag(1)], Consent::Fandom, false).await.unwrap();
    assert_eq!(rows(&store, "select count(*) from fan_count").await, 0);
    assert_eq!(store.fan_total(asked(1).value()).await.unwrap(), 4);
    assert_eq!(store.fan_total(&FanDeed { persona: persona("omar"), deed: Deed::Supported }).await.unwrap(), 0);
}

#[tokio::test]
async fn racing_fans_lose_no_count() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Fandom, true).await.unwrap();
    let fan = asked(1);
    let counted = futures::future::join_all((0..60).map(|_| store.count(&fan))).await;
    assert!(counted.into_iter().all(|counted| counted == Ok(true)));
    assert_eq!(store.mydata(&[tag(1)]).await.unwrap().fandom[0].times, 60);
    assert_eq!(store.fan_total(fan.value()).await.unwrap(), 60);
}

#[tokio::test]
async fn a_payment_is_booked_once_however_often_it_is_heard() {
    let store = TestStore::open().await;
    assert!(store.record(&support(1, 10, 500)).await.unwrap());
    assert!(!store.record(&support(1, 10, 500)).await.unwrap());
    assert!(store.record(&support(2, 10, 250)).await.unwrap());

    let mut rotated = support(1, 10, 500).value().clone();
    rotated.event.older = vec![event(1).tag];
    rotated.event.tag = under_key(2, 90);
    assert!(!store.record(&belonging(under_key(2, 91), rotated)).await.unwrap());

    let mine = store.mydata(&[tag(10)]).await.unwrap();
    assert_eq!((mine.of("ledger"), mine.cents), (2, 750));
}

#[tokio::test]
async fn absurd_amounts_neither_wrap_nor_fail() {
    let store = TestStore::open().await;
    store.record(&support(1, 10, u64::MAX)).await.unwrap();
    store.record(&support(2, 10, u64::MAX)).await.unwrap();
    store.record(&support(3, 10, 0)).await.unwrap();
    let mine = store.mydata(&[tag(10)]).await.unwrap();
    assert_eq!((mine.of("ledger"), mine.cents), (3, i64::MAX.unsigned_abs()));
}

#[tokio::test]
async fn an_amount_of_somebody_who_was_forgotten_has_no_payer() {
    let store = TestStore::open().await;
    assert!(store.record_amount(support(1, 10, 500).value()).await.unwrap());
    assert!(!store.record(&support(1, 10, 500)).await.unwrap(), "it is the same payment");
    assert_eq!(rows(&store, "select count(*) from ledger where who is null and cents = 500").await, 1);
}
