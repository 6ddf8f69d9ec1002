use std::{fs, os::unix::fs::PermissionsExt as _};

use lovelm_tests::{
    database::Database,
    openai::Server,
    program::{Folder, Program, repository},
    redis::RedisServer,
};

use super::run;

fn ask(folder: &Folder, persona: &str, text: &str) -> Program {
    Program::new(folder, ["ask", "--persona", persona, text])
}

#[tokio::test]
async fn a_persona_that_is_not_there_and_an_empty_question_are_one_line() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let nobody = ask(&folder, "romeo", "hello?").env("LOVELM_MODEL", server.url()).run("").await;
    let line = nobody.fault();
    for word in ["--persona", "romeo", "hongcha", "omar", "kimdal", "shuhi"] {
        assert!(line.contains(word), "{line}");
    }
    let empty = ask(&folder, "omar", "  ").env("LOVELM_MODEL", server.url()).run("").await;
    assert!(empty.fault().contains("no question"), "{}", empty.stderr);
    let bare = Program::new(&folder, ["ask", "--persona", "omar"]).run("").await;
    assert_eq!(bare.status.code(), Some(2), "{}", bare.stderr);
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_fault_in_the_configuration_names_file_and_key() {
    let folder = Folder::default();
    let file = folder.write("lovelm.toml", "[engine]\nmodle = \"x\"\n");
    let name = file.display().to_string();
    for verb in ["run", "check", "inspect"] {
        let wrong = Program::new(&folder, ["--config", name.as_str(), verb]).run("").await;
        let line = wrong.fault();
        assert!(line.contains(&name) && line.contains("engine.modle") && line.contains("model"), "{line}");
    }
    let missing = Program::new(&folder, ["--config", "/nowhere/lovelm.toml", "run"]).run("").await;
    assert!(missing.fault().contains("/nowhere/lovelm.toml"), "{}", missing.stderr);
    let broken = folder.write("broken.toml", "[engine\n");
    let broken = Program::new(&folder, ["--config", broken.to_str().expect("UTF-8"), "run"]).run("").await;
    assert!(broken.fault().contains("broken.toml"), "{}", broken.stderr);
    let variable = Program::new(&folder, ["run"]).env("LOVELM_MODLE", "x").run("").await;
    assert!(variable.fault().contains("LOVELM_MODLE"), "{}", variable.stderr);
    let key = Program::new(&folder, ["run"]).env("LOVELM_ENGINE__SLOTZ", "4").run("").await;
    assert!(key.fault().contains("LOVELM_ENGINE__SLOTZ"), "{}", key.stderr);
    assert!(!folder.path("data").exists(), "nothing half starts");
}

