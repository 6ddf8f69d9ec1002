//! Outages of the database, of every kind in turn, while people go on asking and paying.

use std::{fmt, time::Duration};

use super::{
    Figures, Plan,
    fleet::{Stage, now},
    postgres::Postgres,
};

/// How long it may take until all is as if nothing had been.
pub(super) const CAUGHT_UP: Duration = Duration::from_mins(1);

/// Events before each outage, in parts of all that belong to it.
const BEFORE: usize = 3;

/// Loses the database [`Plan::blows`] times over [`Plan::events`] events, [`Plan::longest`] seconds at most each.
pub async fn outages(plan: &Plan) -> Figures {
    let mut stage = Stage::set(plan, Postgres::start_on_small_disk().await, false).await;
    stage.start();
    // The child has started when the first is answered.
    stage.plaza.say(1_000, 100, "@omar are you there?");
    stage.until_open(0).await;
    let kinds = stage.postgres.outages();
    let each = plan.events.div_ceil(plan.blows.max(1)).max(BEFORE);
    let mut caught_up = vec![Duration::ZERO; kinds.len()];
    for blow in 0..plan.blows {
        let kind = blow % kinds.len();
        for _ in 0..each / BEFORE {
            stage.say(5);
        }
        stage.postgres.lose(kinds[kind]).await;
        let lasts = Duration::from_millis(500) + stage.seed.millis(plan.longest * 1_000);
        let during = each - each / BEFORE;
        for _ in 0..during {
            stage.say(5);
            tokio::time::sleep(lasts / u32::try_from(during).unwrap_or(1).max(1)).await;
        }
        stage.postgres.restore(kinds[kind]).await;
        let back = now();
        stage.until(|stage| stage.plaza.book().open_questions() == 0 && stage.plaza.book().unheard() == 0).await;
        caught_up[kind] = caught_up[kind].max(back.elapsed());
    }
    let mut figures = stage.end("outages", plan).await;
    figures.notes.push(format!("slowest to catch up: {}", seconds(kinds.iter().zip(&caught_up))));
    figures.goal(caught_up.iter().all(|took| *took <= CAUGHT_UP), "caught up in 60 s");
    figures.tells_all();
    figures
}

/// What took how long.
pub(super) fn seconds<'a, K: fmt::Debug + 'a>(each: impl Iterator<Item = (&'a K, &'a Duration)>) -> String {
    let each = each.map(|(kind, took)| format!("{kind:?} {:.1} s", took.as_secs_f32()));
    each.collect::<Vec<_>>().join(", ")
}
