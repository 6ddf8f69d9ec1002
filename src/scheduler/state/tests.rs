mod absurd;
mod bounds;
mod cuts;
mod door;
mod fairness;
mod order;
mod traces;
mod world;

use std::time::Duration;

use super::State;
use crate::scheduler::{
    Account, Class, Dropped, Effect, Micros, NewCall, Pick, Placed, SchedulerConfig, Side, Stop, TicketId, Turned,
    call::Admission,
    ticket::{By, Phase},
};

/// A call of 5 s engine time without a deadline.
fn call(person: u8, class: Class) -> NewCall {
    NewCall {
        account: account(person),
        place: account(200),
        newcomer: false,
        class,
        credit_cents: 100,
        estimate: Duration::from_secs(5),
        waited: Duration::ZERO,
        deadline: None,
        resume: None,
        admission: Admission,
    }
}

fn account(person: u8) -> Account {
    Account::new([person; 32])
}

fn secs(seconds: u64) -> Micros {
    Micros::new(seconds * 1_000_000)
}

fn millis(millis: u64) -> Micros {
    Micros::new(millis * 1_000)
}

/// A state that sheds nothing for being long, so that the rules under test are alone.
fn patient(slots: usize) -> State {
    State::new(&patient_config(), slots)
}

fn patient_config() -> SchedulerConfig {
    SchedulerConfig {
        line: Duration::from_hours(24 * 365),
        most_waiting: 100_000,
        most_waiting_each: 100_000,
        ..SchedulerConfig::default()
    }
}

fn put(state: &mut State, now: Micros, call: &NewCall) -> TicketId {
    state.enqueue(now, call).unwrap().ticket
}

/// Serves everything that waits, one after the other, each for its estimate; gives the order.
fn serve_all(state: &mut State, mut now: Micros) -> Vec<TicketId> {
    let mut served = Vec::new();
    while let Some(id) = state.claim(now) {
        now = now.plus(secs(5));
        state.settle(now, id, secs(5));
        served.push(id);
    }
    served
}

/// Whether indices, counts and sums agree with the tickets, and bounds hold.
fn audit(state: &State) {
    let running = state.tickets.iter().filter(|ticket| ticket.is_running()).count();
    let waiting = state.tickets.iter().count() - running;
    assert_eq!(state.running.calls(), running);
    assert_eq!(state.waiting.len(), waiting);
    for ticket in state.tickets.iter() {
        for (by, account) in [(By::Person, ticket.person), (By::Place, ticket.place)] {
            let chain = state.accounts.calls(account, by);
            assert_eq!(state.tickets.chained(chain, by).filter(|other| other.id() == ticket.id()).count(), 1, "{by:?}");
        }
    }
    // What has begun comes back whether there is room or not, and one of each common class stays.
    let begun = state.tickets.iter().filter(|ticket| ticket.phase == Phase::Begun).count();
    assert!(waiting - begun <= state.policy.most_waiting + 4, "{waiting} wait, {begun} of them begun");
    for side in [Side::Express, Side::Common] {
        let own = || state.tickets.iter().filter(move |ticket| !ticket.is_running() && ticket.class.side() == side);
        let work = own().fold(Micros::ZERO, |work, ticket| work.plus(ticket.left));
        assert_eq!(state.waiting.total(side).work, work);
        for ticket in own() {
            let before = own().filter(|other| other.key < ticket.key).count();
            let express = if side == Side::Common { state.waiting.total(Side::Express).calls } else { 0 };
            assert_eq!(state.waiting.ahead(ticket.class, ticket.key).calls, before + express);
        }
    }
    for person in 0..8 {
        let own = |side| {
            state.tickets.iter().filter(move |ticket| {
                Some(ticket.person) == state.accounts.find(&account(person)) && ticket.class.side() == side
            })
        };
        for side in [Side::Express, Side::Common] {
            let waits = own(side).filter(|ticket| !ticket.is_running()).count();
            assert_eq!(state.accounts.find(&account(person)).map_or(0, |id| state.accounts.waiting(id, side)), waits);
        }
    }
    if state.is_empty() {
        assert_eq!((state.running.leaving(), state.next_due()), (0, None));
    }
}
