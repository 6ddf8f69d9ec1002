//! Takes the beginning of a line, says whether it names who speaks. Knows nothing of what is done with it.

use super::tag::{Seen, begins};

/// Who a line says is speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// The persona itself: the words behind it are the answer.
    Own,
    /// The asker: the model goes on with both sides of the talk.
    Asker,
}

const OWN: [&str; 4] = ["assistant", "model", "어시스턴트", "アシスタント"];
const ASKER: [&str; 6] = ["user", "human", "system", "사용자", "ユーザー", "ユーザ"];
const EMPHASIS: &str = "**";
/// Bytes of the longest role of a template.
pub(super) const LONGEST_ROLE: usize = 9;

/// The label at the beginning of `line` in front of its colon, or alone on its line; `names` are the persona's.
pub(super) fn at_start(line: &str, names: &[String]) -> Seen<Label> {
    let own = OWN.iter().copied().map(|name| (name, Label::Own, true));
    let asker = ASKER.iter().copied().map(|name| (name, Label::Asker, true));
    let names = names.iter().map(|name| (name.as_str(), Label::Own, false));
    let mut perhaps = false;
    for (name, label, alone) in own.chain(asker).chain(names) {
        match labelled(line, name, alone) {
            Seen::Whole((), length) => return Seen::Whole(label, length),
            Seen::Perhaps => perhaps = true,
            Seen::Nothing => {}
        }
    }
    if perhaps { Seen::Perhaps } else { Seen::Nothing }
}

/// Whether a template calls a turn so.
pub(super) fn is_role(word: &str) -> bool {
    OWN.contains(&word) || ASKER.contains(&word)
}

/// `name:`, `**name**:`, `**name:**`; with `alone`, the bare name on a line of its own too.
fn labelled(line: &str, name: &str, alone: bool) -> Seen<()> {
    let (bold, rest) = match begins(line, EMPHASIS) {
        Seen::Whole((), length) => (true, &line[length..]),
        Seen::Perhaps => return Seen::Perhaps,
        Seen::Nothing => (false, line),
    };
    let mut rest = match begins(rest, name) {
        Seen::Whole((), length) => &rest[length..],
        seen => return seen,
    };
    if bold {
        rest = rest.strip_prefix(EMPHASIS).unwrap_or(rest);
    }
    let spaced = rest.trim_start_matches([' ', '\t']);
    let length = |rest: &str| line.len() - rest.len();
    match spaced.chars().next() {
        None => Seen::Perhaps,
        Some(colon @ (':' | '：')) => {
            let behind = &spaced[colon.len_utf8()..];
            match if bold { begins(behind, EMPHASIS) } else { Seen::Nothing } {
                Seen::Whole((), emphasis) => Seen::Whole((), length(&behind[emphasis..])),
                Seen::Perhaps => Seen::Perhaps,
                Seen::Nothing => Seen::Whole((), length(behind)),
            }
        }
        Some('*') if bold && rest == "*" => Seen::Perhaps,
        Some('\n' | '\r') if alone && !bold => Seen::Whole((), length(spaced)),
        Some(_) => Seen::Nothing,
    }
}
