//! Persona files: read again by a running fleet, and exchanged with other programs.

use std::fs;

use lovelm_tests::{
    database::Database,
    openai::Server,
    program::{Folder, Program, repository},
};

use super::run_on;

/// A folder of the bundled personas, which may be changed.
fn copied(folder: &Folder) -> std::path::PathBuf {
    let personas = folder.path("personas");
    fs::create_dir(&personas).expect("a folder");
    for entry in fs::read_dir(repository().join("personas")).expect("the personas").flatten() {
        fs::copy(entry.path(), personas.join(entry.file_name())).expect("copied");
    }
    personas
}

#[tokio::test]
async fn a_running_fleet_reads_its_personas_again_and_keeps_them_over_any_fault() {
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let personas = copied(&folder);
    let reload = || Program::new(&folder, ["reload"]).env("LOVELM_PERSONAS__DIR", &personas).run("");
    let nobody = reload().await;
    assert!(nobody.fault().contains("no fleet runs"), "{}", nobody.stderr);

    let mut fleet = run_on(&folder, &server, &database).env("LOVELM_PERSONAS__DIR", &personas).start();
    fleet.write("오마링아 안녕\n").await;
    assert!(fleet.line_with("I hear you").await.starts_with("홍차"), "a name that nobody has");
    let file = personas.join("omar.toml");
    let omar = fs::read_to_string(&file).expect("UTF-8");
    fs::write(&file, omar.replace("\"오말\"", "\"오마링\"")).expect("written");
    assert_eq!(reload().await.fine().stdout, "");
    for left in (0..200).rev() {
        fleet.write("오마링아 안녕\n").await;
        if fleet.line_with("I hear you").await.starts_with("오마르") {
            break;
        }
        assert!(left > 0, "the new name never called anybody");
    }

    fs::write(&file, omar.replace("temperature", "temprature")).expect("written");
    let broken = reload().await;
    assert!(broken.fault().contains("sampling.temprature"), "{}", broken.stderr);
    fleet.signal(rustix::process::Signal::HUP);
    fleet.write("오마링아 안녕\n").await;
    assert!(fleet.line_with("I hear you").await.starts_with("오마르"), "all stayed as it was");
    let ended = fleet.end().await.fine();
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_persona_leaves_as_a_card_and_comes_back() {
    let folder = Folder::default();
    let personas = copied(&folder);
    let persona = |arguments: &[&str]| {
        let arguments = ["persona"].into_iter().chain(arguments.iter().copied());
        Program::new(&folder, arguments).env("LOVELM_PERSONAS__DIR", &personas).run("")
    };
    let card = folder.path("omar.png").display().to_string();
    assert_eq!(persona(&["export", "오마르", "--to", &card]).await.fine().stdout, "");
    let again = persona(&["export", "omar", "--to", &card]).await;
    assert!(again.fault().contains("omar.png"), "nothing is written over: {}", again.stderr);
    let before = fs::read_to_string(personas.join("omar.toml")).expect("UTF-8");
    let taken = persona(&["import", &card]).await;
    assert!(taken.fault().contains("omar.toml"), "nobody's persona is written over: {}", taken.stderr);
    assert_eq!(fs::read_to_string(personas.join("omar.toml")).expect("UTF-8"), before);
    fs::remove_file(personas.join("omar.toml")).expect("removed");
    assert_eq!(persona(&["import", &card]).await.fine().stdout, "");
    let back = folder.path("omar.json").display().to_string();
    assert_eq!(persona(&["export", "omar", "--to", &back]).await.fine().stdout, "");
    assert!(fs::read_to_string(&back).expect("UTF-8").contains("chara_card_v3"));

    let stranger = folder.write("al.json", r#"{"spec":"chara_card_v2","data":{"name":"Al","description":"Kind."}}"#);
    let draft = persona(&["import", stranger.to_str().expect("UTF-8")]).await;
    assert!(!draft.status.success() && draft.stderr.contains("en.notice"), "{}", draft.stderr);
    assert!(personas.join("al.toml.draft").exists() && !personas.join("al.toml").exists());
    let garbage = folder.write("no.png", "no picture");
    let garbage = persona(&["import", garbage.to_str().expect("UTF-8")]).await;
    assert!(garbage.fault().contains("no.png"), "{}", garbage.stderr);
}
