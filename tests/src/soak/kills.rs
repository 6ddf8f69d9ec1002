//! SIGKILL at random points: between two events, and between the last token of a paid answer and the end of its call.

use std::time::Duration;

use super::{Figures, Plan, fleet::Stage, platform::Moment, postgres::Postgres};

/// Paid questions that may be open at once.
const OPEN: usize = 48;
/// How long an answer is waited for.
const ANSWER: Duration = Duration::from_secs(2);

/// Kills the child [`Plan::blows`] times over [`Plan::events`] events.
pub async fn kills(plan: &Plan) -> Figures {
    let mut stage = Stage::set(plan, Postgres::start().await, false).await;
    stage.plaza.cut_one_in(200);
    stage.start();
    let each = plan.events.div_ceil(plan.blows.max(1));
    let (mut left, mut between) = (plan.events, 0);
    for _ in 0..plan.blows {
        let crowd = each.min(left);
        left -= crowd;
        for _ in 0..crowd {
            stage.say(5);
            stage.until_open(OPEN).await;
        }
        between += usize::from(blow(&mut stage).await);
        stage.start();
    }
    let mut figures = stage.end("kills", plan).await;
    figures.notes.push(format!("{between} kills between last token and end of a paid call"));
    figures
}

/// Gives whether the kill came just behind the last token of a paid answer.
async fn blow(stage: &mut Stage) -> bool {
    let moment = match stage.seed.below(6) {
        0 => {
            tokio::time::sleep(stage.seed.millis(50)).await;
            None
        }
        1 => {
            tokio::time::sleep(stage.seed.millis(400)).await;
            None
        }
        2 | 3 => Some(Moment::Unshown),
        4 => Some(Moment::Shown),
        _ => Some(Moment::Told),
    };
    let mut between = false;
    if let Some(moment) = moment {
        // There may be nobody left to speak to.
        let trap = stage.plaza.trap(moment);
        between = tokio::time::timeout(ANSWER, trap).await.is_ok_and(|sprung| sprung.is_ok());
    }
    stage.kill().await;
    stage.plaza.disarm();
    between
}
