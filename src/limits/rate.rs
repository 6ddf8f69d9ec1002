//! One rate limit over many keys.

use std::{
    fmt,
    hash::Hash,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{Quota, RateLimiter, clock, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::HashMapStateStore};

use super::RateConfig;
use crate::clock::Clock;

/// The longest time governor is shown; its own arithmetic has room beyond.
const END_OF_TIME: Duration = Duration::from_hours(250 * 365 * 24);
/// Idle keys are looked for at most this often: a look costs time for each key.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Our clock, as governor reads one.
#[derive(Clone)]
struct Elapsed(Arc<dyn Clock>);

impl clock::Clock for Elapsed {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().min(END_OF_TIME).into()
    }
}

type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, Elapsed, NoOpMiddleware<Nanos>>;

/// Cells for each key: some at once, then one in every period.
pub(super) struct Rate<K: Hash + Eq + Clone> {
    limiter: Keyed<K>,
    clock: Elapsed,
    every: Duration,
    most_keys: usize,
    next_sweep: Mutex<Duration>,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    pub fn new(config: RateConfig, most_keys: usize, clock: &Arc<dyn Clock>) -> Self {
        let clock = Elapsed(Arc::clone(clock));
        let every = config.every.clamp(Duration::from_nanos(1), RateConfig::LONGEST);
        let burst = NonZeroU32::new(config.burst.min(RateConfig::MOST)).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(every).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota, clock.clone()),
            clock,
            every,
            most_keys: most_keys.max(1),
            next_sweep: Mutex::new(Duration::ZERO),
        }
    }

    /// Takes a cell, or says when there will be one. With too many keys active at once nobody gets one.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        let now = clock::Clock::now(&self.clock);
        if self.limiter.len() >= self.most_keys {
            self.sweep(now.into());
        }
        if self.limiter.len() >= self.most_keys {
            return Err(self.every);
        }
        self.limiter.check_key(key).map_err(|not_until| not_until.wait_time_from(now))
    }

    fn sweep(&self, now: Duration) {
        let mut next = self.next_sweep.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= *next {
            *next = now + SWEEP_EVERY;
            self.limiter.retain_recent();
        }
    }

    /// Lets go of every key whose cells are all there again: nothing is known of it any more.
    pub fn let_go(&self) {
        self.limiter.retain_recent();
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.limiter.len()
    }
}

impl<K: Hash + Eq + Clone> fmt::Debug for Rate<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rate").field("every", &self.every).finish_non_exhaustive()
    }
}
