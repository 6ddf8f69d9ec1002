//! Who had how much: virtual time for each account and side.

use std::collections::{BTreeMap, BTreeSet};

use super::{Account, Micros, Side, policy::WHOLE};

/// Whose finish is moved: a person, or the newcomers of a place, on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LedgerKey {
    pub side: Side,
    /// Keeps a place's account apart from a person's, whatever their bytes.
    pub newcomers: bool,
    pub account: Account,
}

/// Virtual seconds an engine second costs: crowd over share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    over: u64,
    under: u64,
}

impl Factor {
    pub fn of(self, work: Micros) -> Micros {
        work.scaled(self.over, self.under)
    }
}

#[derive(Clone, Debug, Default)]
struct Ledger {
    finish: Micros,
    /// Of its newest call, in thousandths.
    share: u64,
    waiting: usize,
    running: usize,
    turned_until: Micros,
    /// Whether its share is in the crowd.
    counted: bool,
    wake: Option<Micros>,
}

/// The accounts that are not as good as new. What has nothing open and a finish in the past is forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledgers {
    accounts: BTreeMap<LedgerKey, Ledger>,
    /// When an account is to be looked at again.
    wakes: BTreeSet<(Micros, LedgerKey)>,
    /// Shares of everyone who waits or was just turned away, for each side.
    crowd: [u64; 2],
}

impl Ledgers {
    /// When a call that arrives now would start in its account's virtual time.
    pub fn start(&self, now: Micros, key: &LedgerKey) -> Micros {
        self.accounts.get(key).map_or(now, |ledger| ledger.finish.max(now))
    }

    /// Charges a call that begins to wait, or goes on waiting since `arrival`; gives its start and its factor.
    pub fn open(
        &mut self,
        (now, arrival): (Micros, Micros),
        key: LedgerKey,
        share: u64,
        est: Micros,
        slots: usize,
    ) -> (Micros, Factor) {
        self.update(now, key, |ledger| {
            ledger.share = share;
            ledger.waiting += 1;
        });
        let slots = WHOLE.saturating_mul(u64::try_from(slots).unwrap_or(u64::MAX));
        let crowd = self.crowd[key.side as usize].max(slots);
        let factor = Factor { over: crowd, under: share.saturating_mul(slots / WHOLE) };
        let start = self.start(arrival, &key);
        self.update(now, key, |ledger| ledger.finish = start.plus(factor.of(est)));
        (start, factor)
    }

    /// A waiting call begins to run.
    pub fn begin(&mut self, now: Micros, key: LedgerKey) {
        self.update(now, key, |ledger| {
            ledger.waiting = ledger.waiting.saturating_sub(1);
            ledger.running += 1;
        });
    }

    /// A running call waits again.
    pub fn pause(&mut self, now: Micros, key: LedgerKey) {
        self.update(now, key, |ledger| {
            ledger.running = ledger.running.saturating_sub(1);
            ledger.waiting += 1;
        });
    }

    /// A call is over: what it was charged becomes what it used.
    pub fn settle(&mut self, now: Micros, key: LedgerKey, was_running: bool, charge: (Factor, Micros, Micros)) {
        let (factor, charged, used) = charge;
        self.update(now, key, |ledger| {
            let open = if was_running { &mut ledger.running } else { &mut ledger.waiting };
            *open = open.saturating_sub(1);
            ledger.finish = ledger.finish.plus(factor.of(used.minus(charged))).minus(factor.of(charged.minus(used)));
        });
    }

    /// Somebody was sent away and still counts until `until`. Not for more than `most` accounts at once.
    pub fn turn_away(&mut self, now: Micros, key: LedgerKey, share: u64, until: Micros, most: usize) {
        if self.accounts.len() >= most && !self.accounts.contains_key(&key) {
            return;
        }
        self.update(now, key, |ledger| {
            ledger.share = share;
            ledger.turned_until = until;
        });
    }

    /// Forgets what is as good as new.
    pub fn sweep(&mut self, now: Micros) {
        while let Some(&(wake, key)) = self.wakes.first().filter(|(wake, _)| *wake <= now) {
            self.update(now, key, |_| ());
            debug_assert!(!self.wakes.contains(&(wake, key)), "a woken account sleeps again at once");
        }
    }

    fn update(&mut self, now: Micros, key: LedgerKey, change: impl FnOnce(&mut Ledger)) {
        let mut ledger = self.accounts.remove(&key).unwrap_or_default();
        if let Some(wake) = ledger.wake.take() {
            self.wakes.remove(&(wake, key));
        }
        let crowd = &mut self.crowd[key.side as usize];
        if ledger.counted {
            *crowd = crowd.saturating_sub(ledger.share);
        }
        change(&mut ledger);
        let turned = ledger.turned_until > now;
        ledger.counted = ledger.waiting > 0 || turned;
        if ledger.counted {
            *crowd = crowd.saturating_add(ledger.share);
        }
        let idle = ledger.waiting == 0 && ledger.running == 0;
        ledger.wake = match (turned, idle) {
            (true, _) => Some(ledger.turned_until),
            (false, true) if ledger.finish <= now => return,
            (false, true) => Some(ledger.finish),
            (false, false) => None,
        };
        if let Some(wake) = ledger.wake {
            self.wakes.insert((wake, key));
        }
        self.accounts.insert(key, ledger);
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.wakes.is_empty() && self.crowd == [0, 0]
    }
}
