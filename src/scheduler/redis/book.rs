//! What a gateway knows of its own calls, so that a line that is lost can be written again. Pure: told the time.

mod mine;

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use tokio::sync::watch;

use self::mine::{Mine, Stand};
use super::entry::{Entry, Event, Lease, Verb};
use crate::scheduler::{Dropped, Micros, NewCall, Pick, Stop, TicketId, queue::Came};

/// The calls of one gateway.
#[derive(Debug, Default)]
pub(super) struct Book {
    mine: BTreeMap<TicketId, Mine>,
    ready: VecDeque<Came>,
    verbs: VecDeque<Verb>,
    closed: bool,
}

impl Book {
    /// A call comes. False when this gateway takes no more.
    pub fn add(&mut self, now: Duration, ticket: TicketId, call: NewCall) -> bool {
        if !self.closed {
            let mine = Mine { call, came: now, key: None, begun: false, stand: Stand::Asking };
            self.mine.insert(ticket, mine);
        }
        !self.closed
    }

    /// The line has it.
    pub fn placed(&mut self, ticket: TicketId, key: u64) {
        if let Some(mine) = self.mine.get_mut(&ticket) {
            mine.key = Some(key);
            if matches!(mine.stand, Stand::Asking | Stand::Adding) {
                mine.stand = Stand::Waiting;
            }
        }
    }

    /// The line does not want it, or cannot be reached: whoever brought it is told. False when something became of it
    /// meanwhile all the same, which comes out by itself.
    pub fn turned_away(&mut self, ticket: TicketId, may_be_there: bool) -> bool {
        let is_asking = self.mine.get(&ticket).is_some_and(|mine| matches!(mine.stand, Stand::Asking));
        if is_asking {
            self.mine.remove(&ticket);
            if may_be_there {
                self.verbs.push_back(Verb::Settle { ticket, fence: 0, used: Micros::ZERO });
            }
        }
        is_asking
    }

    /// The line cannot be reached, and this call waits for it.
    pub fn later(&mut self, ticket: TicketId) {
        if let Some(mine) = self.mine.get_mut(&ticket).filter(|mine| matches!(mine.stand, Stand::Asking)) {
            mine.stand = Stand::Adding;
        }
    }

    /// A call that was accepted here, and that the line will not have.
    pub fn unwanted(&mut self, ticket: TicketId) {
        self.drop_waiting(ticket, Dropped::Expired);
    }

    /// The line is lost: gives everything that is to be added again. What is being asked for comes by itself.
    pub fn lost(&mut self, now: Duration) -> Vec<Entry> {
        for mine in self.mine.values_mut().filter(|mine| matches!(mine.stand, Stand::Waiting)) {
            mine.stand = Stand::Adding;
        }
        let running = self.mine.iter().filter(|(_, mine)| matches!(mine.stand, Stand::Running { .. }));
        let running: Vec<_> = running.map(|(ticket, mine)| mine.entry(now, *ticket)).collect();
        running.into_iter().chain(self.not_added(now)).collect()
    }

    /// What still waits to be added.
    pub fn not_added(&self, now: Duration) -> Vec<Entry> {
        let adding = self.mine.iter().filter(|(_, mine)| matches!(mine.stand, Stand::Adding));
        adding.map(|(ticket, mine)| mine.entry(now, *ticket)).collect()
    }

    pub fn hear(&mut self, now: Duration, event: Event) -> Option<(TicketId, Stop)> {
        match event {
            Event::Claimed(ticket, lease) => self.claimed(now, ticket, lease),
            Event::Lost(ticket, fence) => {
                if let Some(Mine { stand: Stand::Running { lease, .. }, .. }) = self.mine.get(&ticket) {
                    lease.send_if_modified(|held| held.take_if(|held| held.fence == fence).is_some());
                }
            }
            Event::Dropped(ticket, why) => return self.dropped(ticket, why),
            Event::Stop(ticket, why) => return Some((ticket, why)),
        }
        None
    }

    fn claimed(&mut self, now: Duration, ticket: TicketId, new: Lease) {
        let Some(mine) = self.mine.get_mut(&ticket) else {
            // Nobody waits for it any more.
            return self.verbs.push_back(Verb::Settle { ticket, fence: new.fence, used: Micros::ZERO });
        };
        match &mut mine.stand {
            Stand::Running { lease, .. } => {
                lease.send_if_modified(|held| {
                    let is_newer = held.as_ref().is_none_or(|held| held.fence < new.fence);
                    if is_newer {
                        *held = Some(new);
                    }
                    is_newer
                });
            }
            Stand::Asking | Stand::Adding | Stand::Waiting => {
                mine.stand = Stand::Running { lease: watch::Sender::new(Some(new)), since: now, over: None };
                self.ready.push_back(Came::Run(ticket));
            }
        }
    }

