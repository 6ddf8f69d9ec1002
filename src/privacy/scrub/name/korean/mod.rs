//! Names in Hangul: by lists, by their build, by particles, titles and relations around them.

mod reading;

use reading::{Look, PARTICLE, Reading, WORDS, Word, is_syllable, readings, split, suffix, surname, title};

use super::{
    Found,
    relation::{ANIMATE, BEFORE, DOUBLE, INTRODUCING, SURE_TITLES, TITLES},
};

/// The names in a text.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for word in split(text).into_iter().filter(|word| !text[..word.range.start].ends_with(|c: char| c.is_ascii_digit()))
    {
        let mut readings: Vec<Reading<'_>> =
            readings(word.text).into_iter().filter(|reading| is_name(&word, reading)).collect();
        // `서연아` is a call to 서연 before it is 연아 of the Seo family.
        readings.sort_by_key(|reading| !(reading.look == Look::Listed && matches!(reading.tail, "아" | "야")));
        if let Some(reading) = readings.first() {
            // `병철이 삼촌`: what looks like a particle belongs to the name.
            let next = word.rest.strip_prefix(' ').unwrap_or_default();
            let apart = reading.tail == "이" && title_after(next, reading.look, reading.full);
            let suffix = if apart { "이".len() } else { 0 };
            found.push(Found {
                range: word.range.start..word.range.start + reading.length + suffix,
                key: reading.key.to_owned(),
            });
        }
    }
    found
}

/// Names known from elsewhere, as words of their own with their particles.
pub(super) fn find_known(text: &str, known: impl Fn(&str) -> bool) -> Vec<Found> {
    let mut found = Vec::new();
    for word in split(text) {
        let ends: Vec<usize> =
            word.text.char_indices().map(|(at, _)| at).skip(2).chain([word.text.len()]).take(4).collect();
        for end in ends.into_iter().rev() {
            let (name, tail) = word.text.split_at(end);
            let key = if known(name) {
                Some(name)
            } else {
                surname(name).map(|(_, given)| given).filter(|given| known(given))
            };
            if let Some(key) = key
                && (PARTICLE.contains(tail) || title(tail).is_some())
            {
                let length = end + suffix(name, tail);
                found.push(Found { range: word.range.start..word.range.start + length, key: key.to_owned() });
                break;
            }
        }
    }
    found
}

fn is_name(word: &Word<'_>, reading: &Reading<'_>) -> bool {
    let next = word.rest.strip_prefix(' ').unwrap_or_default();
    let titled = reading.title.is_some_and(|title| {
        reading.look >= Look::Ambiguous || (SURE_TITLES.contains(&title) && reading.look == Look::Built)
    }) || (reading.tail.is_empty() && title_after(next, reading.look, reading.full));
    let related = word.before.is_some_and(|before| BEFORE.contains(&before)) && reading.title.is_none();
    let named = word
        .before
        .is_some_and(|before| matches!(before, "이름은" | "이름이" | "이름" | "본명은" | "본명" | "실명은" | "성함은"));
    let introduced = INTRODUCING.contains(&reading.tail) && introduces_person(next);
    let called = matches!(reading.tail, "아" | "야")
        && word.begins
        && (word.rest.starts_with([',', '!', '~', '?', '.', '\n']) || reading.look >= Look::Ambiguous);
    let animate = ANIMATE.contains(&reading.tail) && reading.look != Look::Built;
    let double = DOUBLE.contains(&reading.tail);
    let bracketed = reading.tail.is_empty() && bracketed_relation(word.rest);
    let myself = reading.full
        && word
            .before
            .is_some_and(|before| matches!(before, "나" | "저" | "나는" | "저는" | "난" | "전" | "내가" | "제가"))
        && ["야", "이야", "예요", "이에요", "입니다", "인데", "라고", "이라고"].contains(&reading.tail);
    let paired = TOGETHER.contains(&reading.tail) && PAIRING.iter().any(|deed| next.starts_with(deed));
    let strong = titled || paired || named || introduced || called || animate || double || bracketed || myself;
    // `표현하는`, `조용한`: a word and a verb's ending before it is a family and a name.
    let inflected = reading.full
        && word
            .text
            .char_indices()
            .nth(2)
            .is_some_and(|(at, third)| "이하해한".contains(third) && WORDS.contains(&word.text[..at]));
    if inflected && !(named || introduced || related) {
        return false;
    }
    match reading.look {
        Look::Unknown => (named && COPULAS.contains(&reading.tail)) || (introduced && reading.tail.starts_with('이')),
        Look::Listed => !verb_like(reading, word),
        Look::Ambiguous => {
            strong
                || (PERSONAL.contains(&reading.key) && TOGETHER.contains(&reading.tail))
                || (related && !reading.tail.is_empty())
                || (reading.full
                    && (related || TOGETHER.contains(&reading.tail) || !word.text.starts_with(WORDLIKE_SURNAMES)))
        }
        Look::Built if reading.full => {
            strong
                || (related && !reading.tail.is_empty())
                || (ANIMATE.contains(&reading.tail) && word.text.chars().count() >= 5)
        }
        Look::Built => {
            titled
                || paired
                || named
                || introduced
                || double
                || bracketed
                || (called && word.rest.starts_with(','))
                || (related && SUBJECTS.contains(&reading.tail))
        }
    }
}

