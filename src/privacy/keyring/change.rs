//! New versions, old ones that go, and how a process that runs learns of either.

use std::{convert::Infallible, sync::Arc, time::Duration};

use chrono::NaiveDate;
use secrecy::ExposeSecret;

use super::{Keyring, KeysError, PoisonError, State, Version, file, random};
use crate::clock::Clock;

/// How often a process that runs looks at the file.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What may be known of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyVersion {
    pub number: i16,
    pub made_on: Option<NaiveDate>,
    pub state: KeyState,
}

/// What a version is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It makes what is made now.
    InUse,
    /// It reads what was made under it.
    Read,
    /// It makes nothing yet.
    Prepared,
}

impl KeyState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InUse => "in use",
            Self::Read => "read only",
            Self::Prepared => "prepared",
        }
    }
}

impl Keyring {
    /// Within this time every process on this machine that runs knows what was changed in the file.
    pub const NOTICED_WITHIN: Duration = Duration::from_secs(5);

    /// The live versions, oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<KeyVersion> {
        let known = self.read();
        let current = known.current().number;
        let each = known.versions.iter().map(|version| {
            let state = match (version.number == current, version.prepared) {
                (true, _) => KeyState::InUse,
                (false, true) => KeyState::Prepared,
                (false, false) => KeyState::Read,
            };
            KeyVersion { number: version.number, made_on: version.made_on, state }
        });
        each.collect()
    }

    /// Adds a version that makes nothing yet, so that every process can read what it will make; gives its number, or that of
    /// the one that was prepared before.
    ///
    /// # Errors
    /// When the file cannot be changed; nothing has changed then.
    pub fn prepare(&self) -> Result<i16, KeysError> {
        self.change(|versions| match versions.last() {
            Some(last) if last.prepared => Ok(last.number),
            last => {
                let newest = last.map_or(0, |version| version.number);
                let number = newest.checked_add(1).ok_or(KeysError::Unknown(newest))?;
                versions.push(Version { prepared: true, ..Version::new(number, random()?) });
                Ok(number)
            }
        })
    }

    /// Uses the version that was prepared from now on; what older ones made stays readable. Gives the version in use.
    ///
    /// # Errors
    /// When the file cannot be changed; nothing has changed then.
    pub fn adopt(&self) -> Result<i16, KeysError> {
        self.change(|versions| {
            for version in versions.iter_mut() {
                version.prepared = false;
            }
            Ok(versions.last().map_or(0, |version| version.number))
        })
    }

    /// [`Keyring::prepare`] and [`Keyring::adopt`] at once, where nobody else reads the file.
    ///
    /// # Errors
    /// When the file cannot be changed.
    pub fn rotate(&self) -> Result<i16, KeysError> {
        self.prepare()?;
        self.adopt()
    }

    /// The same while others read the file: a version that nobody could know of yet is used when every process on this machine
    /// knows it, so that nothing that one makes is unknown to another. Ends when all of them use it: takes twice as long.
    ///
    /// # Errors
    /// When the file cannot be changed.
    pub async fn rotate_under_traffic(&self, clock: &dyn Clock) -> Result<i16, KeysError> {
        let was_prepared = self.list().iter().any(|version| version.state == KeyState::Prepared);
        self.prepare()?;
        if !was_prepared {
            clock.until(clock.elapsed() + Self::NOTICED_WITHIN).await;
        }
        let adopted = self.adopt()?;
        // Whoever destroys the older version next finds everything that is made from now on under the new one.
        clock.until(clock.elapsed() + Self::NOTICED_WITHIN).await;
        Ok(adopted)
    }

    /// Deletes a version: nothing that it made can be read or found by an id any more.
    ///
    /// # Errors
    /// [`KeysError::InUse`] of the version that makes what is made now, [`KeysError::Unknown`] of none; when the file cannot be
    /// changed.
    pub fn destroy(&self, number: i16) -> Result<(), KeysError> {
        self.change(|versions| {
            let at = versions.iter().position(|version| version.number == number).ok_or(KeysError::Unknown(number))?;
            let others_in_use = versions.iter().any(|version| version.number > number && !version.prepared);
            if !versions[at].prepared && !others_in_use {
                return Err(KeysError::InUse(number));
            }
            versions.remove(at);
            Ok(())
        })
    }

    /// Reads the file again if it has changed. Gives whether it had.
    ///
    /// # Errors
    /// When what lies there now cannot be used; what was known before stays in use.
    pub fn look_again(&self) -> Result<bool, KeysError> {
        if self.file.as_os_str().is_empty() || file::stamp(&self.file)? == self.read().stamp {
            return Ok(false);
        }
        let read = file::read(&self.file)?.ok_or_else(|| KeysError::Missing { file: self.file.clone() })?;
        self.take(read).map(|()| true)
    }

    /// Looks at the file every now and then, for as long as it is polled.
    pub async fn watch(self: Arc<Self>, clock: Arc<dyn Clock>) -> Infallible {
        loop {
            clock.until(clock.elapsed() + LOOK_EVERY).await;
            let keyring = Arc::clone(&self);
            // A file may lie on another machine.
            match tokio::task::spawn_blocking(move || keyring.look_again()).await {
                Ok(Ok(true)) => tracing::info!(version = self.current(), "the keyring has changed"),
                Ok(Err(error)) => tracing::error!(%error, "the keyring has changed, and cannot be read"),
                Ok(Ok(false)) | Err(_) => {}
            }
        }
    }

    /// Changes the file as it is now, whoever else does, and takes over what it says then.
    fn change<T>(&self, edit: impl FnOnce(&mut Vec<Version>) -> Result<T, KeysError>) -> Result<T, KeysError> {
        let _alone = file::alone(&self.file)?;
        let missing = || KeysError::Missing { file: self.file.clone() };
        let mut versions = file::read(&self.file)?.ok_or_else(missing)?.versions;
        let done = edit(&mut versions)?;
        file::replace(&self.file, &versions)?;
        self.take(file::read(&self.file)?.ok_or_else(missing)?)?;
        Ok(done)
    }

    /// A version may come or go, but never have another secret.
    fn take(&self, read: file::Read) -> Result<(), KeysError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let same = |new: &&Version| {
            let secret = state.version(new.number).map(|known| known.secret.expose_secret());
            secret.is_none_or(|secret| secret == new.secret.expose_secret())
        };
        if let Some(other) = read.versions.iter().find(|new| !same(new)) {
            return Err(KeysError::Replaced { file: self.file.clone(), version: other.number });
        }
        *state = State { versions: read.versions, stamp: Some(read.stamp) };
        Ok(())
    }
}
