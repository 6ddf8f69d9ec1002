//! The keys under which people are pseudonyms and addresses are sealed: versioned, in a file outside the database.

mod change;
mod file;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use chrono::NaiveDate;
use hmac::{Hmac, Mac};
use rand::{TryRngCore, rngs::OsRng};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use self::file::{Read, Stamp};
use super::{Pseudonym, Sealed};
use crate::chat::{EventId, MessageId, PersonaId, Place, Platform, RawText, UserId};

pub use self::change::{KeyState, KeyVersion};

const NONCE: usize = 24;

/// Why the keyring cannot be used. Names the file and the key, never a secret.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("{file}: cannot read or write the keyring: {source}", file = .file.display())]
    File { file: PathBuf, source: std::io::Error },
    #[error("{file}: there is no keyring; a fleet makes one when it first runs", file = .file.display())]
    Missing { file: PathBuf },
    #[error("{file}: others on this machine may read the keyring; run `chmod 600 {file}`", file = .file.display())]
    Permissions { file: PathBuf },
    #[error("{file}: {what}", file = .file.display())]
    Malformed { file: PathBuf, what: String },
    /// Somebody put a keyring of another fleet into the place of ours.
    #[error("{file}: version {version} has another secret than it had", file = .file.display())]
    Replaced { file: PathBuf, version: i16 },
    /// The version was destroyed or belongs to another keyring.
    #[error("the keyring has no version {0}")]
    Unknown(i16),
    #[error("version {0} is the one in use; `lovelm keys rotate` first, so that there is a newer one")]
    InUse(i16),
    /// Changed bytes, another purpose, or another secret under the same version.
    #[error("the sealed bytes do not open under version {0}")]
    Sealed(i16),
    #[error("the operating system gave no randomness")]
    Randomness,
}

/// One version's keys, derived from its secret.
struct Version {
    number: i16,
    /// Unknown of a keyring that was written before this was.
    made_on: Option<NaiveDate>,
    /// Not to be used yet for what is new: other processes, or machines, are to know it first.
    prepared: bool,
    secret: SecretBox<[u8; 32]>,
    naming: SecretBox<[u8; 32]>,
    sealing: SecretBox<[u8; 32]>,
}

/// What is known of the file.
struct State {
    /// Ascending, and at least one of them in use.
    versions: Vec<Version>,
    stamp: Option<Stamp>,
}

/// All live versions; the newest that is in use makes what is made now. Shared freely between tasks.
pub struct Keyring {
    file: PathBuf,
    state: RwLock<State>,
}

impl Keyring {
    /// Reads the keyring, or makes one with a first version (mode 0600) where there is no file.
    ///
    /// # Errors
    /// Unreadable, readable by others, malformed.
    pub fn open_or_create(file: &Path) -> Result<Self, KeysError> {
        let read = match file::read(file)? {
            Some(read) => read,
            None => file::create(file, &[Version::new(1, random()?)])?,
        };
        Ok(Self::of(file, read))
    }

    /// Reads the keyring where there is one.
    ///
    /// # Errors
    /// As [`Keyring::open_or_create`], or [`KeysError::Missing`].
    pub fn open_existing(file: &Path) -> Result<Self, KeysError> {
        let read = file::read(file)?.ok_or_else(|| KeysError::Missing { file: file.to_owned() })?;
        Ok(Self::of(file, read))
    }

