//! How often a bot may ask for what: <https://discord.com/developers/docs/topics/rate-limits>.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

/// Who shares a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One route of one bot.
    User,
    /// Everything of one bot.
    Global,
    /// One route of everybody; counts against nobody.
    Shared,
}

impl Scope {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Global => "global",
            Self::Shared => "shared",
        }
    }
}

/// Discord's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages made in a channel, and as many changed, in 5 s.
    pub messages: usize,
    /// Calls to any other route in 5 s.
    pub others: usize,
    /// Calls of a bot in a second, interactions left out.
    pub global: usize,
    /// 401, 403 and 429 from this address in 10 minutes; beyond, nothing is answered any more.
    pub invalid: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { messages: 5, others: 10, global: 50, invalid: 10_000 }
    }
}

/// A bot's calls to a route of a channel, guild or webhook.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) bot: u64,
    pub(super) route: &'static str,
    pub(super) top: String,
}

#[derive(Debug, Default)]
struct Bucket {
    began: Duration,
    used: usize,
}

#[derive(Debug)]
pub(super) struct Buckets {
    pub(super) limits: Limits,
    by_key: BTreeMap<Key, Bucket>,
    global: BTreeMap<u64, Bucket>,
    /// Until when nobody asks again.
    shut: BTreeMap<Key, Duration>,
    all_shut: BTreeMap<u64, Duration>,
    invalid: VecDeque<Duration>,
}

/// What a bucket says to a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) limit: usize,
    pub(super) remaining: usize,
    pub(super) reset_after: Duration,
    /// Refused, and why.
    pub(super) refused: Option<Scope>,
}

const WINDOW: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);
const INVALID_WINDOW: Duration = Duration::from_mins(10);
/// What a client may not know: its answer was on its way.
const ON_ITS_WAY: Duration = Duration::from_millis(100);

impl Buckets {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_key: BTreeMap::new(),
            global: BTreeMap::new(),
            shut: BTreeMap::new(),
            all_shut: BTreeMap::new(),
            invalid: VecDeque::new(),
        }
    }

    /// Counts a call.
    pub(super) fn judge(&mut self, at: Duration, key: &Key) -> Verdict {
        let limit = if key.route.ends_with("/messages") && key.route.starts_with("POST /channels")
            || key.route.starts_with("PATCH /channels")
        {
            self.limits.messages
        } else {
            self.limits.others
        };
        let global = self.global.entry(key.bot).or_default();
        let outside = key.route.contains("/interactions/") || key.route.contains("/webhooks/");
        if !outside && !global.take(at, SECOND, self.limits.global) {
            let reset_after = global.left(at, SECOND);
            self.all_shut.insert(key.bot, at + reset_after);
            return Verdict { limit: self.limits.global, remaining: 0, reset_after, refused: Some(Scope::Global) };
        }
        let bucket = self.by_key.entry(key.clone()).or_default();
        let taken = bucket.take(at, WINDOW, limit);
        let reset_after = bucket.left(at, WINDOW);
        let remaining = limit.saturating_sub(bucket.used);
        let refused = (!taken).then_some(Scope::User);
        if refused.is_some() {
            self.shut.insert(key.clone(), at + reset_after);
        }
        Verdict { limit, remaining, reset_after, refused }
    }

    /// Lets a route, or all of them, be refused from now on for so long.
    pub(super) fn shut(&mut self, at: Duration, key: &Key, scope: Scope, wait: Duration) {
        match scope {
            Scope::Global => self.all_shut.insert(key.bot, at + wait),
            Scope::User | Scope::Shared => self.shut.insert(key.clone(), at + wait),
        };
    }

    /// Whether a call comes while it was asked to wait, and for how much longer.
    pub(super) fn waits(&self, at: Duration, key: &Key) -> Option<(Duration, bool)> {
        let outside = key.route.contains("/interactions/") || key.route.contains("/webhooks/");
        let all = self.all_shut.get(&key.bot).filter(|_| !outside).map(|until| (*until, true));
        let one = self.shut.get(key).map(|until| (*until, false));
        let (until, global) = all.filter(|(until, _)| *until > at).or(one)?;
        (until > at + ON_ITS_WAY).then(|| (until.saturating_sub(at), global))
    }

    /// Counts an invalid request. Gives how many there were in 10 minutes.
    pub(super) fn invalid(&mut self, at: Duration) -> usize {
        self.invalid.push_back(at);
        while self.invalid.front().is_some_and(|first| *first + INVALID_WINDOW < at) {
            self.invalid.pop_front();
        }
        self.invalid.len()
    }

    /// Whether this address is answered nothing any more.
    pub(super) fn banned(&self) -> bool {
        self.invalid.len() > self.limits.invalid
    }
}

impl Bucket {
    fn take(&mut self, at: Duration, window: Duration, limit: usize) -> bool {
        if at >= self.began + window {
            *self = Self { began: at, used: 0 };
        }
        let free = self.used < limit;
        self.used += usize::from(free);
        free
    }

    fn left(&self, at: Duration, window: Duration) -> Duration {
        (self.began + window).saturating_sub(at)
    }
}
