//! What an operator does for a person who asks, and to the keys, beside a fleet that runs.

use std::{fs, os::unix::fs::PermissionsExt as _};

use lovelm_tests::{
    database::Database,
    openai::{Server, Setup},
    program::{Ended, Folder, Program},
};

use crate::run_on;

async fn adviser() -> Server {
    Setup::default().script(|_| "Breathe first. Then ask.".to_owned()).start().await.expect("a server")
}

/// Another program on the same rows and keys.
async fn lovelm(folder: &Folder, database: &Database, arguments: &[&str]) -> Ended {
    Program::new(folder, arguments).env("DATABASE_URL", database.url()).run("").await
}

#[tokio::test]
async fn an_operator_exports_and_forgets_while_the_fleet_runs() {
    let (folder, server, database) = (Folder::default(), adviser().await, Database::open().await);
    let mut fleet = run_on(&folder, &server, &database).start();
    fleet.write("/as emma\n/language en\n/privacy on\n@omar should I go?\n").await;
    fleet.line_with("Breathe first").await;
    let json = lovelm(&folder, &database, &["export", "console", "emma", "--json"]).await.fine();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("one JSON object");
    assert_eq!(json["platform"], "console");
    assert_eq!(json["kept"]["person"][0]["language"], "en");
    assert!(
        json["kept"]["recent"][0]["exchange"]["answer"].as_str().is_some_and(|text| text.contains("Breathe")),
        "{json}"
    );
    let table = lovelm(&folder, &database, &["export", "console", "emma"]).await.fine();
    assert!(table.stdout.contains("1  person"), "{}", table.stdout);
    let forgotten = lovelm(&folder, &database, &["forget", "console", "emma"]).await.fine();
    assert!(forgotten.stdout.ends_with("entries are deleted\n"), "{}", forgotten.stdout);
    let nothing = lovelm(&folder, &database, &["export", "console", "emma"]).await.fine();
    assert_eq!(nothing.stdout, "nothing is kept of this account\n");
    let again = lovelm(&folder, &database, &["forget", "console", "emma"]).await.fine();
    assert_eq!(again.stdout, "nothing is kept of this account\n");
    for ended in [table, forgotten, nothing] {
        assert!(!ended.stderr.contains("emma"), "{}", ended.stderr);
    }
    let journal = folder.path("data").join("keys.forgotten");
    assert_eq!(fs::read_to_string(&journal).expect("a journal").lines().count(), 2);
    assert_eq!(fs::metadata(&journal).expect("a journal").permissions().mode() & 0o777, 0o600);
    drop(fleet.end().await.fine());
}

#[tokio::test]
async fn keys_are_listed_rotated_and_destroyed_while_the_fleet_runs() {
    let (folder, server, database) = (Folder::default(), adviser().await, Database::open().await);
    let mut fleet = run_on(&folder, &server, &database).start();
    fleet.write("/as emma\n/language en\n/privacy on\n@omar should I go?\n").await;
    fleet.line_with("Breathe first").await;
    let keys = async |arguments: &[&str]| lovelm(&folder, &database, &[&["keys"], arguments].concat()).await;
    let list = keys(&["list"]).await.fine().stdout;
    assert!(list.lines().count() == 1 && list.trim_start().starts_with("1  20") && list.contains("in use"), "{list}");
    let rotated = keys(&["rotate"]).await.fine().stdout;
    assert!(rotated.starts_with("version 2 is in use"), "{rotated}");
    let list = keys(&["list", "--json"]).await.fine().stdout;
    let list: serde_json::Value = serde_json::from_str(&list).expect("one JSON object");
    assert_eq!((&list["keys"][0]["state"], &list["keys"][1]["state"]), (&"read only".into(), &"in use".into()));
    assert!(keys(&["destroy", "2"]).await.fault().contains("version 2 is the one in use"));
    assert!(keys(&["destroy", "9"]).await.fault().contains("no version 9"));
    // Known under the new version, the consent included.
    fleet.write("@omar and now?\n").await;
    fleet.line_with("Breathe first").await;
    let destroyed = keys(&["destroy", "1"]).await.fine().stdout;
    assert!(destroyed.starts_with("version 1 is destroyed"), "{destroyed}");
    let kept = lovelm(&folder, &database, &["export", "console", "emma"]).await.fine().stdout;
    assert!(kept.contains("2  consultation"), "{kept}");
    let secret = fs::read_to_string(folder.path("data").join("keys")).expect("a keyring");
    let secret = secret.split('"').find(|word| word.len() == 64).expect("a secret").to_owned();
    let ended = fleet.end().await.fine();
    assert!(!ended.stderr.contains("ERROR") && !ended.stderr.contains(&secret), "{}", ended.stderr);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_one_line() {
    let (folder, database) = (Folder::default(), Database::open().await);
    for arguments in
        [&["keys", "list"][..], &["keys", "rotate"], &["forget", "twitch", "42"], &["export", "twitch", "42"]]
    {
        let ended = lovelm(&folder, &database, arguments).await;
        assert!(ended.fault().contains("there is no keyring"), "{arguments:?}: {}", ended.stderr);
    }
    for arguments in
        [&["forget", "myspace", "42"][..], &["forget", "twitch"], &["forget", "twitch", ""], &["keys", "destroy", "x"]]
    {
        let ended = lovelm(&folder, &database, arguments).await;
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {}", ended.stderr);
    }
}
