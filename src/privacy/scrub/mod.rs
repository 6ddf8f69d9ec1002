//! Takes what somebody wrote, gives it without what tells who anybody is. Spans alone protect badly, so schools, companies
//! and dates become words that say less. Checksums are never asked: a mistyped number is still somebody's.

mod affiliation;
mod date;
mod finding;
mod handle;
mod kind;
mod name;
mod number;
mod people;
mod place;
#[cfg(test)]
mod tests;
mod web;

use std::{collections::HashSet, ops::Range};

use finding::{Finding, Findings, Put};
pub use kind::Kind;
use people::People;

use super::Scrubbed;
use crate::{
    chat::Language,
    text::{self, Normal},
};

/// Looks over a text again until nothing more is found, so that what one look uncovers does not stay.
const LOOKS: usize = 4;

/// A place where something personal stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub kind: Kind,
    /// First character, counted from 0 in characters (Unicode scalar values) of the text as it was given.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

/// A story and what it refers to, scrubbed together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrubbing {
    pub story: Scrubbed,
    pub context: Vec<Scrubbed>,
    /// Of the story, in its order, none over another.
    pub spans: Vec<Span>,
}

/// Removes what is personal. Made once; scrubbing is linear in the length of the text, and its result is at most twice as
/// many characters.
#[derive(Clone, Debug, Default)]
pub struct Scrubber {
    /// Names that are nobody's, in lower case: the personas'.
    keep: HashSet<String>,
}

impl Scrubber {
    /// Leaves the names in `keep` as they are.
    pub fn keeping<'a>(keep: impl IntoIterator<Item = &'a str>) -> Self {
        let scrubber = Self { keep: keep.into_iter().map(|name| text::normalize(name).text().to_owned()).collect() };
        // The patterns are compiled at their first use, which should not be somebody's question.
        let _ = scrubber.scrub("id 1 가 あ", &[]);
        scrubber
    }

    /// Scrubs a story and the lines that it refers to in one pass: the same person is the same letter in all of them.
    #[must_use]
    pub fn scrub(&self, story: &str, context: &[&str]) -> Scrubbing {
        let mut pages: Vec<Page> = [story].iter().chain(context).map(|text| Page::new(text)).collect();
        let mut people = People::beside(pages.iter().map(|page| page.shown.text()));
        for _ in 0..LOOKS {
            if !self.look(&mut pages, &mut people) {
                break;
            }
        }
        let mut pages = pages.into_iter();
        let first = pages.next().unwrap_or_default();
        Scrubbing {
            spans: first.spans(story),
            story: Scrubbed(first.shown.text().to_owned()),
            context: pages.map(|page| Scrubbed(page.shown.text().to_owned())).collect(),
        }
    }

    /// One look over all pages. Whether anything was found.
    fn look(&self, pages: &mut [Page], people: &mut People) -> bool {
        let mut all: Vec<(Normal, Findings)> = pages.iter().map(|page| self.find(page.shown.text())).collect();
        for (view, findings) in &mut all {
            name::find(view, &self.keep, people, findings);
        }
        // A name that was certain in one place is looked for in all.
        for (view, findings) in &mut all {
            name::find_known(view, &self.keep, people, findings);
        }
        let mut found = false;
        for (page, (_, findings)) in pages.iter_mut().zip(all) {
            let findings = findings.sorted();
            found |= !findings.is_empty();
            page.replace(&findings, people);
        }
        found
    }

    fn find(&self, shown: &str) -> (Normal, Findings) {
        let mut findings = Findings::in_text(shown);
        protect_placeholders(shown, &mut findings);
        let view = text::compatible(shown);
        handle::find_markup(&view, &mut findings);
        web::find(&view, &mut findings);
        handle::find(&view, &self.keep, &mut findings);
        number::find(&view, &mut findings);
        number::find(&number::spelled(&view), &mut findings);
        date::find(&view, &mut findings);
        affiliation::find(&view, &mut findings);
        place::find(&view, &mut findings);
        (view, findings)
    }
}

fn protect_placeholders(shown: &str, findings: &mut Findings) {
    for (start, _) in shown.match_indices('[') {
        if let Some(placeholder) = kind::placeholders().find(|placeholder| shown[start..].starts_with(placeholder)) {
            findings.protect(start..start + placeholder.len());
        }
    }
}

/// A text on its way to being scrubbed.
#[derive(Debug, Default)]
struct Page {
    /// The text so far, with the way back to what was given.
    shown: Normal,
    language: Language,
    /// Kinds, and bytes of what was given.
    found: Vec<(Kind, Range<usize>)>,
}

impl Page {
    fn new(given: &str) -> Self {
        let shown = text::clean(given);
        let language = match text::detect(shown.text()) {
            None => Language::default(),
            Some(detected) => detected.language().unwrap_or(Language::En),
        };
        Self { shown, language, found: Vec::new() }
    }

    /// Puts words in the place of the findings, and makes the particles behind them fit.
    fn replace(&mut self, findings: &[Finding], people: &mut People) {
        let before = std::mem::take(&mut self.shown);
        let mut at = 0;
        for finding in findings.iter().filter(|finding| !finding.range.is_empty()) {
            if finding.range.start < at {
                continue;
            }
            self.shown.push_part(&before, at..finding.range.start);
            let given = before.source(&finding.range);
            let words = self.words(finding, &before.text()[finding.range.clone()], people);
            self.shown.push_str(&words, &given);
            self.found.push((finding.kind, given));
            at = finding.range.end;
            if let Some((particle, replaced)) = text::fit(&words, &before.text()[at..]) {
                let end = at + replaced.end;
                self.shown.push_str(particle, &before.source(&(at..end)));
                at = end;
            }
        }
        self.shown.push_part(&before, at..before.text().len());
    }

    fn words(&self, finding: &Finding, replaced: &str, people: &mut People) -> String {
        let words = match &finding.put {
            Put::Placeholder => finding.kind.placeholder(self.language).to_owned(),
            Put::Words(words) => words.clone(),
            Put::Person(key) => people.letter(key),
        };
        // Nothing grows to more than twice its length: where no placeholder is that short there stands a circle.
        let most = 2 * replaced.chars().count();
        let mut fits = [words.as_str(), finding.kind.placeholder(self.language), "○"].into_iter();
        fits.find(|words| words.chars().count() <= most).unwrap_or_default().to_owned()
    }

    /// The places found, in characters of what was given.
    fn spans(&self, given: &str) -> Vec<Span> {
        let mut found = self.found.clone();
        found.sort_by_key(|(_, range)| (range.start, range.end));
        let mut chars = given.char_indices().map(|(at, _)| at).chain([given.len()]).enumerate().peekable();
        let mut index = |byte: usize| {
            while chars.peek().is_some_and(|(_, at)| *at < byte) {
                chars.next();
            }
            chars.peek().map_or(0, |(index, _)| *index)
        };
        let mut spans: Vec<Span> = Vec::new();
        let mut end = 0;
        for (kind, range) in found.into_iter().filter(|(_, range)| !range.is_empty()) {
            // A later look may find something in what an earlier one put there: both stand for the same words.
            if range.start >= end {
                spans.push(Span { kind, start: index(range.start), end: index(range.end) });
                end = range.end;
            }
        }
        spans
    }
}
