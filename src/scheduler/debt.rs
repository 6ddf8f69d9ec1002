//! What the common side is owed for letting the express side go first.

use super::{
    Micros, Side,
    policy::{Policy, WHOLE},
    ticket::Turn,
};

/// Engine time in thousandths: of every work that goes ahead of a waiting common side, phi; and of every work that the common
/// side has meanwhile, all but phi is taken from it. So the express side keeps to 1 - phi while both wait. Counted with
/// estimates when a call begins, and with what it used when its slot is free.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Debt(u128);

impl Debt {
    /// Whether common work of this length is due before anything else.
    pub fn covers(self, policy: &Policy, work: Micros) -> bool {
        self.0 >= dues(policy, work)
    }

    /// Express work goes ahead.
    pub fn grow(&mut self, policy: &Policy, work: Micros) {
        self.0 = self.0.saturating_add(part(policy, work));
    }

    /// Common work takes its turn.
    pub fn shrink(&mut self, policy: &Policy, work: Micros) {
        self.0 = self.0.saturating_sub(dues(policy, work));
    }

    /// Work that was expected to be one is found to be another.
    pub fn settle(&mut self, policy: &Policy, side: Side, turn: Turn, expected: Micros, used: Micros) {
        match (side, turn) {
            (Side::Express, Turn::Ahead) => {
                self.grow(policy, used);
                self.0 = self.0.saturating_sub(part(policy, expected));
            }
            (Side::Express, _) => {}
            (Side::Common, Turn::OwnTime) => {
                self.0 = self.0.saturating_add(dues(policy, expected));
                self.shrink(policy, used);
            }
            // What it had while nobody else wanted it, it had all the same.
            (Side::Common, _) => self.shrink(policy, used),
        }
    }
}

fn part(policy: &Policy, work: Micros) -> u128 {
    u128::from(work.get()) * u128::from(policy.phi)
}

fn dues(policy: &Policy, work: Micros) -> u128 {
    u128::from(work.get()) * u128::from(WHOLE - policy.phi)
}
