//! The keyring's file: TOML, mode 0600, replaced whole or not at all.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::{DateTime, NaiveDate, Utc};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroize};
use serde::Deserialize;

use super::{KeysError, Version, hex};

const HEADER: &str = "# The keys of pseudonyms and sealed addresses. Keep a copy apart from the database's backups. The highest version\n\
    # that is not `prepared` is used for what is new; a version that is deleted makes its rows unlinkable for good.\n\
    # `lovelm keys` changes this file.\n";

/// By what a changed file is known without reading it.
pub(super) type Stamp = (u64, SystemTime);

/// What lay in the file.
pub(super) struct Read {
    /// Ascending.
    pub versions: Vec<Version>,
    pub stamp: Stamp,
}

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
    made_on: Option<NaiveDate>,
    #[serde(default)]
    prepared: bool,
    secret: String,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// The versions in the file; `None` where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<Read>, KeysError> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(failed(path))?,
    };
    let metadata = file.metadata().map_err(failed(path))?;
    if open_to_others(&metadata) {
        return Err(KeysError::Permissions { file: path.to_owned() });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed(path))?;
    let versions = parse(&text).map_err(|what| KeysError::Malformed { file: path.to_owned(), what });
    text.zeroize();
    let (mut versions, stamp) = (versions?, stamp_of(&metadata).map_err(failed(path))?);
    for version in &mut versions {
        version.made_on.get_or_insert(day(stamp.1));
    }
    Ok(Some(Read { versions, stamp }))
}

/// The stamp of what lies there now; `None` where there is no file.
pub(super) fn stamp(path: &Path) -> Result<Option<Stamp>, KeysError> {
    match fs::metadata(path).and_then(|metadata| stamp_of(&metadata)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        stamp => stamp.map(Some).map_err(failed(path)),
    }
}

/// Held by whoever changes the file: of several processes one at a time.
pub(super) fn alone(path: &Path) -> Result<File, KeysError> {
    let folder = File::open(folder(path)).map_err(failed(path))?;
    folder.lock().map_err(failed(path))?;
    Ok(folder)
}

/// Writes a first keyring. When another process was faster, theirs is the keyring.
pub(super) fn create(path: &Path, versions: &[Version]) -> Result<Read, KeysError> {
    fs::create_dir_all(folder(path)).map_err(failed(path))?;
    let draft = write_draft(path, versions)?;
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path)(error)),
        _ => read(path)?.ok_or_else(|| failed(path)(io::ErrorKind::NotFound.into())),
    }
}

/// Puts these versions in the file's place.
pub(super) fn replace(path: &Path, versions: &[Version]) -> Result<(), KeysError> {
    let draft = write_draft(path, versions)?;
    let replaced = fs::rename(&draft, path).and_then(|()| File::open(folder(path))?.sync_all());
    replaced.map_err(failed(path))
}

/// A finished file beside `path`. Its name holds the process, so that two never write one draft.
fn write_draft(path: &Path, versions: &[Version]) -> Result<PathBuf, KeysError> {
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let _ = fs::remove_file(&draft);
    let written = private_file(&draft).and_then(|mut file| {
        let today = day(file.metadata()?.modified()?);
        let mut text = HEADER.to_owned();
        for Version { number, made_on, prepared, secret, .. } in versions {
            let mut hex = hex(secret.expose_secret());
            let made_on = made_on.unwrap_or(today);
            let prepared = if *prepared { "prepared = true\n" } else { "" };
            let _ =
                write!(text, "\n[[key]]\nversion = {number}\nmade_on = \"{made_on}\"\n{prepared}secret = \"{hex}\"\n");
            hex.zeroize();
        }
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        text.zeroize();
        written
    });
    written.map_err(failed(&draft))?;
    Ok(draft)
}

fn parse(text: &str) -> Result<Vec<Version>, String> {
    // The parser's own message would quote the line, and with it a secret.
    let document: Document = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
        format!("line {line}: not a keyring: expected [[key]] with `version` and `secret`")
    })?;
    let mut versions = Vec::<Version>::new();
    for entry in &document.key {
        let version = entry.version;
        if version < 1 || versions.last().is_some_and(|before| before.number >= version) {
            return Err(format!("key.version {version}: versions start at 1 and ascend"));
        }
        let secret =
            unhex(&entry.secret).ok_or(format!("key.secret of version {version}: expected 64 hexadecimal digits"))?;
        let read = Version::new(version, SecretBox::new(Box::new(secret)));
        versions.push(Version { made_on: entry.made_on, prepared: entry.prepared, ..read });
    }
    if versions.is_empty() {
        return Err("key: the keyring holds no version".to_owned());
    }
    if versions.iter().all(|version| version.prepared) {
        return Err("key.prepared: no version is in use".to_owned());
    }
    Ok(versions)
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

fn stamp_of(metadata: &fs::Metadata) -> io::Result<Stamp> {
    Ok((metadata.len(), metadata.modified()?))
}

fn day(time: SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(time).date_naive()
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
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
