use lovelm_tests::{
    database::Database,
    openai::{Server, Setup},
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

#[tokio::test]
async fn every_engine_is_named_and_so_is_a_key_for_none() {
    let (folder, database) = (Folder::default(), Database::open().await);
    let (near, far) = (Server::start().await.expect("a server"), Setup::default().key("hush").start().await);
    let far = far.expect("a server");
    let config = format!(
        "[engine]\nmodel = \"{}\"\n[engine.also.far_away]\nmodel = \"{}\"\nslots = 16\ncontext = 1024\n",
        near.url(),
        far.url()
    );
    let file = folder.write("lovelm.toml", config);
    let check = || {
        let program = Program::new(&folder, ["check", "--config", file.to_str().expect("UTF-8")]);
        program.env("DATABASE_URL", database.url())
    };
    let table = check().env("LOVELM_ENGINE_KEY_FAR_AWAY", "hush").run("").await.fine();
    let models: Vec<_> = table.stdout.lines().filter(|line| line.contains("model")).collect();
    assert_eq!(models.len(), 2, "{}", table.stdout);
    assert!(models[0].contains("main: ") && models[0].contains("4 at once, 4096 tokens"), "{models:?}");
    assert!(models[1].contains("far_away: ") && models[1].contains("16 at once, 1024 tokens"), "{models:?}");
    let refused = check().env("LOVELM_ENGINE_KEY_NEAR", "hush").run("").await;
    let faults: Vec<_> = refused.stdout.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert_eq!(faults.len(), 2, "{}", refused.stdout);
    assert!(faults[0].contains("LOVELM_ENGINE_KEY_NEAR: there is no [engine.also.near]"), "{faults:?}");
    assert!(faults[1].contains("engine.also.far_away: "), "{faults:?}");
}
