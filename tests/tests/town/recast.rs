//! Persona files that are read again while the fleet runs.

use std::fs;

use lovelm::{chat::ChatEvent, persona, pipeline::RecastError};
use lovelm_tests::{
    program::repository,
    town::{ANSWER, Town},
};

/// The bundled personas, with this text of 오마르's file replaced.
fn with(from: &str, to: &str) -> persona::Personas {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(repository().join("personas")).expect("the personas").flatten() {
        fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
    }
    let file = folder.path().join("omar.toml");
    let omar = fs::read_to_string(&file).expect("UTF-8");
    assert!(omar.contains(from));
    fs::write(&file, omar.replacen(from, to, 1)).expect("written");
    persona::load(folder.path()).expect("fine")
}

#[tokio::test]
async fn a_new_name_is_called_from_now_on_and_what_runs_ends_as_it_began() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    assert!(town.say("minsu", "오마링아 고백할까?").await.is_empty(), "nobody is called so yet");
    town.engine.hold();
    let running = town.hear(ChatEvent::Said(town.message("minsu", "오마르야 고백할까?"))).await;
    town.until("it is being written", |town| town.engine.requests().len() == 1).await;
    town.pipeline.recast(with("\"오말\"", "\"오마링\"")).expect("the same personas");
    town.engine.release();
    town.done(running).await;
    assert_eq!(town.square.read(), [format!("omar > minsu: {ANSWER}")]);
    assert_eq!(town.say("emma", "오마링아 고백할까?").await, [format!("omar > emma: {ANSWER}")]);
    assert!(town.say("emma", "오말아 고백할까?").await.is_empty(), "the old name is no name any more");
    town.end().await;
}

#[tokio::test]
async fn a_persona_more_or_less_changes_nothing() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let folder = tempfile::tempdir().expect("a folder");
    for id in ["hongcha", "omar"] {
        let name = format!("{id}.toml");
        fs::copy(repository().join("personas").join(&name), folder.path().join(&name)).expect("copied");
    }
    let fewer = persona::load(folder.path()).expect("fine");
    assert!(matches!(town.pipeline.recast(fewer), Err(RecastError::Gone(id)) if id.as_str() == "kimdal"));
    assert_eq!(town.say("minsu", "@kimdal 고백할까?").await, [format!("kimdal > minsu: {ANSWER}")]);
    town.end().await;
}
