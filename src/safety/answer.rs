//! What an answer must not hold.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::{Crisis, look_at_answer, profanity};

/// What a persona may never say of itself. What it advises others to say stands in quotes and is not meant.
static PRETENCES: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)\bi(?:'m| am) (?:just |also |really )?(?:a |an )?(?:real |actual |living )?(?:human|person|man|woman|girl|boy|guy)\b",
        r"(?i)\bi(?:'m| am) (?:so |really |deeply )?in love with you\b",
        r"(?i)(?:^|[.!?] +)(?:and |yes,? |but )?i (?:do |really |also )?love you\b",
        r"(?:나는|난|저는|전|나도|저도) ?(?:진짜|정말|실제)? ?(?:사람|인간)(?:이야|이에요|예요|입니다|이다|이거든|인데)",
        r"(?:나는|난|저는|전|나도|저도) ?(?:정말|진심으로)? ?(?:너를|널|당신을|네가|당신이)? ?사랑(?:해|합니다|하고 있)",
        r"(?:私|僕|俺|わたし|ぼく)[はも](?:本物の|普通の)?人間(?:です|だ|な)",
        r"(?:私|僕|俺|わたし|ぼく)[はも](?:あなた|きみ|君)(?:を|が|のこと)(?:が|を)?(?:愛し|大?好き)",
    ])
    .expect("the patterns are valid")
});

/// A quote that is not closed yet is a quote.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""[^"\n]*(?:"|$)|“[^”\n]*(?:”|$)|‘[^’\n]*(?:’|$)|「[^」\n]*(?:」|$)|『[^』\n]*(?:』|$)"#)
        .expect("the pattern is valid")
});

fn pretends(answer: &str) -> bool {
    PRETENCES.is_match(&QUOTED.replace_all(answer, "…"))
}

/// Why an answer may not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The asker gets the card instead.
    Crisis(Crisis),
    /// The asker gets an apology instead.
    Profanity,
    /// The answer repeats what only the prompt holds.
    Leak,
    /// The persona claims to be human, or in love with the asker.
    Pretence,
}

/// The checks of one answer. Made for each prompt, because what must not leak is the prompt's own.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    secrets: Vec<String>,
}

impl Guard {
    /// A guard that knows what the prompt must keep to itself: its canary, its rules.
    #[must_use]
    pub fn keeping(secrets: Vec<String>) -> Self {
        Self { secrets: secrets.into_iter().filter(|secret| !secret.is_empty()).collect() }
    }

    /// The gravest fault of an answer, whole or so far; `None` when it may go out.
    #[must_use]
    pub fn check(&self, answer: &str) -> Option<Fault> {
        if let Some(crisis) = look_at_answer(answer) {
            return Some(Fault::Crisis(crisis));
        }
        if self.secrets.iter().any(|secret| answer.contains(secret.as_str())) {
            return Some(Fault::Leak);
        }
        if pretends(answer) {
            return Some(Fault::Pretence);
        }
        profanity(answer).then_some(Fault::Profanity)
    }
}
