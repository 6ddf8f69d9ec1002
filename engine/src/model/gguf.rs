//! Takes a GGUF file, gives its metadata when it is whole. Knows nothing of running it.
//!
//! The header is walked before any library reads it: its lengths come from the file, and one that is not a model would
//! otherwise ask for absurd amounts of memory. Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::{Path, PathBuf},
};

use candle_core::quantized::gguf_file::Content;

use crate::{OpenError, error::one_line};

/// What mistral.rs 0.8 runs from GGUF.
const ARCHITECTURES: [&str; 8] = ["llama", "mistral3", "phi2", "phi3", "starcoder2", "qwen2", "qwen3", "qwen3moe"];

/// Reads the header and compares the length that it promises with the file's.
///
/// # Errors
/// Missing, unreadable, not GGUF, cut off, of an architecture that cannot be run, or one part of several.
pub fn verify(path: &Path) -> Result<Content, OpenError> {
    let unreadable = |error| OpenError::Unreadable { path: path.to_owned(), error };
    let file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => OpenError::Missing(path.to_owned()),
        _ => unreadable(error),
    })?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut reader = BufReader::new(file);
    Walk { reader: &mut reader, length }.header().map_err(|fault| fault.at(path, length))?;
    reader.rewind().map_err(unreadable)?;
    let content = Content::read(&mut reader).map_err(|error| not_a_model(path, one_line(error)))?;
    let need =
        needed_length(&content).ok_or_else(|| not_a_model(path, "a tensor in it is larger than any memory".into()))?;
    if length < need {
        return Err(OpenError::Truncated { path: path.to_owned(), have: length, need });
    }
    runnable(path, &content)?;
    Ok(content)
}

/// A metadata value as text.
pub fn text<'c>(content: &'c Content, key: &str) -> Option<&'c str> {
    content.metadata.get(key).and_then(|value| value.to_string().ok()).map(String::as_str)
}

fn not_a_model(path: &Path, why: String) -> OpenError {
    OpenError::NotAModel { path: path.to_owned(), why }
}

fn runnable(path: &Path, content: &Content) -> Result<(), OpenError> {
    let architecture = text(content, "general.architecture").unwrap_or_default().to_ascii_lowercase();
    if !ARCHITECTURES.contains(&architecture.as_str()) {
        let known = ARCHITECTURES.join(", ");
        return Err(OpenError::Architecture { path: path.to_owned(), architecture, known });
    }
    let parts = content.metadata.get("split.count").and_then(|value| value.to_u64().ok()).unwrap_or(1);
    if parts > 1 {
        return Err(not_a_model(path, format!("it is one of {parts} parts; merge them into one file first")));
    }
    Ok(())
}

/// Where the last tensor ends.
fn needed_length(content: &Content) -> Option<u64> {
    content.tensor_infos.values().try_fold(content.tensor_data_offset, |end, tensor| {
        let elements = tensor.shape.dims().iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim))?;
        let bytes = elements.div_ceil(tensor.ggml_dtype.block_size()).checked_mul(tensor.ggml_dtype.type_size())?;
        Some(end.max(content.tensor_data_offset.checked_add(tensor.offset)?.checked_add(bytes as u64)?))
    })
}

enum Fault {
    NotGguf,
    Ends,
    Broken(&'static str),
    Io(std::io::Error),
}

impl Fault {
    fn at(self, path: &Path, length: u64) -> OpenError {
        let path: PathBuf = path.to_owned();
        let because = |why: &str| OpenError::NotAModel { path: path.clone(), why: why.to_owned() };
        match self {
            Self::NotGguf => because("it does not begin like a GGUF file"),
            Self::Ends => because(&format!("it ends within its header, after {length} bytes; fetch it again")),
            Self::Broken(why) => because(why),
            Self::Io(error) => OpenError::Unreadable { path, error },
        }
    }
}

/// Walks the header and holds every length against the file's.
struct Walk<'r> {
    reader: &'r mut BufReader<File>,
    length: u64,
}

impl Walk<'_> {
    fn header(&mut self) -> Result<(), Fault> {
        if self.bytes::<4>()? != *b"GGUF" {
            return Err(Fault::NotGguf);
        }
        if !(2..=3).contains(&self.u32()?) {
            return Err(Fault::Broken("its version of GGUF is neither 2 nor 3"));
        }
        let (tensors, pairs) = (self.u64()?, self.u64()?);
        for _ in 0..pairs {
            self.string()?;
            let kind = self.u32()?;
            self.value(kind, 0)?;
        }
        for _ in 0..tensors {
            self.string()?;
            let dimensions = self.u32()?;
            if dimensions > 8 {
                return Err(Fault::Broken("a tensor in it has more than 8 dimensions"));
            }
            self.skip(u64::from(dimensions) * 8 + 4 + 8)?;
        }
        Ok(())
    }

    fn value(&mut self, kind: u32, depth: u8) -> Result<(), Fault> {
        match kind {
            8 => self.string(),
            9 if depth < 4 => {
                let kind = self.u32()?;
                let count = self.u64()?;
                match width(kind) {
                    Some(width) => self.skip(count.checked_mul(width).ok_or(Fault::Ends)?),
                    None => (0..count).try_for_each(|_| self.value(kind, depth + 1)),
                }
            }
            kind => self.skip(width(kind).ok_or(Fault::Broken("its metadata has a value of unknown kind"))?),
        }
    }

    fn string(&mut self) -> Result<(), Fault> {
        let length = self.u64()?;
        self.skip(length)
    }

    fn skip(&mut self, count: u64) -> Result<(), Fault> {
        let at = self.reader.stream_position().map_err(Fault::Io)?;
        if at.checked_add(count).is_none_or(|end| end > self.length) {
            return Err(Fault::Ends);
        }
        let count = i64::try_from(count).map_err(|_| Fault::Ends)?;
        self.reader.seek_relative(count).map_err(Fault::Io)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        match self.reader.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(Fault::Ends),
            Err(error) => Err(Fault::Io(error)),
        }
    }

    fn u32(&mut self) -> Result<u32, Fault> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Fault> {
        self.bytes().map(u64::from_le_bytes)
    }
}

/// Bytes of a value of fixed size.
fn width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}
