//! The keys under which people are pseudonyms and addresses are sealed: versioned, in a file outside the database.

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
use hmac::{Hmac, Mac};
use rand::{TryRngCore, rngs::OsRng};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use super::{Pseudonym, Sealed};
use crate::chat::{EventId, MessageId, PersonaId, Place, Platform, UserId};

const NONCE: usize = 24;

/// Why the keyring cannot be used. Names the file and the key, never a secret.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("{file}: cannot read or write the keyring: {source}", file = .file.display())]
    File { file: PathBuf, source: std::io::Error },
    #[error("{file}: others on this machine may read the keyring; run `chmod 600 {file}`", file = .file.display())]
    Permissions { file: PathBuf },
    #[error("{file}: {what}", file = .file.display())]
    Malformed { file: PathBuf, what: String },
    /// The version was destroyed or belongs to another keyring.
    #[error("the keyring has no version {0}")]
    Unknown(i16),
    /// Changed bytes, another purpose, or another secret under the same version.
    #[error("the sealed bytes do not open under version {0}")]
    Sealed(i16),
    #[error("the operating system gave no randomness")]
    Randomness,
}

/// One version's keys, derived from its secret.
struct Version {
    number: i16,
    secret: SecretBox<[u8; 32]>,
    naming: SecretBox<[u8; 32]>,
    sealing: SecretBox<[u8; 32]>,
}

/// All live versions; the newest makes what is made now. Shared freely between tasks.
pub struct Keyring {
    file: PathBuf,
    /// Never empty, ascending.
    versions: RwLock<Vec<Version>>,
}

impl Keyring {
    /// Reads the keyring, or makes one with a first version (mode 0600) where there is no file.
    ///
    /// # Errors
    /// Unreadable, readable by others, malformed.
    pub fn open_or_create(file: &Path) -> Result<Self, KeysError> {
        let secrets = match file::read(file)? {
            Some(secrets) => secrets,
            None => file::create(file, &[(1, &random()?)])?,
        };
        let versions = secrets.into_iter().map(|(number, secret)| Version::new(number, secret)).collect();
        Ok(Self { file: file.to_owned(), versions: RwLock::new(versions) })
    }

    /// A keyring in memory only, for work of which nothing is kept.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn ephemeral() -> Result<Self, KeysError> {
        let versions = RwLock::new(vec![Version::new(1, random()?)]);
        Ok(Self { file: PathBuf::new(), versions })
    }

    /// Adds a version and makes it the current one; what older ones made stays readable. Gives the new version.
    ///
    /// # Errors
    /// When the file cannot be written; nothing has changed then.
    pub fn rotate(&self) -> Result<i16, KeysError> {
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        let newest = versions.last().map_or(0, |version| version.number);
        let number = newest.checked_add(1).ok_or(KeysError::Unknown(newest))?;
        let added = Version::new(number, random()?);
        let secrets = versions.iter().chain([&added]).map(|version| (version.number, &version.secret));
        file::replace(&self.file, &secrets.collect::<Vec<_>>())?;
        versions.push(added);
        Ok(number)
    }

    /// The version that makes what is made now.
    #[must_use]
    pub fn current(&self) -> i16 {
        self.read().last().map_or(0, |version| version.number)
    }

    /// The live versions, oldest first.
    #[must_use]
    pub fn versions(&self) -> Vec<i16> {
        self.read().iter().map(|version| version.number).collect()
    }

    /// A person under the current key. The same id on two platforms is two pseudonyms.
    #[must_use]
    pub fn pseudonym(&self, platform: Platform, user: &UserId) -> Pseudonym {
        self.named("person", &[platform.as_str(), user.as_str()])
    }

    /// A person under every live key, newest first: whatever rows there may be, they are found.
    #[must_use]
    pub fn pseudonyms(&self, platform: Platform, user: &UserId) -> Vec<Pseudonym> {
        self.named_by_all("person", &[platform.as_str(), user.as_str()])
    }

    /// A place under the current key.
    #[must_use]
    pub fn place(&self, place: &Place) -> Pseudonym {
        self.named("place", &[place.platform.as_str(), place.channel.as_str()])
    }

    /// A place under every live key, newest first.
    #[must_use]
    pub fn places(&self, place: &Place) -> Vec<Pseudonym> {
        self.named_by_all("place", &[place.platform.as_str(), place.channel.as_str()])
    }

    /// An event under the current key: the same for a duplicate.
    #[must_use]
    pub fn event(&self, platform: Platform, event: &EventId) -> Pseudonym {
        self.named("event", &[platform.as_str(), event.as_str()])
    }

    /// An event under every live key, newest first: a duplicate is known across a rotation.
    #[must_use]
    pub fn events(&self, platform: Platform, event: &EventId) -> Vec<Pseudonym> {
        self.named_by_all("event", &[platform.as_str(), event.as_str()])
    }

    /// A message under the current key.
    #[must_use]
    pub fn message(&self, place: &Place, message: &MessageId) -> Pseudonym {
        self.named("message", &[place.platform.as_str(), place.channel.as_str(), message.as_str()])
    }

    /// A message under every live key, newest first.
    #[must_use]
    pub fn messages(&self, place: &Place, message: &MessageId) -> Vec<Pseudonym> {
        self.named_by_all("message", &[place.platform.as_str(), place.channel.as_str(), message.as_str()])
    }

    /// One persona's answer to an event, under every live key, newest first: a late duplicate is known across a rotation.
    #[must_use]
    pub fn answers(&self, platform: Platform, event: &EventId, persona: &PersonaId) -> Vec<Pseudonym> {
        self.named_by_all("answer", &[platform.as_str(), event.as_str(), persona.as_str()])
    }

    /// By what a platform may know one persona's answer to an event again, in 16 characters: the same for the same pseudonym
    /// of the event, and nothing that a row could be found by. `None` once its key is gone.
    #[must_use]
    pub fn posting(&self, event: &Pseudonym, persona: &PersonaId) -> Option<String> {
        let versions = self.read();
        let version = versions.iter().find(|version| version.number == event.key_version)?;
        let name = version.name("posting", &[&hex(event.as_bytes()), persona.as_str()]);
        Some(hex(&name.as_bytes()[..8]))
    }

    /// Seals bytes under the current key, for one purpose (a constant of the caller's, such as `pending address`).
    ///
    /// # Errors
    /// [`KeysError::Randomness`] only.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, KeysError> {
        let versions = self.read();
        let version = versions.last().ok_or(KeysError::Unknown(0))?;
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
        let versions = self.read();
        let number = sealed.key_version;
        let version = versions.iter().find(|version| version.number == number).ok_or(KeysError::Unknown(number))?;
        let (nonce, bytes) = sealed.bytes.split_first_chunk::<NONCE>().ok_or(KeysError::Sealed(number))?;
        let bound = bound(number, purpose);
        let plain = version.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: bytes, aad: &bound });
        plain.map_err(|_| KeysError::Sealed(number))
    }

    fn named(&self, kind: &str, parts: &[&str]) -> Pseudonym {
        let versions = self.read();
        let newest = versions.last().expect("a keyring always holds a version");
        newest.name(kind, parts)
    }

    fn named_by_all(&self, kind: &str, parts: &[&str]) -> Vec<Pseudonym> {
        self.read().iter().rev().map(|version| version.name(kind, parts)).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Version>> {
        self.versions.read().unwrap_or_else(PoisonError::into_inner)
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
        Self { number, naming: derived("naming"), sealing: derived("sealing"), secret }
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