    /// A keyring in memory only, for work of which nothing is kept.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn ephemeral() -> Result<Self, KeysError> {
        let state = State { versions: vec![Version::new(1, random()?)], stamp: None };
        Ok(Self { file: PathBuf::new(), state: RwLock::new(state) })
    }

    fn of(file: &Path, Read { versions, stamp }: Read) -> Self {
        Self { file: file.to_owned(), state: RwLock::new(State { versions, stamp: Some(stamp) }) }
    }

    /// The version that makes what is made now.
    #[must_use]
    pub fn current(&self) -> i16 {
        self.read().current().number
    }

    /// The live versions, oldest first.
    #[must_use]
    pub fn versions(&self) -> Vec<i16> {
        self.read().versions.iter().map(|version| version.number).collect()
    }

    /// A person under the current key. The same id on two platforms is two pseudonyms.
    #[must_use]
    pub fn pseudonym(&self, platform: Platform, user: &UserId) -> Pseudonym {
        self.named("person", &[platform.as_str(), user.as_str()])
    }

    /// A person under every live key, the current one first: whatever rows there may be, they are found.
    #[must_use]
    pub fn pseudonyms(&self, platform: Platform, user: &UserId) -> Vec<Pseudonym> {
        self.named_by_all("person", &[platform.as_str(), user.as_str()])
    }

    /// A place under the current key.
    #[must_use]
    pub fn place(&self, place: &Place) -> Pseudonym {
        self.named("place", &[place.platform.as_str(), place.channel.as_str()])
    }

    /// A place under every live key, the current one first.
    #[must_use]
    pub fn places(&self, place: &Place) -> Vec<Pseudonym> {
        self.named_by_all("place", &[place.platform.as_str(), place.channel.as_str()])
    }

    /// An event under the current key: the same for a duplicate.
    #[must_use]
    pub fn event(&self, platform: Platform, event: &EventId) -> Pseudonym {
        self.named("event", &[platform.as_str(), event.as_str()])
    }

    /// An event under every live key, the current one first: a duplicate is known across a rotation.
    #[must_use]
    pub fn events(&self, platform: Platform, event: &EventId) -> Vec<Pseudonym> {
        self.named_by_all("event", &[platform.as_str(), event.as_str()])
    }

    /// A message under the current key.
    #[must_use]
    pub fn message(&self, place: &Place, message: &MessageId) -> Pseudonym {
        self.named("message", &[place.platform.as_str(), place.channel.as_str(), message.as_str()])
    }

    /// A message under every live key, the current one first.
    #[must_use]
    pub fn messages(&self, place: &Place, message: &MessageId) -> Vec<Pseudonym> {
        self.named_by_all("message", &[place.platform.as_str(), place.channel.as_str(), message.as_str()])
    }

    /// One persona's answer to an event, under every live key, the current one first: a late duplicate is known across a rotation.
    #[must_use]
    pub fn answers(&self, platform: Platform, event: &EventId, persona: &PersonaId) -> Vec<Pseudonym> {
        self.named_by_all("answer", &[platform.as_str(), event.as_str(), persona.as_str()])
    }

    /// By what a platform may know one persona's answer to an event again, in 16 characters: the same for the same pseudonym
    /// of the event, and nothing that a row could be found by. `None` once its key is gone.
    #[must_use]
    pub fn posting(&self, event: &Pseudonym, persona: &PersonaId) -> Option<String> {
        let state = self.read();
        let name = state.version(event.key_version)?.name("posting", &[&hex(event.as_bytes()), persona.as_str()]);
        Some(hex(&name.as_bytes()[..8]))
    }

    /// A name as it is shown in a place, in either case, under the current key.
    #[must_use]
    pub fn name(&self, place: &Place, name: &RawText) -> Pseudonym {
        let shown = name.expose().trim().to_lowercase();
        self.named("name", &[place.platform.as_str(), place.channel.as_str(), &shown])
    }

    /// A one-time code, in 12 characters: the same for the same pseudonym of an event. `None` once its key is gone.
    #[must_use]
    pub fn new_code(&self, event: &Pseudonym) -> Option<String> {
        let state = self.read();
        let name = state.version(event.key_version)?.name("new code", &[&hex(event.as_bytes())]);
        Some(hex(&name.as_bytes()[..6]))
    }

    /// A one-time code under the current key.
    #[must_use]
    pub fn code(&self, code: &str) -> Pseudonym {
        self.named("code", &[code])
    }

    /// A one-time code as somebody typed it, under every live key, newest first.
    #[must_use]
    pub fn codes(&self, code: &RawText) -> Vec<Pseudonym> {
        self.named_by_all("code", &[&code.expose().trim().to_lowercase()])
    }

    /// What stands in a persona's rules and in no other text: ten letters, the same in every process of a fleet.
    #[must_use]
    pub fn mark(&self, persona: &PersonaId) -> String {
        let name = self.named("prompt mark", &[persona.as_str()]);
        name.as_bytes().iter().take(10).map(|byte| char::from(b"bcdfghjklmnpqrst"[usize::from(byte & 15)])).collect()
    }

    /// Seals bytes under the current key, for one purpose (a constant of the caller's, such as `pending address`).
    ///
    /// # Errors
    /// [`KeysError::Randomness`] only.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, KeysError> {
        let state = self.read();
        let version = state.current();
        let mut nonce = [0; NONCE];
        OsRng.try_fill_bytes(&mut nonce).map_err(|_| KeysError::Randomness)?;
        let bound = bound(version.number, purpose);
        let sealed = version.cipher().encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &bound });
        let sealed = sealed.map_err(|_| KeysError::Sealed(version.number))?;
        Ok(Sealed { key_version: version.number, bytes: [&nonce[..], &sealed].concat() })
    }

    /// Opens what [`Keyring::seal`] sealed for the same purpose.
    ///
    /// # Errors
    /// [`KeysError::Unknown`] when the version is gone, [`KeysError::Sealed`] when the bytes are not what was sealed.
    pub fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Vec<u8>, KeysError> {
        let number = sealed.key_version;
        if self.read().version(number).is_none() {
            // Another process may have been faster to use a new one.
            self.look_again()?;
        }
        let state = self.read();
        let version = state.version(number).ok_or(KeysError::Unknown(number))?;
        let (nonce, bytes) = sealed.bytes.split_first_chunk::<NONCE>().ok_or(KeysError::Sealed(number))?;
        let bound = bound(number, purpose);
        let plain = version.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: bytes, aad: &bound });
        plain.map_err(|_| KeysError::Sealed(number))
    }

    fn named(&self, kind: &str, parts: &[&str]) -> Pseudonym {
        self.read().current().name(kind, parts)
    }

    fn named_by_all(&self, kind: &str, parts: &[&str]) -> Vec<Pseudonym> {
        let state = self.read();
        let current = state.current();
        let others = state.versions.iter().rev().filter(|version| version.number != current.number);
        [current].into_iter().chain(others).map(|version| version.name(kind, parts)).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The newest version that is in use.
    fn current(&self) -> &Version {
        let in_use = self.versions.iter().rev().find(|version| !version.prepared);
        in_use.expect("a keyring always holds a version that is in use")
    }

    fn version(&self, number: i16) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("versions", &self.versions()).finish_non_exhaustive()
    }
}

