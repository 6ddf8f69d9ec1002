//! What came of a storm.

use std::{collections::BTreeMap, fmt, time::Duration};

use lovelm::{
    engine::{Engine, Prompt, Role, Turn},
    scheduler::{
        Class,
        simulation::{jain, quantile},
    },
};
use serde_json::{Map, Value, json};

use super::street::{Call, End};

/// How ends are called, in the order of the columns.
const ENDS: [(End, &str); 8] = [
    (End::Answered, "answered"),
    (End::Refused, "refused"),
    (End::Shed, "shed"),
    (End::Expired, "expired"),
    (End::Failed, "failed"),
    (End::Card, "card"),
    (End::Stopped, "stopped"),
    (End::Lost, "lost"),
];

/// The 50th, 95th and 99th percentile.
type Spread = [Duration; 3];

#[derive(Debug)]
struct Row {
    class: Class,
    asked: usize,
    ended: [usize; ENDS.len()],
    wait: Spread,
    first_words: Spread,
}

/// The numbers of a storm.
#[derive(Debug)]
pub struct Tally {
    engine: String,
    slots: usize,
    took: Duration,
    rows: Vec<Row>,
    /// Of the answers that were shown.
    tokens: usize,
    /// Of the tokens that each viewer got who pays nothing and asked.
    jain: f64,
}

impl Tally {
    pub fn of(calls: &[Call], waits: &BTreeMap<String, Vec<Duration>>, engine: &dyn Engine, took: Duration) -> Self {
        let asked = Class::ALL.into_iter().filter(|class| calls.iter().any(|call| call.class == *class));
        let rows = asked.map(|class| row(class, calls, waits.get(class.as_str()).map_or(&[], Vec::as_slice))).collect();
        let (mut shares, mut tokens) = (BTreeMap::<_, f64>::new(), 0);
        for call in calls {
            let shown = length(engine, &call.answer);
            tokens += shown;
            if call.class == Class::Free {
                *shares.entry(call.viewer).or_default() += f64::from(u32::try_from(shown).unwrap_or(u32::MAX));
            }
        }
        let profile = engine.profile();
        let (engine, slots) = (profile.name.clone(), profile.slots);
        // From the first question: the start is not the storm.
        let took = took.saturating_sub(calls.first().map_or(took, |call| call.asked));
        Self { engine, slots, took, rows, tokens, jain: jain(shares.into_values()) }
    }

    /// Calls of which nobody knows what became.
    pub fn lost(&self) -> usize {
        self.sum(End::Lost)
    }

    pub fn json(&self) -> Value {
        let classes: Map<_, _> = self.rows.iter().map(|row| (row.class.as_str().to_owned(), row.json())).collect();
        json!({
            "engine": self.engine,
            "slots": self.slots,
            "took_s": self.took.as_secs_f64(),
            "classes": classes,
            "lost": self.lost(),
            "tokens": self.tokens,
            "tokens_per_s": self.tokens_per_second(),
            "jain": self.jain,
        })
    }

    fn sum(&self, end: End) -> usize {
        self.rows.iter().map(|row| row.of(end)).sum()
    }

    fn tokens_per_second(&self) -> f64 {
        let tokens = f64::from(u32::try_from(self.tokens).unwrap_or(u32::MAX));
        tokens / self.took.as_secs_f64().max(0.001)
    }
}

fn row(class: Class, calls: &[Call], waits: &[Duration]) -> Row {
    let own = || calls.iter().filter(move |call| call.class == class);
    Row {
        class,
        asked: own().count(),
        ended: ENDS.map(|(end, _)| own().filter(|call| call.end() == end).count()),
        wait: spread(|| waits.iter().copied()),
        first_words: spread(|| own().filter_map(|call| call.first_words)),
    }
}

fn spread<I: Iterator<Item = Duration>>(values: impl Fn() -> I) -> Spread {
    [500, 950, 990].map(|part| quantile(values(), part))
}

/// The tokens of an answer, by the engine's own count.
fn length(engine: &dyn Engine, answer: &str) -> usize {
    let count = |text: &str| {
        let turn = Turn { role: Role::User, text: text.to_owned() };
        engine.count(&Prompt { messages: vec![turn], so_far: String::new() })
    };
    if answer.is_empty() { 0 } else { count(answer).saturating_sub(count("")) }
}

impl Row {
    fn of(&self, end: End) -> usize {
        ENDS.iter().zip(self.ended).filter(|((of, _), _)| *of == end).map(|(_, count)| count).sum()
    }

    fn json(&self) -> Value {
        let mut row = Map::from_iter([("asked".to_owned(), self.asked.into())]);
        row.extend(ENDS.iter().zip(self.ended).map(|((_, name), count)| ((*name).to_owned(), count.into())));
        for (name, spread) in [("wait", self.wait), ("first_words", self.first_words)] {
            let parts = ["p50", "p95", "p99"].into_iter().zip(spread);
            row.extend(parts.map(|(part, time)| (format!("{name}_{part}_s"), time.as_secs_f64().into())));
        }
        row.into()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls: usize = self.rows.iter().map(|row| row.asked).sum();
        writeln!(
            f,
            "{}, {} at once: {calls} questions in {:.0} s\n",
            self.engine,
            self.slots,
            self.took.as_secs_f64()
        )?;
        // What happened to nobody needs no column, but for what never should.
        let columns: Vec<_> = ENDS
            .into_iter()
            .filter(|(end, _)| matches!(end, End::Answered | End::Lost) || self.sum(*end) > 0)
            .collect();
        write!(f, "{:<10} {:>6}", "class", "asked")?;
        columns.iter().try_for_each(|(_, name)| write!(f, " {name:>8}"))?;
        writeln!(
            f,
            " {:>9} {:>7} {:>7} {:>16} {:>7} {:>7}",
            "wait p50", "p95", "p99", "first words p50", "p95", "p99"
        )?;
        for row in &self.rows {
            write!(f, "{:<10} {:>6}", row.class.as_str(), row.asked)?;
            columns.iter().try_for_each(|(end, _)| write!(f, " {:>8}", row.of(*end)))?;
            let times = row.wait.into_iter().chain(row.first_words).zip([9, 7, 7, 16, 7, 7]);
            for (time, width) in times {
                write!(f, " {:>width$}", format!("{:.1} s", time.as_secs_f64()))?;
            }
            writeln!(f)?;
        }
        writeln!(f, "\nshown: {} tokens, {:.1} a second", self.tokens, self.tokens_per_second())?;
        writeln!(f, "even shares among those who pay nothing, Jain index (1 is even): {:.3}", self.jain)
    }
}
