//! Takes a model's folder, says whether it is still what was written. Knows nothing of what is in the files.

use std::{collections::BTreeMap, fmt::Write as _, fs, fs::File, io, io::Read as _, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Recipe;

const NAME: &str = "manifest.json";
/// Grows when a model is prepared differently: what an older program made is then made again.
const VERSION: u32 = 1;

#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    /// Of the file it was made from.
    source_sha256: String,
    files: BTreeMap<String, Entry>,
}

#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    sha256: String,
}

/// Whether `folder` holds every byte that was written for `recipe`. Takes less than a second for the default model.
pub fn holds(folder: &Path, recipe: &Recipe) -> bool {
    let Some(written) = read(folder) else { return false };
    let sizes_hold = written.files.iter().all(|(name, entry)| {
        folder.join(name).metadata().is_ok_and(|found| found.is_file() && found.len() == entry.bytes)
    });
    sizes_hold && survey(folder, recipe).is_ok_and(|found| found == written)
}

/// Writes down what is in `folder`, after making it durable.
pub fn write(folder: &Path, recipe: &Recipe) -> io::Result<()> {
    let found = survey(folder, recipe)?;
    for name in found.files.keys() {
        File::open(folder.join(name))?.sync_all()?;
    }
    let path = folder.join(NAME);
    fs::write(&path, serde_json::to_vec_pretty(&found)?)?;
    File::open(path)?.sync_all()
}

fn read(folder: &Path) -> Option<Manifest> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(folder.join(NAME)).ok()?).ok()?;
    (!manifest.files.is_empty()).then_some(manifest)
}

fn survey(folder: &Path, recipe: &Recipe) -> io::Result<Manifest> {
    let mut files = BTreeMap::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != NAME {
            let path = entry.path();
            files.insert(name, Entry { bytes: path.metadata()?.len(), sha256: sha256(&path)? });
        }
    }
    Ok(Manifest { version: VERSION, source_sha256: recipe.sha256.clone(), files })
}

/// In lower-case hexadecimal.
pub fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => digest.update(&buffer[..read]),
        }
    }
    Ok(digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}
