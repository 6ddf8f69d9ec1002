use std::{fs, os::unix::fs::PermissionsExt, sync::Arc, thread};

use tempfile::TempDir;

use super::*;
use crate::{
    chat::ChannelId,
    clock::{Clock, ManualClock},
};

fn keyring() -> (TempDir, Keyring) {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Keyring::open_or_create(&folder.path().join("data/keys.toml")).unwrap();
    (folder, keyring)
}

#[test]
fn a_keyring_is_made_once_and_for_its_owner_only() {
    let (folder, keyring) = keyring();
    let path = folder.path().join("data/keys.toml");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1);
    let again = Keyring::open_or_create(&path).unwrap();
    let user = UserId::new("42");
    assert_eq!(again.pseudonym(Platform::Discord, &user), keyring.pseudonym(Platform::Discord, &user));
}

#[test]
fn platforms_and_kinds_have_names_of_their_own() {
    let (_folder, keyring) = keyring();
    let (user, platform) = (UserId::new("42"), Platform::Twitch);
    let place = Place { platform, channel: ChannelId::new("42") };
    let event = EventId::new("42");
    let names = [
        keyring.pseudonym(platform, &user),
        keyring.pseudonym(Platform::Discord, &user),
        keyring.place(&place),
        keyring.event(platform, &event),
        keyring.answers(platform, &event, &PersonaId::new("omar"))[0].clone(),
        keyring.answers(platform, &event, &PersonaId::new("shuhi"))[0].clone(),
        keyring.answers(platform, &EventId::new("42o"), &PersonaId::new("mar"))[0].clone(),
    ];
    for (index, name) in names.iter().enumerate() {
        assert!(!names[..index].contains(name), "{index}");
    }
}

#[test]
fn two_keyrings_never_agree() {
    let ((_a, one), (_b, other)) = (keyring(), keyring());
    let user = UserId::new("42");
    assert_ne!(one.pseudonym(Platform::Discord, &user), other.pseudonym(Platform::Discord, &user));
    let sealed = one.seal("address", b"secret").unwrap();
    assert!(matches!(other.open("address", &sealed), Err(KeysError::Sealed(1))));
}

#[test]
fn sealed_bytes_open_for_their_purpose_only() {
    let (_folder, keyring) = keyring();
    let sealed = keyring.seal("address", "민수에게".as_bytes()).unwrap();
    assert_eq!(keyring.open("address", &sealed).unwrap(), "민수에게".as_bytes());
    assert_ne!(keyring.seal("address", "민수에게".as_bytes()).unwrap(), sealed);
    assert!(matches!(keyring.open("recent", &sealed), Err(KeysError::Sealed(1))));
    for at in 0..sealed.bytes.len() {
        let mut changed = sealed.clone();
        changed.bytes[at] ^= 1;
        assert!(keyring.open("address", &changed).is_err());
    }
    let short = Sealed { key_version: 1, bytes: vec![0; 10] };
    assert!(matches!(keyring.open("address", &short), Err(KeysError::Sealed(1))));
}

#[test]
fn rotation_keeps_what_was_made_and_destruction_does_not() {
    let (folder, keyring) = keyring();
    let user = UserId::new("42");
    let old = keyring.pseudonym(Platform::Discord, &user);
    let sealed = keyring.seal("address", b"x").unwrap();
    assert_eq!(keyring.rotate().unwrap(), 2);
    let path = folder.path().join("data/keys.toml");
    for keyring in [&keyring, &Keyring::open_or_create(&path).unwrap()] {
        assert_eq!((keyring.current(), keyring.versions()), (2, vec![1, 2]));
        assert_ne!(keyring.pseudonym(Platform::Discord, &user), old);
        assert_eq!(keyring.pseudonyms(Platform::Discord, &user)[1], old);
        assert_eq!(keyring.open("address", &sealed).unwrap(), b"x");
    }
    let text = fs::read_to_string(&path).unwrap();
    let second = text.rfind("[[key]]").unwrap();
    fs::write(&path, &text[second..]).unwrap();
    let left = Keyring::open_or_create(&path).unwrap();
    assert!(matches!(left.open("address", &sealed), Err(KeysError::Unknown(1))));
    assert_eq!(left.rotate().unwrap(), 3);
}

