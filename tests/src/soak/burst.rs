//! A raid: a thousand messages a second, with the limits of production and without a model's memory.

use std::time::Duration;

use super::{
    Figures, Plan,
    fleet::{Stage, now},
    postgres::Postgres,
};

const EVERY: Duration = Duration::from_millis(1);
/// MiB that the program may take at most.
const MOST_MEMORY: u64 = 300;

/// Lets [`Plan::events`] messages fall on the child, one in fifty of them paid.
pub async fn burst(plan: &Plan) -> Figures {
    let mut stage = Stage::set(plan, Postgres::start().await, true).await;
    stage.start();
    // The first is alone: the child has started when it is answered.
    stage.plaza.say(1_000, 100, "@omar are you there?");
    stage.until_open(0).await;
    let began = now();
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    for event in 1..plan.events {
        beat.tick().await;
        let (user, cents) = (stage.seed.below(5_000), if event % 50 == 0 { 500 } else { 0 });
        stage.plaza.say(user, cents, "@omar what should I do now?");
    }
    let said = began.elapsed();
    stage.until(|stage| stage.plaza.book().open_questions() == 0 && stage.plaza.book().unheard() == 0).await;
    let (settled, peak) = (began.elapsed(), stage.peak_memory() / 1024);
    let mut figures = stage.end("burst", plan).await;
    figures.notes.push(format!(
        "said in {:.1} s, all heard and all paid settled after {:.1} s, peak memory {peak} MiB",
        said.as_secs_f32(),
        settled.as_secs_f32()
    ));
    figures.goal(peak > 0 && peak <= MOST_MEMORY, "300 MiB or less");
    figures.goal(figures.apologised == 0, "no paid question dropped");
    figures
}
