//! Swearing and harassment, in Korean, English and Japanese.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::rules::word_ends;
use crate::text::normalize;

const AUTOMATON: usize = 256 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    innocent: Vec<String>,
    words: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    ko: Vec<String>,
    en: Vec<String>,
    ja: Vec<String>,
}

struct Lists {
    innocent: Regex,
    words: RegexSet,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let written: Written = toml::from_str(include_str!("rules/profanity.toml")).expect("the word lists are valid");
    let english = written.words.en.iter().map(|word| format!(r"(?-u:\b)(?:{word})(?-u:\b)"));
    let words: Vec<_> =
        written.words.ko.iter().map(|word| word_ends(word)).chain(english).chain(written.words.ja.clone()).collect();
    let innocent = format!("(?:{})", word_ends(&written.innocent.join(")|(?:")));
    Lists {
        innocent: RegexBuilder::new(&innocent).size_limit(AUTOMATON).build().expect("the innocent words are valid"),
        words: RegexSetBuilder::new(words).size_limit(AUTOMATON).build().expect("the word lists are valid"),
    }
});

/// Whether a text swears or harasses, as typed or with its letters pulled apart or swapped for digits. Linear in the
/// length of the text.
#[must_use]
pub fn profanity(text: &str) -> bool {
    let plain = normalize(text).unrepeated();
    swears(plain.text()) || swears(plain.joined().unleeted().text())
}

fn swears(text: &str) -> bool {
    LISTS.words.is_match(&LISTS.innocent.replace_all(text, " "))
}