#[tokio::test]
async fn a_broken_persona_file_is_named_with_its_key() {
    let folder = Folder::default();
    let personas = folder.path("personas");
    fs::create_dir(&personas).expect("a folder");
    for id in ["hongcha", "omar"] {
        let name = format!("{id}.toml");
        fs::copy(repository().join("personas").join(&name), personas.join(&name)).expect("copied");
    }
    let omar = fs::read_to_string(personas.join("omar.toml")).expect("UTF-8");
    let with = |text: &[u8]| {
        fs::write(personas.join("omar.toml"), text).expect("written");
        Program::new(&folder, ["run"]).env("LOVELM_PERSONAS__DIR", &personas).run("")
    };
    let unknown = with(omar.replace("temperature", "temprature").as_bytes()).await;
    let line = unknown.fault();
    assert!(
        line.contains("omar.toml") && line.contains("sampling.temprature") && line.contains("temperature"),
        "{line}"
    );
    let broken = with(&[omar.as_bytes(), b"\xff\xfe"].concat()).await;
    assert!(broken.fault().contains("omar.toml") && broken.fault().contains("UTF-8"), "{}", broken.stderr);
    let half = with(&omar.as_bytes()[..omar.find("notice").expect("a key")]).await;
    assert!(!half.status.success() && half.stderr.lines().all(|line| line.contains("omar.toml")), "{}", half.stderr);
    fs::remove_file(personas.join("omar.toml")).expect("removed");
    fs::create_dir(personas.join("omar.toml")).expect("a folder");
    let unreadable = Program::new(&folder, ["run"]).env("LOVELM_PERSONAS__DIR", &personas).run("").await;
    assert!(unreadable.fault().contains("omar.toml"), "{}", unreadable.stderr);
    let nowhere = Program::new(&folder, ["run"]).env("LOVELM_PERSONAS__DIR", folder.path("none")).run("").await;
    assert!(nowhere.fault().contains("none"), "{}", nowhere.stderr);
    let host = Program::new(&folder, ["run"]).env("LOVELM_PERSONAS__HOST", "romeo").run("").await;
    assert!(host.fault().contains("personas.host"), "{}", host.stderr);
    assert!(!folder.path("data").exists(), "nothing half starts");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_one_line_without_its_password() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    for url in
        ["postgres://lovelm:hush-hush@127.0.0.1:9/lovelm", "postgres://lovelm:hush-hush@127.0.0.1:99999/x", "nonsense"]
    {
        let lost = run(&folder, &server).env("DATABASE_URL", url).run("@omar hello\n").await;
        let line = lost.fault();
        assert!(line.contains("DATABASE_URL") && !line.contains("hush"), "{line}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_one_line_for_a_question_and_an_apology_for_a_fleet() {
    let folder = Folder::default();
    let lost = ask(&folder, "omar", "hello there").env("LOVELM_MODEL", "http://127.0.0.1:9").run("").await;
    assert!(lost.fault_in_log().contains("no connection to the server"), "{}", lost.stderr);
    let database = Database::open().await;
    let fleet =
        Program::new(&folder, ["run"]).env("LOVELM_MODEL", "http://127.0.0.1:9").env("DATABASE_URL", database.url());
    let said = fleet.run("@omar hello there\n").await.fine();
    assert!(
        said.stdout.contains("지금은 답을 낼 수 없습니다") || said.stdout.contains("I cannot answer now"),
        "{}",
        said.stdout
    );
    let wrong = ask(&folder, "omar", "hello there").env("LOVELM_MODEL", "http://").run("").await;
    wrong.fault();
}

#[tokio::test]
async fn a_model_file_that_is_missing_cut_or_garbage_is_one_line() {
    let folder = Folder::default();
    let garbage = folder.write("garbage.gguf", "this is no model at all, and long enough to be looked at ".repeat(100));
    let mut head = b"GGUF\x03\0\0\0".to_vec();
    head.extend([9_u64.to_le_bytes(), 9_u64.to_le_bytes()].concat());
    let cut = folder.write("cut.gguf", head);
    let empty = folder.write("empty.gguf", "");
    fs::create_dir(folder.path("folder")).expect("a folder");
    for model in [folder.path("missing.gguf"), garbage, cut, empty, folder.path("folder")] {
        let name = model.file_name().expect("a name").to_string_lossy().into_owned();
        let asked = ask(&folder, "omar", "hello there").env("LOVELM_MODEL", &model).run("").await;
        assert!(asked.fault().contains(&name), "{name}: {}", asked.stderr);
        let started = Program::new(&folder, ["run"]).env("LOVELM_MODEL", &model).run("@omar hello\n").await;
        assert!(started.fault_in_log().contains(&name), "{name}: {}", started.stderr);
        assert_eq!(folder.processes(), [0; 0], "nothing half starts");
    }
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_used_is_one_line() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let file = folder.write("file", "");
    let on_a_file = run(&folder, &server).env("LOVELM_DATA_DIR", &file).run("@omar hello\n").await;
    assert!(on_a_file.fault().contains("LOVELM_DATA_DIR"), "{}", on_a_file.stderr);
    let below_a_file = run(&folder, &server).env("LOVELM_DATA_DIR", file.join("data")).run("@omar hello\n").await;
    assert!(below_a_file.fault().contains("file"), "{}", below_a_file.stderr);
    let no_disk = run(&folder, &server).env("LOVELM_DATA_DIR", "/proc/lovelm").run("@omar hello\n").await;
    assert!(no_disk.fault().contains("/proc/lovelm"), "{}", no_disk.stderr);
    let keys = folder.write("keys", "this is no keyring");
    let keys = run(&folder, &server).env("LOVELM_KEYS_FILE", &keys).run("@omar hello\n").await;
    assert!(keys.fault().contains("keys"), "{}", keys.stderr);
    assert_eq!(folder.processes(), [0; 0]);
}

#[tokio::test]
async fn a_persona_file_that_may_not_be_read_is_named() {
    let folder = Folder::default();
    let personas = folder.path("personas");
    fs::create_dir(&personas).expect("a folder");
    for id in ["hongcha", "omar"] {
        let name = format!("{id}.toml");
        fs::copy(repository().join("personas").join(&name), personas.join(&name)).expect("copied");
    }
    fs::set_permissions(personas.join("omar.toml"), fs::Permissions::from_mode(0o000)).expect("set");
    let program = Program::new(&folder, ["run"]).env("LOVELM_PERSONAS__DIR", &personas).obeying_permissions();
    let ended = program.run("").await;
    assert!(ended.fault().contains("omar.toml") && ended.fault().contains("denied"), "{}", ended.stderr);
    assert!(!folder.path("data").exists(), "nothing half starts");
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "whoever reads the run is to know what it could not prove")]
async fn a_full_disk_is_one_line_and_nothing_half_written() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let (cache, data) = (folder.path("small/cache"), folder.path("small/data"));
    let ask = ask(&folder, "omar", "hello there").env("LOVELM_CACHE_DIR", &cache);
    let ask = match ask.with_disk_of(2, &folder.path("small")).await {
        Ok(ask) => ask,
        Err(error) => return eprintln!("unproven here, since nothing can be mounted: {error}"),
    };
    let model = ask.run("").await;
    assert!(model.fault_in_log().contains("no space for the model in"), "{}", model.stderr);
    // Room for the keyring and the first files of Postgres, and no more.
    let start = run(&folder, &server).env("LOVELM_DATA_DIR", &data);
    let start = start.with_disk_of(8, &folder.path("small")).await.expect("it worked a moment ago");
    let stored = start.run("@omar hello\n").await;
    assert!(stored.fault_in_log().to_lowercase().contains("no space left on"), "{}", stored.stderr);
    assert_eq!(folder.processes(), [0; 0], "nothing half starts");
}

