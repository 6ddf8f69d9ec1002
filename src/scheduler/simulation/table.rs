//! A study as an operator reads it.

use std::{fmt, fmt::Write as _, time::Duration};

use super::{
    report::Outcome,
    scenario::{Scenario, Speed},
    study::Study,
};
use crate::scheduler::Class;

/// What became of each class, and what that is beside other ways to do it. Lines of at most 100 characters.
#[must_use]
pub fn table(study: &Study) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(&mut text, study);
    text
}

fn write(out: &mut String, study: &Study) -> fmt::Result {
    heading(out, &study.scenario, study.load)?;
    writeln!(
        out,
        "{:<10} {:>8} {:>9} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8} {:>8}",
        "class", "asked", "answered", "refused", "shed", "expired", "wait p50", "p95", "p99", "engine"
    )?;
    for class in study.policy.classes() {
        row(out, study, class)?;
    }
    writeln!(out)?;
    paid(out, study)?;
    rest(out, study)
}

fn heading(out: &mut String, scenario: &Scenario, load: f64) -> fmt::Result {
    let Speed { prompt_token, output_token, slots, can_continue } = &scenario.engine;
    let [prompt, output] = [prompt_token, output_token].map(|time| time.as_secs_f64() * 1e3);
    let cuts = if *can_continue { "answers can be cut" } else { "answers cannot be cut" };
    writeln!(out, "{}: {} of chat, seed {}", scenario.name, span(scenario.length), scenario.seed)?;
    writeln!(out, "engine: {slots} at once, {prompt:.1} ms a prompt token, {output:.1} ms an output token, {cuts}")?;
    writeln!(out, "asked for: {load:.2} times what it can do\n")
}

fn row(out: &mut String, study: &Study, class: Class) -> fmt::Result {
    let Outcome { asked, refused, answered, shed, expired, work, .. } = study.policy.of(class);
    let [p50, p95, p99] = [500, 950, 990].map(|part| seconds(study.policy.of(class).wait(part)));
    let engine = work.as_secs_f64() / study.scenario.capacity().as_secs_f64() * 100.0;
    let [asked, answered, refused, shed, expired] = [asked, answered, refused, shed, expired].map(|n| grouped(*n));
    writeln!(
        out,
        "{:<10} {asked:>8} {answered:>9} {refused:>8} {shed:>8} {expired:>8} {p50:>9} {p95:>8} {p99:>8} {engine:>6.1} %",
        class.as_str()
    )
}

fn paid(out: &mut String, study: &Study) -> fmt::Result {
    let ours = study.policy.of(Class::Paid);
    if ours.asked == 0 {
        return Ok(());
    }
    let first_token = |outcome: &Outcome| seconds(outcome.first_token(990));
    line(out, "paid calls, first token p99", &first_token(ours), "")?;
    if let (Some(alone), Some(ratio)) = (&study.alone, study.paid_over_alone()) {
        let remark = format!("ours is {ratio:.2} times that");
        line(out, "  the same calls and nobody else", &first_token(alone.of(Class::Paid)), &remark)?;
    }
    let theirs = study.fifo.of(Class::Paid);
    let unanswered = grouped(theirs.refused + theirs.shed + theirs.expired);
    let ratio = study.fifo_over_paid().map_or_else(String::new, |ratio| format!("{ratio:.1} times ours; "));
    let remark = format!("{ratio}{unanswered} of {} never answered", grouped(theirs.asked));
    line(out, "  first in, first out", &first_token(theirs), &remark)
}

fn rest(out: &mut String, study: &Study) -> fmt::Result {
    let (ours, theirs) = study.fairness;
    let remark = format!("first in, first out {theirs:.3}");
    line(out, "even shares, Jain index (1: all even)", &format!("{ours:.3}"), &remark)?;
    if let Some(goodput) = study.goodput() {
        line(out, "answers in time, over a full engine", &format!("{goodput:.2}"), "1: nothing lost to the overload")?;
    }
    let again = format!("reading them again took {:.1} % of the engine", study.prefilled_again() * 100.0);
    line(out, "answers cut for paid calls", &grouped(study.policy.cuts), &again)?;
    let written = format!("of {} written", grouped(usize::try_from(study.policy.tokens).unwrap_or(usize::MAX)));
    line(out, "tokens never shown", &format!("{:.2} %", study.never_shown() * 100.0), &written)
}

fn line(out: &mut String, what: &str, number: &str, remark: &str) -> fmt::Result {
    let line = format!("{what:<38}{number:>9}   {remark}");
    writeln!(out, "{}", line.trim_end())
}

/// `12.3 s`
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// `24 h`, `90 min` or `45 s`.
pub(super) fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds >= 7200 && seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds if seconds >= 60 && seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

/// `12,345`
pub(super) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
