//! Takes a text and the calls in it, gives what is asked. Knows nothing of who is called.

use super::{calls::Found, script::script};

/// What may stand between a call and the question.
const BETWEEN: [char; 18] =
    [',', ':', ';', '~', '!', '?', '.', '…', '、', '，', '：', '。', '！', '？', '～', '〜', '-', '&'];

/// The text without the calls at its beginning. A call further on is part of a sentence: it keeps its words and loses its
/// `@`. Empty when nothing but punctuation is left.
pub(super) fn without_calls(text: &str, found: &[Found]) -> String {
    let start = leading(text, found);
    let mut question = String::with_capacity(text.len() - start);
    let mut at = start;
    for call in found.iter().filter(|call| call.is_mention && call.at.start >= start) {
        question.push_str(&text[at..call.at.start]);
        at = call.at.start + text[call.at.start..].chars().next().map_or(0, char::len_utf8);
    }
    question.push_str(&text[at..]);
    if question.trim_matches(is_between).is_empty() { String::new() } else { question.trim().to_owned() }
}

/// Where the question begins: behind the calls that lead the first line, their greetings, and the marks behind them.
fn leading(text: &str, found: &[Found]) -> usize {
    let mut start = 0;
    for call in found.iter().take_while(|call| call.leads) {
        let apart = text[call.at.end..].chars().next().is_none_or(|next| script(next).is_none());
        if !apart || text[start..call.at.start].contains('\n') {
            break;
        }
        start = call.at.end;
    }
    if start == 0 { 0 } else { text.len() - text[start..].trim_start_matches(is_between).len() }
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || BETWEEN.contains(&c)
}
