//! SIGKILL at random points: between two events, before a line is shown, and after it is shown and before that is said.

use std::time::Duration;

use super::{Figures, Plan, fleet::Stage, postgres::Postgres};

/// Paid questions that may be open at once.
const OPEN: usize = 48;

/// Kills the child [`Plan::blows`] times over [`Plan::events`] events.
pub async fn kills(plan: &Plan) -> Figures {
    let mut stage = Stage::set(plan, Postgres::start().await, false).await;
    stage.plaza.cut_one_in(200);
    stage.start();
    let each = plan.events.div_ceil(plan.blows.max(1));
    let mut left = plan.events;
    for _ in 0..plan.blows {
        let crowd = each.min(left);
        left -= crowd;
        for _ in 0..crowd {
            stage.say(5);
            stage.until_open(OPEN).await;
        }
        blow(&mut stage).await;
        stage.start();
    }
    stage.end("kills", plan).await
}

async fn blow(stage: &mut Stage) {
    match stage.seed.below(4) {
        0 => tokio::time::sleep(stage.seed.millis(50)).await,
        1 => tokio::time::sleep(stage.seed.millis(400)).await,
        shown => {
            // There may be nobody left to speak to.
            let trap = stage.plaza.trap(shown == 2);
            let _ = tokio::time::timeout(Duration::from_millis(400), trap).await;
        }
    }
    stage.kill().await;
    stage.plaza.disarm();
}
