//! What a soak found.

use std::fmt;

use super::{Plan, Verdict, fleet::Stage};

/// One row of the table.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub soak: &'static str,
    pub events: usize,
    /// Kills, outages or restarts.
    pub blows: usize,
    /// Of paid questions.
    pub answered: usize,
    pub apologised: usize,
    pub in_doubt: usize,
    pub lost: usize,
    pub doubled: usize,
    pub free_lost: usize,
    pub free_doubled: usize,
    /// Of those in doubt, on the platform that knows lines again.
    pub needless_doubts: usize,
    /// Payments that the ledger has, less those that were made.
    pub ledger_off: i64,
    /// Cents likewise.
    pub cents_off: i64,
    /// Rows that stayed open.
    pub open: i64,
    pub seconds: u64,
    /// Places where something personal was found that may never be there.
    pub leaks: usize,
    /// What only this soak measures.
    pub notes: Vec<String>,
    /// Some of the free questions of which nobody was told anything.
    pub(super) untold: Vec<String>,
    /// Whether nobody may be left without a word: nothing was killed.
    pub(super) all_told: bool,
    pub(super) missed: Vec<&'static str>,
}

impl Figures {
    pub(super) async fn read(soak: &'static str, stage: &Stage, plan: &Plan) -> Self {
        let number = async |query| stage.postgres.number(query).await.unwrap_or(-1);
        let open = number("select count(*) from pending").await;
        let rows = number("select count(*) from ledger").await;
        let sum = number("select coalesce(sum(cents), 0)::bigint from ledger").await;
        let book = stage.plaza.book();
        let verdicts = book.verdicts();
        let count = |verdict| verdicts.get(&verdict).copied().unwrap_or(0);
        let (payments, cents) = book.payments();
        Self {
            soak,
            events: book.entries.len(),
            blows: plan.blows,
            answered: count(Verdict::Answered),
            apologised: count(Verdict::Apologised),
            in_doubt: count(Verdict::InDoubt),
            lost: count(Verdict::Lost),
            doubled: count(Verdict::Doubled),
            free_lost: book.free_lost(),
            needless_doubts: book.needless_doubts(),
            free_doubled: book.free_doubled(),
            ledger_off: rows - i64::try_from(payments).unwrap_or(i64::MAX),
            cents_off: sum - i64::try_from(cents).unwrap_or(i64::MAX),
            open,
            seconds: stage.began.elapsed().as_secs(),
            leaks: 0,
            notes: [vec![format!("doubts told again {}", book.doubts_told_again())], book.oddities()].concat(),
            untold: book.free_oddities(),
            all_told: false,
            missed: Vec::new(),
        }
    }

    /// From here on nobody may be left without a word: nothing of this soak was a crash.
    pub(super) fn tells_all(&mut self) {
        self.all_told = true;
        self.notes.append(&mut self.untold);
    }

    /// Something that is to be.
    pub(super) fn goal(&mut self, reached: bool, goal: &'static str) {
        if !reached {
            self.missed.push(goal);
        }
    }

    /// Goals that were not reached; how fast anything is depends on the machine too.
    #[must_use]
    pub fn missed(&self) -> &[&'static str] {
        &self.missed
    }

    /// What may never be: a paid question without an end or with two, and money that the ledger does not know.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let rules: [(bool, &str); 7] = [
            (self.lost == 0, "paid questions were lost"),
            (self.doubled == 0, "paid questions were answered twice"),
            (self.ledger_off == 0 && self.cents_off == 0, "the ledger is not what was paid"),
            (self.needless_doubts == 0, "a doubt could have been resolved"),
            (self.open == 0, "rows stayed open"),
            (self.leaks == 0, "something personal is kept"),
            (!self.all_told || self.free_lost == 0, "free questions were lost without a word"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, fault)| fault.to_owned()).collect()
    }

    /// The head of the table.
    #[must_use]
    pub fn head() -> String {
        "soak      events blows answered apologised in-doubt lost doubled free-lost free-doubled ledger-off open seconds".into()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<9} {:>6} {:>5} {:>8} {:>10} {:>8} {:>4} {:>7} {:>9} {:>12} {:>10} {:>4} {:>7}",
            self.soak,
            self.events,
            self.blows,
            self.answered,
            self.apologised,
            self.in_doubt,
            self.lost,
            self.doubled,
            self.free_lost,
            self.free_doubled,
            self.ledger_off,
            self.open,
            self.seconds
        )?;
        self.notes.iter().try_for_each(|note| write!(f, "\n          {note}"))
    }
}
