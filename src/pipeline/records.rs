//! What an operator may do for a person who asks: hand over what is kept, delete it, and destroy the keys under which it lies.
//! Works beside a fleet that runs.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{
    keep::EXCHANGE,
    pending::{ADDRESS, CALL},
};
use crate::{
    chat::{Platform, UserId},
    clock::Clock,
    privacy::{Keyring, KeysError, Sealed},
    store::{Counts, Forgotten, MyData, Store, StoreError},
};

/// What the columns of sealed text are sealed for.
const SEALED: [(&str, &str); 3] = [("exchange", EXCHANGE), ("question", CALL), ("address", ADDRESS)];

/// Why something was not done. One line each.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// They end within 24 hours.
    #[error(
        "{calls} paid questions are still open that nobody could answer without version {version}; they end within a day"
    )]
    Open { version: i16, calls: u64 },
}

/// The tables and their keys, in an operator's hands.
#[derive(Clone)]
pub struct Records {
    pub store: Store,
    pub keyring: Arc<Keyring>,
    pub clock: Arc<dyn Clock>,
}

impl Records {
    /// How much is kept of a person.
    pub async fn summary(&self, platform: Platform, user: &UserId) -> Result<MyData, RecordsError> {
        Ok(self.store.mydata(&self.keyring.pseudonyms(platform, user)).await?)
    }

    /// All that is kept of a person, with what is sealed opened: an object of `platform` and `kept`, which holds the rows of
    /// every table that has some. Pseudonyms are left out.
    pub async fn export(&self, platform: Platform, user: &UserId) -> Result<Value, RecordsError> {
        let rows = self.store.rows_of(&self.keyring.pseudonyms(platform, user)).await?;
        let kept = rows.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(table, rows)| {
            let rows: Vec<Value> = rows.into_iter().map(|row| self.legible(row)).collect();
            (table.to_owned(), Value::from(rows))
        });
        Ok(json!({ "platform": platform, "kept": kept.collect::<Map<_, _>>() }))
    }

    /// Deletes everything of a person, as they themselves may; a fleet that runs hears of it at once.
    pub async fn forget(&self, platform: Platform, user: &UserId) -> Result<Forgotten, RecordsError> {
        Ok(self.store.forget(&self.keyring.pseudonyms(platform, user), self.clock.wall()).await?)
    }

    /// Destroys a key version, and lets go of the rows that are of no use without it. Gives the rows that stay, with nobody to
    /// them. Refused while paid calls are open under it.
    pub async fn destroy(&self, version: i16) -> Result<Counts, RecordsError> {
        if !self.keyring.versions().contains(&version) {
            return Err(KeysError::Unknown(version).into());
        }
        let calls = self.store.open_under(version).await?;
        if calls > 0 && self.keyring.current() != version {
            return Err(RecordsError::Open { version, calls });
        }
        self.keyring.destroy(version)?;
        Ok(self.store.bury(version).await?)
    }

    /// A row without pseudonyms, what is sealed opened where its key still lives.
    fn legible(&self, row: Value) -> Value {
        let Value::Object(columns) = row else { return row };
        let mut legible = Map::new();
        for (name, value) in &columns {
            let is_key = name == "key_version" || name.strip_suffix("_key").is_some_and(|of| columns.contains_key(of));
            let is_bytes = name == "tag" || columns.contains_key(&format!("{name}_key"));
            if is_bytes {
                legible.extend(self.opened(&columns, name, value).map(|opened| (name.clone(), opened)));
            } else if !is_key {
                legible.insert(name.clone(), value.clone());
            }
        }
        Value::Object(legible)
    }

    fn opened(&self, columns: &Map<String, Value>, name: &str, sealed: &Value) -> Option<Value> {
        let (_, purpose) = SEALED.iter().find(|(column, _)| *column == name)?;
        let version = columns.get(&format!("{name}_key")).and_then(Value::as_i64)?;
        let sealed = Sealed { key_version: version.try_into().ok()?, bytes: bytes(sealed)? };
        let plain = self.keyring.open(purpose, &sealed).ok()?;
        let mut value: Value = serde_json::from_slice(&plain).ok()?;
        // A call carries pseudonyms of its person, place and event.
        for column in ["who", "place", "event", "older_events"] {
            if let Some(inside) = value.as_object_mut() {
                inside.retain(|key, value| key != column || value.get("platform").is_some());
            }
        }
        Some(value)
    }
}

/// Bytes as the database shows them in JSON.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    let digits = value.as_str()?.strip_prefix("\\x")?;
    let pairs = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok());
    pairs.collect()
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}
