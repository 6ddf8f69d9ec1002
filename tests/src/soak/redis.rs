//! Outages of the Redis server, of every kind in turn, while people go on asking and paying.

use std::time::Duration;

use super::{
    Figures, Plan,
    fleet::{Stage, now},
    outages::{CAUGHT_UP, seconds},
    postgres::Postgres,
};
use crate::redis::RedisServer;

/// How a Redis server is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    /// Everything in it is gone.
    Flushed,
    /// Killed, and back with nothing.
    Restarted,
    /// It stands still.
    Frozen,
    /// It stands still again and again, for a moment.
    Slow,
}

const KINDS: [Loss; 4] = [Loss::Flushed, Loss::Restarted, Loss::Frozen, Loss::Slow];
/// How long a slow server stands still each time: shorter than anybody waits for its reply.
const STILL: Duration = Duration::from_millis(250);

/// Loses the server [`Plan::blows`] times over [`Plan::events`] events, [`Plan::longest`] seconds at most each.
pub async fn redis(plan: &Plan) -> Figures {
    let mut server = RedisServer::start();
    let mut stage = Stage::set(plan, Postgres::start().await, false).await.sharing(server.url());
    stage.start();
    // The child has started when the first is answered.
    stage.plaza.say(1_000, 100, "@omar are you there?");
    stage.until_open(0).await;
    let each = plan.events.div_ceil(plan.blows.max(1));
    let mut caught_up = [Duration::ZERO; KINDS.len()];
    for blow in 0..plan.blows {
        let kind = blow % KINDS.len();
        for _ in 0..each.div_ceil(2) {
            stage.say(5);
        }
        let lasts = Duration::from_millis(500) + stage.seed.millis(plan.longest * 1_000);
        lose(&mut stage, &mut server, KINDS[kind], (lasts, each / 2)).await;
        let back = now();
        stage.until(|stage| stage.plaza.book().open_questions() == 0 && stage.plaza.book().unheard() == 0).await;
        caught_up[kind] = caught_up[kind].max(back.elapsed());
    }
    let mut figures = stage.end("redis", plan).await;
    figures.notes.push(format!("slowest to catch up: {}", seconds(KINDS.iter().zip(&caught_up))));
    figures.goal(caught_up.iter().all(|took| *took <= CAUGHT_UP), "caught up in 60 s");
    figures.tells_all();
    figures
}

/// People go on speaking meanwhile.
async fn lose(stage: &mut Stage, server: &mut RedisServer, kind: Loss, (lasts, speak): (Duration, usize)) {
    match kind {
        Loss::Flushed => server.flush(),
        Loss::Restarted => server.kill(),
        Loss::Frozen => server.pause(),
        Loss::Slow => {}
    }
    let between = lasts / u32::try_from(speak).unwrap_or(1).max(1);
    for _ in 0..speak {
        stage.say(5);
        if kind == Loss::Slow {
            server.pause();
            tokio::time::sleep(STILL.min(between)).await;
            server.resume();
            tokio::time::sleep(between.saturating_sub(STILL)).await;
        } else {
            tokio::time::sleep(between).await;
        }
    }
    match kind {
        Loss::Restarted => server.restart(),
        Loss::Frozen => server.resume(),
        Loss::Flushed | Loss::Slow => {}
    }
}
