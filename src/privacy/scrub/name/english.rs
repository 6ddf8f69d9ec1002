//! Names in Latin letters: by lists, capitals, relations and introductions.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{super::finding::compile, Found, words};

static GIVEN: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("english_given.txt")));
static AMBIGUOUS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("english_ambiguous.txt")));
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("english_words.txt")));

/// A name behind who it is, an introduction or a title.
static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?i)\b(?:boyfriends?|girlfriends?|bf|gf|ex|ex-?(?:boyfriend|girlfriend|husband|wife|bf|gf)|husband|wife|fianc[eé]e?|crush|partner|date|friends?|bff|bestie|best friend|buddy|roommates?|flatmate|housemate|room ?mate|coworkers?|co-worker|colleague|boss|manager|teacher|professor|prof|coach|classmate|neighbou?r|sister|brother|sis|bro|cousin|aunt|auntie|uncle|mom|mum|dad|son|daughter|niece|nephew|stepmom|stepdad|grandma|grandpa|named|called|name is|name's|names?:|guy|girl|mr\.?|mrs\.?|ms\.?|miss|dr\.?|i am|i'm|this is|it's me|call me|talk(?:ing)? to|dating|married|kissed|met|told|texted|with|love[sd]?|like[sd]?|miss(?:ed)?|hate[sd]?|asked|saw|trust|forgive|meet|kiss|text|call)(?:,? |: ?)(?P<x>[A-Z][a-zé]{1,14})(?P<s>(?: [A-Z][a-zé'-]{1,16})?)",
    )
});
/// Introductions after which any capital word is a name. The longer list above serves names that are words as well.
static CERTAIN: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?i)^(?:boyfriends?|girlfriends?|bf|gf|ex|ex-?\w+|husband|wife|fianc[eé]e?|crush|partner|friends?|bff|bestie|best friend|buddy|roommates?|flatmate|housemate|room ?mate|coworkers?|co-worker|colleague|boss|classmate|neighbou?r|sister|brother|sis|bro|cousin|aunt|auntie|uncle|son|daughter|niece|nephew|named|called|name is|name's|names?:|dating|married|kissed|mr\.?|mrs\.?|ms\.?|miss|dr\.?)[,: ]",
    )
});
static WORD: LazyLock<Regex> = LazyLock::new(|| compile(r"[A-Za-zé]{2,16}"));
/// What people do, right behind a name that is a word as well.
const DEEDS: &[&str] = &[
    " and I ",
    " said",
    " told me",
    " texted",
    " asked me",
    " broke up",
    " cheated",
    " dumped",
    " ghosted",
    " kissed",
    " loves me",
    " hates me",
    " likes me",
    " wants to",
    " left me",
    " and me ",
];
const CLOSE: &str = "boyfriend girlfriend bf gf ex husband wife fiance fiancee fiancé crush partner friend bff bestie roommate coworker colleague boss sister brother cousin uncle aunt named called";

/// Names that are times and cities far more often.
const TIMES: &[&str] = &[
    "april",
    "may",
    "june",
    "august",
    "summer",
    "autumn",
    "winter",
    "paris",
    "london",
    "austin",
    "dallas",
    "brooklyn",
    "georgia",
    "virginia",
    "savannah",
    "christian",
    "god",
    "will",
];

/// The names in a text.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut before = "";
    let mut end = 0;
    for word in WORD.find_iter(text) {
        let start = word.start();
        let whole = !text[..start].ends_with(|c: char| {
            c.is_alphanumeric() || matches!(c, '@' | '_' | '.' | '/' | '#' | '[') && !text[..start].ends_with(". ")
        }) && !text[word.end()..]
            .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '_' | '/'));
        let near = text.get(end..start).is_some_and(|gap| matches!(gap, " " | ", "));
        if whole && is_name(word.as_str(), if near { before } else { "" }, &text[word.end()..]) {
            found.push(with_surname(text, word.start(), word.end()));
        }
        before = word.as_str();
        end = word.end();
    }
    found.extend(introduced(text));
    found
}

/// Names known from elsewhere, in any case.
pub(super) fn find_known(text: &str, known: impl Fn(&str) -> bool) -> Vec<Found> {
    let whole =
        WORD.find_iter(text).filter(|word| !text[..word.start()].ends_with(|c: char| c.is_ascii_alphanumeric()));
    let names = whole.map(|word| (word.range(), word.as_str().to_lowercase()));
    names.filter(|(_, key)| known(key)).map(|(range, key)| Found { range, key }).collect()
}

fn is_name(word: &str, before: &str, rest: &str) -> bool {
    let lower = word.to_lowercase();
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase())
        && !(word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase()));
    let close = CLOSE.split(' ').any(|relation| before.eq_ignore_ascii_case(relation));
    if GIVEN.contains(lower.as_str()) {
        return true;
    }
    // `Grace's`, `my friend Grace`, `my friend grace is`: names that are words need a capital and a sign.
    AMBIGUOUS.contains(lower.as_str())
        && capital
        && (close || (rest.starts_with("'s ") && !before.is_empty()) || DEEDS.iter().any(|deed| rest.starts_with(deed)))
}

fn introduced(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = INTRODUCED.captures_at(text, at) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.name("x")) else { break };
        // The name may itself introduce the next: `Jake and Emma`.
        at = name.start().max(whole.start() + 1);
        let lower = name.as_str().to_lowercase();
        let capital = name.as_str().starts_with(|c: char| c.is_ascii_uppercase());
        let known = AMBIGUOUS.contains(lower.as_str());
        let certain = CERTAIN.is_match(whole.as_str()) && !WORDS.contains(lower.as_str());
        let time = TIMES.contains(&lower.as_str()) && !CERTAIN.is_match(whole.as_str());
        if capital && (known || certain) && !time {
            found.push(with_surname(text, name.start(), name.end()));
        }
    }
    found
}

/// The name at `start..end`, with a capital word behind it that is no word we know.
fn with_surname(text: &str, start: usize, end: usize) -> Found {
    // `Mei-Ling`, `Ji-woo`.
    let hyphen = text[end..]
        .strip_prefix('-')
        .map_or(0, |next| next.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(next.len()));
    let end = end + if (2..12).contains(&hyphen) { hyphen + 1 } else { 0 };
    let rest = &text[end..];
    let surname = rest
        .strip_prefix(' ')
        .map(|next| &next[..next.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(next.len())]);
    let longer = surname.filter(|next| {
        let capital = next.starts_with(|c: char| c.is_ascii_uppercase())
            && next.len() > 2
            && !next.bytes().all(|b| b.is_ascii_uppercase());
        capital
            && text[start..].starts_with(|c: char| c.is_ascii_uppercase())
            && !WORDS.contains(next.to_lowercase().as_str())
    });
    Found { range: start..end + longer.map_or(0, |next| next.len() + 1), key: text[start..end].to_lowercase() }
}
