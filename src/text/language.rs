//! In which language a line is written.

use crate::chat::Language;

/// What a line is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detected {
    Ko,
    En,
    Ja,
    /// Letters of another script, or Latin letters that do not read as English.
    Other,
}

impl Detected {
    /// `ko`, `en`, `ja` or `other`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.language().map_or("other", Language::as_str)
    }

    /// The language, where it is one of ours.
    #[must_use]
    pub fn language(self) -> Option<Language> {
        match self {
            Self::Ko => Some(Language::Ko),
            Self::En => Some(Language::En),
            Self::Ja => Some(Language::Ja),
            Self::Other => None,
        }
    }
}

/// The share of Hangul that makes a line Korean, whatever else stands in it: chat mixes in names, brands and links.
const HANGUL_SHARE: usize = 5;

/// The language of `text`; `None` when it has no letters. Mixed Korean and English is Korean from a fifth of Hangul on.
#[must_use]
pub fn detect(text: &str) -> Option<Detected> {
    let count = Letters::of(text);
    if count.all == 0 {
        return None;
    }
    if count.hangul * HANGUL_SHARE >= count.all && count.hangul >= count.kana {
        return Some(Detected::Ko);
    }
    if count.kana > 0 && (count.kana + count.han) * HANGUL_SHARE >= count.all {
        return Some(Detected::Ja);
    }
    if count.latin * 2 > count.all && reads_as_english(text) {
        return Some(Detected::En);
    }
    Some(Detected::Other)
}

/// Letters by script; a syllable or an ideograph weighs as much as two letters of an alphabet.
#[derive(Default)]
struct Letters {
    all: usize,
    hangul: usize,
    kana: usize,
    han: usize,
    latin: usize,
    other: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut count = Self::default();
        // Vowels and tails of decomposed syllables belong to the consonant before them.
        let letters = text.chars().filter(|c| c.is_alphabetic() && !matches!(c, '\u{1160}'..='\u{11ff}'));
        for c in letters {
            let (script, weight) = match u32::from(c) {
                0x1100..=0x11FF | 0x3131..=0x318E | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xFFA1..=0xFFDC => {
                    (&mut count.hangul, 2)
                }
                0x3041..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F => (&mut count.kana, 2),
                0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FA1F => (&mut count.han, 2),
                _ if is_latin(c) => (&mut count.latin, 1),
                _ => (&mut count.other, 1),
            };
            *script += weight;
            count.all += weight;
        }
        count
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(u32::from(c), 0xC0..=0x24F | 0x1E00..=0x1EFF | 0xFF21..=0xFF5A | 0x1D400..=0x1D6A3)
}

/// Latin text is taken for English unless it holds letters that English does not write, or words of its neighbours
/// outnumber its own.
fn reads_as_english(text: &str) -> bool {
    let (mut own, mut foreign, mut accents, mut words) = (0_usize, 0_usize, 0_usize, 0_usize);
    for word in text.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        words += 1;
        own += usize::from(ENGLISH.contains(&word.as_str()));
        foreign += usize::from(NEIGHBOURS.contains(&word.as_str()));
        accents += usize::from(word.contains(|c: char| !c.is_ascii() && is_latin(c)));
    }
    own >= foreign && (accents <= own || accents * 4 < words)
}

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "am", "an", "and", "are", "as", "at", "back", "be", "because", "been", "but", "by", "call",
    "can", "can't", "cant", "could", "did", "didn't", "do", "does", "doesn't", "don't", "dont", "for", "from", "get", "go",
    "good", "had", "has", "have", "he", "hello", "her", "hey", "hi", "him", "his", "how", "i", "i'm", "if", "im", "in", "is",
    "it", "it's", "its", "just", "know", "like", "lol", "love", "me", "more", "my", "no", "not", "now", "of", "on", "or",
    "our", "out", "please", "really", "she", "should", "so", "some", "tell", "text", "thanks", "that", "the", "their", "them",
    "then", "there", "they", "this", "to", "too", "up", "us", "was", "we", "what", "when", "where", "who", "why", "will",
    "with", "would", "yes", "you", "your",
];

/// Common words of Spanish, Portuguese, French, German, Italian, Dutch, Indonesian, Vietnamese and Turkish that are not
/// English words.
#[rustfmt::skip]
const NEIGHBOURS: &[&str] = &[
    "aber", "amo", "anh", "aku", "auch", "avec", "ben", "bien", "bir", "che", "como", "con", "cosa", "c'est", "da", "dan", "das",
    "de", "del", "der", "di", "dich", "die", "du", "een", "ein", "eine", "el", "elle", "em", "en", "er", "es", "est", "et",
    "gente", "gue", "het", "ich", "il", "ik", "ist", "je", "kamu", "khi", "la", "las", "le", "les", "liebe", "lo", "los", "ma",
    "mais", "mas", "mein", "meine", "mi", "mich", "mir", "mit", "moi", "mon", "muy", "meu", "minha", "nicht", "niet", "no", "non",
    "novia", "novio", "ou", "para", "pas", "perché", "per", "pero", "por", "porque", "qu'il", "que", "qui", "quiero", "sie", "se",
    "sono", "sa", "suis", "te", "tidak", "toi", "tu", "um", "uma", "un", "una", "und", "une", "van", "ve", "vous", "wie", "wir",
    "y", "ya", "yang", "yo", "zijn", "zu",
];
