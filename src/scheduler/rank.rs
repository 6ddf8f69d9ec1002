//! How many calls, and how much work, lie before a key.

use std::collections::BTreeMap;

use super::Micros;

/// Widths of the buckets, as powers of two of a microsecond: about 1 s, and 32 times as much each, up to a year.
const SHIFTS: [u32; 6] = [20, 25, 30, 35, 40, 45];

/// Calls and their work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub calls: usize,
    pub work: Micros,
}

impl Sum {
    pub fn plus(self, other: Self) -> Self {
        Self { calls: self.calls + other.calls, work: self.work.plus(other.work) }
    }
}

/// Sums over buckets of keys, coarse ones over fine ones: a few dozen steps to any rank, however many wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranks {
    levels: [BTreeMap<u64, Sum>; SHIFTS.len()],
}

impl Ranks {
    pub fn add(&mut self, key: Micros, work: Micros) {
        for (level, shift) in self.levels.iter_mut().zip(SHIFTS) {
            let sum = level.entry(key.get() >> shift).or_default();
            *sum = sum.plus(Sum { calls: 1, work });
        }
    }

    pub fn remove(&mut self, key: Micros, work: Micros) {
        for (level, shift) in self.levels.iter_mut().zip(SHIFTS) {
            let bucket = key.get() >> shift;
            let Some(sum) = level.get_mut(&bucket) else { continue };
            *sum = Sum { calls: sum.calls.saturating_sub(1), work: sum.work.minus(work) };
            if sum.calls == 0 {
                level.remove(&bucket);
            }
        }
    }

    /// What lies in the buckets before the key's own.
    pub fn before(&self, key: Micros) -> Sum {
        let mut sum = Sum::default();
        for (index, (level, shift)) in self.levels.iter().zip(SHIFTS).enumerate() {
            let bucket = key.get() >> shift;
            // Within one bucket of the next wider level; the widest counts from the beginning.
            let first = SHIFTS.get(index + 1).map_or(0, |wider| (key.get() >> wider) << (wider - shift));
            sum = level.range(first..bucket).fold(sum, |sum, (_, bucket)| sum.plus(*bucket));
        }
        sum
    }

    /// What lies in the key's own bucket, and where that begins.
    pub fn bucket(&self, key: Micros) -> (Micros, Sum) {
        let bucket = key.get() >> SHIFTS[0];
        (Micros::new(bucket << SHIFTS[0]), self.levels[0].get(&bucket).copied().unwrap_or_default())
    }
}
