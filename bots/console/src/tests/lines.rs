use tokio::io::BufReader;

use crate::lines::{LONGEST_LINE, Line, Lines};

async fn read(bytes: &[u8]) -> Vec<String> {
    let mut lines = Lines::of(BufReader::with_capacity(7, bytes));
    let mut out = Vec::new();
    while let Some(line) = lines.next().await.unwrap() {
        out.push(match line {
            Line::Text(text) if text.len() > 100 => format!("{} bytes", text.len()),
            Line::Text(text) => text,
            Line::NotText => format!("line {} is no text", lines.number()),
            Line::TooLong => format!("line {} is too long", lines.number()),
        });
    }
    out
}

#[tokio::test]
async fn lines_come_whole_and_clean() {
    assert_eq!(
        read("\u{feff}홍차야\r\n\u{feff}b\n\nc\0d\u{1b}[m\t\n끝".as_bytes()).await,
        ["홍차야", "\u{feff}b", "", "c d [m ", "끝"]
    );
    assert_eq!(read(b"").await, Vec::<String>::new());
    assert_eq!(read(b"\n").await, [""]);
    assert_eq!(read(b"\r").await, [""]);
}

#[tokio::test]
async fn what_is_no_text_is_one_line_and_reading_goes_on() {
    assert_eq!(read(b"a\n\xff\xfe\xed\x99\nb\n\xc3").await, ["a", "line 2 is no text", "b", "line 4 is no text"]);
}

#[tokio::test]
async fn a_line_is_as_long_as_it_may_be() {
    let lines = [LONGEST_LINE, LONGEST_LINE + 1, 100_000].map(|length| "x".repeat(length));
    let whole = format!("{LONGEST_LINE} bytes");
    let expected = [whole.as_str(), "line 2 is too long", "line 3 is too long"];
    assert_eq!(read(lines.join("\n").as_bytes()).await, expected);
    assert_eq!(read(lines.join("\r\n").as_bytes()).await, expected);
}
