//! The short forms of the soaks: a few blows, and then every paid event has its one end. How long anything took is nobody's
//! business here.

use lovelm_tests::soak::{self, Figures, Plan};

fn plan(events: usize, blows: usize) -> Plan {
    Plan { program: env!("CARGO_BIN_EXE_lovelm-soak").into(), seed: 7, events, blows, longest: 1 }
}

fn fine(figures: &Figures, events: usize) {
    assert_eq!(figures.faults(), [""; 0], "{figures:?}");
    assert!(figures.events >= events && figures.answered > events / 4, "{figures:?}");
}

#[tokio::test]
async fn ten_kills_lose_and_double_nothing_that_was_paid() {
    let figures = soak::kills(&plan(240, 10)).await;
    fine(&figures, 240);
    let between = figures.notes.iter().find_map(|note| note.split_once(" kills between last token")?.0.parse().ok());
    assert!(between.is_some_and(|between: usize| between > 0), "{figures:?}");
}

#[tokio::test]
async fn outages_of_every_kind_lose_nothing() {
    let figures = soak::outages(&plan(120, 6)).await;
    fine(&figures, 120);
    assert_eq!((figures.in_doubt, figures.apologised), (0, 0), "{figures:?}");
}

#[tokio::test]
async fn a_redis_server_that_is_lost_in_every_way_loses_nothing() {
    let figures = soak::redis(&plan(96, 8)).await;
    fine(&figures, 96);
    assert_eq!((figures.in_doubt, figures.apologised), (0, 0), "{figures:?}");
}

#[tokio::test]
async fn restarts_lose_and_double_nothing() {
    let figures = soak::restarts(&plan(60, 3)).await;
    assert_eq!(figures.faults(), [""; 0], "{figures:?}");
    assert_eq!((figures.in_doubt, figures.free_doubled), (0, 0), "{figures:?}");
    assert!(figures.notes.iter().any(|note| note.contains("not clean 0")), "{figures:?}");
}

#[tokio::test]
async fn a_burst_of_messages_drops_nothing_that_was_paid_and_takes_little_memory() {
    let figures = soak::burst(&plan(1_500, 1)).await;
    assert_eq!(figures.faults(), [""; 0], "{figures:?}");
    assert_eq!((figures.answered, figures.missed()), (30, &[][..]), "{figures:?}");
}

#[tokio::test]
async fn answers_leave_little_behind() {
    let figures = soak::memory(&plan(600, 1)).await;
    assert_eq!(figures.faults(), [""; 0], "{figures:?}");
    assert_eq!(figures.missed(), [""; 0], "{figures:?}");
}
