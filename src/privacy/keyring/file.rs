//! The keyring's file: TOML, mode 0600, replaced whole or not at all.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroize};
use serde::Deserialize;

use super::KeysError;

const HEADER: &str = "# The keys of pseudonyms and sealed addresses. Keep a copy apart from the database's backups. The highest version\n\
    # is used for what is new; a version that is deleted here makes its rows unlinkable for good.\n";

type Secrets = Vec<(i16, SecretBox<[u8; 32]>)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    version: i16,
    secret: String,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// The secrets in the file, ascending; `None` where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<Secrets>, KeysError> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed(path))?,
    };
    if open_to_others(&file.metadata().map_err(failed(path))?) {
        return Err(KeysError::Permissions { file: path.to_owned() });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed(path))?;
    let secrets = parse(&text).map_err(|what| KeysError::Malformed { file: path.to_owned(), what });
    text.zeroize();
    secrets.map(Some)
}

/// Writes a first keyring. When another process was faster, theirs is the keyring.
pub(super) fn create(path: &Path, secrets: &[(i16, &SecretBox<[u8; 32]>)]) -> Result<Secrets, KeysError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed(path))?;
    }
    let draft = write_draft(path, secrets)?;
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path)(error)),
        _ => read(path)?.ok_or_else(|| failed(path)(io::ErrorKind::NotFound.into())),
    }
}

/// Puts these secrets in the file's place.
pub(super) fn replace(path: &Path, secrets: &[(i16, &SecretBox<[u8; 32]>)]) -> Result<(), KeysError> {
    let draft = write_draft(path, secrets)?;
    fs::rename(&draft, path).map_err(failed(path))
}

/// A finished file beside `path`. Its name holds the process, so that two never write one draft.
fn write_draft(path: &Path, secrets: &[(i16, &SecretBox<[u8; 32]>)]) -> Result<PathBuf, KeysError> {
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let _ = fs::remove_file(&draft);
    let mut text = HEADER.to_owned();
    for (version, secret) in secrets {
        let mut hex = hex(secret.expose_secret());
        let _ = write!(text, "\n[[key]]\nversion = {version}\nsecret = \"{hex}\"\n");
        hex.zeroize();
    }
    let written =
        private_file(&draft).and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    text.zeroize();
    written.map_err(failed(&draft))?;
    Ok(draft)
}

fn parse(text: &str) -> Result<Secrets, String> {
    // The parser's own message would quote the line, and with it a secret.
    let document: Document = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
        format!("line {line}: not a keyring: expected [[key]] with `version` and `secret`")
    })?;
    let mut secrets = Secrets::new();
    for entry in &document.key {
        let version = entry.version;
        if version < 1 || secrets.last().is_some_and(|(before, _)| *before >= version) {
            return Err(format!("key.version {version}: versions start at 1 and ascend"));
        }
        let secret =
            unhex(&entry.secret).ok_or(format!("key.secret of version {version}: expected 64 hexadecimal digits"))?;
        secrets.push((version, SecretBox::new(Box::new(secret))));
    }
    if secrets.is_empty() { Err("key: the keyring holds no version".to_owned()) } else { Ok(secrets) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut secret = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in secret.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(secret)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> KeysError {
    move |source| KeysError::File { file: path.to_owned(), source }
}

#[cfg(unix)]
fn open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> bool {
    false
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
