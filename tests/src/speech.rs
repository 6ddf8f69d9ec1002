//! How a scripted model speaks.

/// What a model says when nothing else is asked of it: it repeats the question, so that whatever reached it that should not
/// have shows up in the answer as well.
pub(crate) fn echo(question: &str) -> String {
    format!("I hear you: {question}")
}

/// The pieces in which a text is streamed: up to four characters, a space ends one.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        match pieces.last_mut() {
            Some(last) if last.chars().count() < 4 && !last.ends_with(char::is_whitespace) => last.push(c),
            _ => pieces.push(c.into()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_lose_nothing() {
        for text in ["", "a", "힘내요, 같이 생각해 봐요!", "line\r\nline\0", "👩\u{200d}👩\u{200d}👧 ok", "aaaaaaaaa"]
        {
            assert_eq!(pieces(text).concat(), text);
        }
        assert_eq!(pieces("so it goes"), ["so ", "it ", "goes"]);
    }
}
