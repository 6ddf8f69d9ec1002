//! The policy: who is served next, who waits, who is sent away. Pure: no clock, no task, no chance.

mod door;
mod leaving;
#[cfg(test)]
mod tests;
mod turns;
mod views;

use self::door::Asked;
use super::{
    Dropped, Micros, NewCall, Pick, Placed, SchedulerConfig, Side, Stop, TicketId, Turned,
    accounts::{AccountId, Accounts},
    backlog::Backlog,
    debt::Debt,
    ledger::Ledgers,
    load::Load,
    policy::{MOST_SLOTS, Policy},
    running::Running,
    ticket::{Phase, Ticket, Tickets, Turn},
};

/// No answer takes longer than a day: sums of work stay far from the ends of their range.
const LONGEST: Micros = Micros::new(86_400_000_000);

/// What the policy decided about a call that was accepted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It leaves the line unanswered.
    Dropped(TicketId, Dropped),
    /// Its answer is to stop; its slot is free once it was settled or given back.
    Stop(TicketId, Stop),
}

/// All calls and accounts. Every operation is told the time, which never runs backwards in here, and takes logarithmic time for
/// each call that it moves.
#[derive(Clone, Debug)]
pub struct State {
    policy: Policy,
    slots: usize,
    now: Micros,
    tickets: Tickets,
    accounts: Accounts,
    ledgers: Ledgers,
    waiting: Backlog,
    running: Running,
    paid_load: Load,
    debt: Debt,
    effects: Vec<Effect>,
    closed: bool,
}

impl State {
    /// Nothing waits yet, and `slots` answers may run at once (at least one).
    #[must_use]
    pub fn new(config: &SchedulerConfig, slots: usize) -> Self {
        let policy = Policy::new(config);
        Self {
            slots: slots.clamp(1, MOST_SLOTS),
            now: Micros::ZERO,
            tickets: Tickets::default(),
            accounts: Accounts::default(),
            ledgers: Ledgers::default(),
            waiting: Backlog::default(),
            running: Running::default(),
            paid_load: Load::new(policy.load_window),
            debt: Debt::default(),
            effects: Vec::new(),
            closed: false,
            policy,
        }
    }

    /// Accepts a call or turns it away.
    pub fn enqueue(&mut self, now: Micros, call: &NewCall) -> Result<Placed, Turned> {
        self.tick(now);
        let asked = Asked::of(call, &self.accounts);
        self.check_door(call, &asked).inspect_err(|turned| {
            if !matches!(turned, Turned::TooLong | Turned::Closed) {
                self.turn_away(call, &asked);
            }
        })?;
        let id = self.admit(call, &asked);
        if self.shed_surplus(id) {
            return Err(Turned::Full);
        }
        if call.class.side() == Side::Express {
            self.cut_for_express();
        }
        Ok(self.placed(id))
    }

    /// The call to run next, if a slot is free. It holds the slot until it is settled or given back.
    pub fn claim(&mut self, now: Micros) -> Option<TicketId> {
        self.tick(now);
        if self.running.calls() >= self.slots {
            return None;
        }
        let (id, turn) = self.choose()?;
        self.leave_line(id);
        let now = self.now;
        let ticket = self.tickets.get_mut(id)?;
        ticket.phase = Phase::Running { since: now, turn, stop: None };
        self.running.begin(ticket, now, overdue_at(ticket, &self.policy));
        self.ledgers.begin(now, ticket.ledger());
        Some(id)
    }

    /// The first token of a running answer has come: from here it can be cut.
    pub fn prefilled(&mut self, now: Micros, id: TicketId) {
        self.tick(now);
        if let Some(ticket) = self.tickets.get(id)
            && let Phase::Running { since, turn: Turn::Unopposed | Turn::Ahead, stop: None } = ticket.phase
        {
            self.running.allow_cut(ticket, since);
            self.cut_for_express();
        }
    }

