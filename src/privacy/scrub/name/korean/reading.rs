//! What a run of Hangul may be read as: a name, its particles and titles.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use super::super::{
    relation::{DOUBLE, PARTICLES, TITLES},
    words,
};

pub(super) static GIVEN: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("given.txt")));
pub(super) static AMBIGUOUS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("ambiguous.txt")));
pub(super) static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("words.txt")));
pub(super) static PARTICLE: LazyLock<HashSet<&str>> = LazyLock::new(|| PARTICLES.iter().copied().collect());

pub(super) const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉사부";
pub(super) const LONG_SURNAMES: &[&str] = &["남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방"];
/// With what given names begin and end.
pub(super) const FIRST: &str = "가강건경고관광규균근기나남노누다단대덕도동두라란래려로루리린마만명모무문미민방배범병보봄봉빈산상새서석선설섭성세소솔송수숙순슬승시신아안애양여연영예오옥온완용우욱운웅원유윤율은의이익인일자재정제조종주준중지진찬창채천철초춘충치태하학한해향혁현형혜호홍화환효훈휘희";
pub(super) const LAST: &str = "강겸건결경곤관광교구국권규균근금기길나남녀담덕도동라람란랑래령로록루륜름리린림만명모목무미민배범별병보복봄봉비빈산삼상새샘서석선섭성세소솔송수숙순슬승식신실심아안애양엽연열영예오옥온완용우욱운웅원월유윤율은을음의이익인일임자재정제조종주준중지직진찬창채천철춘충치탁태택표필하학한헌혁현협형혜호홍화환회효후훈휘흠희";

/// How much a word by itself looks like a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// Two to four syllables that are no word we know.
    Unknown,
    /// Built like one, and no word we know.
    Built,
    /// A name that is an everyday word as well.
    Ambiguous,
    /// A name and hardly anything else.
    Listed,
}

/// A run of Hangul, with what stands around it.
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub range: Range<usize>,
    /// The word before, when only a space stands between.
    pub before: Option<&'a str>,
    /// What follows: the rest of the text.
    pub rest: &'a str,
    /// Whether a sentence or a clause begins here.
    pub begins: bool,
}

/// A way to read a word: a name and what follows it within the word.
pub(super) struct Reading<'a> {
    pub length: usize,
    pub key: &'a str,
    pub look: Look,
    pub full: bool,
    /// A particle, or a title and a particle.
    pub tail: &'a str,
    pub title: Option<&'static str>,
}

/// The title that `tail` is, with a particle or without.
pub(super) fn title(tail: &str) -> Option<&'static str> {
    TITLES
        .iter()
        .copied()
        .filter(|title| {
            let tails = [tail, tail.strip_prefix('이').unwrap_or_default()];
            tails.iter().any(|tail| tail.strip_prefix(*title).is_some_and(|after| PARTICLE.contains(after)))
        })
        .max_by_key(|title| title.len())
}

pub(super) fn readings(word: &str) -> Vec<Reading<'_>> {
    let mut readings = Vec::new();
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(2).chain([word.len()]).take(3).collect();
    // A name of three, then of two, then of four syllables: `김민수` before `김민` before `남궁민수`.
    for count in [1, 0, 2] {
        let Some(end) = ends.get(count).copied() else { continue };
        let (name, tail) = word.split_at(end);
        let (Some((look, key, full)), true) = (look(name), PARTICLE.contains(tail) || title(tail).is_some()) else {
            continue;
        };
        let title = if PARTICLE.contains(tail) && tail != "님" { None } else { title(tail) };
        readings.push(Reading { length: end + suffix(name, tail), key, look, full, tail, title });
    }
    readings
}

/// The bytes of the `이` that a name ending in a consonant takes before its particle.
pub(super) fn suffix(name: &str, tail: &str) -> usize {
    let closed = name.chars().next_back().is_some_and(|c| is_syllable(c) && (u32::from(c) - 0xAC00) % 28 != 0);
    let called = tail.strip_prefix('이').is_some_and(|rest| title(rest).is_some());
    if closed && (DOUBLE.contains(&tail) || called) { "이".len() } else { 0 }
}

/// How a whole word looks as a name; its key; whether it has a surname.
pub(super) fn look(name: &str) -> Option<(Look, &str, bool)> {
    if WORDS.contains(name) {
        return None;
    }
    if GIVEN.contains(name) {
        return Some((Look::Listed, name, false));
    }
    if AMBIGUOUS.contains(name) {
        return Some((Look::Ambiguous, name, false));
    }
    if let Some((_, given)) = surname(name) {
        if GIVEN.contains(given) {
            return Some((Look::Listed, given, true));
        }
        if AMBIGUOUS.contains(given) {
            return Some((Look::Ambiguous, given, true));
        }
        if built(given) {
            return Some((Look::Built, given, true));
        }
    }
    if built(name) {
        return Some((Look::Built, name, false));
    }
    (2..=4).contains(&name.chars().count()).then_some((Look::Unknown, name, false))
}

/// A surname and a given name of two syllables.
pub(super) fn surname(name: &str) -> Option<(&str, &str)> {
    let long = LONG_SURNAMES
        .iter()
        .find_map(|surname| name.strip_prefix(surname).map(|given| (&name[..surname.len()], given)));
    let short = || {
        let first = name.chars().next().filter(|first| SURNAMES.contains(*first))?;
        Some(name.split_at(first.len_utf8()))
    };
    long.filter(|(_, given)| given.chars().count() == 2).or_else(short).filter(|(_, given)| given.chars().count() == 2)
}

pub(super) fn built(name: &str) -> bool {
    let mut syllables = name.chars();
    let (Some(first), Some(last), None) = (syllables.next(), syllables.next(), syllables.next()) else { return false };
    FIRST.contains(first) && LAST.contains(last) && !WORDS.contains(name)
}

pub(super) fn is_syllable(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// The runs of Hangul in a text.
pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_syllable(*c)) {
        match ranges.last_mut() {
            Some(range) if range.end == at => range.end = at + c.len_utf8(),
            _ => ranges.push(at..at + c.len_utf8()),
        }
    }
    let mut words: Vec<Word<'_>> = Vec::with_capacity(ranges.len());
    for (index, range) in ranges.iter().enumerate() {
        let previous = index.checked_sub(1).map(|index| ranges[index].clone());
        let gap = &text[previous.as_ref().map_or(0, |range| range.end)..range.start];
        let near = previous.filter(|_| gap == " ").map(|range| &text[range]);
        let begins = near.is_none_or(|near| near.ends_with(['야', '아']) && near.chars().count() < 3);
        words.push(Word {
            text: &text[range.clone()],
            range: range.clone(),
            before: near,
            rest: &text[range.end..],
            begins,
        });
    }
    words
}
