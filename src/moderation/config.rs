//! The `[moderation]` section: what moderators may have, and what a raid is.

use std::time::Duration;

use serde::Deserialize;

/// `[moderation]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModerationConfig {
    /// How often a process reads what moderators want, besides being told of every change.
    #[serde(with = "humantime_serde")]
    pub read_every: Duration,
    /// People who may be blocked in one place.
    pub most_blocks: usize,
    /// Places in which moderators may want something, and people blocked in all of them; what is beyond is not read.
    pub most_places: usize,
    pub most_blocks_in_all: usize,
    /// Lines of the log, and calls of the line, that are shown.
    pub log_lines: usize,
    pub queue_lines: usize,
    /// How long a code for alerts can be used.
    #[serde(with = "humantime_serde")]
    pub code_lives: Duration,
    pub copies: CopiesConfig,
}

/// `[moderation.copies]`: one text from many accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CopiesConfig {
    /// From so many accounts on, the same text in a place is a raid and gets no further answers. Zero: nothing is.
    pub accounts: usize,
    /// How long a text is remembered after it came last.
    #[serde(with = "humantime_serde")]
    pub within: Duration,
    /// Letters that a text must have; shorter ones are everybody's.
    pub letters: usize,
    /// Texts remembered at once; the one that came least lately goes first.
    pub most_texts: usize,
}

impl Default for ModerationConfig {
    fn default() -> Self {
        Self {
            read_every: Duration::from_mins(1),
            most_blocks: 1_000,
            most_places: 10_000,
            most_blocks_in_all: 100_000,
            log_lines: 10,
            queue_lines: 10,
            code_lives: Duration::from_mins(10),
            copies: CopiesConfig::default(),
        }
    }
}

impl Default for CopiesConfig {
    fn default() -> Self {
        Self { accounts: 10, within: Duration::from_mins(10), letters: 8, most_texts: 4_000 }
    }
}

impl ModerationConfig {
    /// The first thing that cannot be: its key below `[moderation]`, and what it must be.
    ///
    /// # Errors
    /// See above.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let lines = 1..=100;
        let rules = [
            (!self.read_every.is_zero(), "read_every", "must be longer than nothing"),
            (self.most_blocks > 0, "most_blocks", "must be 1 or more"),
            (self.most_places > 0, "most_places", "must be 1 or more"),
            (self.most_blocks_in_all >= self.most_blocks, "most_blocks_in_all", "must be `most_blocks` or more"),
            (lines.contains(&self.log_lines), "log_lines", "must be 1 to 100"),
            (lines.contains(&self.queue_lines), "queue_lines", "must be 1 to 100"),
            (!self.code_lives.is_zero(), "code_lives", "must be longer than nothing"),
            (self.copies.accounts != 1, "copies.accounts", "must be 0, or 2 or more"),
            (self.copies.accounts <= 1_000, "copies.accounts", "must be 1000 or less"),
            (self.copies.letters > 0, "copies.letters", "must be 1 or more"),
            (self.copies.most_texts > 0, "copies.most_texts", "must be 1 or more"),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| Err((key, must)))
    }
}
