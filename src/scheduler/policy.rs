//! The configuration as whole numbers: no float comes near a key.

use std::time::Duration;

use super::{Class, Micros, NewCall, Side, config::SchedulerConfig};

/// A thousand: shares and parts are kept in thousandths.
pub(super) const WHOLE: u64 = 1_000;
/// Calls that can wait, whatever is configured.
const MOST_WAITING: usize = 1 << 22;
/// Answers that can run at once, whatever an engine says.
pub(super) const MOST_SLOTS: usize = 1 << 16;

#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub most_waiting: usize,
    most_each: [usize; 2],
    line: Micros,
    pub shortest_line: usize,
    pub phi: u64,
    reserve: u64,
    pub turned_away: Micros,
    pub load_window: Micros,
    pub overdue_grace: Micros,
    patience: [Micros; 6],
    paid_most: Micros,
    share: [u64; 6],
    price: u64,
    price_most: u64,
}

impl Policy {
    pub fn new(config: &SchedulerConfig) -> Self {
        let (patience, share) = (&config.patience, &config.share);
        Self {
            most_waiting: config.most_waiting.clamp(1, MOST_WAITING),
            most_each: [config.most_waiting_paid.max(1), config.most_waiting_each.max(1)],
            line: config.line.into(),
            shortest_line: config.shortest_line,
            phi: thousandths(config.phi).clamp(1, WHOLE - 1),
            reserve: thousandths(config.reserve).min(WHOLE),
            turned_away: config.turned_away.into(),
            load_window: Micros::from(config.load_window).max(Micros::new(1)),
            overdue_grace: config.overdue_grace.into(),
            patience: [
                patience.moderator.into(),
                patience.paid.into(),
                patience.supporter.into(),
                patience.fan.into(),
                patience.free.into(),
                patience.idle.into(),
            ],
            paid_most: patience.paid_most.into(),
            share: [share.moderator, share.paid, share.supporter, share.fan, share.free, share.idle]
                .map(|share| thousandths(share).clamp(1, WHOLE * WHOLE)),
            price: config.price.cents.max(1),
            price_most: config.price.most_cents,
        }
    }

    pub fn share(&self, class: Class) -> u64 {
        self.share[class as usize]
    }

    pub fn most_each(&self, side: Side) -> usize {
        self.most_each[side as usize]
    }

    /// How long a call can stand being passed: never more than half of its time, or it would be passed until it is worth nothing.
    pub fn patience_of(&self, call: &NewCall) -> Micros {
        let patience = self.patience(call.class, call.credit_cents);
        let time = call.deadline.map(|left| Micros::from(left.saturating_add(call.waited)));
        time.map_or(patience, |time| patience.min(Micros::new(time.get() / 2)))
    }

    /// How long a class can stand being passed.
    pub fn patience(&self, class: Class, credit_cents: u64) -> Micros {
        let of_class = self.patience[class as usize];
        match class {
            Class::Paid if credit_cents < self.price => self.patience[Class::Supporter as usize],
            Class::Paid => {
                let full = log2(self.price_most).saturating_sub(log2(self.price)).max(1);
                let paid = log2(credit_cents).saturating_sub(log2(self.price)).min(full);
                of_class.minus(of_class.minus(self.paid_most).scaled(paid, full))
            }
            _ => of_class,
        }
    }

    /// Slots kept from those who are neither urgent nor supporters (R).
    pub fn reserved(&self, slots: usize) -> usize {
        if slots < 2 {
            return 0;
        }
        let reserved = (slots as u64).saturating_mul(self.reserve) / WHOLE;
        usize::try_from(reserved).unwrap_or(usize::MAX).clamp(1, slots - 1)
    }

    /// What a side can count on, in thousandths of a slot, while paid calls take `paid` thousandths of the engine. The express
    /// side: all but the common side's part. The common side: what paid calls leave (r) of the slots that are kept for nobody.
    pub fn capacity(&self, side: Side, slots: usize, paid: u64) -> u64 {
        match side {
            Side::Express => (slots as u64).saturating_mul(WHOLE - self.phi),
            Side::Common => {
                let rate = WHOLE.saturating_sub(paid).max(self.phi);
                ((slots - self.reserved(slots)) as u64).saturating_mul(rate)
            }
        }
    }

    /// Work that the common side may hold in line, its capacity being this: `H * r * (S - R)`.
    pub fn longest_line(&self, capacity: u64) -> Micros {
        self.line.scaled(capacity, WHOLE)
    }
}

/// Thousandths of a part or a share; nonsense becomes 0. Durations do the rounding without a lossy cast.
fn thousandths(x: f64) -> u64 {
    let rounded = Duration::try_from_secs_f64(x + 0.000_5).unwrap_or_default();
    u64::try_from(rounded.as_millis()).unwrap_or(u64::MAX)
}

/// Thousandths of the binary logarithm, straight between powers of two; 0 for 0.
fn log2(x: u64) -> u64 {
    let Some(power) = x.checked_ilog2() else { return 0 };
    let over = (u128::from(x - (1 << power)) * u128::from(WHOLE)) >> power;
    u64::from(power) * WHOLE + u64::try_from(over).unwrap_or(WHOLE)
}
