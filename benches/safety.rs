//! How well the safety and privacy doors see, on labelled lines of our own, and that their time is linear. Needs no engine.
//!
//! `tune` is what rules were made on, `held` what they were first measured on, and tuned on since: no line is new to them any more. `LOVELM_TEST_COMMENTS` may name a file of labelled
//! comments (`text|1` or `text|0` a line) for the profanity filter, which is tuned on its first half alone.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]
#![expect(clippy::cast_precision_loss, reason = "counts of some thousands")]

use std::{collections::BTreeMap, fs, hint::black_box, time::Duration};

use lovelm::{
    chat::Platform,
    clock::{Clock as _, SystemClock},
    privacy::{Kind, Scrubber},
    reply::{cut, neutral},
    safety::{self, Guard},
    text,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use unicode_normalization::UnicodeNormalization as _;

const SCRUB: [(&str, &[&str]); 2] = [
    (
        "tune",
        &[
            include_str!("../src/privacy/scrub/corpus/korean.tsv"),
            include_str!("../src/privacy/scrub/corpus/english.tsv"),
            include_str!("../src/privacy/scrub/corpus/japanese.tsv"),
        ],
    ),
    ("held", &[include_str!("../src/privacy/scrub/corpus/held.tsv")]),
];
const CRISIS: [(&str, &str); 2] =
    [("tune", include_str!("../src/safety/corpus/tune.tsv")), ("held", include_str!("../src/safety/corpus/held.tsv"))];
const PROFANITY: &str = include_str!("../src/safety/corpus/profanity.tsv");
const KEEP: [&str; 5] = ["홍차", "오마르", "김달", "슈히", "omar"];
const ROUNDS: usize = 5;
const HOSTILE: u32 = 20_000;
/// What hostile lines are made of, beside the lines of the corpora.
const PIECES: [&str; 40] = [
    "\u{200b}",
    "\u{202e}",
    "\u{e0041}",
    "\u{3164}",
    "\u{301}",
    "\u{1160}",
    "\u{11a8}",
    "ㅈㅏ",
    "ㅅ",
    "가",
    "힣",
    "각",
    "0",
    "010-",
    "1234 ",
    "@",
    "<@1>",
    "[전화번호]",
    "○",
    "A씨",
    "https://",
    ".com",
    "\r\n",
    "\0",
    "\u{1}",
    "```",
    "||",
    "/me ",
    "👩‍❤️‍👨",
    "🏳️‍🌈",
    "１",
    "ｋ",
    "さん",
    "君",
    "死",
    "자.살",
    "공일공 ",
    "씨1발",
    "\u{feff}",
    "-",
];

fn main() {
    let scrubber = Scrubber::keeping(KEEP);
    for (name, files) in SCRUB {
        scrubbing(name, files, &scrubber);
    }
    for (name, file) in CRISIS {
        crisis(name, file);
    }
    profanity("own lines", &PROFANITY.lines().filter_map(|line| line.split_once('\t')).collect::<Vec<_>>());
    if let Some(file) = std::env::var_os("LOVELM_TEST_COMMENTS").and_then(|path| fs::read_to_string(path).ok()) {
        let lines: Vec<_> =
            file.lines().filter_map(|line| line.rsplit_once('|').map(|(text, label)| (label, text))).collect();
        let (first, second) = lines.split_at(lines.len().div_ceil(2));
        profanity("comments, first half", first);
        profanity("comments, second half", second);
    }
    hostile(&scrubber);
    linear(&scrubber);
}

/// Found and labelled, found and not labelled, labelled and not found.
#[derive(Clone, Copy, Default)]
struct Tally {
    hits: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn note(&mut self, labelled: bool, found: bool) {
        self.hits += usize::from(labelled && found);
        self.wrong += usize::from(!labelled && found);
        self.missed += usize::from(labelled && !found);
    }

    fn recall(self) -> f64 {
        self.hits as f64 / (self.hits + self.missed).max(1) as f64
    }

    fn precision(self) -> f64 {
        self.hits as f64 / (self.hits + self.wrong).max(1) as f64
    }

    /// Recall counts twice as much.
    fn f2(self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        5.0 * precision * recall / (4.0 * precision + recall).max(f64::MIN_POSITIVE)
    }

    fn print(self, name: &str) {
        let (recall, precision, f2) = (self.recall(), self.precision(), self.f2());
        println!("  {name:<18} {:>5} {recall:>8.3} {precision:>10.3} {f2:>7.3}", self.hits + self.missed);
    }
}

fn head(title: &str) {
    println!("\n{title}\n  {:<18} {:>5} {:>8} {:>10} {:>7}", "", "lines", "recall", "precision", "F2");
}

fn scrubbing(name: &str, files: &[&str], scrubber: &Scrubber) {
    head(&format!("scrubber, {name}: what is labelled is gone, and its kind is named"));
    let mut kinds: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut clean, mut changed, mut all) = (0_u32, 0_u32, Tally::default());
    for line in files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (labels, text) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let secrets = cells.next().unwrap_or_default();
        let seen = scrubber.scrub(text, &[]);
        let story = seen.story.as_str();
        let gone = secrets.split('|').all(|secret| secret.is_empty() || !story.contains(secret));
        if labels == "-" {
            clean += 1;
            changed += u32::from(story != text);
        }
        for kind in Kind::ALL {
            let labelled = labels.split(',').any(|label| label == kind.as_str());
            let named = seen.spans.iter().any(|span| span.kind == kind);
            // A thing that is gone under another name is found all the same.
            let found = if labelled { gone } else { named && labels == "-" };
            kinds.entry(kind.as_str()).or_default().note(labelled, found);
            all.note(labelled, found);
        }
    }
    for (kind, tally) in &kinds {
        tally.print(kind);
    }
    all.print("all");
    println!(
        "  clean lines changed: {changed} of {clean} ({:.1} %)",
        100.0 * f64::from(changed) / f64::from(clean.max(1))
    );
}