#[test]
fn a_faulty_file_is_refused_by_name_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    let secret = "ab".repeat(32);
    for (text, wanted) in [
        (String::new(), "key: the keyring holds no version"),
        (format!("[[key]]\nversion = 1\nsecret = \"{}\"", &secret[2..]), "key.secret of version 1"),
        (format!("[[key]]\nversion = 1\nprepared = true\nsecret = \"{secret}\""), "no version is in use"),
        (format!("[[key]]\nversion = 0\nsecret = \"{secret}\""), "key.version 0"),
        (format!("[[key]]\nversion = 1\nsecret = {secret}"), "line 3"),
        (format!("[[key]]\nversion = 1\nsecret = \"{secret}\"\nhint = \"x\""), "not a keyring"),
    ] {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = Keyring::open_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("keys.toml") && error.contains(wanted) && !error.contains(&secret[2..]), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = Keyring::open_or_create(&path).unwrap_err();
    assert!(matches!(&error, KeysError::Permissions { .. }) && error.to_string().contains("chmod 600"));
    assert!(matches!(
        Keyring::open_or_create(folder.path()),
        Err(KeysError::File { .. } | KeysError::Permissions { .. })
    ));
}

#[test]
fn nothing_secret_is_printed() {
    let (_folder, keyring) = keyring();
    assert_eq!(format!("{keyring:?}"), "Keyring { versions: [1], .. }");
}

#[test]
fn an_answer_is_known_again_by_its_event_across_a_rotation_and_by_nothing_else() {
    let (_folder, keyring) = keyring();
    let (omar, shuhi) = (PersonaId::new("omar"), PersonaId::new("shuhi"));
    let event = keyring.event(Platform::Discord, &EventId::new("42"));
    let posting = keyring.posting(&event, &omar).unwrap();
    assert_eq!(posting.len(), 16);
    assert_ne!(keyring.posting(&event, &shuhi).unwrap(), posting);
    assert!(!hex(event.as_bytes()).contains(&posting));
    keyring.rotate().unwrap();
    assert_eq!(keyring.posting(&event, &omar).unwrap(), posting);
    assert_eq!(keyring.posting(&Pseudonym::from_row(9, *event.as_bytes()), &omar), None);
}

#[test]
fn a_prepared_version_reads_and_makes_nothing_until_it_is_adopted() {
    let (folder, keyring) = keyring();
    let user = UserId::new("42");
    let old = keyring.pseudonym(Platform::Discord, &user);
    assert_eq!((keyring.prepare().unwrap(), keyring.prepare().unwrap()), (2, 2), "one is enough");
    assert_eq!((keyring.current(), keyring.versions()), (1, vec![1, 2]));
    let everywhere = keyring.pseudonyms(Platform::Discord, &user);
    assert_eq!((everywhere.len(), &everywhere[0]), (2, &old), "the current one first");
    let other = Keyring::open_existing(&folder.path().join("data/keys.toml")).unwrap();
    assert_eq!(other.adopt().unwrap(), 2);
    assert_eq!(keyring.current(), 1);
    let sealed = other.seal("address", b"x").unwrap();
    assert_eq!(keyring.open("address", &sealed).unwrap(), b"x", "before it knows that it is in use");
    assert!(keyring.look_again().unwrap());
    assert!(!keyring.look_again().unwrap());
    assert_eq!(keyring.current(), 2);
    let states: Vec<_> = keyring.list().iter().map(|version| (version.number, version.state)).collect();
    assert_eq!(states, [(1, KeyState::Read), (2, KeyState::InUse)]);
    assert!(keyring.list().iter().all(|version| version.made_on.is_some()), "{:?}", keyring.list());
}

#[test]
fn what_another_process_sealed_opens_though_nobody_told_of_its_key() {
    let (folder, keyring) = keyring();
    let other = Keyring::open_existing(&folder.path().join("data/keys.toml")).unwrap();
    other.rotate().unwrap();
    let sealed = other.seal("address", b"x").unwrap();
    assert_eq!(keyring.open("address", &sealed).unwrap(), b"x");
    assert_eq!(keyring.current(), 2);
}

