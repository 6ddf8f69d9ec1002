//! The book of the other end: what was asked, and what was shown for it.

use std::collections::{BTreeMap, HashMap};

use lovelm::{
    chat::{Language, Platform},
    locale::{Arg, Locale},
};

/// One event.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Whether its platform knows lines again.
    pub known_again: bool,
    /// Zero: nobody paid.
    pub cents: u64,
    /// Whether it is a question; else only money.
    pub asks: bool,
    pub heard: bool,
    answers: u32,
    apologies: u32,
    doubts: u32,
    /// Anything else that was said.
    others: Vec<String>,
}

/// A sentence of ours around what is put into it.
#[derive(Debug)]
struct Sentence {
    beginning: String,
    end: String,
}

impl Sentence {
    fn of(locale: &Locale, key: &str, name: &str) -> Self {
        // Stands where something will be said that nobody knows yet.
        const HOLE: &str = "\u{1}";
        let text = locale.say(Language::En, key, &[(name, Arg::from(HOLE))]);
        let (beginning, end) = text.split_once(HOLE).unwrap_or((&text, ""));
        Self { beginning: beginning.to_owned(), end: end.to_owned() }
    }

    fn is_in(&self, text: &str) -> bool {
        text.strip_prefix(&self.beginning).is_some_and(|rest| rest.ends_with(&self.end))
    }
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Answered,
    Apologised,
    /// Its asker was told that the answer may not have been shown.
    InDoubt,
    /// Nothing was said.
    Lost,
    /// It was answered, or apologised for, more than once.
    Doubled,
}

/// All events, by number.
#[derive(Debug)]
pub struct Book {
    pub entries: Vec<Entry>,
    shown: HashMap<(Platform, String), String>,
    posts: usize,
    /// Paid questions of which nothing is settled yet.
    open: usize,
    unheard: usize,
    answers: usize,
    apologies: Vec<Sentence>,
    doubts: Vec<Sentence>,
}

impl Default for Book {
    fn default() -> Self {
        let locale = Locale::new();
        let sorry = ["expired-paid", "expired", "shed", "engine-trouble", "overdue", "stopping", "refused-stopping"];
        let full = ["refused-line-full", "refused-too-long", "refused-enough-waiting"];
        let later = ["refused-just-had-turn", "refused-newcomers", "refused-too-fast", "refused-place-busy"];
        let say = |key| Sentence::of(&locale, key, "wait");
        let apologies = sorry.into_iter().chain(full).chain(later).map(say).collect();
        let doubts = ["in-doubt", "in-doubt-restarted"].map(|key| Sentence::of(&locale, key, "mark")).into();
        let (entries, shown) = (Vec::new(), HashMap::new());
        Self { entries, shown, posts: 0, open: 0, unheard: 0, answers: 0, apologies, doubts }
    }
}

impl Entry {
    pub fn is_paid_question(&self) -> bool {
        self.asks && self.cents > 0
    }

    fn count(&mut self, (answer, sorry, doubt): (bool, bool, bool), text: &str) {
        match (answer, sorry, doubt) {
            (true, ..) => self.answers += 1,
            (_, true, _) => self.apologies += 1,
            (_, _, true) => self.doubts += 1,
            _ => self.others.push(text.to_owned()),
        }
    }

    fn is_lost_free(&self) -> bool {
        self.asks && self.cents == 0 && self.heard && !self.is_settled()
    }

    pub fn is_settled(&self) -> bool {
        self.answers + self.apologies + self.doubts > 0
    }

    /// Of a question.
    pub fn verdict(&self) -> Verdict {
        match (self.answers + self.apologies, self.doubts) {
            (2.., _) => Verdict::Doubled,
            (_, 1..) => Verdict::InDoubt,
            (1, 0) if self.answers == 1 => Verdict::Answered,
            (1, 0) => Verdict::Apologised,
            (0, 0) => Verdict::Lost,
        }
    }
}

impl Book {
    /// Writes an event down and gives its number.
    pub fn open(&mut self, known_again: bool, cents: u64, asks: bool) -> u64 {
        self.entries.push(Entry { known_again, cents, asks, ..Entry::default() });
        self.unheard += 1;
        self.open += usize::from(asks && cents > 0);
        self.entries.len() as u64 - 1
    }

    pub fn heard(&mut self, event: u64) {
        let news = self.entry(event).is_some_and(|entry| !std::mem::replace(&mut entry.heard, true));
        self.unheard -= usize::from(news);
    }

    /// Shows a line, once where its key says so, and gives its id.
    pub fn show(&mut self, event: u64, platform: Platform, answer: bool, text: &str, key: Option<&str>) -> String {
        let key = key.map(|key| (platform, key.to_owned()));
        if let Some(known) = key.as_ref().and_then(|key| self.shown.get(key)) {
            return known.clone();
        }
        self.posts += 1;
        let id = format!("post-{}", self.posts);
        if let Some(key) = key {
            self.shown.insert(key, id.clone());
        }
        let is_one_of = |sentences: &[Sentence]| !answer && sentences.iter().any(|one| one.is_in(text));
        let (sorry, doubt) = (is_one_of(&self.apologies), is_one_of(&self.doubts));
        self.answers += usize::from(answer);
        if let Some(entry) = self.entry(event) {
            let was_open = entry.is_paid_question() && !entry.is_settled();
            entry.count((answer, sorry, doubt), text);
            let closes = was_open && entry.is_settled();
            self.open -= usize::from(closes);
        }
        id
    }

