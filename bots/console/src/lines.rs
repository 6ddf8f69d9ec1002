//! Takes bytes, gives lines. Knows nothing of what they mean. Never holds more than one line of the longest length.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// The longest line in bytes. The rest of a longer one is read and forgotten.
pub(crate) const LONGEST_LINE: usize = 64 * 1024;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// One line of input.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// Without its end, and with spaces for control characters.
    Text(String),
    /// Not UTF-8.
    NotText,
    /// Over [`LONGEST_LINE`].
    TooLong,
}

/// The lines of an input, counted from 1.
pub(crate) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    too_long: bool,
    number: usize,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub(crate) fn of(input: R) -> Self {
        Self { input, line: Vec::new(), too_long: false, number: 0 }
    }

    /// The number of the line given last.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// The next line, `None` at the end. A call that is dropped loses nothing.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let bytes = self.input.fill_buf().await?;
            if bytes.is_empty() {
                let unended = !self.line.is_empty() || self.too_long;
                return Ok(unended.then(|| self.take()));
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            // One byte more than a line may have, for the CR of its end.
            self.too_long |= self.line.len() + part.len() > LONGEST_LINE + 1;
            if self.too_long {
                self.line.clear();
            } else {
                self.line.extend_from_slice(part);
            }
            let read = part.len() + usize::from(end.is_some());
            self.input.consume(read);
            if end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> Line {
        self.number += 1;
        let mut line = std::mem::take(&mut self.line);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if std::mem::take(&mut self.too_long) || line.len() > LONGEST_LINE {
            return Line::TooLong;
        }
        String::from_utf8(line).map_or(Line::NotText, |text| Line::Text(self.clean(&text)))
    }

    fn clean(&self, text: &str) -> String {
        let text = if self.number == 1 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}
