//! What a persona file must hold beyond its shape. Lengths are in Unicode scalar values.

use std::{collections::HashSet, fmt::Display, ops::RangeInclusive};

use unicode_segmentation::UnicodeSegmentation;

use super::{
    Budget, Voice,
    character::{AMOUNT, Sheet, parse_colour},
    fault::Faults,
};
use crate::engine::Sampling;

const NAME: RangeInclusive<usize> = 2..=20;
const NICKNAMES: RangeInclusive<usize> = 0..=8;
pub(super) const CHARACTER: RangeInclusive<usize> = 10..=240;
pub(super) const SPEECH: RangeInclusive<usize> = 5..=160;
const LENGTH: RangeInclusive<usize> = 4..=80;
const RULES: RangeInclusive<usize> = 1..=6;
const RULE: RangeInclusive<usize> = 2..=80;
const EXAMPLES: RangeInclusive<usize> = 6..=16;
pub(super) const QUESTION: RangeInclusive<usize> = 4..=120;
pub(super) const ANSWER: RangeInclusive<usize> = 10..=280;
const THANKS: RangeInclusive<usize> = 3..=12;
const SENTENCE: RangeInclusive<usize> = 10..=160;

/// What is kept of a character card, in bytes.
const CARD: usize = 1 << 20;

const TEMPERATURE: RangeInclusive<f64> = 0.0..=2.0;
const TOP_P: RangeInclusive<f64> = 0.01..=1.0;
const TOP_K: RangeInclusive<usize> = 1..=1_000;
const REPETITION_PENALTY: RangeInclusive<f32> = 1.0..=2.0;
const MAX_TOKENS: RangeInclusive<usize> = 1..=4_096;
const MAX_CHARS: RangeInclusive<usize> = 1..=20_000;
const MAX_SENTENCES: RangeInclusive<usize> = 1..=100;

/// The file's stem is the persona's id: it is typed in commands and stands in names of environment variables.
pub(super) fn id(stem: &str, faults: &mut Faults) {
    let starts_well = stem.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts_well || !stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        let hint = "a persona's id is its file's name: small letters a-z, then digits or _";
        faults.add("", "the file's name is no persona id", Some(hint.to_owned()));
    }
}

pub(super) fn sheet(sheet: &Sheet, faults: &mut Faults) {
    if sheet.order == 0 {
        faults.add("order", "is missing or 0", Some("the place in a panel, counted from 1".to_owned()));
    }
    if sheet.emoji.is_ascii() || sheet.emoji.graphemes(true).count() != 1 {
        faults.add("emoji", "must be one emoji", None);
    }
    if parse_colour(&sheet.colour).is_none() {
        faults.add("colour", "must be a colour", Some("six hexadecimal digits, such as \"#B5523B\"".to_owned()));
    }
    card(&sheet.card, faults);
    sampling(&sheet.sampling, faults);
    for (platform, of) in
        [("console", sheet.budget.console), ("discord", sheet.budget.discord), ("twitch", sheet.budget.twitch)]
    {
        budget(&format!("budget.{platform}"), of, faults);
    }
    for (language, of) in [("ko", &sheet.ko), ("en", &sheet.en), ("ja", &sheet.ja)] {
        voice(language, of, faults);
    }
}

fn card(kept: &str, faults: &mut Faults) {
    if kept.len() > CARD {
        faults.add("card", format!("has {} bytes, must have at most {CARD}", kept.len()), None);
    } else if !kept.is_empty() && serde_json::from_str::<serde_json::Map<_, _>>(kept).is_err() {
        faults.add("card", "is not a JSON object", Some("it is what `lovelm persona import` wrote".to_owned()));
    }
}

fn sampling(sampling: &Sampling, faults: &mut Faults) {
    within("sampling.temperature", &sampling.temperature, &TEMPERATURE, faults);
    within("sampling.top_p", &sampling.top_p, &TOP_P, faults);
    within("sampling.top_k", &sampling.top_k, &TOP_K, faults);
    within("sampling.repetition_penalty", &sampling.repetition_penalty, &REPETITION_PENALTY, faults);
}

