//! The verbs of the line, as a gateway has them.

use std::{sync::atomic::Ordering, time::Duration};

use async_trait::async_trait;

use super::{NUMBERS, RedisQueue, entry::Entry, words};
use crate::scheduler::{
    Account, Came, Line, Micros, NewCall, Pick, Placed, Queue, Side, Stop, Stops, TicketId, Turned, Waiting,
};

#[async_trait]
impl Queue for RedisQueue {
    fn number(&self) -> TicketId {
        let number = self.numbers.0.fetch_add(1, Ordering::Relaxed);
        if number + NUMBERS / 2 == self.numbers.1.load(Ordering::Relaxed) {
            self.told.notify_one();
        }
        TicketId(number)
    }

    async fn enqueue(&self, ticket: TicketId, call: NewCall) -> Result<Placed, Turned> {
        let is_express = call.class.side() == Side::Express;
        let entry = Entry { ticket, call: call.clone(), key: None, begun: false, lease: None };
        if self.book().unfetched() >= self.policy.most_waiting {
            return Err(Turned::Full);
        }
        if !self.book().add(self.clock.elapsed(), ticket, call) {
            return Err(Turned::Closed);
        }
        let elsewhere = Placed { ticket, ahead: 0, expected_wait: Duration::ZERO };
        let reply: Result<words::Answer, _> = self.healed("enqueue", &self.words(&entry)).await;
        match reply.map(|answer| answer.placed(ticket)) {
            Ok(Ok((placed, key))) => {
                self.book().placed(ticket, key);
                Ok(placed)
            }
            Ok(Err(turned)) if self.book().turned_away(ticket, false) => Err(turned),
            Err(error) if is_express => {
                tracing::warn!(%error, "a paid call waits for the line");
                self.with(|book, _| book.later(ticket));
                Ok(elsewhere)
            }
            Err(error) if self.with(|book, _| book.turned_away(ticket, true)) => {
                tracing::warn!(%error, "a call is turned away: the line cannot be reached");
                Err(Turned::Away)
            }
            // It comes out by itself.
            Ok(Err(_)) | Err(_) => Ok(elsewhere),
        }
    }

    async fn next(&self, may_run: bool) -> Option<Came> {
        loop {
            let mut woken = std::pin::pin!(self.work.notified());
            woken.as_mut().enable();
            let (came, is_over) = {
                let mut book = self.book();
                let came = book.next(may_run);
                if let Some(Came::Run(ticket)) = came {
                    self.stops.open(ticket);
                }
                (came, book.is_over())
            };
            if came.is_some() || is_over {
                // There may be more, or others to hear of the end.
                self.work.notify_one();
                return came;
            }
            woken.await;
        }
    }

    fn prefilled(&self, ticket: TicketId) {
        self.with(|book, _| book.prefilled(ticket));
    }

    fn settle(&self, ticket: TicketId, used: Option<Micros>) {
        self.with(|book, now| book.settle(now, ticket, used));
        self.stops.close(ticket);
    }

    fn give_back(&self, ticket: TicketId, used: Micros, left: Micros) {
        self.stops.close(ticket);
        self.with(|book, _| book.give_back(ticket, used, left));
    }

    async fn cancel(&self, pick: Pick) -> usize {
        if pick != Pick::Unpromised {
            return self.cancel_in_line(pick).await;
        }
        // Who finds no engine speaks for the callers of this gateway only: others may find one.
        let (own, mut met) = (self.book().picked(pick), 0);
        for ticket in own {
            met += self.cancel_in_line(Pick::Ticket(ticket)).await;
        }
        met
    }

    async fn standing(&self, account: &Account) -> Vec<Waiting> {
        let reply: Result<Vec<u64>, _> = self.healed("standing", &[account.to_string()]).await;
        reply.map(|numbers| words::standing(&numbers)).unwrap_or_default()
    }

    async fn line(&self) -> Line {
        let reply: Result<Vec<u64>, _> = self.healed("line", &[]).await;
        reply.map(|numbers| words::line(&numbers)).unwrap_or_default()
    }

    /// The slots are the workers'.
    fn set_slots(&self, _slots: usize) {}

    fn close(&self) {
        self.with(|book, _| book.close());
    }

    fn stops(&self) -> &Stops {
        &self.stops
    }
}

impl RedisQueue {
    async fn cancel_in_line(&self, pick: Pick) -> usize {
        match self.healed("cancel", &words::pick(pick)).await {
            Ok(met) => met,
            Err(error) => {
                tracing::warn!(%error, "calls are cancelled here, and in the line once it can be reached");
                let (met, running) = self.with(|book, _| book.cancel(pick));
                for ticket in running {
                    self.stops.tell(ticket, Stop::Cancelled);
                }
                met
            }
        }
    }
}
