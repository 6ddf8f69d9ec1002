//! Hangul syllables and their letters.

const BASE: u32 = 0xAC00;
const LEADS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWELS: &str = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const TAILS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// Whether `c` is a whole syllable.
pub(super) fn is_syllable(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// The tail of a syllable, counted from 1; 0 for none, `None` when `c` is no syllable.
pub(super) fn tail(c: char) -> Option<u32> {
    is_syllable(c).then(|| (u32::from(c) - BASE) % 28)
}

/// The letter as it stands alone (`ㄱ`, U+3131), whether it was written alone or to be joined (U+1100).
pub(super) fn letter(c: char) -> Option<char> {
    match u32::from(c) {
        0x3131..=0x3163 => Some(c),
        code @ 0x1100..=0x1112 => nth(LEADS, code - 0x1100),
        code @ 0x1161..=0x1175 => nth(VOWELS, code - 0x1161),
        code @ 0x11A8..=0x11C2 => nth(TAILS, code - 0x11A8),
        _ => None,
    }
}

pub(super) fn is_vowel(c: char) -> bool {
    ('ㅏ'..='ㅣ').contains(&c)
}

pub(super) fn is_consonant(c: char) -> bool {
    ('ㄱ'..='ㅎ').contains(&c)
}

/// A consonant and a vowel as one syllable.
pub(super) fn syllable(lead: char, vowel: char) -> Option<char> {
    let code = BASE + (position(LEADS, lead)? * 21 + position(VOWELS, vowel)?) * 28;
    char::from_u32(code)
}

/// A syllable without a tail, closed with a consonant.
pub(super) fn close(open: char, consonant: char) -> Option<char> {
    let tail = position(TAILS, consonant)? + 1;
    (self::tail(open) == Some(0)).then(|| char::from_u32(u32::from(open) + tail)).flatten()
}

fn nth(letters: &str, index: u32) -> Option<char> {
    letters.chars().nth(usize::try_from(index).ok()?)
}

fn position(letters: &str, wanted: char) -> Option<u32> {
    letters.chars().zip(0..).find(|(letter, _)| *letter == wanted).map(|(_, index)| index)
}
