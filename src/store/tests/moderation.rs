use super::{TestStore, hours as hours_of, noon, rows, sealed, tag, under_key};
use crate::{
    chat::Hours,
    moderation::{Change, Edit, Rule, Tone},
    privacy::Pseudonym,
    store::{ModDeed, Moderated, Wanted},
};

const MANY: usize = 100;

fn change(place: &[Pseudonym], edit: Edit) -> Change {
    Change { place: place.to_vec(), edit }
}

async fn read(store: &TestStore) -> Wanted {
    store.wanted(MANY, MANY).await.unwrap()
}

async fn wants(store: &TestStore, place: u8, edit: Edit) {
    store.want(&change(&[tag(place)], edit)).await.unwrap();
}

fn deed(place: u8, who: u8, deed: &'static str) -> ModDeed {
    let name = sealed(b"name");
    ModDeed { place: tag(place), deed, detail: Some("3".into()), done_at: noon(), who: tag(who), name }
}

#[tokio::test]
async fn every_wish_is_read_back_and_a_rule_without_one_is_gone() {
    let store = TestStore::open().await;
    let night = Hours::new(23 * 60, 7 * 60);
    let edits = [
        Edit::Tone(Tone::Quiet),
        Edit::Allowed(false),
        Edit::PerMinute(2),
        Edit::PerDay(20),
        Edit::QuietHours(night),
        Edit::Alerts(Some(sealed(b"place"))),
    ];
    let mut rule = Rule::default();
    for edit in edits {
        rule.apply(&edit);
        wants(&store, 1, edit).await;
        assert_eq!(read(&store).await.places, [(tag(1), rule.clone())]);
    }
    for edit in
        [Edit::Tone(Tone::Open), Edit::Allowed(true), Edit::ResetLimits, Edit::QuietHours(None), Edit::Alerts(None)]
    {
        wants(&store, 1, edit).await;
    }
    assert_eq!(rows(&store, "select count(*) from place_rule").await, 0);
}

#[tokio::test]
async fn a_rule_and_a_block_move_under_the_newest_key() {
    let store = TestStore::open().await;
    wants(&store, 1, Edit::PerDay(5)).await;
    wants(&store, 1, Edit::Block(vec![tag(100)])).await;
    let (place, who) = (vec![under_key(2, 1), tag(1)], vec![under_key(2, 100), tag(100)]);
    store.want(&change(&place, Edit::Tone(Tone::Paused))).await.unwrap();
    store.want(&change(&place, Edit::Block(who.clone()))).await.unwrap();
    let wanted = read(&store).await;
    let rule = Rule { tone: Tone::Paused, per_day: Some(5), ..Rule::default() };
    assert_eq!(wanted.places, [(under_key(2, 1), rule)]);
    assert_eq!(wanted.blocked, [(under_key(2, 1), under_key(2, 100))]);
    assert_eq!(store.moderated(&who).await.unwrap().blocks, 1);
    store.want(&change(&place, Edit::Unblock(who.clone()))).await.unwrap();
    assert_eq!(store.moderated(&who).await.unwrap().blocks, 0);
}

#[tokio::test]
async fn whoever_listens_hears_of_a_change_by_another() {
    let store = TestStore::open().await;
    let mut changes = store.changes().await.unwrap();
    wants(&store, 1, Edit::Tone(Tone::Paused)).await;
    tokio::time::timeout(std::time::Duration::from_mins(1), changes.next()).await.unwrap().unwrap();
    assert_eq!(read(&store).await.places.len(), 1);
}

#[tokio::test]
async fn two_programs_that_change_one_place_at_once_lose_nothing() {
    let store = TestStore::open().await;
    let edits = [
        Edit::Tone(Tone::Paused),
        Edit::Allowed(false),
        Edit::PerMinute(2),
        Edit::PerDay(20),
        Edit::QuietHours(Hours::new(0, 60)),
        Edit::Alerts(Some(sealed(b"place"))),
    ];
    let mut expected = Rule::default();
    for edit in &edits {
        expected.apply(edit);
    }
    let place = [tag(1)];
    let changes: Vec<_> = edits.into_iter().map(|edit| change(&place, edit)).collect();
    let done = futures::future::join_all(changes.iter().map(|change| store.want(change))).await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(read(&store).await.places, [(tag(1), expected)]);
}

