//! The scheduler's time and work: whole microseconds that stop at their ends.

use std::time::Duration;

/// Microseconds, of a clock or of an engine's work. Arithmetic saturates: no key ever wraps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(u64);

impl Micros {
    pub const ZERO: Self = Self(0);
    pub const MAX: Self = Self(u64::MAX);

    #[must_use]
    pub const fn new(micros: u64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self * over / under`, rounded down. `under` of 0 counts as 1.
    #[must_use]
    pub fn scaled(self, over: u64, under: u64) -> Self {
        let under = under.max(1);
        // Half of a decision's time would go into wide divisions, which are hardly ever needed.
        if let Some(product) = self.0.checked_mul(over) {
            return Self(product / under);
        }
        let scaled = u128::from(self.0) * u128::from(over) / u128::from(under);
        Self(u64::try_from(scaled).unwrap_or(u64::MAX))
    }
}

impl From<Duration> for Micros {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    }
}

impl From<Micros> for Duration {
    fn from(micros: Micros) -> Self {
        Self::from_micros(micros.0)
    }
}
