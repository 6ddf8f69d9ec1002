//! Takes what stands behind a name, gives the length of the ending that turns the name into a call. Knows no names.
//!
//! Korean: a vocative (홍차야, 김달아), a dative (슈히한테, 김달에게), an honorific or title (오마르님, 홍차 언니), together or
//! alone. Subject, topic and object particles (홍차가, 홍차는, 홍차를) talk about somebody. Japanese: an honorific (シュヒちゃん)
//! without the particles that talk about somebody (シュヒちゃんは, シュヒちゃんの).

use super::script::{Script, ends, has_final, script};

/// Where a name stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand<'a> {
    /// The line up to the name.
    pub before: &'a str,
    /// The last letter of the name.
    pub last: char,
    /// Only greetings and other calls stand before the name on its line.
    pub leads: bool,
}

/// Longest first.
const TITLES: [&str; 18] = [
    "선생님",
    "박사님",
    "작가님",
    "사장님",
    "아저씨",
    "아줌마",
    "형님",
    "누님",
    "언니",
    "오빠",
    "누나",
    "이모",
    "삼촌",
    "쌤",
    "샘",
    "님",
    "씨",
    "형",
];
const DATIVES: [&str; 3] = ["한테", "에게", "께"];
const BEHIND_DATIVES: [&str; 5] = ["", "만", "도", "는", "요"];
/// What may stand behind a mention that is not a call by itself.
const PARTICLES: [&str; 15] =
    ["이랑", "하고", "이가", "이는", "은", "는", "이", "가", "을", "를", "의", "도", "만", "랑", "와"];
/// A predicate noun behind one of these is no vocative: `이건 홍차야`, `이거 홍차야?`.
const TOPICS: [char; 8] = ['건', '은', '는', '게', '이', '가', '도', '거'];
const HONORIFICS: [&str; 12] =
    ["お姉さん", "お兄さん", "姉さん", "兄さん", "ちゃん", "先生", "先輩", "さん", "くん", "さま", "様", "たん"];
const TALKS_ABOUT: [&str; 14] =
    ["は", "が", "を", "の", "も", "と", "へ", "で", "に", "だ", "じゃ", "って", "みたい", "たち"];
const ASKS: [&str; 6] = ["聞", "訊", "きき", "質問", "相談", "教え"];

/// The bytes behind a name that make it a call; `None` when it is none, or stands alone.
pub(super) fn calling(after: &str, stand: Stand<'_>) -> Option<usize> {
    korean(after, stand).or_else(|| japanese(after))
}

/// The bytes behind a written-out mention that belong to it: none of a particle, which belongs to the sentence. `None` when
/// the mention is a longer, other name.
pub(super) fn mentioning(after: &str, stand: Stand<'_>) -> Option<usize> {
    let in_a_sentence = || PARTICLES.iter().any(|particle| whole(after, particle).is_some());
    calling(after, stand).or_else(|| (ends(stand.last, after) || in_a_sentence()).then_some(0))
}

fn korean(after: &str, stand: Stand<'_>) -> Option<usize> {
    let plain = vocative(after, stand).or_else(|| dative(after)).or_else(|| title(after, stand));
    plain.or_else(|| diminutive(after, stand))
}

/// 김달이한테, 김달이야: a name that ends in a consonant may take 이. At the end of a sentence 김달이야 is a statement.
fn diminutive(after: &str, stand: Stand<'_>) -> Option<usize> {
    let tail = after.strip_prefix('이').filter(|_| has_final(stand.last) == Some(true))?;
    let behind = Stand { last: '이', ..stand };
    let length = dative(tail).or_else(|| vocative(tail, behind).filter(|_| stand.leads))?;
    Some('이'.len_utf8() + length)
}

fn vocative(after: &str, stand: Stand<'_>) -> Option<usize> {
    let particle = after.chars().next()?;
    let fits = match has_final(stand.last) {
        Some(true) => particle == '아',
        Some(false) => matches!(particle, '야' | '여'),
        None => matches!(particle, '아' | '야'),
    };
    let tail = after.trim_start_matches(['아', '야']);
    let tail = if particle == '여' { &after[particle.len_utf8()..] } else { tail };
    (fits && ends(particle, tail) && !is_statement(particle, tail, stand)).then(|| after.len() - tail.len())
}

/// `이건 홍차야.` says what something is.
fn is_statement(particle: char, tail: &str, stand: Stand<'_>) -> bool {
    let closes = tail.trim_start().chars().next().is_none_or(|next| !next.is_alphanumeric());
    let spaced = stand.before.ends_with(char::is_whitespace);
    let topic = stand.before.trim_end().ends_with(TOPICS);
    particle == '야' && !stand.leads && closes && spaced && topic
}

fn dative(after: &str) -> Option<usize> {
    DATIVES.iter().find_map(|dative| {
        let tail = after.strip_prefix(dative)?;
        BEHIND_DATIVES.iter().find_map(|behind| whole(tail, behind)).map(|length| dative.len() + length)
    })
}

/// 오마르님, 오마르님께, 홍차 언니야. Apart from its name a title needs the beginning or the end of a sentence, or an ending
/// of its own.
fn title(after: &str, stand: Stand<'_>) -> Option<usize> {
    let tail = after.strip_prefix(' ').unwrap_or(after);
    let apart = tail.len() < after.len();
    let title = TITLES.iter().find(|title| tail.starts_with(**title))?;
    let behind = &tail[title.len()..];
    let last = title.chars().next_back()?;
    let ending = vocative(behind, Stand { last, ..stand }).or_else(|| dative(behind));
    let alone = || {
        let closes = !behind.starts_with(' ');
        (ends(last, behind) && (!apart || stand.leads || closes)).then_some(0)
    };
    Some(after.len() - behind.len() + ending.or_else(alone)?)
}

fn japanese(after: &str) -> Option<usize> {
    let title = HONORIFICS.iter().find(|title| after.starts_with(**title))?;
    let tail = &after[title.len()..];
    if let Some(asked) = tail.strip_prefix('に').filter(|asked| ASKS.iter().any(|verb| asked.starts_with(verb))) {
        return Some(after.len() - asked.len());
    }
    (!TALKS_ABOUT.iter().any(|particle| tail.starts_with(particle))).then_some(title.len())
}

/// The length of `particle` when it ends the word.
fn whole(after: &str, particle: &str) -> Option<usize> {
    let tail = after.strip_prefix(particle)?;
    let last = particle.chars().next_back().unwrap_or('한');
    (ends(last, tail) || (particle.is_empty() && !tail.starts_with(|c| script(c) == Some(Script::Hangul))))
        .then_some(particle.len())
}
