//! What moderators want, in step with the tables: read at the start, written with every change, and heard from other programs.

use tokio::sync::watch;

use super::{Pipeline, Rooms};
use crate::{
    moderation::{Change, Edit},
    store::{Changes, StoreError},
};

/// Readings that may be old by the time they end, one after another. The next change or look comes soon enough.
const READ_AGAIN: usize = 3;

impl Pipeline {
    /// Follows what moderators want in other programs, and writes down what could not be written at once, until the fleet's work has
    /// ended.
    pub(super) async fn follow_moderators(&self, mut ended: watch::Receiver<bool>) {
        let rooms = &self.0;
        let (mut changes, mut broke): (Option<Changes>, bool) = (None, false);
        while !*ended.borrow() {
            // Before the reading: what changes during it is heard. Not at once behind a break.
            if changes.is_none() && !std::mem::take(&mut broke) {
                changes = rooms.listen().await;
            }
            let written = rooms.write_down().await;
            rooms.read_wanted().await;
            rooms.enforce().await;
            let in_step = changes.is_some() && written;
            let pause = if in_step { rooms.floor.config.read_every } else { rooms.manners.away.retry_most };
            tokio::select! {
                heard = next(changes.as_mut()) => if let Err(error) = heard {
                    tracing::warn!(%error, "changes that moderators make elsewhere are seen later");
                    (changes, broke) = (None, true);
                },
                () = rooms.clock.until(rooms.clock.elapsed() + pause) => {}
                _ = ended.changed() => {}
            }
        }
    }
}

async fn next(changes: Option<&mut Changes>) -> Result<(), StoreError> {
    match changes {
        Some(changes) => changes.next().await,
        None => std::future::pending().await,
    }
}

impl Rooms {
    /// Wants something else from now on. Gives whether it is written down; if not, it will be.
    pub(super) async fn want(&self, change: Change) -> bool {
        let everywhere = self.keyring.places(&self.floor.fleet).first() == change.place.first();
        if !matches!(change.edit, Edit::Block(_) | Edit::Unblock(_) | Edit::Alerts(_)) {
            self.floor.tell_again(&change.place, everywhere);
        }
        self.floor.rules().change(change);
        self.enforce().await;
        self.write_down().await
    }

    /// Writes down what was changed, in order. Gives whether nothing is left.
    async fn write_down(&self) -> bool {
        let _alone = self.floor.writing.lock().await;
        loop {
            let Some((number, change)) = self.floor.rules().unwritten() else { return true };
            match self.store.want(&change).await {
                Ok(()) => self.floor.rules().written(number),
                Err(error) if error.passes() => {
                    tracing::warn!(%error, "what a moderator wants will be written down later");
                    return false;
                }
                Err(error) => {
                    tracing::error!(%error, "what a moderator wants cannot be written down; a restart forgets it");
                    self.floor.rules().written(number);
                    return false;
                }
            }
        }
    }

    /// Reads what is wanted everywhere.
    pub(super) async fn read_wanted(&self) {
        let config = &self.floor.config;
        for _ in 0..READ_AGAIN {
            let revision = self.floor.rules().revision();
            let wanted = match self.store.wanted(config.most_places, config.most_blocks_in_all).await {
                Ok(wanted) => wanted,
                Err(error) => return tracing::warn!(%error, "what moderators want cannot be read now"),
            };
            if wanted.more {
                tracing::error!("moderators want more than this program may hold: see `most_places` of [moderation]");
            }
            let mut rules = self.floor.rules();
            // Something was written down meanwhile, and may not be in what was read.
            if rules.revision() == revision {
                return rules.take(wanted.places, wanted.blocked);
            }
        }
    }

    async fn listen(&self) -> Option<Changes> {
        let listening = self.store.changes().await;
        listening
            .inspect_err(|error| tracing::warn!(%error, "changes that moderators make elsewhere are seen later"))
            .ok()
    }
}
