//! The child as a process, a database of its own, and the crowd that talks to it.

use std::{
    fs,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    task::JoinHandle,
};

use super::{Figures, Plan, child::Orders, platform::Plaza, postgres::Postgres, seed::Seed};

/// How long nothing may happen before a soak gives up waiting.
const QUIET: Duration = Duration::from_mins(1);
/// The same for free questions, which may have gone with a kill.
const ALL_TOLD: Duration = Duration::from_secs(20);

/// Everything that a soak plays with.
pub(super) struct Stage {
    pub plaza: Plaza,
    pub postgres: Postgres,
    pub seed: Seed,
    pub began: Instant,
    program: PathBuf,
    orders: Orders,
    child: Option<Child>,
    serving: JoinHandle<()>,
}

impl Stage {
    /// Opens the platform and the database; no child yet.
    pub(super) async fn set(plan: &Plan, postgres: Postgres, strict: bool) -> Self {
        let seed = Seed(plan.seed);
        let (plaza, serving) = Plaza::open(&seed).await;
        let keys = postgres.folder().join("keys");
        let orders = Orders { platform: plaza.address(), database: postgres.url(), keys, strict, redis: None };
        let (program, began) = (plan.program.clone(), now());
        Self { plaza, postgres, seed, began, program, orders, child: None, serving }
    }

    /// The same, the line on a Redis server.
    pub(super) fn sharing(mut self, redis: String) -> Self {
        self.orders.redis = Some(redis);
        self
    }

    /// Starts the child, and waits until it listens: from there on it can be told to stop.
    pub(super) async fn start_whole(&mut self) {
        let before = self.plaza.connections();
        self.start();
        self.until(|stage| stage.plaza.connections() > before).await;
    }

    /// Starts the child.
    pub(super) fn start(&mut self) {
        let mut command = Command::new(&self.program);
        command.args(self.orders.arguments()).kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::null());
        let log = fs::OpenOptions::new().create(true).append(true).open(self.postgres.folder().join("child.log"));
        command.stderr(log.map_or_else(|_| Stdio::null(), Stdio::from));
        self.child = Some(command.spawn().expect("the child starts"));
    }

    fn pid(&self) -> Option<Pid> {
        let id = self.child.as_ref().and_then(Child::id)?;
        Pid::from_raw(i32::try_from(id).ok()?)
    }

    /// Kills the child and waits for its end.
    pub(super) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill().await;
        }
    }

    /// Tells the child to stop, and gives how it ended and after how long.
    pub(super) async fn stop(&mut self) -> Option<(ExitStatus, Duration)> {
        let began = now();
        let _ = kill_process(self.pid()?, Signal::TERM);
        let mut child = self.child.take()?;
        let ended = tokio::time::timeout(Duration::from_secs(40), child.wait()).await;
        if let Ok(status) = ended {
            return Some((status.ok()?, began.elapsed()));
        }
        let _ = child.kill().await;
        Some((ExitStatus::from_raw(9), began.elapsed()))
    }

    /// The most memory that the child ever had, in KiB.
    pub(super) fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// The memory that the child has, in KiB.
    pub(super) fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    fn status(&self, of: &str) -> u64 {
        let pid = self.child.as_ref().and_then(Child::id).unwrap_or(0);
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(of));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }

    /// One more event of the crowd: half of them paid questions, a tenth money without words, the rest free questions.
    pub(super) fn say(&mut self, paid_in_ten: u64) {
        let user = self.seed.below(300);
        let cents = 100 + self.seed.below(5_000);
        let dice = self.seed.below(10);
        if dice < paid_in_ten {
            self.plaza.say(user, cents, "@omar should I text my ex again or let it rest?");
        } else if dice == 9 {
            self.plaza.say(user, cents, "");
        } else {
            self.plaza.say(user, 0, "@omar what should I do now?");
        }
    }

    /// Waits until so few paid questions are open; false when nothing happened for a long time.
    pub(super) async fn until_open(&self, most: usize) -> bool {
        self.until(|stage| stage.plaza.book().open_questions() <= most).await
    }

    /// Waits until something is so; false when nothing happened for a long time.
    pub(super) async fn until(&self, so: impl Fn(&Self) -> bool) -> bool {
        self.until_quiet_for(QUIET, so).await
    }

    async fn until_quiet_for(&self, quiet: Duration, so: impl Fn(&Self) -> bool) -> bool {
        loop {
            let moved = self.plaza.moved();
            if so(self) {
                return true;
            }
            if tokio::time::timeout(quiet, moved).await.is_err() {
                return so(self);
            }
        }
    }

    /// Lets everything come to its end, reads the books, and takes the stage down.
    pub(super) async fn end(mut self, soak: &'static str, plan: &Plan) -> Figures {
        if self.child.is_none() {
            self.start();
        }
        self.plaza.cut_one_in(0);
        self.until(|stage| stage.plaza.book().open_questions() == 0 && stage.plaza.book().unheard() == 0).await;
        // As long as anything is still said, the line is not empty.
        self.until_quiet_for(ALL_TOLD, |stage| stage.plaza.book().free_lost() == 0).await;
        // The last rows are closed behind the last lines.
        for _ in 0..100 {
            if self.postgres.number("select count(*) from pending").await == Some(0) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let figures = Figures::read(soak, &self, plan).await;
        let _ = self.stop().await;
        self.serving.abort();
        self.postgres.end().await;
        figures
    }
}

#[expect(clippy::disallowed_methods, reason = "a soak is measured by the machine's clock")]
pub(super) fn now() -> Instant {
    Instant::now()
}
