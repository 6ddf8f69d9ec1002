//! The tasks behind a gateway's line: they hear what happened, tell what was done, and say that the gateway lives.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::sync::Notify;

use super::{NUMBERS, QueueError, RedisQueue, entry::Verb, library::QueueError::Stale, words};
use crate::link::{Inbox, Letter, LinkError};

/// How long one reading waits for events; a queue that nobody holds any more is noticed as fast.
const READING: Duration = Duration::from_millis(500);
/// After a trouble with the server.
const PAUSE: Duration = Duration::from_millis(200);

/// Both tasks end with the last handle on the queue.
pub(super) fn start(queue: &Arc<RedisQueue>) {
    let inbox = Inbox::of(queue.library.link(), queue.library.key(&format!("events:{}", queue.gateway)));
    tokio::spawn(listen(Arc::downgrade(queue), inbox));
    tokio::spawn(keep_up(Arc::downgrade(queue), Arc::clone(&queue.told), queue.beat));
}

async fn listen(queue: Weak<RedisQueue>, mut inbox: Inbox) {
    while queue.strong_count() > 0 {
        let letters = inbox.next(READING).await;
        let Some(queue) = queue.upgrade() else { return };
        match letters {
            Ok(letters) => queue.hear(&letters),
            Err(error) => {
                tracing::warn!(%error, "events of the line are late");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn keep_up(queue: Weak<RedisQueue>, told: Arc<Notify>, beat: Duration) {
    let mut beats = tokio::time::interval(beat);
    beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let is_beat = tokio::select! {
            _ = beats.tick() => true,
            () = told.notified() => false,
        };
        let Some(queue) = queue.upgrade() else { return };
        if let Err(error) = queue.catch_up(is_beat).await {
            tracing::warn!(%error, "the line cannot be reached");
            queue.expire_late();
            tokio::time::sleep(PAUSE).await;
            told.notify_one();
        }
    }
}

impl RedisQueue {
    fn hear(&self, letters: &[Letter]) {
        for letter in letters {
            let Letter::Own(letter) = letter else { continue };
            let Some(event) = words::event(letter) else { continue };
            let stop = self.with(|book, now| book.hear(now, event));
            if let Some((ticket, why)) = stop {
                self.stops.tell(ticket, why);
            }
        }
    }

    fn expire_late(&self) {
        self.book().expire_late(self.clock.elapsed());
        self.work.notify_one();
    }

    /// Tells the server everything that it does not know.
    pub(super) async fn catch_up(&self, is_beat: bool) -> Result<(), QueueError> {
        let _alone = self.telling.lock().await;
        if self.is_lost.load(Ordering::Relaxed) {
            self.write_again().await?;
        }
        while let Some(verb) = self.next_verb() {
            match self.tell(&verb).await {
                // What the server does not understand it will not understand later.
                Err(error @ QueueError::Link(LinkError::Refused { .. })) => tracing::error!(%error, "the line refuses"),
                told => told?,
            }
            self.book().verb_done();
        }
        let late = self.book().not_added(self.clock.elapsed());
        for entry in &late {
            match self.add(entry).await {
                Err(Stale) => return self.write_again().await,
                added => added?,
            }
        }
        if is_beat {
            let was_known: u8 = self.healed("tick", std::slice::from_ref(&self.gateway)).await?;
            if was_known == 0 {
                // The server took us for dead, and let go of our calls.
                self.add_all().await?;
            }
        }
        let left = self.numbers.1.load(Ordering::Relaxed).saturating_sub(self.numbers.0.load(Ordering::Relaxed));
        if left <= NUMBERS / 2 {
            self.more_numbers().await?;
        }
        Ok(())
    }

    fn next_verb(&self) -> Option<Verb> {
        self.book().next_verb()
    }

    async fn tell(&self, verb: &Verb) -> Result<(), QueueError> {
        let (operation, arguments) = match verb {
            Verb::Prefilled { ticket, fence } => ("prefilled", vec![words::number(*ticket), fence.to_string()]),
            Verb::Settle { ticket, fence, used } => {
                ("settle", vec![words::number(*ticket), fence.to_string(), used.get().to_string()])
            }
            Verb::GiveBack { ticket, fence, used, left } => {
                let numbers = [fence.to_string(), used.get().to_string(), left.get().to_string()];
                ("give_back", std::iter::once(words::number(*ticket)).chain(numbers).collect())
            }
            Verb::Cancel(pick) => ("cancel", words::pick(*pick)),
        };
        // The reply says nothing that we do not know.
        self.healed::<redis::Value>(operation, &arguments).await.map(drop)
    }
}
