//! Brings to the database what it is owed, as soon as it takes it, and looks after the calls that this program holds.

use tokio::{sync::watch, task::JoinSet};
use tracing::Instrument as _;

use super::{
    Pipeline,
    owing::{Note, Taken, Waiting},
    uncommitted::{Due, Owed},
};
use crate::store::{Insistence, Store};

/// What became of bringing the first thing that waits.
enum Brought {
    Done,
    Nothing,
    /// The database cannot take it yet.
    NotYet,
}

impl Pipeline {
    /// Brings to the database what it is owed, in order, and looks whether it is back, until the fleet's work has ended. What it
    /// has in hand it finishes: nothing is lost in between.
    pub(super) async fn catch_up(&self, mut ended: watch::Receiver<bool>) {
        let rooms = &self.0;
        let away = &rooms.manners.away;
        let (mut pause, mut standing) = (away.retry_first, JoinSet::new());
        let mut insistence: Option<Insistence<'_>> = None;
        while !*ended.borrow() {
            while standing.try_join_next().is_some() {}
            self.speak_of_what_waits().await;
            let store = insistence.as_deref().unwrap_or(&rooms.store);
            match self.bring_first(store, insistence.is_some(), &mut standing).await {
                Brought::Done => pause = away.retry_first,
                Brought::Nothing => {
                    pause = away.retry_first;
                    // Back: what we hold is ours again before anybody else takes it up.
                    if let Some(back) = insistence.take()
                        && let Err(error) = back.keep_hold().await
                    {
                        tracing::warn!(%error, "open calls are not held; another program may take them up");
                    }
                    tokio::select! {
                        () = rooms.owing.more() => {}
                        () = rooms.store.lost() => insistence = Some(rooms.store.insist().await),
                        _ = ended.changed() => {}
                    }
                }
                Brought::NotYet => {
                    if insistence.is_none() {
                        insistence = Some(rooms.store.insist().await);
                    }
                    tokio::select! {
                        () = rooms.pause(pause) => {}
                        _ = ended.changed() => {}
                    }
                    pause = (pause * 2).min(away.retry_most);
                }
            }
        }
        while standing.join_next().await.is_some() {}
    }

    /// Brings what came first. With nothing to bring, whoever looks for the database asks it for a word.
    async fn bring_first(&self, store: &Store, looks: bool, standing: &mut JoinSet<()>) -> Brought {
        let rooms = &self.0;
        let first = rooms.owing.lock().pop();
        rooms.gauge();
        let Some((place, owed)) = first else {
            return if looks && store.ping().await.is_err() { Brought::NotYet } else { Brought::Nothing };
        };
        match rooms.bring(store, &owed).await {
            Ok(taken) => self.stand_later(owed, taken, standing),
            Err(error) if error.passes() => {
                rooms.put_back(place, owed);
                return Brought::NotYet;
            }
            Err(error) => {
                tracing::error!(%error, "the database refuses what it is owed");
                if let Owed::Call(waiting) = owed {
                    rooms.give_up_waiting(waiting).await;
                }
            }
        }
        Brought::Done
    }

    /// Brings a call to the line beside the others: speaking to its asker takes a platform's time.
    fn stand_later(&self, owed: Owed<Waiting, Note>, taken: Taken, standing: &mut JoinSet<()>) {
        let pipeline = self.clone();
        match (owed, taken) {
            (Owed::Call(Waiting::Heard(heard, _)), Taken::Accepted(accepted)) => {
                let span = heard.span.clone();
                standing
                    .spawn(async move { Box::pin(pipeline.stand_accepted(heard, &accepted)).await }.instrument(span));
            }
            (Owed::Call(Waiting::Held(job)), Taken::Ours) => {
                let span = job.span.clone();
                standing.spawn(async move { Box::pin(pipeline.enqueue_again(*job)).await }.instrument(span));
            }
            // Closed meanwhile, by its asker or by another program.
            (Owed::Call(Waiting::Held(job)), _) => {
                standing.spawn(async move { pipeline.0.end(*job).await });
            }
            (Owed::Call(Waiting::Heard(..)) | Owed::Note(_), _) => {}
        }
    }

    /// Tells who waits long that they do, and apologises to whom nothing can be answered in time any more.
    async fn speak_of_what_waits(&self) {
        let rooms = &self.0;
        loop {
            let now = rooms.clock.elapsed();
            let (late, expired) = match rooms.owing.lock().due(now) {
                None => return,
                Some(Due::Late(Waiting::Heard(heard, _))) => (Some(heard.clone()), None),
                Some(Due::Late(Waiting::Held(_))) => (None, None),
                Some(Due::Expired(waiting)) => (None, Some(waiting)),
            };
            if let Some(heard) = late {
                rooms.tell_heard(&heard, "noted-late").await;
            }
            if let Some(waiting) = expired {
                rooms.give_up_waiting(waiting).await;
            }
        }
    }

    /// The fleet ends: brings what the database takes at once, and apologises for what it does not.
    pub(super) async fn settle_debts(&self) {
        let rooms = &self.0;
        let (store, mut standing) = (rooms.store.insist().await, JoinSet::new());
        while let Brought::Done = self.bring_first(&store, false, &mut standing).await {}
        while standing.join_next().await.is_some() {}
        drop(store);
        let mut missing = 0_usize;
        loop {
            let last = rooms.owing.lock().pop();
            match last {
                None => break,
                Some((_, Owed::Call(Waiting::Held(job)))) => {
                    rooms.tell(&job.call.call().address, &job.persona, job.language, "stopping-paid", &[]).await;
                    rooms.end(*job).await;
                }
                Some((_, Owed::Call(Waiting::Heard(heard, _)))) => rooms.tell_heard(&heard, "expired-paid").await,
                Some((_, Owed::Note(_))) => missing += 1,
            }
        }
        if missing > 0 {
            tracing::error!(
                missing,
                "the database never came back: payments, or ends of paid calls, are not written down"
            );
        }
    }

    /// Holds on to what this program has in hand, and takes up what is in nobody's, until the fleet's work has ended.
    pub(super) async fn look_after_calls(&self, mut ended: watch::Receiver<bool>) {
        let rooms = &self.0;
        while !*ended.borrow() {
            tokio::select! {
                () = rooms.clock.until(rooms.clock.elapsed() + rooms.manners.away.look_every) => {}
                _ = ended.changed() => return,
            }
            let held = rooms.store.keep_hold().await;
            let looked = match held {
                Ok(()) => self.resume().await.map(drop),
                Err(error) => Err(error),
            };
            if let Err(error) = looked {
                tracing::warn!(%error, "open calls cannot be looked after");
            }
        }
    }
}