    /// A call that is out as a claim hears that it is to stop; its owner ends it.
    fn dropped(&mut self, ticket: TicketId, why: Dropped) -> Option<(TicketId, Stop)> {
        let mine = self.mine.get_mut(&ticket)?;
        if let Stand::Running { over, .. } = &mut mine.stand {
            *over = Some(why);
            return Some((ticket, if why == Dropped::Expired { Stop::Overdue } else { Stop::Cancelled }));
        }
        self.mine.remove(&ticket);
        self.ready.push_back(Came::Dropped(ticket, why));
        None
    }

    pub fn prefilled(&mut self, ticket: TicketId) {
        let fence = self.lease(ticket).and_then(|lease| lease.borrow().as_ref().map(|lease| lease.fence));
        self.verbs.extend(fence.map(|fence| Verb::Prefilled { ticket, fence }));
    }

    pub fn settle(&mut self, now: Duration, ticket: TicketId, used: Option<Micros>) {
        let Some(Mine { stand: Stand::Running { lease, since, .. }, .. }) = self.mine.remove(&ticket) else { return };
        let used = used.unwrap_or(now.saturating_sub(since).into());
        let fence = lease.borrow().as_ref().map_or(0, |lease| lease.fence);
        self.verbs.push_back(Verb::Settle { ticket, fence, used });
    }

    pub fn give_back(&mut self, ticket: TicketId, used: Micros, left: Micros) {
        let Some(mine) = self.mine.get_mut(&ticket) else { return };
        let Stand::Running { lease, over, .. } = &mine.stand else { return };
        let fence = lease.borrow().as_ref().map(|lease| lease.fence);
        let over = over.or(self.closed.then_some(Dropped::Closed));
        if let Some(why) = over {
            self.mine.remove(&ticket);
            self.ready.push_back(Came::Dropped(ticket, why));
            return self.verbs.push_back(Verb::Settle { ticket, fence: fence.unwrap_or(0), used });
        }
        (mine.stand, mine.begun, mine.call.estimate) = (Stand::Waiting, true, left.into());
        self.verbs.extend(fence.map(|fence| Verb::GiveBack { ticket, fence, used, left }));
    }

    /// Cancels what is here, where the server cannot be asked; it will hear of it. Gives the answers that are to stop.
    pub fn cancel(&mut self, pick: Pick) -> (usize, Vec<TicketId>) {
        let picked = self.picked(pick);
        let stops: Vec<_> = picked.iter().filter(|id| self.drop_waiting(**id, Dropped::Cancelled)).copied().collect();
        self.verbs.push_back(Verb::Cancel(pick));
        (picked.len(), stops)
    }

    /// The calls of this gateway that are meant, the oldest first.
    pub fn picked(&self, pick: Pick) -> Vec<TicketId> {
        self.mine.iter().filter(|(id, mine)| mine.is_picked(**id, pick)).map(|(id, _)| *id).collect()
    }

    pub fn close(&mut self) {
        self.closed = true;
        let all: Vec<_> = self.mine.keys().copied().collect();
        for ticket in all {
            self.drop_waiting(ticket, Dropped::Closed);
        }
    }

    /// While the server is away nobody else watches the deadlines.
    pub fn expire_late(&mut self, now: Duration) {
        let late: Vec<_> = self.mine.iter().filter(|(_, mine)| mine.is_late(now)).map(|(id, _)| *id).collect();
        for ticket in late {
            self.drop_waiting(ticket, Dropped::Expired);
        }
    }

    /// Drops what waits. True if it runs, and stays.
    fn drop_waiting(&mut self, ticket: TicketId, why: Dropped) -> bool {
        if self.mine.get(&ticket).is_some_and(|mine| matches!(mine.stand, Stand::Running { .. })) {
            return true;
        }
        if self.mine.remove(&ticket).is_some() {
            self.ready.push_back(Came::Dropped(ticket, why));
            self.verbs.push_back(Verb::Settle { ticket, fence: 0, used: Micros::ZERO });
        }
        false
    }

    /// Who answers a call that is out as a claim, and from whom it is taken.
    pub fn lease(&self, ticket: TicketId) -> Option<watch::Receiver<Option<Lease>>> {
        match &self.mine.get(&ticket)?.stand {
            Stand::Running { lease, .. } => Some(lease.subscribe()),
            _ => None,
        }
    }

    /// The first that came out, or the first that was dropped.
    pub fn next(&mut self, may_run: bool) -> Option<Came> {
        let first = self.ready.iter().position(|came| may_run || matches!(came, Came::Dropped(..)))?;
        self.ready.remove(first)
    }

    /// What came out and was not fetched yet.
    pub fn unfetched(&self) -> usize {
        self.ready.len()
    }

    /// Whether nothing more will come out.
    pub fn is_over(&self) -> bool {
        self.closed && self.mine.is_empty() && self.ready.is_empty()
    }

    pub fn next_verb(&self) -> Option<Verb> {
        self.verbs.front().cloned()
    }

    /// The server has heard the first of them.
    pub fn verb_done(&mut self) {
        self.verbs.pop_front();
    }
}
