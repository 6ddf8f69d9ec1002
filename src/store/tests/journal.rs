use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use chrono::TimeDelta;
use tempfile::TempDir;

use super::{TestStore, consultation, noon, rows, tag, under_key};
use crate::{
    chat::Consent,
    store::{Journal, Store},
};

const DAY: Duration = Duration::from_hours(24);

struct Kept {
    store: Store,
    file: PathBuf,
    _folder: TempDir,
}

fn kept(store: &TestStore) -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::beside(&folder.path().join("keys"), DAY * 30);
    let file = journal.file().to_owned();
    Kept { store: Store::clone(store).with_journal(journal), file, _folder: folder }
}

async fn tell(store: &Store, who: u8) {
    store.set_consent(&[tag(who)], Consent::Consultation, true).await.unwrap();
    assert!(store.keep_consultation(&consultation(who, "이야기")).await.unwrap());
}

#[tokio::test]
async fn a_database_from_a_backup_forgets_again_and_who_came_back_is_left_alone() {
    let test = TestStore::open().await;
    let Kept { store, file, .. } = &kept(&test);
    for who in [1, 2, 3] {
        tell(store, who).await;
    }
    store.forget(&[under_key(2, 1), tag(1)], noon()).await.unwrap();
    store.forget(&[tag(2)], noon()).await.unwrap();
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(file.file_name().unwrap(), "keys.forgotten");
    tell(store, 2).await;
    assert_eq!(store.replay_forgets(noon()).await.unwrap(), 0, "all of it is done");
    assert_eq!(rows(&test, "select count(*) from consultation").await, 2);

    // The backup is older than the first forget, and has its person.
    test.as_owner("delete from forgotten where entry in (select entry from forgotten)").await;
    tell(store, 1).await;
    assert_eq!(store.replay_forgets(noon()).await.unwrap(), 2);
    assert_eq!(rows(&test, "select count(*) from consultation").await, 1, "the third never asked for it");
    assert_eq!(store.replay_forgets(noon()).await.unwrap(), 0);
    tell(store, 1).await;
    assert_eq!(store.replay_forgets(noon()).await.unwrap(), 0);
    assert_eq!(rows(&test, "select count(*) from consultation").await, 2, "who came back after that");
}

#[tokio::test]
async fn a_forget_that_was_not_done_and_was_told_so_is_not_replayed() {
    let test = TestStore::open().await;
    let Kept { store, file, .. } = &kept(&test);
    tell(store, 1).await;
    test.as_owner(
        "create function no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger no before delete on consultation for each row execute function no()",
    )
    .await;
    assert!(store.forget(&[tag(1)], noon()).await.is_err());
    assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 2, "noted and struck");
    test.as_owner("drop function no cascade").await;
    assert_eq!(store.replay_forgets(noon()).await.unwrap(), 0);
    assert_eq!(rows(&test, "select count(*) from consultation").await, 1);
}

#[tokio::test]
async fn a_torn_line_costs_nothing_but_itself() {
    let test = TestStore::open().await;
    let Kept { store, file, .. } = &kept(&test);
    store.forget(&[tag(1)], noon()).await.unwrap();
    let whole = fs::read_to_string(file).unwrap();
    for at in (1..whole.len() - 1).step_by(9) {
        fs::write(file, format!("{whole}{}", &whole[..at])).unwrap();
        test.as_owner("delete from forgotten").await;
        store.forget(&[tag(2)], noon()).await.unwrap();
        test.as_owner("delete from forgotten").await;
        let replayed = store.replay_forgets(noon()).await.unwrap();
        assert_eq!(replayed, 2, "cut at {at}");
    }
    fs::write(file, "nonsense\n\n2026-01-01\n한글 한글 1:x\n").unwrap();
    assert_eq!(store.replay_forgets(noon()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_journal_lets_go_of_what_no_backup_can_hold_any_more() {
    let test = TestStore::open().await;
    let Kept { store, file, .. } = &kept(&test);
    store.forget(&[tag(1)], noon()).await.unwrap();
    store.forget(&[tag(2)], noon() + TimeDelta::days(20)).await.unwrap();
    store.replay_forgets(noon() + TimeDelta::days(29)).await.unwrap();
    assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 2);
    store.replay_forgets(noon() + TimeDelta::days(31)).await.unwrap();
    assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 1);
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(store.sweep(noon() + TimeDelta::days(60)).await.unwrap().forgets, 0);
    assert_eq!(store.sweep(noon() + TimeDelta::days(61)).await.unwrap().forgets, 1);
    assert_eq!(rows(&test, "select count(*) from forgotten").await, 1);
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_keeps_nobody_from_being_forgotten() {
    let test = TestStore::open().await;
    let journal = Journal::beside(&PathBuf::from("/nowhere/at/all/keys"), DAY);
    let store = Store::clone(&test).with_journal(journal);
    tell(&store, 1).await;
    assert_eq!(store.forget(&[tag(1)], noon()).await.unwrap().rows, 2);
    let told = store.replay_forgets(noon()).await.unwrap_err().to_string();
    assert!(told.contains("/nowhere/at/all/keys.forgotten"), "{told}");
}
