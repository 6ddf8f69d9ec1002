//! Takes the gaps between the texts of one engine's answers, says how many answers it should run at once. Pure: told the time.

use std::time::Duration;

use crate::engine::AdaptConfig;

/// Fewer gaps than this say nothing of their 95th percentile.
const LEAST_GAPS: usize = 40;
/// One gap in so many may be too long: the 95th percentile.
const ONE_IN: usize = 20;
/// A breach takes one slot in so many.
const TAKEN: usize = 4;

/// Looks for the most answers at once that are still written as fast as they are read. It grows by one while that raises what
/// the engine writes in all, and takes a step back when it does not; it falls by a quarter when gaps grow too long. Running
/// answers are never touched.
#[derive(Clone, Debug)]
pub struct Adapt {
    config: AdaptConfig,
    least: usize,
    most: usize,
    slots: usize,
    window: Window,
    /// What it wrote in a second with one slot less, while that slot is on trial.
    before: Option<f64>,
    /// No growth until then.
    rest: Duration,
}

/// What was seen since the size was last looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    since: Duration,
    texts: usize,
    gaps: usize,
    long: usize,
    /// How long every slot was taken.
    full: Duration,
    full_since: Option<Duration>,
}

impl Adapt {
    /// Begins with `slots`, and never wants more than `most`. One slot that may not become more stays one.
    pub fn new(config: &AdaptConfig, slots: usize, most: usize) -> Self {
        let slots = slots.max(1);
        let most = most.max(slots);
        Self {
            config: config.clone(),
            least: config.least.clamp(1, slots),
            most,
            slots,
            window: Window::default(),
            before: None,
            rest: Duration::ZERO,
        }
    }

    pub fn slots(&self) -> usize {
        self.slots
    }

    /// So many answers run from now on.
    pub fn running(&mut self, now: Duration, running: usize) {
        self.window.settle(now);
        self.window.full_since = (running >= self.slots).then_some(now);
    }

    /// A text came, so long after the one before it in its answer.
    pub fn text(&mut self, now: Duration, gap: Option<Duration>, running: usize) {
        if self.least == self.most {
            return;
        }
        self.window.texts += 1;
        if let Some(gap) = gap {
            self.window.gaps += 1;
            self.window.long += usize::from(gap > self.config.gap);
        }
        // A slow engine is looked at later.
        if now.saturating_sub(self.window.since) >= self.config.window && self.window.gaps >= LEAST_GAPS {
            self.window.settle(now);
            self.look(now);
            self.window = Window { since: now, ..Window::default() };
            self.running(now, running);
        }
    }

    /// Forgets what was seen: the engine was away.
    pub fn restart(&mut self, now: Duration) {
        self.window = Window { since: now, ..Window::default() };
        self.before = None;
    }

    fn look(&mut self, now: Duration) {
        let Window { since, texts, gaps, long, full, .. } = self.window;
        let took = now.saturating_sub(since);
        if long * ONE_IN > gaps {
            self.shrink(now, (self.slots / TAKEN).max(1));
        } else if full * 2 < took {
            // Not all slots were wanted: nothing is known of more.
            self.before = None;
        } else {
            self.climb(now, f64::from(u32::try_from(texts).unwrap_or(u32::MAX)) / took.as_secs_f64());
        }
    }

    fn climb(&mut self, now: Duration, rate: f64) {
        match self.before {
            Some(before) if rate < before * (1.0 + self.config.rise) => self.shrink(now, 1),
            _ if self.slots >= self.most || now < self.rest => self.before = None,
            _ => {
                self.slots += 1;
                self.before = Some(rate);
            }
        }
    }

    fn shrink(&mut self, now: Duration, by: usize) {
        self.slots = self.slots.saturating_sub(by).max(self.least);
        self.before = None;
        self.rest = now.saturating_add(self.config.rest);
    }
}

impl Window {
    fn settle(&mut self, now: Duration) {
        if let Some(since) = self.full_since.replace(now) {
            self.full += now.saturating_sub(since);
        } else {
            self.full_since = None;
        }
    }
}
