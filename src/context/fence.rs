//! Makes somebody's words safe to stand in a prompt: one line, nothing invisible, nothing that a chat template or its
//! tokeniser takes for the border of a turn.

/// Words that open a turn in plain-text templates (`### User:`, `Assistant:`) when a colon follows.
const ROLES: [&str; 14] = [
    "system",
    "assistant",
    "user",
    "human",
    "developer",
    "instruction",
    "instructions",
    "response",
    "시스템",
    "사용자",
    "어시스턴트",
    "システム",
    "アシスタント",
    "ユーザー",
];

/// `text` on one line, its markers broken: `<|im_start|>` comes out as `‹|im_start|›`, `[INST]` as `(INST)`, `System:` as
/// `System–`. Hearts and smileys survive. Never longer than `text` in scalar values; the same again when done twice.
pub(super) fn fence(text: &str) -> String {
    unmark(&on_one_line(text))
}

fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        let last = line.chars().next_back();
        if letter.is_whitespace() || letter.is_control() {
            if last.is_some_and(|last| last != ' ') {
                line.push(' ');
            }
        } else if !(is_invisible(letter)
            || is_joiner(letter) && !takes_joiner(last)
            || letter == '#' && last == Some('#'))
        {
            line.push(letter);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Zero-width, directional, filler and tag characters: they split a marker for the eye, not for every tokeniser.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}'
        | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What joins emoji, and chooses how they look.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

fn takes_joiner(last: Option<char>) -> bool {
    last.is_some_and(|last| {
        !last.is_ascii() && !is_wide_latin(last) || last.is_ascii_digit() || matches!(last, '#' | '*')
    })
}

fn unmark(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut letters = line.chars();
    // The two letters before, the nearer first.
    let mut before = [None; 2];
    while let Some(letter) = letters.next() {
        let after = [letters.clone().next(), letters.clone().nth(1)];
        out.push(match letter {
            '<' | '＜' | '﹤' if after[0].is_some_and(opens_tag) => '‹',
            '>' | '＞' | '﹥' if before[0].is_some_and(closes_tag) => '›',
            '[' | '［' if borders_capitals(after) => '(',
            ']' | '］' if borders_capitals(before) => ')',
            ':' | '：' | '﹕' if ends_with_role(&out) => '–',
            _ => letter,
        });
        before = [Some(letter), before[0]];
    }
    out
}

fn is_bar(letter: char) -> bool {
    matches!(letter, '|' | '｜' | '¦' | '▁')
}

fn is_wide_latin(letter: char) -> bool {
    matches!(letter, 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

fn opens_tag(next: char) -> bool {
    next.is_ascii_alphabetic()
        || is_wide_latin(next)
        || is_bar(next)
        || matches!(next, '/' | '／' | '!' | '_' | '<' | '＜')
}

fn closes_tag(previous: char) -> bool {
    previous.is_ascii_alphabetic()
        || is_wide_latin(previous)
        || is_bar(previous)
        || matches!(previous, '/' | '>' | '＞')
}

/// Whether the two letters inside a bracket are those of `[INST]`, `[/INST]`, `[|system|]` or `[SYSTEM_PROMPT]`.
fn borders_capitals(inside: [Option<char>; 2]) -> bool {
    let capital = |letter: char| letter.is_ascii_uppercase() || matches!(letter, 'Ａ'..='Ｚ' | '_' | '/');
    inside[0].is_some_and(is_bar) || inside.into_iter().all(|letter| letter.is_some_and(capital))
}

fn ends_with_role(out: &str) -> bool {
    let before = out.trim_end().as_bytes();
    ROLES.iter().any(|role| {
        let word = before.len().checked_sub(role.len()).map(|start| before.split_at(start));
        word.is_some_and(|(rest, word)| {
            word.eq_ignore_ascii_case(role.as_bytes()) && !rest.last().is_some_and(u8::is_ascii_alphanumeric)
        })
    })
}