    /// A running answer is over and took `used` of the engine since it was claimed.
    pub fn settle(&mut self, now: Micros, id: TicketId, used: Micros) {
        self.tick(now);
        if self.vacate(id, used).is_some() {
            self.remove(id, true);
        }
    }

    /// A running answer pauses after `used` and needs `left` yet: it waits again with its old key.
    pub fn give_back(&mut self, now: Micros, id: TicketId, used: Micros, left: Micros) {
        self.tick(now);
        let Some(Phase::Running { stop, .. }) = self.vacate(id, used) else { return };
        let why = stop.and_then(Dropped::after).or(self.closed.then_some(Dropped::Closed));
        if let Some(why) = why {
            self.remove(id, true);
            self.effects.push(Effect::Dropped(id, why));
            return;
        }
        if let Some(ticket) = self.tickets.get_mut(id) {
            ticket.phase = Phase::Begun;
            ticket.left = left.min(LONGEST);
            self.ledgers.pause(self.now, ticket.ledger());
        }
        self.join_line(id);
        self.tick(now);
    }

    /// Cancels what waits, and tells what runs to stop. Gives how many calls it met.
    pub fn cancel(&mut self, now: Micros, pick: Pick) -> usize {
        self.tick(now);
        let picked = self.picked(pick);
        picked.into_iter().filter(|id| self.cancel_one(*id)).count()
    }

    /// Turns everyone away from now on, and drops what waits. What runs may end.
    pub fn close(&mut self, now: Micros) {
        self.tick(now);
        self.closed = true;
        for id in self.picked(Pick::All) {
            if self.tickets.get(id).is_some_and(|ticket| !ticket.is_running()) {
                self.drop_waiting(id, Dropped::Closed);
            }
        }
    }

    /// Does what the time asks for: see [`State::next_due`].
    pub fn tick(&mut self, now: Micros) {
        self.now = self.now.max(now);
        while let Some(id) = self.waiting.expired(self.now) {
            self.drop_waiting(id, Dropped::Expired);
        }
        while let Some(id) = self.running.pop_overdue(self.now) {
            self.stop(id, Stop::Overdue);
        }
        while let Some(account) = self.ledgers.wake(self.now) {
            self.forget_if_new(account);
        }
    }

    /// When [`State::tick`] will next have something to tell, if nothing else happens before.
    #[must_use]
    pub fn next_due(&self) -> Option<Micros> {
        let expiry = self.waiting.latest().map(|latest| latest.plus(Micros::new(1)));
        let overdue = self.running.first_overdue().map(|(at, _)| at);
        expiry.into_iter().chain(overdue).min()
    }

    /// What was decided since this was last asked, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// How many answers may run at once. What runs beyond is not stopped.
    pub fn set_slots(&mut self, slots: usize) {
        self.slots = slots.clamp(1, MOST_SLOTS);
    }

    /// Whether nothing waits and nothing runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    /// Thousandths of a slot that a side can count on.
    fn capacity(&mut self, side: Side) -> u64 {
        let paid = self.paid_load.thousandths(self.now, self.slots);
        self.policy.capacity(side, self.slots, paid)
    }

    fn join_line(&mut self, id: TicketId) {
        if let Some(ticket) = self.tickets.get(id) {
            self.waiting.insert(ticket);
            *self.accounts.waiting_mut(ticket.person, ticket.class.side()) += 1;
        }
    }

    fn leave_line(&mut self, id: TicketId) {
        if let Some(ticket) = self.tickets.get(id) {
            self.waiting.remove(ticket);
            *self.accounts.waiting_mut(ticket.person, ticket.class.side()) -= 1;
        }
    }

    fn forget_if_new(&mut self, account: AccountId) {
        if self.ledgers.is_new(account) {
            self.accounts.forget(account);
        }
    }
}

fn overdue_at(ticket: &Ticket, policy: &Policy) -> Option<Micros> {
    ticket.deadline.map(|deadline| deadline.plus(policy.overdue_grace))
}
