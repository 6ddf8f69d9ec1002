use super::{TestStore, call, event, hours, noon, persona, rows, under_key};
use crate::store::{Accepted, CallState, StoreError};

#[tokio::test]
async fn a_call_is_taken_once_lives_through_a_restart_and_ends_once() {
    let store = TestStore::open().await;
    let paid = call(1, 10);
    assert_eq!(store.accept(&paid).await.unwrap(), Accepted::New);
    assert_eq!(store.accept(&paid).await.unwrap(), Accepted::Duplicate);

    let restarted = crate::store::Store::connect(store.url(), 8).await.unwrap();
    let open = restarted.open_calls().await.unwrap();
    assert_eq!((open.len(), &open[0].call, open[0].state), (1, &paid, CallState::Waiting));

    assert!(restarted.sending(&paid.event, &paid.persona).await.unwrap());
    assert!(!restarted.sending(&paid.event, &paid.persona).await.unwrap());
    assert_eq!(store.open_calls().await.unwrap()[0].state, CallState::Sending);

    assert!(store.deliver(&paid.event, &paid.persona, noon()).await.unwrap());
    assert!(!store.deliver(&paid.event, &paid.persona, noon()).await.unwrap());
    assert!(!store.sending(&paid.event, &paid.persona).await.unwrap());
    assert_eq!(store.accept(&paid).await.unwrap(), Accepted::Duplicate);
    assert_eq!(rows(&store, "select count(*) from pending").await, 0);
}

#[tokio::test]
async fn one_event_may_call_several_personas_and_only_one_of_many_deliveries_is_new() {
    let store = TestStore::open().await;
    let mut panel = call(1, 10);
    for id in ["hongcha", "omar", "kimdal", "shuhi"] {
        panel.persona = persona(id);
        let heard = futures::future::join_all((0..8).map(|_| store.accept(&panel))).await;
        let new = heard.into_iter().filter(|done| *done == Ok(Accepted::New)).count();
        assert_eq!(new, 1);
    }
    assert_eq!(store.open_calls().await.unwrap().len(), 4);
    store.deliver(&panel.event, &persona("omar"), noon()).await.unwrap();
    assert_eq!(store.open_calls().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_duplicate_is_known_across_a_key_rotation() {
    let store = TestStore::open().await;
    store.accept(&call(1, 10)).await.unwrap();
    let mut again = call(1, 10);
    again.event.older = vec![again.event.tag.clone()];
    again.event.tag = under_key(2, 77);
    assert_eq!(store.accept(&again).await.unwrap(), Accepted::Duplicate);
    store.deliver(&event(1), &again.persona, noon()).await.unwrap();
    assert_eq!(store.accept(&again).await.unwrap(), Accepted::Duplicate);
    again.event.older.clear();
    assert_eq!(store.accept(&again).await.unwrap(), Accepted::New);
}

#[tokio::test]
async fn what_was_delivered_is_remembered_for_a_week() {
    let store = TestStore::open().await;
    store.accept(&call(1, 10)).await.unwrap();
    store.deliver(&event(1), &persona("omar"), noon()).await.unwrap();
    store.sweep(noon() + hours(7 * 24 - 1)).await.unwrap();
    assert_eq!(store.accept(&call(1, 10)).await.unwrap(), Accepted::Duplicate);
    assert_eq!(store.sweep(noon() + hours(7 * 24)).await.unwrap().delivered, 1);
    assert_eq!(store.accept(&call(1, 10)).await.unwrap(), Accepted::New);
}

#[tokio::test]
async fn the_oldest_call_comes_first_and_none_keeps_its_address_for_over_a_day() {
    let store = TestStore::open().await;
    for (number, hour) in [(1, 3), (2, 1), (3, 2)] {
        let mut paid = call(number, number);
        paid.arrived_at = noon() + hours(hour);
        store.accept(&paid).await.unwrap();
    }
    let order: Vec<_> = store.open_calls().await.unwrap().into_iter().map(|open| open.call.event).collect();
    assert_eq!(order, [event(2), event(3), event(1)]);
    assert_eq!(store.sweep(noon() + hours(26)).await.unwrap().calls, 2);
    assert_eq!(store.accept(&call(2, 2)).await.unwrap(), Accepted::Duplicate);
    assert_eq!(store.open_calls().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_broken_row_is_refused() {
    let store = TestStore::open().await;
    let mut owing = call(1, 10);
    owing.rank.credit = -1;
    assert!(matches!(store.accept(&owing).await, Err(StoreError::Refused(_))));
    owing.rank = crate::store::Rank { class: "paid".into(), credit: i64::MAX, key: i64::MIN };
    assert_eq!(store.accept(&owing).await.unwrap(), Accepted::New);
    assert_eq!(store.open_calls().await.unwrap()[0].call, owing);
}
