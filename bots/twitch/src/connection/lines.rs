//! Takes bytes, gives clean lines. Knows nothing of IRC. What is broken in a line is mended, so that nothing is lost with it.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The longest line in bytes: tags may take 8 KiB. The rest of a longer one is read and forgotten.
const LONGEST: usize = 32 * 1024;
const CHUNK: usize = 16 * 1024;

/// The lines of a connection.
pub(super) struct Lines<R> {
    input: R,
    chunk: Vec<u8>,
    at: usize,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn of(input: R) -> Self {
        Self { input, chunk: Vec::with_capacity(CHUNK), at: 0, line: Vec::new() }
    }

    /// The next line that is not empty, `None` at the end. A call that is dropped loses nothing.
    pub(super) async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(line) = self.take() {
                if !line.is_empty() {
                    return Ok(Some(line));
                }
                continue;
            }
            self.chunk.clear();
            self.at = 0;
            // A line that was cut off by the end is half of one: it is not read.
            if self.input.read_buf(&mut self.chunk).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn take(&mut self) -> Option<String> {
        let rest = &self.chunk[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        let part = &rest[..end.unwrap_or(rest.len())];
        let room = LONGEST.saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
        self.at += part.len() + usize::from(end.is_some());
        end?;
        let line = clean(&self.line);
        self.line.clear();
        Some(line)
    }
}

/// UTF-8, without the line's end; a lone CR and NUL become spaces.
pub(crate) fn clean(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = String::from_utf8_lossy(line);
    if text.contains(['\r', '\0']) { text.replace(['\r', '\0'], " ") } else { text.into_owned() }
}
