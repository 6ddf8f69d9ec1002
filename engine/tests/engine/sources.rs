//! What an operator may write under `engine.model`, and how a wrong word is answered: in one clear line.

use std::{fs, path::Path};

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Value},
    },
};
use lovelm::engine::EngineConfig;
use lovelm_engine::{OpenError, Progress, Source, model::gguf, open};

/// A tiny GGUF file of the given architecture.
pub fn tiny(path: &Path, architecture: &str) {
    let tensor = |rows: u16| {
        Tensor::arange(0_f32, f32::from(rows * 64), &Device::Cpu).unwrap().reshape((usize::from(rows), 64)).unwrap()
    };
    let matrix = QTensor::quantize(&tensor(4), GgmlDType::Q4_1).unwrap();
    let norm = QTensor::quantize(&tensor(1).flatten_all().unwrap(), GgmlDType::F32).unwrap();
    let text = |text: &str| Value::String(text.into());
    let list = |texts: &[&str]| Value::Array(texts.iter().map(|t| text(t)).collect());
    let metadata = [
        ("general.architecture", text(architecture)),
        ("general.file_type", Value::U32(3)),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", list(&["<|end|>", "a", "b", "ab"])),
        ("tokenizer.ggml.token_type", Value::Array([3, 1, 1, 1].map(Value::I32).to_vec())),
        ("tokenizer.ggml.merges", list(&["a b"])),
        ("tokenizer.ggml.eos_token_id", Value::U32(0)),
    ];
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let mut file = fs::File::create(path).unwrap();
    gguf_file::write(&mut file, &metadata, &[("blk.0.weight", &matrix), ("norm.weight", &norm)]).unwrap();
}

async fn refused(model: &str) -> String {
    let config = EngineConfig { model: model.into(), ..EngineConfig::default() };
    let cache = tempfile::tempdir().unwrap();
    let error = open(&config, cache.path(), Progress::Hidden).await.err().expect("it is refused");
    let line = error.to_string();
    assert!(!line.contains('\n') && line.len() < 600, "one line: {line}");
    line
}

#[test]
fn every_kind_of_model_has_its_words() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Source::parse("  ").unwrap(), Source::Default);
    assert_eq!(Source::parse("meta-llama/Llama-3.1-8B").unwrap(), Source::Hub("meta-llama/Llama-3.1-8B".into()));
    assert!(matches!(Source::parse("http://127.0.0.1:8000/v1").unwrap(), Source::Server(_)));
    let file = folder.path().join("Model.GGUF");
    tiny(&file, "llama");
    assert_eq!(Source::parse(&file.to_string_lossy()).unwrap(), Source::Gguf(file));
    for name in ["model.safetensors", "config.json", "tokenizer.json"] {
        assert!(matches!(Source::parse(&folder.path().to_string_lossy()), Err(OpenError::NotAModel { .. })));
        fs::write(folder.path().join(name), "{}").unwrap();
    }
    assert_eq!(Source::parse(&folder.path().to_string_lossy()).unwrap(), Source::Folder(folder.path().into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_named() {
    for missing in ["/nowhere/model.gguf", "/nowhere/folder", "models/mine.gguf", "just-a-word", "../../x/y/z"] {
        let line = refused(missing).await;
        assert!(line.contains(missing) && line.contains("no such file"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_none_are_named() {
    for wrong in ["http://", "ftp://host/x", "https://[::1", "http://a b/"] {
        let line = refused(wrong).await;
        assert!(line.contains("is not an address"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_models_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    let name = file.to_string_lossy().into_owned();
    let huge = [b"GGUF".as_slice(), &3_u32.to_le_bytes(), &u64::MAX.to_le_bytes(), &u64::MAX.to_le_bytes()].concat();
    let long_key = [&huge[..16], 1_u64.to_le_bytes().as_slice(), &(1_u64 << 60).to_le_bytes()].concat();
    let old = [b"GGUF".as_slice(), &1_u32.to_le_bytes(), &[0; 64]].concat();
    for garbage in [vec![], b"GG".to_vec(), b"not a model at all".to_vec(), huge, long_key, old, vec![0; 4096]] {
        fs::write(&file, &garbage).unwrap();
        let line = refused(&name).await;
        assert!(line.contains(&name), "{line}");
    }
    let other = folder.path().join("notes.txt");
    fs::write(&other, "hello").unwrap();
    assert!(refused(&other.to_string_lossy()).await.contains(".gguf"));
    assert!(refused(&folder.path().to_string_lossy()).await.contains("no .safetensors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_architectures_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gemma.gguf");
    tiny(&file, "gemma3");
    let line = refused(&file.to_string_lossy()).await;
    assert!(line.contains("gemma3") && line.contains("qwen2"), "{line}");
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    tiny(&file, "llama");
    let whole = fs::read(&file).unwrap();
    gguf::verify(&file).unwrap();
    // The padding behind the last tensor is nobody's.
    for length in (0..whole.len() - 32).step_by(7) {
        fs::write(&file, &whole[..length]).unwrap();
        gguf::verify(&file).unwrap_err();
    }
    fs::write(&file, &whole[..whole.len() - 200]).unwrap();
    assert!(matches!(gguf::verify(&file), Err(OpenError::Truncated { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_file_that_is_no_whole_model_does_not_take_us_down() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    tiny(&file, "llama");
    let line = refused(&file.to_string_lossy()).await;
    assert!(line.contains("cannot be loaded"), "{line}");
}
