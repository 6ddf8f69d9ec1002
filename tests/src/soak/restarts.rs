//! Rolling restarts: SIGTERM under a steady stream of messages.

use std::time::Duration;

use super::{Figures, Plan, fleet::Stage, postgres::Postgres};

/// Twenty messages a second.
const EVERY: Duration = Duration::from_millis(50);

/// How long a program may take that is told to stop.
const LONGEST_EXIT: Duration = Duration::from_secs(20);

/// Stops the child [`Plan::blows`] times, spread over [`Plan::events`] events.
pub async fn restarts(plan: &Plan) -> Figures {
    let mut stage = Stage::set(plan, Postgres::start().await, false).await;
    stage.start_whole().await;
    let each = plan.events.div_ceil(plan.blows.max(1));
    let (mut slowest, mut unclean) = (Duration::ZERO, 0_usize);
    let mut beat = tokio::time::interval(EVERY);
    for _ in 0..plan.blows {
        for _ in 0..each {
            beat.tick().await;
            stage.say(3);
        }
        if let Some((status, took)) = stage.stop().await {
            slowest = slowest.max(took);
            unclean += usize::from(!status.success());
        }
        stage.start_whole().await;
    }
    let mut figures = stage.end("restarts", plan).await;
    figures.goal(slowest <= LONGEST_EXIT && unclean == 0, "clean exits in 20 s");
    figures.tells_all();
    figures.notes.push(format!("slowest exit {:.1} s, exits that were not clean {unclean}", slowest.as_secs_f32()));
    figures
}
