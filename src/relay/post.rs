//! Letters under seal: whoever reads the server without the keyring reads nothing.

use std::{fmt, sync::Arc};

use rand::{TryRngCore as _, rngs::OsRng};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    link::{Inbox, Link, LinkError},
    privacy::{Keyring, KeysError, Sealed},
};

/// Why a letter does not arrive.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The other machine has another keyring.
    #[error("a letter of another machine cannot be opened; do all machines have the same keyring? {0}")]
    Keys(#[from] KeysError),
    /// The other machine has another version of this program.
    #[error("a letter of another machine cannot be read; do all machines run the same version?")]
    Unreadable,
}

/// A name that no other process has.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn fresh_name() -> Result<String, KeysError> {
    let number = OsRng.try_next_u64().map_err(|_| KeysError::Randomness)?;
    Ok(format!("{number:016x}"))
}

/// The way to every other machine. A clone is the same way.
#[derive(Clone)]
pub struct Post {
    link: Arc<Link>,
    keyring: Arc<Keyring>,
    prefix: String,
}

impl Post {
    /// Over one server, under the keys of the whole fleet. `prefix` is that of the line.
    #[must_use]
    pub fn new(link: Arc<Link>, keyring: Arc<Keyring>, prefix: &str) -> Self {
        Self { link, keyring, prefix: prefix.to_owned() }
    }

    /// The stream that a worker reads.
    pub(super) fn orders(&self, worker: &str) -> String {
        format!("{}:orders:{worker}", self.prefix)
    }

    /// The stream that a gateway reads.
    pub(super) fn pieces(&self, gateway: &str) -> String {
        format!("{}:pieces:{gateway}", self.prefix)
    }

    pub(super) fn inbox(&self, stream: String) -> Inbox {
        Inbox::of(&self.link, stream)
    }

    /// Sends once: both ends repeat what matters.
    pub(super) async fn send(&self, stream: &str, letter: &impl Serialize) -> Result<(), RelayError> {
        let plain = serde_json::to_vec(letter).map_err(|_| RelayError::Unreadable)?;
        let sealed = self.keyring.seal(stream, &plain)?;
        let bytes = [&sealed.key_version.to_le_bytes()[..], &sealed.bytes].concat();
        Ok(self.link.send(stream, &bytes).await?)
    }

    /// Opens a letter that lay in `stream`: one that was meant for another does not open.
    pub(super) fn open<T: DeserializeOwned>(&self, stream: &str, letter: &[u8]) -> Result<T, RelayError> {
        let (version, bytes) = letter.split_first_chunk().ok_or(RelayError::Unreadable)?;
        let sealed = Sealed { key_version: i16::from_le_bytes(*version), bytes: bytes.to_vec() };
        let plain = self.keyring.open(stream, &sealed)?;
        serde_json::from_slice(&plain).map_err(|_| RelayError::Unreadable)
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}
