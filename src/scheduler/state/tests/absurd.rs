//! Numbers and clocks that nobody means.

use super::*;

#[test]
fn amounts_from_nothing_to_absurd_stay_within_the_patience_of_their_class() {
    let mut state = patient(1);
    for (person, cents) in (1..).zip([0, 1, 99, 100, 101, u64::MAX - 1, u64::MAX]) {
        let paid = put(&mut state, secs(1), &NewCall { credit_cents: cents, ..call(person, Class::Paid) });
        let patience = state.tickets.get(paid).unwrap().key.0.minus(secs(1));
        assert!((millis(200)..=secs(6)).contains(&patience), "{cents}: {patience:?}");
        let free = put(&mut state, secs(1), &NewCall { credit_cents: cents, ..call(person, Class::Free) });
        assert_eq!(state.tickets.get(free).unwrap().key.0, secs(31), "what did not pay is not faster for a number");
    }
    audit(&state);
}

#[test]
fn an_estimate_of_nothing_costs_nothing_until_it_is_settled() {
    let mut state = patient(1);
    let nothing = NewCall { estimate: Duration::ZERO, ..call(1, Class::Free) };
    let ids: Vec<_> = (0..100).map(|_| put(&mut state, secs(1), &nothing)).collect();
    assert!(ids.iter().all(|id| state.tickets.get(*id).unwrap().key.0 == secs(31)));
    audit(&state);
    assert_eq!(state.claim(secs(1)), Some(ids[0]));
    state.settle(secs(5), ids[0], secs(8));
    let later = put(&mut state, secs(5), &nothing);
    assert_eq!(state.tickets.get(later).unwrap().key.0, secs(1 + 8 + 30), "8 s were used");
}

#[test]
fn an_estimate_of_days_counts_as_one_and_waits_for_nobody_else() {
    let mut state = State::new(&SchedulerConfig::default(), 1);
    let days = NewCall { estimate: Duration::from_hours(24 * 30), ..call(1, Class::Free) };
    let first = put(&mut state, secs(1), &days);
    assert_eq!(state.tickets.get(first).unwrap().left, Micros::from(Duration::from_hours(24)));
    assert_eq!(state.claim(secs(1)), Some(first));
    let (other, paid) =
        (put(&mut state, secs(2), &call(2, Class::Free)), put(&mut state, secs(2), &call(3, Class::Paid)));
    state.settle(secs(3), first, Micros::MAX);
    assert_eq!(state.claim(secs(3)), Some(paid));
    state.settle(secs(4), paid, secs(1));
    assert_eq!(state.claim(secs(4)), Some(other));
    let again = NewCall { deadline: Some(Duration::from_mins(10)), ..call(1, Class::Free) };
    assert!(matches!(state.enqueue(secs(5), &again), Err(Turned::JustHadYourTurn { .. })), "a day was had");
}

#[test]
fn who_waited_longer_than_time_itself_is_first_and_keeps_order() {
    let mut state = patient(1);
    let fresh = put(&mut state, secs(10), &call(1, Class::Free));
    let eternal = |person| NewCall { waited: Duration::MAX, ..call(person, Class::Free) };
    let first = put(&mut state, secs(10), &eternal(2));
    let second = put(&mut state, secs(10), &eternal(3));
    assert_eq!(state.tickets.get(first).unwrap().key.0, secs(30), "time begins at 0");
    audit(&state);
    assert_eq!(serve_all(&mut state, secs(10)), [first, second, fresh]);
}

#[test]
fn a_clock_that_jumps_a_year_and_back_loses_nothing() {
    let year = secs(365 * 86_400);
    let mut state = patient(1);
    let waits = put(&mut state, secs(1), &call(1, Class::Free));
    let due = put(&mut state, secs(1), &NewCall { deadline: Some(Duration::from_mins(1)), ..call(2, Class::Free) });
    state.tick(year);
    assert_eq!(state.take_effects(), [Effect::Dropped(due, Dropped::Expired)]);
    let back = put(&mut state, secs(2), &NewCall { deadline: Some(Duration::from_mins(1)), ..call(2, Class::Free) });
    assert_eq!(state.next_due(), Some(year.plus(secs(55)).plus(Micros::new(1))), "time went on from the year");
    assert_eq!(serve_all(&mut state, secs(3)), [waits, back]);
    assert!(state.is_empty());
}

