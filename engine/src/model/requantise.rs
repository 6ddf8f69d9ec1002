//! Takes a GGUF file, gives one whose matrices are `Q8_0`. Knows nothing of where it comes from.
//!
//! Of the formats with four bits, `Q4_1` has no vector kernels in candle and runs ten times slower than `Q8_0`.

use std::{fs::File, io::BufWriter, path::Path};

use candle_core::{
    Device,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Content, Value},
    },
};

use super::{FetchError, gguf};
use crate::{Progress, error::one_line};

/// `general.file_type` of a file that is mostly `Q8_0`.
const MOSTLY_Q8_0: u32 = 7;

/// Writes `target`, durably. Gives the metadata of `source`.
pub fn to_q8_0(source: &Path, target: &Path, progress: Progress) -> Result<Content, FetchError> {
    let content = gguf::verify(source).map_err(|error| broken(source, one_line(error)))?;
    let bar = progress.bytes("preparing the model", source.metadata().map_or(0, |found| found.len()));
    let mut names: Vec<&String> = content.tensor_infos.keys().collect();
    names.sort();
    let mut file = File::open(source).map_err(FetchError::io(source))?;
    let mut tensors = Vec::with_capacity(names.len());
    for name in names {
        let tensor = content.tensor(&mut file, name, &Device::Cpu).map_err(candle(source))?;
        bar.inc(tensor.storage_size_in_bytes() as u64);
        tensors.push((name.as_str(), lighter(tensor).map_err(candle(source))?));
    }
    write(&content, &tensors, target)?;
    bar.finish_and_clear();
    Ok(content)
}

/// Vectors (norms) and what has no whole blocks stay as they are.
fn lighter(tensor: QTensor) -> candle_core::Result<QTensor> {
    let dims = tensor.shape().dims();
    let fits = dims.len() > 1 && dims.last().is_some_and(|row| row.is_multiple_of(GgmlDType::Q8_0.block_size()));
    if !fits || tensor.dtype() == GgmlDType::Q8_0 {
        return Ok(tensor);
    }
    QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)
}

fn write(content: &Content, tensors: &[(&str, QTensor)], target: &Path) -> Result<(), FetchError> {
    let file_type = Value::U32(MOSTLY_Q8_0);
    let mut metadata: Vec<(&str, &Value)> = content
        .metadata
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .filter(|(key, _)| *key != "general.file_type")
        .collect();
    metadata.push(("general.file_type", &file_type));
    // The same file in, the same file out.
    metadata.sort_by_key(|(key, _)| *key);
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let mut file = BufWriter::new(File::create(target).map_err(FetchError::io(target))?);
    gguf_file::write(&mut file, &metadata, &tensors).map_err(candle(target))?;
    let file = file.into_inner().map_err(|error| FetchError::io(target)(error.into_error()))?;
    file.sync_all().map_err(FetchError::io(target))
}

fn broken(path: &Path, why: String) -> FetchError {
    FetchError::Broken { path: path.to_owned(), why }
}

/// For `map_err`: what candle says, a full disk told apart.
fn candle(path: &Path) -> impl Fn(candle_core::Error) -> FetchError {
    move |error| match error {
        candle_core::Error::Io(error) => FetchError::io(path)(error),
        error => broken(path, one_line(error)),
    }
}