fn crisis(name: &str, file: &str) {
    head(&format!("crisis, {name}: by class, then by register (found or not, whatever the class)"));
    let mut classes: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut registers: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for line in file.lines() {
        let mut cells = line.split('\t').skip(1);
        let (class, register) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let found = safety::crisis(cells.next().unwrap_or_default());
        for known in safety::Crisis::ALL {
            classes.entry(known.as_str()).or_default().note(class == known.as_str(), found == Some(known));
        }
        let (right, all) = registers.entry(register).or_default();
        *right += usize::from(found.is_some() == (class != "none"));
        *all += 1;
    }
    for (class, tally) in &classes {
        tally.print(class);
    }
    for (register, (right, all)) in registers {
        println!("  {register:<18} {right} of {all} right ({:.1} %)", 100.0 * right as f64 / all as f64);
    }
}

fn profanity(name: &str, lines: &[(&str, &str)]) {
    head(&format!("profanity, {name}"));
    let mut tally = Tally::default();
    for (label, text) in lines {
        tally.note(label.trim() == "1", safety::profanity(text));
    }
    tally.print("abusive");
}

/// Lines of nonsense through everything that reads what people write: nothing panics, scrubbing is done after once, composed
/// and decomposed text are one, nothing more than doubles.
fn hostile(scrubber: &Scrubber) {
    let mut rng = StdRng::seed_from_u64(6);
    let known: Vec<&str> = SCRUB.iter().flat_map(|(_, files)| *files).flat_map(|file| file.lines()).collect();
    let known: Vec<&str> = known.into_iter().filter_map(|line| line.split('\t').nth(1)).collect();
    let guard =
        Guard::keeping("You are Omar, a fictional AI character who gives love advice in a live chat.", "bcdfghjklm");
    for _ in 0..HOSTILE {
        let mut line = String::new();
        for _ in 0..rng.random_range(1..24) {
            match rng.random_range(0..8) {
                0 => line.push_str(known[rng.random_range(0..known.len())]),
                1 => line.extend(char::from_u32(rng.random_range(0..0x11_0000))),
                _ => line.push_str(PIECES[rng.random_range(0..PIECES.len())]),
            }
        }
        let once = scrubber.scrub(&line, &[]).story;
        assert_eq!(scrubber.scrub(once.as_str(), &[]).story, once, "scrubbed again: {line:?}");
        assert!(once.as_str().chars().count() <= 2 * line.chars().count(), "{line:?}");
        let (nfc, nfd): (String, String) = (line.nfc().collect(), line.nfd().collect());
        assert_eq!(scrubber.scrub(&nfd, &[]).story, scrubber.scrub(&nfc, &[]).story, "{line:?}");
        assert_eq!(safety::crisis(&nfd), safety::crisis(&nfc), "{line:?}");
        let seen = text::normalize(&line);
        black_box((
            seen.joined(),
            seen.unleeted(),
            text::clean(&line),
            safety::profanity(&line),
            safety::stated_age(&line),
        ));
        black_box((guard.check(&line), cut(&line, 40)));
        for platform in [Platform::Console, Platform::Discord, Platform::Twitch] {
            let shown = neutral(platform, &line);
            assert_eq!(neutral(platform, &shown), shown, "{line:?}");
        }
    }
    println!("\nhostile lines through normaliser, scrubber, filters, guard, splitter and output: {HOSTILE}, no panic");
}

/// The least of some rounds: what else the machine does only adds.
fn time(mut work: impl FnMut()) -> Duration {
    let clock = SystemClock::default();
    let rounds = (0..ROUNDS).map(|_| {
        let began = clock.elapsed();
        work();
        clock.elapsed().saturating_sub(began)
    });
    rounds.min().unwrap_or_default()
}

fn linear(scrubber: &Scrubber) {
    println!("\ntime(100 KB) over time(10 KB), at most 12 wanted; milliseconds for 100 KB");
    println!("  {:<34} {:>14} {:>14} {:>14}", "text", "scrubber", "crisis", "profanity");
    let texts = [
        "a",
        "민수가 010-1234-5678로 전화했고 ",
        "I told Jake that I am fine. ",
        "자.살 ",
        "a@b.",
        "1-",
        "ㅋ",
        "가 ",
        "((",
    ];
    for unit in texts {
        let [short, long] = [10_000, 100_000].map(|bytes: usize| unit.repeat(bytes.div_ceil(unit.len())));
        let ratio = |work: &dyn Fn(&str)| {
            work(&short);
            let (small, large) = (time(|| work(&short)), time(|| work(&long)));
            format!("{:.1} ({:.0})", large.as_secs_f64() / small.as_secs_f64(), large.as_secs_f64() * 1000.0)
        };
        let scrub = ratio(&|text| drop(black_box(scrubber.scrub(text, &[]))));
        let crisis = ratio(&|text| _ = black_box(safety::crisis(text)));
        let swear = ratio(&|text| _ = black_box(safety::profanity(text)));
        println!("  {:<34} {scrub:>14} {crisis:>14} {swear:>14}", format!("{unit:?}"));
    }
}
