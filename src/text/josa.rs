//! Korean particles that fit the word before them.

use std::ops::Range;

use super::hangul;

/// How a word ends, as far as its particles care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Final {
    Vowel,
    /// Ends in ㄹ, after which `로` stays `로`.
    Rieul,
    Consonant,
}

/// A particle with two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Particle {
    /// After a consonant: `은`.
    pub closed: &'static str,
    /// After a vowel: `는`.
    pub open: &'static str,
}

const fn particle(closed: &'static str, open: &'static str) -> Particle {
    Particle { closed, open }
}

impl Particle {
    pub const TOPIC: Self = particle("은", "는");
    pub const SUBJECT: Self = particle("이", "가");
    pub const OBJECT: Self = particle("을", "를");
    pub const WITH: Self = particle("과", "와");
    pub const AND: Self = particle("이랑", "랑");
    pub const TOWARDS: Self = particle("으로", "로");
    pub const CALL: Self = particle("아", "야");

    /// The form that fits `word`. A word whose sound is unknown takes the form after a vowel.
    #[must_use]
    pub fn after(self, word: &str) -> &'static str {
        match last_sound(word) {
            Some(Final::Consonant) => self.closed,
            Some(Final::Rieul) if self != Self::TOWARDS => self.closed,
            _ => self.open,
        }
    }
}

/// Longer ones first, so that `이랑` is not taken for `이`. Pairs whose one form begins with the other (`이랑`, `랑`) are
/// recognised by either.
const PARTICLES: &[Particle] = &[
    particle("이었", "였"),
    particle("이에요", "예요"),
    particle("이예요", "예요"),
    particle("이라고", "라고"),
    particle("이라는", "라는"),
    particle("이라서", "라서"),
    particle("이라도", "라도"),
    particle("이라", "라"),
    Particle::AND,
    particle("이나", "나"),
    particle("이야", "야"),
    particle("이여", "여"),
    particle("이든", "든"),
    particle("이네", "네"),
    particle("이면", "면"),
    particle("으로서", "로서"),
    particle("으로써", "로써"),
    Particle::TOWARDS,
    Particle::TOPIC,
    Particle::SUBJECT,
    Particle::OBJECT,
    Particle::WITH,
    Particle::CALL,
];

/// What may follow a particle within its word.
const TAILS: &[&str] = &[
    "만", "도", "은", "는", "의", "요", "부터", "까지", "서", "써", "나", "던", "더", "어", "다", "고", "면", "가",
    "를", "을",
];

/// How `word` ends: Hangul, Latin letters by their Korean names, digits by their Sino-Korean readings. Closing signs are
/// skipped. `None` when the sound cannot be known.
#[must_use]
pub fn last_sound(word: &str) -> Option<Final> {
    let last = word.chars().rev().find(|c| c.is_alphanumeric())?;
    if let Some(tail) = hangul::tail(last) {
        return Some(match tail {
            0 => Final::Vowel,
            8 => Final::Rieul,
            _ => Final::Consonant,
        });
    }
    match last.to_ascii_lowercase() {
        // R is read 알 (아르 in dictionaries).
        'l' | 'r' | '1' | '7' | '8' => Some(Final::Rieul),
        'm' | 'n' | '0' | '3' | '6' => Some(Final::Consonant),
        'a'..='z' | '2' | '4' | '5' | '9' => Some(Final::Vowel),
        _ => None,
    }
}

/// The particle at the start of `rest` in the form that fits `word`, and the bytes of `rest` that it replaces; `None` when
/// no particle stands there or it fits already.
#[must_use]
pub fn fit(word: &str, rest: &str) -> Option<(&'static str, Range<usize>)> {
    let (found, particle) = PARTICLES.iter().find_map(|particle| {
        let form = [particle.closed, particle.open]
            .into_iter()
            .find(|form| rest.starts_with(form) && ends(&rest[form.len()..]))?;
        Some((form, *particle))
    })?;
    let wanted = particle.after(word);
    (wanted != found).then_some((wanted, 0..found.len()))
}

fn ends(rest: &str) -> bool {
    let open = |rest: &str| !rest.chars().next().is_some_and(hangul::is_syllable);
    open(rest)
        || TAILS.iter().any(|tail| rest.strip_prefix(tail).is_some_and(|after| open(after) || tail.chars().count() > 1))
}