/// Words that nobody does something together with, unless they are names.
const PERSONAL: &[&str] = &[
    "지원", "수정", "수영", "슬기", "은혜", "연주", "연수", "진솔", "다솜", "다인", "나은", "고은", "지은", "지우",
    "정은", "시원", "민국", "지성", "진주", "은하", "다정", "하나", "나라",
];
/// What two people do.
const PAIRING: &[&str] = &[
    "헤어",
    "사귀",
    "사겼",
    "싸우",
    "싸웠",
    "썸",
    "데이트",
    "결혼",
    "화해",
    "키스",
    "통화",
    "놀",
    "술",
    "밥",
    "잤",
    "친해",
    "끝났",
    "만나",
    "만났",
];
const TOGETHER: &[&str] = &["랑", "이랑", "하고", "한테", "에게", "와", "과", "씨"];
/// Surnames that begin many words.
const WORDLIKE_SURNAMES: [char; 14] =
    ['이', '한', '하', '정', '전', '은', '지', '안', '소', '성', '방', '편', '우', '주'];
const COPULAS: &[&str] = &[
    "이야",
    "야",
    "예요",
    "이에요",
    "인데",
    "이래",
    "래",
    "입니다",
    "이고",
    "라는",
    "이라는",
    "라고",
    "이라고",
    "이었어",
    "였어",
    "임",
];
const SUBJECTS: &[&str] = &["이가", "이는", "이랑", "랑", "한테", "이한테", "이를", "와", "에게", "이에게"];

/// A listed name with an ending that verbs and nouns share with particles.
fn verb_like(reading: &Reading<'_>, word: &Word<'_>) -> bool {
    let loose =
        ["라", "란", "거", "건", "임", "네", "님", "거든", "같은", "대신", "보고", "만", "로"].contains(&reading.tail);
    (loose
        && !reading.full
        && word.text.chars().count() < 4
        && reading.tail != "네"
        && reading.tail != "만"
        && reading.tail != "로")
        || WORDS.contains(word.text)
}

/// `(전남친)` right behind a name.
fn bracketed_relation(rest: &str) -> bool {
    let inside = rest
        .strip_prefix('(')
        .or_else(|| rest.strip_prefix(" ("))
        .and_then(|rest| rest.split_once(')'))
        .map(|(inside, _)| inside);
    inside.is_some_and(|inside| {
        let who = inside.trim_start_matches(['전', '내', '제', '현', '구', ' ']);
        inside.len() < 40
            && (BEFORE.iter().any(|relation| who.starts_with(relation) || inside.starts_with(relation))
                || TITLES.contains(&inside)
                || inside.contains("가명"))
    })
}

fn introduces_person(next: &str) -> bool {
    const WHO: &str = "애 사람 친구 남자 여자 분 오빠 언니 누나 형 선배 후배 녀석 놈 아이 학생 동생 동료 중국인 일본인 외국인 미국인 하는 불러 부르 합니다 해요";
    WHO.split(' ').any(|who| next.starts_with(who)) || next.starts_with("해 ") || next.starts_with("해.")
}

/// A title apart from the name. Short ones (`형`, `양`, `군`) need a name that a list knows.
fn title_after(next: &str, look: Look, full: bool) -> bool {
    let end = next.find(|c: char| !is_syllable(c)).unwrap_or(next.len());
    let Some(title) = title(&next[..end]) else { return false };
    look == Look::Listed
        || full && look == Look::Built && title.len() > 3
        || (look == Look::Ambiguous && (title.len() > 3 || title == "씨"))
        || (look == Look::Built && ["씨", "오빠", "언니", "누나", "쌤", "선배"].contains(&title))
}
