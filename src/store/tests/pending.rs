use super::{TestStore, accept, call, event, hours, noon, persona, sealed, under_key};
use crate::chat::Platform;
use crate::store::{Accepted, Attempt, CallState, PendingCall, Store, StoreError};

const ALL: [Platform; 1] = [Platform::Twitch];

#[tokio::test]
async fn a_call_is_taken_once_lives_through_a_restart_and_ends_once() {
    let store = TestStore::open().await;
    let paid = call(1, 10);
    assert_eq!(accept(&store, &paid).await.unwrap(), Accepted::New);
    assert_eq!(accept(&store, &paid).await.unwrap(), Accepted::New, "asked again, it says the same");
    let duplicate = PendingCall { question: sealed(b"sealed again"), ..paid.clone() };
    assert_eq!(accept(&store, &duplicate).await.unwrap(), Accepted::Duplicate);

    let restarted = Store::connect(store.url(), 8).await.unwrap();
    assert!(restarted.take_up(&ALL).await.unwrap().is_empty(), "its holder lives");
    store.close().await;
    let open = restarted.take_up(&ALL).await.unwrap();
    assert_eq!((open.len(), &open[0].call, open[0].state), (1, &paid, CallState::Waiting));

    assert!(restarted.sending(&paid.event, &paid.persona, Attempt::First).await.unwrap());
    assert!(!restarted.sending(&paid.event, &paid.persona, Attempt::First).await.unwrap());
    assert_eq!(restarted.open_calls().await.unwrap()[0].state, CallState::Sending);

    assert!(restarted.deliver(&paid.event, &paid.persona, noon()).await.unwrap());
    assert!(!restarted.deliver(&paid.event, &paid.persona, noon()).await.unwrap());
    assert!(!restarted.sending(&paid.event, &paid.persona, Attempt::First).await.unwrap());
    let again = PendingCall { question: sealed(b"sealed again"), ..paid };
    assert_eq!(accept(&restarted, &again).await.unwrap(), Accepted::Duplicate);
    assert_eq!(restarted.open_calls().await.unwrap().len(), 0);
}

