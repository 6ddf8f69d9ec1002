use lovelm_tests::{
    database::Database,
    openai::Server,
    program::{Folder, Program},
};

const CHECKS: [&str; 6] = ["configuration", "personas", "locale files", "keys", "database", "model"];

#[tokio::test]
async fn a_sound_fleet_is_told_in_a_table_and_in_json() {
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let check = |arguments: &[&str]| {
        Program::new(&folder, arguments).env("LOVELM_MODEL", server.url()).env("DATABASE_URL", database.url())
    };
    let table = check(&["check"]).run("").await.fine();
    assert_eq!(table.stdout.lines().count(), CHECKS.len(), "{}", table.stdout);
    for (line, what) in table.stdout.lines().zip(CHECKS) {
        assert!(line.starts_with("ok ") && line.contains(what), "{line}");
    }
    let json = check(&["check", "--json"]).run("").await.fine();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("one JSON object");
    assert_eq!(json["ok"], true);
    let told: Vec<_> = json["checks"].as_array().expect("a list").iter().map(|check| check["check"].clone()).collect();
    assert_eq!(told, CHECKS);
}

#[tokio::test]
async fn every_fault_is_found_at_once() {
    let folder = Folder::default();
    let check = |arguments: &[&str]| {
        let program = Program::new(&folder, arguments).env("LOVELM_MODEL", folder.path("missing.gguf"));
        program.env("DATABASE_URL", "postgres://lovelm:hush@127.0.0.1:9/lovelm").env("LOVELM_PERSONAS__DIR", "/nowhere")
    };
    let table = check(&["check"]).run("").await;
    assert_eq!(table.status.code(), Some(1), "{}", table.stdout);
    let faults: Vec<_> = table.stdout.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert_eq!(faults.len(), 3, "{}", table.stdout);
    assert!(faults[0].contains("/nowhere") && faults[1].contains("127.0.0.1:9"), "{faults:?}");
    assert!(faults[2].contains("missing.gguf") && !table.stdout.contains("hush"), "{faults:?}");
    let json = check(&["check", "--json"]).run("").await;
    assert_eq!(json.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("one JSON object");
    assert_eq!(json["ok"], false);
}