#[test]
fn many_who_rotate_at_once_lose_no_version() {
    let (folder, keyring) = keyring();
    let path = folder.path().join("data/keys.toml");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| Keyring::open_existing(&path).unwrap().rotate().unwrap());
        }
    });
    keyring.look_again().unwrap();
    let versions = keyring.versions();
    assert!(versions.len() > 1 && keyring.current() == *versions.last().unwrap(), "{versions:?}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 1, "no draft is left");
}

#[test]
fn the_version_in_use_is_not_destroyed_and_others_leave_nothing() {
    let (folder, keyring) = keyring();
    let user = UserId::new("42");
    let (old, sealed) = (keyring.pseudonym(Platform::Discord, &user), keyring.seal("address", b"x").unwrap());
    assert!(matches!(keyring.destroy(1), Err(KeysError::InUse(1))));
    assert!(matches!(keyring.destroy(9), Err(KeysError::Unknown(9))));
    keyring.prepare().unwrap();
    assert!(matches!(keyring.destroy(1), Err(KeysError::InUse(1))), "a prepared one is not in use");
    keyring.adopt().unwrap();
    keyring.destroy(1).unwrap();
    let path = folder.path().join("data/keys.toml");
    for keyring in [&keyring, &Keyring::open_existing(&path).unwrap()] {
        assert_eq!(keyring.versions(), [2]);
        assert!(!keyring.pseudonyms(Platform::Discord, &user).contains(&old));
        assert!(matches!(keyring.open("address", &sealed), Err(KeysError::Unknown(1))));
    }
    keyring.prepare().unwrap();
    keyring.destroy(3).unwrap();
    assert_eq!(keyring.versions(), [2], "what was prepared may go");
}

#[test]
fn a_keyring_of_another_fleet_or_none_does_not_replace_the_one_in_use() {
    let ((folder, one), (other_folder, _)) = (keyring(), keyring());
    let user = UserId::new("42");
    let name = one.pseudonym(Platform::Discord, &user);
    let path = folder.path().join("data/keys.toml");
    let text = fs::read_to_string(other_folder.path().join("data/keys.toml")).unwrap();
    fs::write(&path, format!("{text}# another one\n")).unwrap();
    assert!(matches!(one.look_again(), Err(KeysError::Replaced { version: 1, .. })));
    fs::remove_file(&path).unwrap();
    assert!(matches!(one.look_again(), Err(KeysError::Missing { .. })));
    assert!(matches!(one.rotate(), Err(KeysError::Missing { .. })));
    assert_eq!(one.pseudonym(Platform::Discord, &user), name);
    assert!(matches!(Keyring::open_existing(&path), Err(KeysError::Missing { .. })));
}

#[tokio::test]
async fn a_process_that_runs_learns_of_a_new_version_before_it_is_used() {
    let (folder, running) = keyring();
    let (running, clock) = (Arc::new(running), Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH)));
    let timed: Arc<dyn Clock> = clock.clone();
    let watching = tokio::spawn(Arc::clone(&running).watch(timed));
    let path = folder.path().join("data/keys.toml");
    let rotating = tokio::spawn({
        let clock = Arc::clone(&clock);
        async move { Keyring::open_existing(&path).unwrap().rotate_under_traffic(clock.as_ref()).await }
    });
    let mut seen = Vec::new();
    while !rotating.is_finished() {
        clock.advance(std::time::Duration::from_millis(500));
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        seen.push(running.list().len());
    }
    assert!(seen.contains(&2), "it was known before it was in use");
    assert_eq!((rotating.await.unwrap().unwrap(), running.current()), (2, 2), "and is in use when that is said");
    watching.abort();
}

#[test]
fn a_keyring_that_was_written_before_versions_had_dates_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    fs::write(&path, format!("[[key]]\nversion = 1\nsecret = \"{}\"\n", "ab".repeat(32))).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let keyring = Keyring::open_or_create(&path).unwrap();
    assert!(keyring.list()[0].made_on.is_some());
    keyring.rotate().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("made_on = \"2").count(), 2, "{}", text.replace(&"ab".repeat(32), "..."));
}