impl Version {
    fn new(number: i16, secret: SecretBox<[u8; 32]>) -> Self {
        let derived = |label: &str| SecretBox::new(Box::new(mac(secret.expose_secret(), &["derive", label])));
        let (naming, sealing) = (derived("naming"), derived("sealing"));
        Self { number, made_on: None, prepared: false, secret, naming, sealing }
    }

    fn name(&self, kind: &str, parts: &[&str]) -> Pseudonym {
        let parts: Vec<&str> = [kind].into_iter().chain(parts.iter().copied()).collect();
        Pseudonym { key_version: self.number, mac: mac(self.naming.expose_secret(), &parts) }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.sealing.expose_secret()))
    }
}

/// HMAC-SHA-256 of the parts, each behind its length: no two lists of parts give the same bytes.
fn mac(key: &[u8; 32], parts: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// What sealed bytes are bound to besides their key.
fn bound(version: i16, purpose: &str) -> Vec<u8> {
    [&version.to_le_bytes()[..], purpose.as_bytes()].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

fn random() -> Result<SecretBox<[u8; 32]>, KeysError> {
    let mut secret = Box::new([0; 32]);
    OsRng.try_fill_bytes(secret.as_mut_slice()).map_err(|_| KeysError::Randomness)?;
    Ok(SecretBox::new(secret))
}