#[tokio::test]
async fn a_role_that_this_machine_cannot_have_is_one_line() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let role = |name: &str| Program::new(&folder, ["run", "--role", name]).env("LOVELM_MODEL", server.url());
    for name in ["gateway", "worker"] {
        let alone = role(name).run("").await;
        assert!(alone.fault().contains(&format!("--role {name}: REDIS_URL is not set")), "{}", alone.stderr);
    }
    let redis = RedisServer::start();
    let keyless = role("worker").env("REDIS_URL", redis.url()).run("").await;
    assert!(keyless.fault().contains("no keyring is there"), "{}", keyless.stderr);
    for address in ["redis://:hunter2@127.0.0.1:9/", "http://:hunter2@127.0.0.1/"] {
        let database = Database::open().await;
        let nowhere = role("all").env("REDIS_URL", address).env("DATABASE_URL", database.url()).run("@omar hi\n").await;
        assert!(nowhere.fault_in_log().contains("REDIS_URL"), "{}", nowhere.stderr);
        assert!(!nowhere.stderr.contains("hunter2"), "{}", nowhere.stderr);
    }
    let strange = role("both").run("").await;
    assert_eq!(strange.status.code(), Some(2), "{}", strange.stderr);
    assert_eq!(folder.processes(), [0; 0], "nothing half starts");
}
