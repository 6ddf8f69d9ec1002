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
async fn eight_kills_lose_and_double_nothing_that_was_paid() {
    let figures = soak::kills(&plan(200, 8)).await;
    fine(&figures, 200);
}

#[tokio::test]
async fn outages_of_every_kind_lose_nothing_that_was_paid() {
    let figures = soak::outages(&plan(120, 6)).await;
    fine(&figures, 120);
    assert_eq!((figures.in_doubt, figures.apologised), (0, 0), "{figures:?}");
}

#[tokio::test]
async fn restarts_lose_and_double_nothing() {
    let figures = soak::restarts(&plan(60, 3)).await;
    assert_eq!(figures.faults(), [""; 0], "{figures:?}");
    assert_eq!((figures.in_doubt, figures.free_lost, figures.free_doubled), (0, 0, 0), "{figures:?}");
    assert!(figures.notes.iter().any(|note| note.contains("not clean 0")), "{figures:?}");
}
