//! How evenly work was shared.

use super::report::Report;
use crate::scheduler::{Class, SchedulerConfig, Side};

/// Jain's index (Jain, Chiu, Hawe: DEC-TR-301, 1984): 1 when all values are the same, one over their number when one has all. 1 for
/// no values.
#[must_use]
pub fn jain(values: impl IntoIterator<Item = f64>) -> f64 {
    let add = |(count, sum, squares): (f64, f64, f64), x: f64| (count + 1.0, sum + x, squares + x * x);
    let (count, sum, squares) = values.into_iter().fold((0.0, 0.0, 0.0), add);
    if squares > 0.0 { sum * sum / (count * squares) } else { 1.0 }
}

/// What an asker on the common side asked for and had, in seconds, and its weight.
struct Stake {
    asked: f64,
    had: f64,
    weight: f64,
}

impl Report {
    /// Jain's index of what each person of the common side had over what it would have had under max-min fairness with the
    /// configured shares: whoever asks for little is given all of it, and nobody else more than their share.
    #[must_use]
    pub fn fairness(&self, config: &SchedulerConfig) -> f64 {
        // Idle talk is nobody's.
        let waits = |class: Class| class.side() == Side::Common && class != Class::Idle;
        let common = self.askers.values().filter(|served| waits(served.class));
        let stakes: Vec<_> = common
            .map(|served| Stake {
                asked: served.asked.as_secs_f64(),
                had: served.had.as_secs_f64(),
                weight: weight(config, served.class),
            })
            .filter(|stake| stake.asked > 0.0)
            .collect();
        let level = level(&stakes);
        jain(stakes.iter().map(|stake| stake.had / stake.asked.min(level * stake.weight)))
    }
}

/// The work per weight at which those who asked for more are cut off, so that all together have what they had.
fn level(stakes: &[Stake]) -> f64 {
    let mut hungriest_last: Vec<_> = stakes.iter().collect();
    hungriest_last.sort_by(|a, b| (a.asked / a.weight).total_cmp(&(b.asked / b.weight)));
    let mut left: f64 = stakes.iter().map(|stake| stake.had).sum();
    let mut weights: f64 = stakes.iter().map(|stake| stake.weight).sum();
    for stake in hungriest_last {
        if stake.asked / stake.weight > left / weights {
            return left / weights;
        }
        left -= stake.asked;
        weights -= stake.weight;
    }
    f64::INFINITY
}

fn weight(config: &SchedulerConfig, class: Class) -> f64 {
    let share = &config.share;
    match class {
        Class::Moderator => share.moderator,
        Class::Paid => share.paid,
        Class::Supporter => share.supporter,
        Class::Fan => share.fan,
        Class::Free => share.free,
        Class::Idle => share.idle,
    }
}
