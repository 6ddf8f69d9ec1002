//! Who may wait, and who has to go when too many do.

use std::time::Duration;

use super::{LONGEST, State};
use crate::scheduler::{
    Class, Dropped, Micros, NewCall, Side, TicketId, Turned,
    ledger::{Factor, LedgerKey},
    policy::WHOLE,
    ticket::{Phase, Ticket},
};

impl State {
    pub(super) fn check_door(&self, call: &NewCall, asked: &Asked) -> Result<(), Turned> {
        if self.closed {
            return Err(Turned::Closed);
        }
        let side = call.class.side();
        if self.waiting.of_person(call.account, side) >= self.policy.most_each(side) {
            return Err(Turned::EnoughWaiting);
        }
        if asked.deadline.is_some_and(|deadline| asked.est > deadline) {
            return Err(Turned::TooLong);
        }
        if let Some(retry_after) = self.had_turn(call, asked) {
            let newcomers = asked.ledger.newcomers;
            return Err(if newcomers {
                Turned::ManyNewcomers { retry_after }
            } else {
                Turned::JustHadYourTurn { retry_after }
            });
        }
        let full = self.waiting.len() >= self.policy.most_waiting;
        if full && side == Side::Express && self.waiting.least_urgent(&self.policy, 0).is_none() {
            return Err(Turned::Full);
        }
        Ok(())
    }

    /// How long until the account's turn would leave time enough. Who had no turn lately always may try.
    fn had_turn(&self, call: &NewCall, asked: &Asked) -> Option<Duration> {
        let start = self.ledgers.start(self.now, &asked.ledger);
        let needed = start.plus(self.policy.patience(call.class, call.credit_cents)).plus(asked.est);
        let given = self.now.plus(asked.deadline?);
        (start > self.now && needed > given).then(|| needed.minus(given).into())
    }

    pub(super) fn admit(&mut self, call: &NewCall, asked: &Asked) -> TicketId {
        let share = self.policy.share(call.class);
        let arrival = self.now.minus(call.waited.into());
        let (start, factor) = self.ledgers.open((self.now, arrival), asked.ledger, share, asked.est, self.slots);
        self.newest += 1;
        let id = TicketId(self.newest);
        let key = (start.plus(self.policy.patience(call.class, call.credit_cents)), id);
        let ticket = asked.ticket(call, key, factor, self.now);
        self.waiting.insert(&ticket);
        self.people.insert((ticket.person, id));
        self.places.insert((ticket.place, id));
        self.tickets.insert(id, ticket);
        id
    }

    pub(super) fn turn_away(&mut self, class: Class, ledger: LedgerKey) {
        let until = self.now.plus(self.policy.turned_away);
        self.ledgers.turn_away(
            self.now,
            ledger,
            self.policy.share(class),
            until,
            self.policy.most_waiting.saturating_mul(4),
        );
    }

    /// Sheds until the line is short enough. True if the newcomer itself was too much; nobody hears of that one twice.
    pub(super) fn shed_surplus(&mut self, newcomer: TicketId) -> bool {
        while let Some(id) = self.surplus() {
            let Some((class, ledger)) = self.tickets.get(&id).map(|ticket| (ticket.class, ticket.ledger)) else {
                break;
            };
            self.drop_waiting(id, Dropped::Shed);
            self.turn_away(class, ledger);
            if id == newcomer {
                self.effects.pop();
                return true;
            }
        }
        false
    }

    fn surplus(&mut self) -> Option<TicketId> {
        let common = self.waiting.total(Side::Common);
        let slots = u64::try_from(self.slots).unwrap_or(u64::MAX);
        let most = self.policy.line.scaled(self.common_rate().saturating_mul(slots), WHOLE);
        let over_line = common.work > most && common.calls > self.policy.shortest_line;
        let over_bound = self.waiting.len() > self.policy.most_waiting;
        let spared = (over_line || over_bound).then(|| self.waiting.least_urgent(&self.policy, 1)).flatten();
        spared.or_else(|| over_bound.then(|| self.waiting.least_urgent(&self.policy, 0)).flatten())
    }

    /// Thousandths of the engine that are left to the common side (r).
    fn common_rate(&mut self) -> u64 {
        WHOLE.saturating_sub(self.paid_load.thousandths(self.now, self.slots)).max(self.policy.phi)
    }
}

/// A call in the scheduler's own numbers.
pub(super) struct Asked {
    pub(super) ledger: LedgerKey,
    est: Micros,
    deadline: Option<Micros>,
}

impl Asked {
    pub(super) fn of(call: &NewCall) -> Self {
        let side = call.class.side();
        let newcomers = call.newcomer && side == Side::Common;
        let account = if newcomers { call.place } else { call.account };
        Self {
            ledger: LedgerKey { side, newcomers, account },
            est: Micros::from(call.estimate).min(LONGEST),
            deadline: call.deadline.map(Micros::from),
        }
    }

    fn ticket(&self, call: &NewCall, key: (Micros, TicketId), factor: Factor, now: Micros) -> Ticket {
        Ticket {
            key,
            class: call.class,
            person: call.account,
            place: call.place,
            ledger: self.ledger,
            factor,
            charged: self.est,
            used: Micros::ZERO,
            left: self.est,
            deadline: self.deadline.map(|deadline| now.plus(deadline)),
            resume: call.resume.map(Micros::from),
            cut: false,
            phase: Phase::Fresh,
        }
    }
}