#[tokio::test]
async fn more_than_is_asked_for_is_said() {
    let store = TestStore::open().await;
    for n in 1..4 {
        wants(&store, n, Edit::PerDay(5)).await;
        wants(&store, 1, Edit::Block(vec![tag(100 + n)])).await;
    }
    let wanted = store.wanted(2, 2).await.unwrap();
    assert_eq!((wanted.places.len(), wanted.blocked.len(), wanted.more), (2, 2, true));
    assert!(!read(&store).await.more);
}

#[tokio::test]
async fn somebody_who_is_blocked_is_told_once() {
    let store = TestStore::open().await;
    let (place, who) = ([under_key(2, 1), tag(1)], [under_key(2, 100), tag(100)]);
    assert_eq!(store.tell_blocked(&place, &who, noon()).await, Ok(false), "nobody is blocked");
    wants(&store, 1, Edit::Block(vec![tag(100)])).await;
    assert_eq!(store.tell_blocked(&[tag(2)], &who, noon()).await, Ok(false), "not there");
    assert_eq!(store.tell_blocked(&place, &who, noon()).await, Ok(true));
    assert_eq!(store.tell_blocked(&place, &who, noon()).await, Ok(false));
}

#[tokio::test]
async fn the_log_of_a_place_is_its_own_and_the_newest_comes_first() {
    let store = TestStore::open().await;
    for (place, what) in [(1, "pause"), (2, "clear"), (1, "resume")] {
        store.note_deed(&deed(place, 50, what)).await.unwrap();
    }
    let log = store.deeds(&[under_key(2, 1), tag(1)], 10).await.unwrap();
    assert_eq!(log.iter().map(|done| done.deed.as_str()).collect::<Vec<_>>(), ["resume", "pause"]);
    assert_eq!(log[0].name, Some(sealed(b"name")));
    assert_eq!(store.deeds(&[tag(1)], 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_did_it_goes_after_thirty_days_and_that_it_was_done_after_a_year() {
    let store = TestStore::open().await;
    store.note_deed(&deed(1, 50, "pause")).await.unwrap();
    let later = |days: i64| noon() + hours_of(24 * days);
    assert_eq!(store.sweep(later(29)).await.unwrap().moderation.names, 0);
    assert_eq!(store.sweep(later(30)).await.unwrap().moderation.names, 1);
    let log = store.deeds(&[tag(1)], 10).await.unwrap();
    assert_eq!((log[0].deed.as_str(), log[0].name.as_ref()), ("pause", None));
    assert_eq!(rows(&store, "select count(*) from moderation_log where who is not null").await, 0);
    assert_eq!(store.sweep(later(365)).await.unwrap().moderation.deeds, 1);
    assert_eq!(rows(&store, "select count(*) from moderation_log").await, 0);
}

#[tokio::test]
async fn forget_takes_a_moderator_off_what_they_did_and_lifts_no_block() {
    let store = TestStore::open().await;
    store.note_deed(&deed(1, 50, "pause")).await.unwrap();
    store.note_deed(&deed(1, 51, "resume")).await.unwrap();
    wants(&store, 1, Edit::Block(vec![tag(50)])).await;
    assert_eq!(store.moderated(&[tag(50)]).await, Ok(Moderated { blocks: 1, deeds: 1 }));
    assert_eq!(store.forget(&[under_key(2, 50), tag(50)], noon()).await.unwrap().rows, 1);
    let log = store.deeds(&[tag(1)], 10).await.unwrap();
    assert_eq!(log.iter().map(|done| done.name.is_some()).collect::<Vec<_>>(), [true, false]);
    assert_eq!(store.moderated(&[tag(50)]).await, Ok(Moderated { blocks: 1, deeds: 0 }));
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_while() {
    let store = TestStore::open().await;
    let (until, place) = (noon() + hours_of(1), sealed(b"place"));
    store.offer_alerts(&tag(1), &place, until).await.unwrap();
    store.offer_alerts(&tag(2), &place, until).await.unwrap();
    assert_eq!(store.take_alerts(&[tag(9)], noon()).await, Ok(None));
    assert_eq!(store.take_alerts(&[under_key(2, 1), tag(1)], noon()).await, Ok(Some(place)));
    assert_eq!(store.take_alerts(&[tag(1)], noon()).await, Ok(None));
    assert_eq!(store.take_alerts(&[tag(2)], until).await, Ok(None));
    assert_eq!(store.sweep(until).await.unwrap().moderation.codes, 1);
}
