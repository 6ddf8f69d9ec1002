//! Takes a character, gives the script by which words are told apart. Knows nothing of names.

/// What a letter is written in. `None` for all that is no part of a word: white space, punctuation, emoji, and the loose
/// jamo of `ㅋㅋ` and `ㅠㅠ`, which end a Korean word as punctuation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Hangul,
    Hiragana,
    Katakana,
    Han,
    Digit,
    /// Latin and every other alphabet.
    Alphabet,
}

pub(super) fn script(c: char) -> Option<Script> {
    match c {
        '\u{3131}'..='\u{318e}' => None,
        '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' => Some(Script::Hangul),
        '\u{3041}'..='\u{309f}' => Some(Script::Hiragana),
        '\u{30a0}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => {
            Some(Script::Katakana)
        }
        '々' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Some(Script::Han),
        _ if c.is_numeric() => Some(Script::Digit),
        _ if c.is_alphabetic() => Some(Script::Alphabet),
        _ => None,
    }
}

/// Whether two neighbours belong to one word: letters of one script, or anything beside a digit.
pub(super) fn joined(left: char, right: char) -> bool {
    match (script(left), script(right)) {
        (Some(left), Some(right)) => left == right || left == Script::Digit || right == Script::Digit,
        _ => false,
    }
}

/// Whether a word that ends in `last` ends before `rest`.
pub(super) fn ends(last: char, rest: &str) -> bool {
    let mut next = rest.chars();
    match (next.next(), next.next()) {
        (Some(mark), Some(beyond)) if glues(mark) => script(beyond).is_none(),
        (Some('_'), None) => false,
        (Some(right), _) => !joined(last, right),
        (None, _) => true,
    }
}

/// Marks that hold a word together: `omar's`, `omar_tv`, `omar.com`.
fn glues(mark: char) -> bool {
    matches!(mark, '\'' | '’' | '_' | '-' | '.' | '/' | '\\' | '@' | '=' | '+')
}

/// Whether a Hangul syllable ends in a consonant; `None` for what is no Hangul syllable.
pub(super) fn has_final(c: char) -> Option<bool> {
    ('가'..='힣').contains(&c).then(|| (u32::from(c) - u32::from('가')) % 28 != 0)
}
