use super::{TestStore, belonging, exchange, hours, noon, persona, rows, sealed, tag, under_key};

#[tokio::test]
async fn the_latest_exchange_of_a_person_in_a_place_is_found_for_a_day() {
    let store = TestStore::open().await;
    store.remember(&exchange(1, 10, b"first")).await.unwrap();
    store.remember(&exchange(1, 10, b"second")).await.unwrap();
    store.remember(&exchange(2, 10, b"elsewhere")).await.unwrap();
    store.remember(&exchange(1, 11, b"somebody else")).await.unwrap();
    let latest = store.latest(&[tag(1)], &[tag(10)], noon() + hours(23)).await.unwrap();
    assert_eq!(latest, Some((persona("shuhi"), sealed(b"second"))));
    assert_eq!(store.latest(&[tag(1)], &[tag(10)], noon() + hours(24)).await.unwrap(), None);
    assert_eq!(store.latest(&[tag(3)], &[tag(10)], noon()).await.unwrap(), None);
    assert_eq!(store.latest(&[tag(1)], &[], noon()).await.unwrap(), None);
}

#[tokio::test]
async fn an_exchange_under_an_older_key_is_found() {
    let store = TestStore::open().await;
    store.remember(&exchange(1, 10, b"before")).await.unwrap();
    let (place, who) = ([under_key(2, 50), tag(1)], [under_key(2, 60), tag(10)]);
    assert_eq!(store.latest(&place, &who, noon()).await.unwrap().unwrap().1, sealed(b"before"));
}

#[tokio::test]
async fn deletion_ban_and_a_cleared_chat_remove_what_they_mean() {
    let store = TestStore::open().await;
    for (place, who, message) in [(1, 10, 100), (1, 10, 101), (1, 11, 102), (2, 10, 103)] {
        let mut one = exchange(place, who, b"text").value().clone();
        one.message = Some(tag(message));
        store.remember(&belonging(tag(who), one)).await.unwrap();
    }
    let mut without_message = exchange(2, 12, b"text").value().clone();
    without_message.message = None;
    store.remember(&belonging(tag(12), without_message)).await.unwrap();

    assert_eq!(store.forget_message(&[tag(100), under_key(2, 1)]).await.unwrap(), 1);
    assert_eq!(store.forget_message(&[tag(100)]).await.unwrap(), 0);
    assert_eq!(store.forget_in_place(&[tag(1)], &[tag(10)]).await.unwrap(), 1);
    assert_eq!(rows(&store, "select count(*) from recent").await, 3);
    assert_eq!(store.forget_place(&[tag(2)]).await.unwrap(), 2);
    assert!(store.latest(&[tag(1)], &[tag(11)], noon()).await.unwrap().is_some());
}
