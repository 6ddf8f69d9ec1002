mod policy;
mod reading;
mod scenarios;

use std::time::Duration;

use super::{Crowd, Report, Scenario, Speed, run};
use crate::scheduler::{Class, SchedulerConfig};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Answers of 2 to 6 s, 0.5 s of them prefill, whatever the class.
fn crowd(class: Class, people: u32, every: Duration) -> Crowd {
    Crowd {
        class,
        people,
        per_minute: 60.0 / every.as_secs_f64(),
        newcomers: false,
        question: (33, 33),
        answer: (51, 184),
        cents: (500, 500),
        deadline: Some(secs(600)),
        from: Duration::ZERO,
        to: None,
    }
}

fn scenario(crowds: Vec<Crowd>) -> Scenario {
    Scenario { name: "test".to_owned(), seed: 7, length: secs(7200), engine: Speed::default(), crowds }
}

fn live(scenario: &Scenario) -> Report {
    run(&SchedulerConfig::default(), scenario)
}

/// A fifth of the engine, in answers of 4 s on average.
fn paid() -> Crowd {
    crowd(Class::Paid, 40, secs(20))
}

/// Ten times what the engine can do.
fn flood() -> Crowd {
    crowd(Class::Free, 400, Duration::from_millis(400))
}

fn part(x: Duration, of: Duration) -> f64 {
    x.as_secs_f64() / of.as_secs_f64()
}