#[test]
fn keys_at_the_end_of_the_numbers_are_served_by_number() {
    let mut state = patient(1);
    let last = Micros::MAX.minus(Micros::new(1));
    let ids: Vec<_> = (1..=200).map(|person| put(&mut state, last, &call(person, Class::Free))).collect();
    assert!(ids.iter().all(|id| state.tickets.get(*id).unwrap().key.0 == Micros::MAX));
    audit(&state);
    assert_eq!(serve_all(&mut state, last), ids);
    assert!(state.is_empty());
}

#[test]
fn ten_thousand_calls_of_one_person_are_found_counted_and_cancelled() {
    let mut state = patient(1);
    let ids: Vec<_> = (0..10_000).map(|_| put(&mut state, secs(1), &call(1, Class::Free))).collect();
    let other = put(&mut state, secs(2), &call(2, Class::Free));
    assert_eq!(state.claim(secs(2)), Some(ids[0]));
    state.settle(secs(3), ids[0], secs(1));
    assert_eq!(state.claim(secs(3)), Some(other), "once is enough before another");
    let standing = state.standing(&account(1));
    assert_eq!(standing.len(), 9_999);
    assert!((0..).zip(&standing).all(|(before, waiting)| waiting.ahead == before));
    assert_eq!(state.cancel(secs(4), Pick::Ticket(ids[5_000])), 1);
    assert_eq!(state.cancel(secs(4), Pick::Person(account(1))), 9_998);
    let told: Vec<_> = state.take_effects();
    assert_eq!(told[1], Effect::Dropped(ids[1], Dropped::Cancelled));
    assert_eq!(told.len(), 9_999);
    state.settle(secs(9), other, secs(5));
    state.tick(secs(10_000_000));
    assert!(state.is_empty() && state.ledgers.is_empty() && state.accounts.is_empty());
}

#[test]
fn no_slots_are_one_and_fewer_stop_nobody() {
    let mut state = State::new(&SchedulerConfig::default(), 0);
    let first = put(&mut state, secs(1), &call(1, Class::Free));
    assert_eq!(state.claim(secs(1)), Some(first));
    state.set_slots(4);
    let more: Vec<_> = (2..=3).map(|person| put(&mut state, secs(1), &call(person, Class::Free))).collect();
    let claimed: Vec<_> = std::iter::from_fn(|| state.claim(secs(1))).collect();
    assert_eq!(claimed, more);
    let waits = put(&mut state, secs(1), &call(5, Class::Supporter));
    state.set_slots(0);
    assert_eq!((state.line().slots, state.line().running), (1, 3));
    assert_eq!(state.take_effects(), [], "what runs goes on");
    for id in [first, more[0]] {
        state.settle(secs(5), id, secs(4));
        assert_eq!(state.claim(secs(5)), None, "more run than may");
        audit(&state);
    }
    state.settle(secs(6), more[1], secs(5));
    assert_eq!(state.claim(secs(6)), Some(waits));
    state.set_slots(usize::MAX);
    assert!(state.line().slots > 1_000);
    audit(&state);
}

#[test]
fn a_number_of_a_call_that_is_gone_means_nobody_else() {
    let mut state = patient(1);
    let gone = put(&mut state, secs(1), &call(1, Class::Free));
    state.cancel(secs(1), Pick::Ticket(gone));
    let next = put(&mut state, secs(1), &call(2, Class::Free));
    assert!(next > gone, "numbers grow");
    assert_eq!(state.cancel(secs(1), Pick::Ticket(gone)), 0);
    for id in [gone, TicketId(0), TicketId(u64::MAX)] {
        state.prefilled(secs(1), id);
        state.settle(secs(1), id, secs(1));
        state.give_back(secs(1), id, secs(1), secs(1));
    }
    assert_eq!(state.claim(secs(1)), Some(next));
    audit(&state);
}
