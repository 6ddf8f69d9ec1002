//! Who had how much: virtual time for each account and side.

use std::collections::BTreeSet;

use super::{Micros, Side, accounts::AccountId, policy::WHOLE};

/// The books of an account: a person's two, and the one that the newcomers of a place share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Book {
    Express,
    Common,
    Newcomers,
}

impl Book {
    pub fn side(self) -> Side {
        match self {
            Self::Express => Side::Express,
            Self::Common | Self::Newcomers => Side::Common,
        }
    }
}

/// Whose finish is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LedgerId {
    pub account: AccountId,
    pub book: Book,
}

/// Virtual seconds an engine second costs: `f = n / share`, with `n = max(1, crowd / capacity)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    over: u64,
    under: u64,
}

impl Factor {
    /// From the crowd's shares, the slots that it has, and the caller's share: all in thousandths.
    pub fn new(crowd: u64, capacity: u64, share: u64) -> Self {
        Self { over: crowd.max(capacity).saturating_mul(WHOLE), under: capacity.saturating_mul(share) }
    }

    pub fn of(self, work: Micros) -> Micros {
        work.scaled(self.over, self.under)
    }
}

/// What a call was charged: its factor, the engine time charged for, and what it used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub factor: Factor,
    pub charged: Micros,
    pub used: Micros,
}

#[derive(Clone, Debug, Default)]
struct Ledger {
    finish: Micros,
    turned_until: Micros,
    turned: bool,
    /// Of its newest call, in thousandths.
    share: u64,
    /// What of it is in the crowd.
    counted: u64,
    waiting: u32,
    running: u32,
    /// When it is to be looked at again.
    wake: Option<Micros>,
}

impl Ledger {
    fn is_open(&self) -> bool {
        self.waiting > 0 || self.running > 0
    }

    fn next_wake(&self, now: Micros) -> Option<Micros> {
        match (self.turned, self.is_open()) {
            (true, _) => Some(self.turned_until),
            (false, true) => None,
            (false, false) => Some(self.finish).filter(|finish| *finish > now),
        }
    }
}

/// The ledgers that are not as good as new. What has nothing open and a finish in the past is forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledgers {
    /// By account.
    books: Vec<[Ledger; 3]>,
    wakes: BTreeSet<(Micros, LedgerId)>,
    /// Shares of everyone who waits or was just turned away, for each side.
    crowd: [u64; 2],
    /// How many were just turned away.
    turned: usize,
}

impl Ledgers {
    /// When a call that arrives now would start in its account's virtual time: `max(arrival, finish)`.
    pub fn start(&self, arrival: Micros, id: LedgerId) -> Micros {
        self.get(id).map_or(arrival, |ledger| ledger.finish.max(arrival))
    }

    /// Counts somebody of this share as waiting. Gives what a second costs them, the side having `capacity`.
    pub fn join(&mut self, now: Micros, id: LedgerId, share: u64, capacity: u64) -> Factor {
        self.change(now, id, |ledger| {
            ledger.share = share;
            ledger.waiting += 1;
        });
        Factor::new(self.crowd[id.book.side() as usize], capacity, share)
    }

    /// Charges for a call that begins to wait, or goes on waiting since `arrival`; gives its start.
    pub fn charge(&mut self, (now, arrival): (Micros, Micros), id: LedgerId, virtual_work: Micros) -> Micros {
        let start = self.start(arrival, id);
        self.change(now, id, |ledger| ledger.finish = start.plus(virtual_work));
        start
    }

    /// A waiting call begins to run.
    pub fn begin(&mut self, now: Micros, id: LedgerId) {
        self.change(now, id, |ledger| {
            ledger.waiting = ledger.waiting.saturating_sub(1);
            ledger.running += 1;
        });
    }

    /// A running call waits again.
    pub fn pause(&mut self, now: Micros, id: LedgerId) {
        self.change(now, id, |ledger| {
            ledger.running = ledger.running.saturating_sub(1);
            ledger.waiting += 1;
        });
    }

    /// A call is over: what it was charged becomes what it used, `finish += (used - est) * f`.
    pub fn settle(&mut self, now: Micros, id: LedgerId, was_running: bool, charge: Charge) {
        let Charge { factor, charged, used } = charge;
        self.change(now, id, |ledger| {
            let open = if was_running { &mut ledger.running } else { &mut ledger.waiting };
            *open = open.saturating_sub(1);
            ledger.finish = ledger.finish.plus(factor.of(used.minus(charged))).minus(factor.of(charged.minus(used)));
        });
    }

    /// Whether one more may count as turned away, `most` being allowed at once.
    pub fn has_room_for(&self, id: Option<LedgerId>, most: usize) -> bool {
        self.turned < most || id.and_then(|id| self.get(id)).is_some_and(|ledger| ledger.turned)
    }

    /// Somebody was sent away and counts as waiting until `until`.
    pub fn turn_away(&mut self, now: Micros, id: LedgerId, share: u64, until: Micros) {
        self.change(now, id, |ledger| {
            ledger.share = share;
            ledger.turned_until = until;
        });
    }

    /// Looks after a ledger whose time has come, if any, and gives its account.
    pub fn wake(&mut self, now: Micros) -> Option<AccountId> {
        let &(_, id) = self.wakes.first().filter(|(wake, _)| *wake <= now)?;
        self.change(now, id, |_| ());
        Some(id.account)
    }

    /// Whether nothing is known of an account that a new one would not have.
    pub fn is_new(&self, account: AccountId) -> bool {
        let books = self.books.get(account.index());
        books.is_none_or(|books| books.iter().all(|ledger| !ledger.is_open() && ledger.wake.is_none()))
    }

    fn get(&self, id: LedgerId) -> Option<&Ledger> {
        self.books.get(id.account.index()).map(|books| &books[id.book as usize])
    }

    fn change(&mut self, now: Micros, id: LedgerId, change: impl FnOnce(&mut Ledger)) {
        let index = id.account.index();
        if index >= self.books.len() {
            self.books.resize_with(index + 1, Default::default);
        }
        let ledger = &mut self.books[index][id.book as usize];
        let (counted, turned, wake) = (ledger.counted, ledger.turned, ledger.wake);
        change(ledger);
        ledger.turned = ledger.turned_until > now;
        ledger.counted = if ledger.waiting > 0 || ledger.turned { ledger.share } else { 0 };
        ledger.wake = ledger.next_wake(now);
        let crowd = &mut self.crowd[id.book.side() as usize];
        *crowd = crowd.saturating_sub(counted).saturating_add(ledger.counted);
        self.turned = self.turned + usize::from(ledger.turned) - usize::from(turned);
        if wake != ledger.wake {
            if let Some(wake) = wake {
                self.wakes.remove(&(wake, id));
            }
            self.wakes.extend(ledger.wake.map(|wake| (wake, id)));
        }
        if ledger.wake.is_none() && !ledger.is_open() {
            *ledger = Ledger::default();
        }
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.wakes.is_empty() && self.crowd == [0, 0] && self.turned == 0
    }
}
