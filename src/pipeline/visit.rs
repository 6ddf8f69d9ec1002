//! Somebody is here: what is kept of them under older keys goes under the newest, so that the older ones can be destroyed.

use std::time::Duration;

use super::{Pipeline, Rooms};
use crate::chat::{Platform, UserId};

/// How long nobody looks again: another program, which did not know of the newest key yet, may have written under an older one.
const LOOKED_AGAIN: Duration = Duration::from_hours(1);

impl Rooms {
    /// Puts a person's rows under the newest key, where there are older ones.
    pub(super) async fn bring_over(&self, platform: Platform, user: &UserId) {
        let mut everywhere = self.keyring.pseudonyms(platform, user);
        let newest = everywhere.remove(0);
        everywhere.retain(|other| other.key_version < newest.key_version);
        if everywhere.is_empty() || !self.is_to_be_brought(&newest) {
            return;
        }
        match self.store.bring_over(&everywhere, &newest).await {
            Ok(rows) => tracing::debug!(rows, "a person's rows are under the newest key"),
            Err(error) => {
                self.brought.note(newest, |at| *at = None);
                tracing::warn!(%error, "a person's rows stay under an older key for now");
            }
        }
    }

    fn is_to_be_brought(&self, newest: &crate::privacy::Pseudonym) -> bool {
        let (now, mut due) = (self.clock.elapsed(), false);
        self.brought.note(newest.clone(), |at| {
            due = at.is_none_or(|at| now.saturating_sub(at) >= LOOKED_AGAIN);
            if due {
                *at = Some(now);
            }
        });
        due
    }
}

impl Pipeline {
    /// Learns of new and destroyed keys, until the fleet's work has ended.
    pub(super) async fn watch_keys(&self, mut ended: tokio::sync::watch::Receiver<bool>) {
        let rooms = &self.0;
        tokio::select! {
            never = std::sync::Arc::clone(&rooms.keyring).watch(std::sync::Arc::clone(&rooms.clock)) => match never {},
            _ = ended.wait_for(|ended| *ended) => {}
        }
    }
}