    /// Answers that were shown.
    pub fn answers(&self) -> usize {
        self.answers
    }

    /// Paid questions of which nothing is settled yet.
    pub fn open_questions(&self) -> usize {
        self.open
    }

    pub fn is_paid_question(&self, event: u64) -> bool {
        usize::try_from(event).is_ok_and(|event| self.entries.get(event).is_some_and(Entry::is_paid_question))
    }

    pub fn unheard(&self) -> usize {
        self.unheard
    }

    /// How the paid questions ended.
    pub fn verdicts(&self) -> BTreeMap<Verdict, usize> {
        let mut count = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.is_paid_question()) {
            *count.entry(entry.verdict()).or_insert(0) += 1;
        }
        count
    }

    /// What happened to questions that ended as they may not.
    pub fn oddities(&self) -> Vec<String> {
        let odd = self.entries.iter().enumerate().filter(|(_, entry)| {
            let badly = entry.is_paid_question() && matches!(entry.verdict(), Verdict::Lost | Verdict::Doubled);
            badly || entry.known_again && entry.doubts > 0
        });
        odd.take(12).map(|(number, entry)| format!("{number}: {entry:?}")).collect()
    }

    /// Some of the free questions of which nobody was told anything.
    pub fn free_oddities(&self) -> Vec<String> {
        let lost = self.entries.iter().enumerate().filter(|(_, entry)| entry.is_lost_free());
        lost.take(12).map(|(number, entry)| format!("{number}: {entry:?}")).collect()
    }

    /// Doubts that were told again, because the first time a kill came before that was noted.
    pub fn doubts_told_again(&self) -> usize {
        self.entries.iter().filter(|entry| entry.doubts > 1).count()
    }

    /// Doubts where lines are known again: there need be none.
    pub fn needless_doubts(&self) -> usize {
        self.entries.iter().filter(|entry| entry.known_again && entry.doubts > 0).count()
    }

    /// Free questions that were heard and of which nobody was told anything.
    pub fn free_lost(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_lost_free()).count()
    }

    /// Free questions that were answered more than once.
    pub fn free_doubled(&self) -> usize {
        let free = self.entries.iter().filter(|entry| entry.asks && entry.cents == 0);
        free.filter(|entry| entry.answers > 1).count()
    }

    /// Everything that was paid: number and sum in cents.
    pub fn payments(&self) -> (u64, u64) {
        let paid = self.entries.iter().filter(|entry| entry.cents > 0);
        paid.fold((0, 0), |(count, sum), entry| (count + 1, sum + entry.cents))
    }

    fn entry(&mut self, event: u64) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(event).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn verdict(lines: &[(bool, &str)]) -> Verdict {
        let mut book = Book::default();
        let event = book.open(false, 100, true);
        for (answer, text) in lines {
            book.show(event, Platform::Twitch, *answer, text, None);
        }
        book.entries[0].verdict()
    }

    #[test]
    fn lines_are_judged() {
        let locale = Locale::new();
        let say = |key| locale.say(Language::En, key, &[("wait", Arg::from(Duration::from_secs(7)))]);
        let (sorry, later, doubt) = (say("expired-paid"), say("refused-just-had-turn"), say("in-doubt-restarted"));
        assert_eq!(verdict(&[(false, "200 bits received. Thank you.")]), Verdict::Lost);
        assert_eq!(verdict(&[(true, "Breathe.")]), Verdict::Answered);
        assert_eq!(verdict(&[(false, &sorry)]), Verdict::Apologised);
        assert_eq!(verdict(&[(false, &later)]), Verdict::Apologised, "whatever the time is");
        assert_eq!(verdict(&[(true, "Breathe."), (false, &doubt)]), Verdict::InDoubt);
        assert_eq!(verdict(&[(true, "Breathe."), (false, &sorry)]), Verdict::Doubled);
        assert_eq!(verdict(&[(true, "Breathe."), (true, "Breathe.")]), Verdict::Doubled);
        assert_eq!(verdict(&[(false, &doubt), (false, &doubt)]), Verdict::InDoubt, "a word of caution may come again");
    }

    #[test]
    fn a_key_is_shown_once() {
        let mut book = Book::default();
        let event = book.open(false, 100, true);
        let first = book.show(event, Platform::Discord, true, "Breathe.", Some("k-0"));
        assert_eq!(book.show(event, Platform::Discord, true, "Breathe in.", Some("k-0")), first);
        assert_eq!(book.entries[0].verdict(), Verdict::Answered);
        assert_ne!(book.show(event, Platform::Twitch, true, "Breathe.", Some("k-0")), first);
    }
}
