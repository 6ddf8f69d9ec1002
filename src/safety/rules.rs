//! Rule files, and how a text is held against them.

use std::{borrow::Cow, collections::BTreeMap, ops::Range, sync::LazyLock};

use regex::{Captures, Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::{Crisis, Whose};

/// A piece of text is cut here even when no sentence ends, in bytes.
const LONGEST_SENTENCE: usize = 600;
/// Room for the automata of one rule file, in bytes.
const AUTOMATON: usize = 256 << 20;
/// Room for what a search has learnt of an automaton, in bytes: less would be learnt again and again.
const LEARNT: usize = 16 << 20;

/// A rule file as it is written. `rules/crisis.ko.toml` explains its parts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    blank: String,
    around: String,
    #[serde(default)]
    figures: Vec<String>,
    #[serde(default)]
    quotes: Vec<String>,
    #[serde(default)]
    own: Vec<String>,
    #[serde(default)]
    others: Vec<String>,
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
    rule: Vec<WrittenRule>,
}

/// One of `any`, each of `all` and none of `none` must stand in one sentence or two neighbours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    crisis: Crisis,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

/// A rule file ready for use.
#[derive(Debug)]
pub(super) struct Rules {
    figures: Option<Regex>,
    quotes: RegexSet,
    own: RegexSet,
    others: RegexSet,
    signs: RegexSet,
    judgements: Vec<Rule>,
}

/// Indices are those of `signs`.
#[derive(Debug)]
struct Rule {
    crisis: Crisis,
    all: Vec<usize>,
    none: Vec<usize>,
}

impl Rules {
    /// # Panics
    /// When the file is no rule file: rule files are part of the program.
    pub(super) fn read(file: &str) -> Self {
        let written: Written = toml::from_str(file).expect("a rule file is valid");
        let grammar = Grammar { blank: &written.blank, around: &written.around, words: &written.words };
        let mut signs = Vec::new();
        let rules = written.rule.iter().map(|rule| grammar.rule(rule, &mut signs)).collect();
        Self {
            figures: (!written.figures.is_empty()).then(|| one(&grammar.either(&written.figures))),
            quotes: set(&grammar.each(&written.quotes)),
            own: set(&grammar.each(&written.own)),
            others: set(&grammar.each(&written.others)),
            signs: set(&signs),
            judgements: rules,
        }
    }

    /// The gravest crisis that the rules find, and whose it is.
    pub(super) fn hold_against(&self, text: &str) -> Option<(Crisis, Whose)> {
        let literal = match &self.figures {
            Some(figures) => figures.replace_all(text, " "),
            None => Cow::Borrowed(text),
        };
        let told: Vec<_> =
            sentences(&literal).into_iter().map(|range| (self.tells(&literal[range.clone()]), range)).collect();
        let windows = (0..told.len()).filter_map(|at| window(&told, at));
        windows.filter_map(|range| self.judge(&literal[range])).min()
    }

    /// Whether a sentence speaks for itself, and not of a song or the news.
    fn tells(&self, sentence: &str) -> bool {
        !self.quotes.is_match(sentence) || self.own.is_match(sentence)
    }

    fn judge(&self, window: &str) -> Option<(Crisis, Whose)> {
        let found = self.signs.matches(window);
        if !found.matched_any() {
            return None;
        }
        let holds = |rule: &&Rule| {
            rule.all.iter().all(|sign| found.matched(*sign)) && !rule.none.iter().any(|sign| found.matched(*sign))
        };
        let crisis = self.judgements.iter().filter(holds).map(|rule| rule.crisis).min()?;
        let whose = if self.others.is_match(window) { Whose::SomeoneElse } else { Whose::Own };
        Some((crisis, whose))
    }
}

/// The bytes of a sentence that tells, together with the next one where that tells too.
fn window(told: &[(bool, Range<usize>)], at: usize) -> Option<Range<usize>> {
    let (true, this) = &told[at] else { return None };
    match told.get(at + 1) {
        Some((true, next)) => Some(this.start..next.end),
        _ => Some(this.clone()),
    }
}

/// The sentences of a text, in order, without gaps.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        let ends = matches!(c, '.' | '!' | '?' | '\n' | '。' | '！' | '？');
        if at > start && (ended && !ends || at - start >= LONGEST_SENTENCE) {
            sentences.push(start..at);
            start = at;
        }
        ended = ends;
    }
    sentences.push(start..text.len());
    sentences
}

/// How patterns are written in one file.
struct Grammar<'a> {
    blank: &'a str,
    around: &'a str,
    words: &'a BTreeMap<String, Vec<String>>,
}

impl Grammar<'_> {
    fn rule(&self, rule: &WrittenRule, signs: &mut Vec<String>) -> Rule {
        let mut index = |pattern: String| {
            signs.iter().position(|sign| *sign == pattern).unwrap_or_else(|| {
                signs.push(pattern);
                signs.len() - 1
            })
        };
        let mut all: Vec<_> = rule.all.iter().map(|name| index(self.named(name))).collect();
        if !rule.any.is_empty() {
            all.push(index(self.either(&rule.any)));
        }
        let none = rule.none.iter().map(|name| index(self.named(name))).collect();
        Rule { crisis: rule.crisis, all, none }
    }

    fn named(&self, name: &str) -> String {
        self.words.get(name).map_or_else(|| self.pattern(name), |words| self.either(words))
    }

    fn either(&self, patterns: &[String]) -> String {
        self.each(patterns).join("|")
    }

    fn each(&self, patterns: &[String]) -> Vec<String> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn pattern(&self, written: &str) -> String {
        self.around.replace('@', &format!("(?:{})", self.expand(written)))
    }

    fn expand(&self, written: &str) -> String {
        static NAME: LazyLock<Regex> = LazyLock::new(|| one(r"\{([a-z]+)\}"));
        let named = NAME.replace_all(written, |name: &Captures<'_>| {
            let words = self.words.get(&name[1]).expect("a rule file names its own words");
            format!("(?:{})", words.join("|"))
        });
        // Unicode's letters and digits would make large automata of what only Latin words need.
        let named = named.replace(r"\w", "[a-z0-9]").replace(r"\W", "[^a-z0-9]");
        word_ends(&named).replace('~', "[^.!?\n]{0,12}").replace(" ?", r"\s*").replace(' ', self.blank)
    }
}

/// `<` where a word begins and `>` where one ends. Not `\b`: its Unicode form keeps a pattern from becoming an automaton,
/// which makes it many times slower on Hangul.
pub(super) fn word_ends(written: &str) -> String {
    written.replace('<', "(?:^|[^가-힣a-z0-9])").replace('>', "(?:$|[^가-힣a-z0-9])")
}

fn one(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).size_limit(AUTOMATON).dfa_size_limit(LEARNT).build().expect("a pattern of ours is valid")
}

fn set(patterns: &[String]) -> RegexSet {
    RegexSetBuilder::new(patterns)
        .size_limit(AUTOMATON)
        .dfa_size_limit(LEARNT)
        .build()
        .expect("a pattern of ours is valid")
}
