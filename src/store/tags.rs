//! Pseudonyms in the shape that queries take.

use crate::privacy::Pseudonym;

/// Pseudonyms as two parallel arrays, for `unnest`.
pub(super) struct Tags {
    pub(super) keys: Vec<i16>,
    pub(super) tags: Vec<Vec<u8>>,
}

impl Tags {
    pub(super) fn of<'a>(pseudonyms: impl IntoIterator<Item = &'a Pseudonym>) -> Self {
        let (keys, tags) = pseudonyms.into_iter().map(|one| (one.key_version, one.as_bytes().to_vec())).unzip();
        Self { keys, tags }
    }
}
