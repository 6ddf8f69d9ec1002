//! The short form of the canary scan, and that it would find something.

use lovelm_tests::{
    soak::{self, Plan},
    town::Log,
};

fn plan(events: usize) -> Plan {
    Plan { program: "none".into(), seed: 11, events, blows: 0, longest: 0 }
}

#[tokio::test]
async fn nothing_personal_is_kept_of_two_hundred_stories() {
    let log = Log::capture();
    let figures = soak::canary(&plan(200), &log).await;
    assert_eq!(figures.faults(), [""; 0], "{figures}");
    for place in ["tables", "write-ahead log", "files of Postgres", "Redis", "log"] {
        assert!(figures.notes.iter().any(|note| note.starts_with(&format!("{place}: "))), "{place}: {figures}");
    }
}

#[tokio::test]
async fn what_is_planted_is_found_in_every_place() {
    let log = Log::capture();
    let figures = soak::planted_canary(&plan(24), &log).await;
    assert_eq!(figures.faults(), ["something personal is kept"], "{figures}");
    for place in ["tables", "write-ahead log", "files of Postgres", "Redis", "log"] {
        assert!(
            figures.notes.iter().any(|note| note.starts_with(&format!("FOUND in {place}: "))),
            "{place}: {figures}"
        );
    }
}
