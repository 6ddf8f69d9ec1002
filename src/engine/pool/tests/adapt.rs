use std::time::Duration;

use crate::engine::{AdaptConfig, pool::adapt::Adapt};

/// An engine whose texts come `gap` apart in each of its answers.
struct Simulated {
    adapt: Adapt,
    now: Duration,
}

impl Simulated {
    fn new(slots: usize, most: usize) -> Self {
        let config = AdaptConfig { rest: Duration::from_mins(1), ..AdaptConfig::default() };
        Self { adapt: Adapt::new(&config, slots, most), now: Duration::ZERO }
    }

    /// So many windows with as many answers as there are slots, but for `idle` of them.
    fn run(&mut self, windows: u32, idle: usize, gap: impl Fn(usize) -> Duration) -> Vec<usize> {
        let mut seen = Vec::new();
        for _ in 0..windows {
            let end = self.now + AdaptConfig::default().window;
            while self.now <= end {
                let running = self.adapt.slots().saturating_sub(idle).max(1);
                self.adapt.running(self.now, running);
                let gap = gap(running);
                self.now += gap;
                for _ in 0..running {
                    self.adapt.text(self.now, Some(gap), running);
                }
            }
            seen.push(self.adapt.slots());
        }
        seen
    }
}

fn ms(ms: usize) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap())
}

#[test]
fn it_grows_while_that_brings_more_and_gaps_stay_short() {
    let mut engine = Simulated::new(4, 64);
    assert_eq!(engine.run(4, 0, |_| ms(50)), [5, 6, 7, 8], "a GPU with room: every slot writes as fast as the first");
    assert!(engine.run(100, 0, |_| ms(50)).iter().all(|slots| *slots <= 64));
    assert_eq!(engine.adapt.slots(), 64);
}

#[test]
fn it_stops_where_one_more_brings_nothing() {
    let mut engine = Simulated::new(2, 64);
    // Six answers share what the engine has.
    let slots = engine.run(10, 0, |running| ms(10).max(ms(running * 10) / 6));
    assert!(slots.iter().all(|slots| *slots <= 7), "{slots:?}");
    assert_eq!(slots.last(), Some(&6), "{slots:?}");
}

#[test]
fn it_falls_by_a_quarter_when_answers_get_slower_than_they_are_read() {
    let mut engine = Simulated::new(32, 64);
    assert_eq!(engine.run(3, 0, |_| ms(200)), [24, 18, 14]);
    let settled = engine.run(80, 0, |running| ms(running * 12));
    assert!(settled.last().is_some_and(|slots| (8..=11).contains(slots)), "{settled:?}");
    let worst = engine.run(60, 0, |_| ms(1000));
    assert_eq!(worst.last(), Some(&1), "{worst:?}");
}

#[test]
fn it_learns_nothing_from_slots_that_nobody_wanted() {
    let mut engine = Simulated::new(8, 64);
    assert_eq!(engine.run(3, 4, |_| ms(50)), [8, 8, 8]);
    assert_eq!(engine.run(1, 4, |_| ms(200)), [6], "slow is slow, however few run");
}

#[test]
fn an_engine_with_one_slot_keeps_it() {
    let mut engine = Simulated::new(1, 1);
    assert_eq!(engine.run(3, 0, |_| ms(20)), [1, 1, 1]);
    assert_eq!(engine.run(3, 0, |_| ms(900)), [1, 1, 1]);
    assert_eq!(Simulated::new(0, 0).adapt.slots(), 1, "none at all is never asked for");
}

#[test]
fn one_long_gap_in_many_is_forgiven() {
    let mut adapt = Adapt::new(&AdaptConfig::default(), 4, 4);
    for text in 0..1000_u64 {
        let gap = if text % 25 == 0 { ms(900) } else { ms(40) };
        adapt.text(Duration::from_millis(text * 20), Some(gap), 4);
    }
    assert_eq!(adapt.slots(), 4);
    for text in 0..1000_u64 {
        let gap = if text % 15 == 0 { ms(900) } else { ms(40) };
        adapt.text(Duration::from_millis(20_000 + text * 20), Some(gap), 4);
    }
    assert!(adapt.slots() < 4, "one in fifteen is not");
}
