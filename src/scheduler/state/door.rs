//! Who may wait, and who has to go when too many do.

use std::time::Duration;

use super::{LONGEST, State};
use crate::scheduler::{
    Account, Dropped, Micros, NewCall, Side, TicketId, Turned,
    accounts::{AccountId, Accounts},
    ledger::{Book, LedgerId},
    ticket::{By, Phase, Ticket},
};

impl State {
    pub(super) fn check_door(&self, call: &NewCall, asked: &Asked) -> Result<(), Turned> {
        if self.closed {
            return Err(Turned::Closed);
        }
        let side = asked.book.side();
        if asked.person.is_some_and(|id| self.accounts.waiting(id, side) >= self.policy.most_each(side)) {
            return Err(Turned::EnoughWaiting);
        }
        if asked.deadline.is_some_and(|deadline| asked.est > deadline) {
            return Err(Turned::TooLong);
        }
        if let Some(retry_after) = self.had_turn(call, asked) {
            return Err(match asked.book {
                Book::Newcomers => Turned::ManyNewcomers { retry_after },
                Book::Express | Book::Common => Turned::JustHadYourTurn { retry_after },
            });
        }
        if side == Side::Express && self.waiting.total(side).calls >= self.policy.most_waiting {
            return Err(Turned::Full);
        }
        Ok(())
    }

    /// How long until the account's turn would leave time enough. Who had no turn lately always may try.
    fn had_turn(&self, call: &NewCall, asked: &Asked) -> Option<Duration> {
        let start = asked.ledger().map_or(self.now, |id| self.ledgers.start(self.now, id));
        let needed = start.plus(self.policy.patience_of(call)).plus(asked.est);
        let given = self.now.plus(asked.deadline?);
        (start > self.now && needed > given).then(|| needed.minus(given).into())
    }

    /// `start = max(arrival, finish)`, `finish = start + est * f`, `key = start + patience`.
    pub(super) fn admit(&mut self, call: &NewCall, asked: &Asked) -> TicketId {
        let (person, place) = (self.know(asked.person, call.account), self.know(asked.place, call.place));
        let account = if asked.book == Book::Newcomers { place } else { person };
        let ledger = LedgerId { account, book: asked.book };
        let capacity = self.capacity(asked.book.side());
        let factor = self.ledgers.join(self.now, ledger, self.policy.share(call.class), capacity);
        let arrival = self.now.minus(call.waited.into());
        let start = self.ledgers.charge((self.now, arrival), ledger, factor.of(asked.est));
        let id = self.tickets.next_id();
        self.tickets.insert(Ticket {
            key: (start.plus(self.policy.patience_of(call)), id),
            class: call.class,
            person,
            place,
            book: asked.book,
            arrived: self.now.minus(call.waited.into()),
            factor,
            charged: asked.est,
            used: Micros::ZERO,
            left: asked.est,
            deadline: asked.deadline.map(|deadline| self.now.plus(deadline)),
            resume: call.resume.map(Micros::from),
            cut: false,
            phase: Phase::Fresh,
            links: Default::default(),
        });
        self.tickets.chain(self.accounts.calls_mut(person, By::Person), By::Person, id);
        self.tickets.chain(self.accounts.calls_mut(place, By::Place), By::Place, id);
        self.join_line(id);
        id
    }

    fn know(&mut self, id: Option<AccountId>, account: Account) -> AccountId {
        id.unwrap_or_else(|| self.accounts.know(account))
    }

    /// Counts a caller who was sent away as waiting for a while.
    pub(super) fn turn_away(&mut self, call: &NewCall, asked: &Asked) {
        let most = self.policy.most_waiting.saturating_mul(4);
        if self.ledgers.has_room_for(asked.ledger(), most) {
            let account = match asked.book {
                Book::Newcomers => self.know(asked.place, call.place),
                Book::Express | Book::Common => self.know(asked.person, call.account),
            };
            let (ledger, until) = (LedgerId { account, book: asked.book }, self.now.plus(self.policy.turned_away));
            self.ledgers.turn_away(self.now, ledger, self.policy.share(call.class), until);
            self.forget_if_new(account);
        }
    }

    /// Sheds until the line is short enough. True if the newcomer itself was too much; nobody hears of that one twice.
    pub(super) fn shed_surplus(&mut self, newcomer: TicketId) -> bool {
        while let Some(id) = self.surplus() {
            self.shed(id);
            if id == newcomer {
                self.effects.pop();
                return true;
            }
        }
        false
    }

    fn surplus(&mut self) -> Option<TicketId> {
        let common = self.waiting.total(Side::Common);
        let capacity = self.capacity(Side::Common);
        let most = self.policy.longest_line(capacity);
        let over_line = common.work > most && common.calls > self.policy.shortest_line;
        let over_bound = self.waiting.len() > self.policy.most_waiting;
        (over_line || over_bound).then(|| self.waiting.least_urgent(&self.policy)).flatten()
    }

    /// Drops a call for the length of the line. Its account counts as turned away.
    fn shed(&mut self, id: TicketId) {
        let Some(ticket) = self.tickets.get(id) else { return };
        let (ledger, share) = (ticket.ledger(), self.policy.share(ticket.class));
        let most = self.policy.most_waiting.saturating_mul(4);
        if self.ledgers.has_room_for(Some(ledger), most) {
            self.ledgers.turn_away(self.now, ledger, share, self.now.plus(self.policy.turned_away));
        }
        self.drop_waiting(id, Dropped::Shed);
    }
}

/// A call in the scheduler's own numbers.
pub(super) struct Asked {
    /// If they are known.
    person: Option<AccountId>,
    place: Option<AccountId>,
    book: Book,
    est: Micros,
    deadline: Option<Micros>,
}

impl Asked {
    pub(super) fn of(call: &NewCall, accounts: &Accounts) -> Self {
        let book = match (call.class.side(), call.newcomer) {
            (Side::Express, _) => Book::Express,
            (Side::Common, false) => Book::Common,
            (Side::Common, true) => Book::Newcomers,
        };
        Self {
            person: accounts.find(&call.account),
            place: accounts.find(&call.place),
            book,
            est: Micros::from(call.estimate).min(LONGEST),
            deadline: call.deadline.map(Micros::from),
        }
    }

    /// Whose ledger is meant, if that is known.
    fn ledger(&self) -> Option<LedgerId> {
        let account = if self.book == Book::Newcomers { self.place } else { self.person };
        account.map(|account| LedgerId { account, book: self.book })
    }
}