#[tokio::test]
async fn one_event_may_call_several_personas_and_only_one_of_many_deliveries_is_new() {
    let store = TestStore::open().await;
    let mut panel = call(1, 10);
    for id in ["hongcha", "omar", "kimdal", "shuhi"] {
        panel.persona = persona(id);
        let deliveries: Vec<_> = (0..8).map(|n| PendingCall { question: sealed(&[n]), ..panel.clone() }).collect();
        let heard = futures::future::join_all(deliveries.iter().map(|delivery| accept(&store, delivery))).await;
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
    accept(&store, &call(1, 10)).await.unwrap();
    let mut again = call(1, 10);
    again.event.older = vec![again.event.tag.clone()];
    again.event.tag = under_key(2, 77);
    assert_eq!(accept(&store, &again).await.unwrap(), Accepted::Duplicate);
    store.deliver(&event(1), &again.persona, noon()).await.unwrap();
    assert_eq!(accept(&store, &again).await.unwrap(), Accepted::Duplicate);
    again.event.older.clear();
    assert_eq!(accept(&store, &again).await.unwrap(), Accepted::New);
}

#[tokio::test]
async fn what_was_delivered_is_remembered_for_a_week() {
    let store = TestStore::open().await;
    accept(&store, &call(1, 10)).await.unwrap();
    store.deliver(&event(1), &persona("omar"), noon()).await.unwrap();
    store.sweep(noon() + hours(7 * 24 - 1)).await.unwrap();
    assert_eq!(accept(&store, &call(1, 10)).await.unwrap(), Accepted::Duplicate);
    assert_eq!(store.sweep(noon() + hours(7 * 24)).await.unwrap().delivered, 1);
    assert_eq!(accept(&store, &call(1, 10)).await.unwrap(), Accepted::New);
}

#[tokio::test]
async fn the_oldest_call_comes_first_and_none_keeps_its_address_for_over_a_day() {
    let store = TestStore::open().await;
    for (number, hour) in [(1, 3), (2, 1), (3, 2)] {
        let mut paid = call(number, number);
        paid.arrived_at = noon() + hours(hour);
        accept(&store, &paid).await.unwrap();
    }
    let order: Vec<_> = store.open_calls().await.unwrap().into_iter().map(|open| open.call.event).collect();
    assert_eq!(order, [event(2), event(3), event(1)]);
    assert_eq!(store.sweep(noon() + hours(26)).await.unwrap().calls, 2);
    assert_eq!(accept(&store, &call(2, 2)).await.unwrap(), Accepted::Duplicate);
    assert_eq!(store.open_calls().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_broken_row_is_refused() {
    let store = TestStore::open().await;
    let broken = PendingCall { persona: persona("a\0b"), ..call(1, 10) };
    assert!(matches!(accept(&store, &broken).await, Err(StoreError::Busy(_) | StoreError::Refused(_))));
    assert!(store.open_calls().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_calls_of_a_panel_are_taken_all_or_none() {
    let store = TestStore::open().await;
    let panel = [call(1, 10), PendingCall { persona: persona("a\0b"), ..call(1, 10) }];
    assert!(store.accept(&panel).await.is_err());
    assert!(store.open_calls().await.unwrap().is_empty());
}

#[tokio::test]
async fn of_programs_that_take_up_at_once_one_gets_each_call() {
    let store = TestStore::open().await;
    for number in 1..=20 {
        accept(&store, &call(number, number)).await.unwrap();
    }
    store.close().await;
    let (one, two) = (Store::connect(store.url(), 4).await.unwrap(), Store::connect(store.url(), 4).await.unwrap());
    let (first, second) = tokio::join!(one.take_up(&ALL), two.take_up(&ALL));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.len() + second.len(), 20);
    for (open, holder, other) in
        first.iter().map(|open| (open, &one, &two)).chain(second.iter().map(|open| (open, &two, &one)))
    {
        let (event, persona) = (&open.call.event, &open.call.persona);
        assert!(!other.still_holds(event, persona).await.unwrap());
        assert!(!other.sending(event, persona, Attempt::First).await.unwrap());
        assert!(!other.deliver(event, persona, noon()).await.unwrap(), "another's row stays");
        assert!(holder.still_holds(event, persona).await.unwrap());
        assert!(holder.sending(event, persona, Attempt::First).await.unwrap());
        assert!(!holder.sending(event, persona, Attempt::First).await.unwrap(), "once");
        assert!(holder.sending(event, persona, Attempt::Again).await.unwrap(), "unless nobody knows of the first time");
        assert!(holder.deliver(event, persona, noon()).await.unwrap());
        assert!(!holder.deliver(event, persona, noon()).await.unwrap(), "once");
    }
    assert!(one.take_up(&ALL).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_platform_without_a_way_out_keeps_its_calls() {
    let store = TestStore::open().await;
    accept(&store, &call(1, 10)).await.unwrap();
    store.close().await;
    let after = Store::connect(store.url(), 4).await.unwrap();
    assert!(after.take_up(&[Platform::Discord]).await.unwrap().is_empty());
    assert_eq!(after.take_up(&ALL).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_holder_whose_lock_was_lost_takes_it_again() {
    let store = TestStore::open().await;
    accept(&store, &call(1, 10)).await.unwrap();
    let terminate = "select count(pg_terminate_backend(pid)) from pg_locks
                     where locktype = 'advisory' and objsubid = 2 and pid <> pg_backend_pid()
                     and database = (select oid from pg_database where datname = current_database())";
    store.as_owner(terminate).await;
    store.keep_hold().await.unwrap();
    let other = Store::connect(store.url(), 4).await.unwrap();
    assert!(other.take_up(&ALL).await.unwrap().is_empty(), "its holder lives");
}

#[tokio::test]
async fn what_was_never_committed_can_be_remembered_as_done() {
    let store = TestStore::open().await;
    assert!(!store.deliver(&event(1), &persona("omar"), noon()).await.unwrap());
    assert_eq!(accept(&store, &call(1, 10)).await.unwrap(), Accepted::Duplicate);
}
