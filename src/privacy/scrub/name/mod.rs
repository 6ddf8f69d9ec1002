//! People's names. A word is a name because a list knows it or because of what stands around it; words that are names only
//! sometimes need the latter.

mod english;
mod japanese;
mod korean;
mod relation;

use std::collections::HashSet;

use super::{
    Kind,
    finding::{Findings, Put},
    people::People,
};
use crate::text::Normal;

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    /// Bytes of the text.
    range: std::ops::Range<usize>,
    /// What is the same for the same person: the given name, in lower case.
    key: String,
}

/// Finds the names that are certain where they stand.
pub(super) fn find(view: &Normal, keep: &HashSet<String>, people: &mut People, findings: &mut Findings) {
    let text = view.text();
    let found = korean::find(text).into_iter().chain(english::find(text)).chain(japanese::find(text));
    let mut found: Vec<Found> = found.filter(|name| !is_kept(keep, &text[name.range.clone()], &name.key)).collect();
    // Letters go by the order of the text.
    found.sort_by_key(|name| name.range.start);
    for name in found {
        people.meet(&name.key);
        findings.add(view, Kind::Name, &name.range, Put::Person(name.key));
    }
}

/// Finds the names that were certain elsewhere, wherever they stand as a word of their own.
pub(super) fn find_known(view: &Normal, keep: &HashSet<String>, people: &People, findings: &mut Findings) {
    if people.is_empty() {
        return;
    }
    let text = view.text();
    let known = |key: &str| people.knows(key);
    let found = korean::find_known(text, known)
        .into_iter()
        .chain(english::find_known(text, known))
        .chain(japanese::find_known(text, known));
    for name in found.filter(|name| !is_kept(keep, &text[name.range.clone()], &name.key)) {
        findings.add(view, Kind::Name, &name.range, Put::Person(name.key));
    }
}

fn is_kept(keep: &HashSet<String>, name: &str, key: &str) -> bool {
    keep.contains(&name.to_lowercase()) || keep.contains(key)
}

/// The words of a list: white space between them, lines that begin with `#` left out.
fn words(list: &'static str) -> HashSet<&'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}
