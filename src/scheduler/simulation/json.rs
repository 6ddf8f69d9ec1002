//! A study for scripts: times in seconds, parts from 0 to 1.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    report::{Outcome, Report},
    study::Study,
};
use crate::scheduler::Class;

impl Study {
    /// What the table says, as one object. What there is nothing to compare with is null.
    #[must_use]
    pub fn json(&self) -> Value {
        let policy = &self.policy;
        let classes: Map<_, _> =
            policy.classes().map(|class| (class.as_str().to_owned(), self.class(policy.of(class)))).collect();
        let p99 = |report: &Report| first_token(report.of(Class::Paid));
        let fifo = self.fifo.of(Class::Paid);
        json!({
            "scenario": self.scenario.name,
            "seed": self.scenario.seed,
            "length_s": self.scenario.length.as_secs_f64(),
            "slots": self.scenario.engine.slots,
            "load": self.load,
            "classes": classes,
            "paid": {
                "first_token_p99_s": p99(policy),
                "alone_first_token_p99_s": self.alone.as_ref().map(p99),
                "over_alone": self.paid_over_alone(),
                "fifo_first_token_p99_s": p99(&self.fifo),
                "fifo_over": self.fifo_over_paid(),
                "fifo_unanswered": fifo.refused + fifo.shed + fifo.expired,
            },
            "jain": self.fairness.0,
            "fifo_jain": self.fairness.1,
            "goodput_over_saturation": self.goodput(),
            "cuts": policy.cuts,
            "prefilled_again": self.prefilled_again(),
            "tokens": policy.tokens,
            "never_shown": self.never_shown(),
        })
    }

    fn class(&self, outcome: &Outcome) -> Value {
        let [p50, p95, p99] = [500, 950, 990].map(|part| seconds(outcome.wait(part)));
        json!({
            "asked": outcome.asked,
            "answered": outcome.answered,
            "in_time": outcome.in_time,
            "refused": outcome.refused,
            "shed": outcome.shed,
            "expired": outcome.expired,
            "wait_p50_s": p50,
            "wait_p95_s": p95,
            "wait_p99_s": p99,
            "first_token_p99_s": first_token(outcome),
            "engine": outcome.work.as_secs_f64() / self.scenario.capacity().as_secs_f64(),
        })
    }
}

fn first_token(outcome: &Outcome) -> f64 {
    seconds(outcome.first_token(990))
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
