//! What the program keeps: its resident memory after many answers beside that after some.

use super::{Figures, Plan, fleet::Stage, postgres::Postgres};

/// Paid questions that may be open at once.
const OPEN: usize = 32;
/// Some are so much less than many.
const FEWER: usize = 10;
/// In hundredths: how much more it may be.
const MOST: u64 = 110;

/// Has at least [`Plan::events`] answers made, and looks at the memory after a tenth of them and at the end.
pub async fn memory(plan: &Plan) -> Figures {
    let mut stage = Stage::set(plan, Postgres::start().await, false).await;
    stage.start();
    answer(&mut stage, plan.events / FEWER).await;
    let some = stage.memory();
    answer(&mut stage, plan.events).await;
    let many = stage.memory();
    let mut figures = stage.end("memory", plan).await;
    let hundredths = many * 100 / some.max(1);
    figures.notes.push(format!(
        "resident memory {} MiB after {} answers, {} MiB after {}: {hundredths} hundredths",
        some / 1024,
        plan.events / FEWER,
        many / 1024,
        plan.events
    ));
    figures.goal(some > 0 && hundredths <= MOST, "1.10 times or less");
    figures
}

async fn answer(stage: &mut Stage, answers: usize) {
    while stage.plaza.book().answers() < answers {
        stage.say(5);
        if !stage.until_open(OPEN).await {
            return;
        }
    }
    stage.until_open(0).await;
}
