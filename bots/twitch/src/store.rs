//! Takes renewed tokens, keeps them in a file of their own. Knows nothing of what they are good for.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use lovelm::chat::PersonaId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::oauth::Tokens;

/// Where one account's renewed tokens lie. Only as good as the tokens that they came from: given others, they are forgotten.
#[derive(Clone, Debug)]
pub(crate) struct TokenFile {
    path: PathBuf,
    /// The tokens that the operator gave, as a hash.
    given: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    given: Vec<u8>,
    access: String,
    refresh: Option<String>,
}

impl TokenFile {
    pub(crate) fn new(folder: &Path, persona: &PersonaId, given: &Tokens) -> Self {
        let refresh = given.refresh.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        let both = format!("{}\n{refresh}", given.access.expose_secret());
        let given = Sha256::digest(both.as_bytes()).to_vec();
        Self { path: folder.join(format!("{persona}.json")), given }
    }

    /// What was kept last, if it came from the tokens that are given now.
    pub(crate) fn read(&self) -> Option<Tokens> {
        let kept: Kept = serde_json::from_slice(&fs::read(&self.path).ok()?).ok()?;
        let tokens = Tokens { access: SecretString::from(kept.access), refresh: kept.refresh.map(SecretString::from) };
        (kept.given == self.given).then_some(tokens)
    }

    /// Keeps tokens: all of them or, when the machine fails in between, the old ones.
    pub(crate) fn write(&self, tokens: &Tokens) -> io::Result<()> {
        let kept = Kept {
            given: self.given.clone(),
            access: tokens.access.expose_secret().to_owned(),
            refresh: tokens.refresh.as_ref().map(|refresh| refresh.expose_secret().to_owned()),
        };
        replace(&self.path, &serde_json::to_vec(&kept)?)
    }
}

/// Replaces a file, and makes its folder. For the owner's eyes only.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let new = path.with_extension("new");
    // What a crash left behind may have another mode.
    let _ = fs::remove_file(&new);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    fs::File::open(folder)?.sync_all()
}