fn budget(key: &str, budget: Budget, faults: &mut Faults) {
    within(&format!("{key}.max_tokens"), &budget.max_tokens, &MAX_TOKENS, faults);
    within(&format!("{key}.max_chars"), &budget.max_chars, &MAX_CHARS, faults);
    within(&format!("{key}.max_sentences"), &budget.max_sentences, &MAX_SENTENCES, faults);
}

fn voice(key: &str, voice: &Voice, faults: &mut Faults) {
    name(&format!("{key}.name"), &voice.name, faults);
    let nicknames = format!("{key}.nicknames");
    some(&nicknames, &voice.nicknames, &NICKNAMES, faults);
    for (index, nickname) in voice.nicknames.iter().enumerate() {
        name(&format!("{nicknames}[{index}]"), nickname, faults);
    }
    line(&format!("{key}.character"), &voice.character, &CHARACTER, faults);
    line(&format!("{key}.speech"), &voice.speech, &SPEECH, faults);
    line(&format!("{key}.length"), &voice.length, &LENGTH, faults);
    lines(&format!("{key}.always"), &voice.always, &RULES, &RULE, faults);
    lines(&format!("{key}.never"), &voice.never, &RULES, &RULE, faults);
    examples(&format!("{key}.examples"), voice, faults);
    let thanks: Vec<String> = voice.thanks.iter().map(|line| line.replace(AMOUNT, "100")).collect();
    lines(&format!("{key}.thanks"), &thanks, &THANKS, &SENTENCE, faults);
    line(&format!("{key}.notice"), &voice.notice, &SENTENCE, faults);
    if !voice.notice.contains("AI") {
        faults.add(&format!("{key}.notice"), "does not say AI", Some("people are told that this is an AI".to_owned()));
    }
    line(&format!("{key}.trouble"), &voice.trouble, &SENTENCE, faults);
}

fn examples(key: &str, voice: &Voice, faults: &mut Faults) {
    some(key, &voice.examples, &EXAMPLES, faults);
    let mut asked = HashSet::new();
    for (index, example) in voice.examples.iter().enumerate() {
        line(&format!("{key}[{index}].question"), &example.question, &QUESTION, faults);
        line(&format!("{key}[{index}].answer"), &example.answer, &ANSWER, faults);
        if !example.question.is_empty() && !asked.insert(&example.question) {
            faults.add(&format!("{key}[{index}].question"), "is asked twice", None);
        }
    }
}

/// A name is one word, or routing could not find it in a sentence.
fn name(key: &str, name: &str, faults: &mut Faults) {
    line(key, name, &NAME, faults);
    if name.chars().any(|letter| !letter.is_alphanumeric() && !letter.is_control()) {
        faults.add(key, "must be one word of letters and digits", None);
    }
}

fn lines(
    key: &str,
    lines: &[String],
    count: &RangeInclusive<usize>,
    length: &RangeInclusive<usize>,
    faults: &mut Faults,
) {
    some(key, lines, count, faults);
    for (index, text) in lines.iter().enumerate() {
        line(&format!("{key}[{index}]"), text, length, faults);
    }
}

fn some<T>(key: &str, list: &[T], count: &RangeInclusive<usize>, faults: &mut Faults) {
    if !count.contains(&list.len()) {
        let problem = format!("has {}, must have {} to {}", list.len(), count.start(), count.end());
        faults.add(key, problem, None);
    }
}

fn line(key: &str, text: &str, length: &RangeInclusive<usize>, faults: &mut Faults) {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        faults.add(key, "is missing or empty", None);
    } else if text.chars().any(char::is_control) {
        faults.add(key, "must be one line without control characters", None);
    } else if text.contains(['{', '}']) {
        let hint = format!("only {AMOUNT}, and only in thanks, stands for something");
        faults.add(key, "holds a brace", Some(hint));
    } else if text.trim() != text {
        faults.add(key, "begins or ends with white space", None);
    } else if !length.contains(&chars) {
        faults.add(key, format!("has {chars} characters, must have {} to {}", length.start(), length.end()), None);
    }
}

fn within<T: PartialOrd + Display>(key: &str, value: &T, range: &RangeInclusive<T>, faults: &mut Faults) {
    if !range.contains(value) {
        faults.add(key, format!("is {value}, must be {} to {}", range.start(), range.end()), None);
    }
}
