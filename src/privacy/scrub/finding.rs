//! What was found in one text. What is found first keeps its place.

use std::ops::Range;

use regex::Regex;

use super::Kind;
use crate::text::Normal;

/// What is put in the place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// The kind's placeholder.
    Placeholder,
    /// Words that say less.
    Words(String),
    /// The letter of the person known by this key.
    Person(String),
}

#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub kind: Kind,
    /// Bytes of the shown text.
    pub range: Range<usize>,
    pub put: Put,
}

/// The findings in one text, none over another.
#[derive(Debug)]
pub(super) struct Findings {
    taken: Vec<bool>,
    list: Vec<Finding>,
}

impl Findings {
    pub(super) fn in_text(shown: &str) -> Self {
        Self { taken: vec![false; shown.len()], list: Vec::new() }
    }

    /// Keeps everything from being found in `range`.
    pub(super) fn protect(&mut self, range: Range<usize>) {
        self.taken[range].fill(true);
    }

    /// Adds a finding where nothing was found yet. `range` is of the view's text.
    pub(super) fn add(&mut self, view: &Normal, kind: Kind, range: &Range<usize>, put: Put) {
        let found = &view.text()[range.clone()];
        let start = range.start + found.len() - found.trim_start_matches(' ').len();
        let range = view.source(&(start..start + found.trim_matches(' ').len()));
        if !range.is_empty() && !self.taken[range.clone()].contains(&true) {
            self.protect(range.clone());
            self.list.push(Finding { kind, range, put });
        }
    }

    /// Adds a placeholder for every match of a rule's group that its guard lets through.
    pub(super) fn apply(&mut self, view: &Normal, rule: &Rule) {
        for captures in rule.pattern.captures_iter(view.text()) {
            let Some(found) = captures.get(rule.group).or_else(|| captures.get(0)) else { continue };
            if (rule.guard)(view.text(), &found.range()) {
                self.add(view, rule.kind, &found.range(), Put::Placeholder);
            }
        }
    }

    /// In the order of the text.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| finding.range.start);
        self.list
    }
}

/// A pattern whose matches are all of one kind.
#[derive(Debug)]
pub(super) struct Rule {
    kind: Kind,
    pattern: Regex,
    /// The group that is replaced: `x` where the pattern names one, else all of the match.
    group: usize,
    guard: fn(&str, &Range<usize>) -> bool,
}

impl Rule {
    /// Every quantifier of a pattern is bounded or over a class that its follower is not in, so that finding stays linear.
    pub(super) fn new(kind: Kind, pattern: &str, guard: fn(&str, &Range<usize>) -> bool) -> Self {
        let pattern = compile(pattern);
        let group = pattern.capture_names().position(|name| name == Some("x")).unwrap_or(0);
        Self { kind, pattern, group, guard }
    }
}

/// A pattern of this room's own.
pub(super) fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("a pattern of the scrubber is malformed: {error}"))
}

/// No guard.
pub(super) fn always(_: &str, _: &Range<usize>) -> bool {
    true
}

/// The match is no part of a longer number or Latin word: no digit or Latin letter beside it, nor behind a hyphen or dot.
pub(super) fn alone(text: &str, range: &Range<usize>) -> bool {
    let mut before = text[..range.start].chars().rev();
    let mut after = text[range.end..].chars();
    free(before.next(), before.next()) && free(after.next(), after.next())
}

/// No letter or digit of any script before the match.
pub(super) fn begins_word(text: &str, range: &Range<usize>) -> bool {
    !text[..range.start].chars().next_back().is_some_and(char::is_alphanumeric)
}

fn free(near: Option<char>, far: Option<char>) -> bool {
    match near {
        Some(c) if c.is_ascii_alphanumeric() => false,
        Some('-' | '.' | ',') => !far.is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}
