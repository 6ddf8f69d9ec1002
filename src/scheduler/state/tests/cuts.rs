//! Running answers that give their slot away.

use super::*;

/// A free call of 10 s that can be taken up again for 2 s.
fn long(person: u8) -> NewCall {
    NewCall { estimate: Duration::from_secs(10), resume: Some(Duration::from_secs(2)), ..call(person, Class::Free) }
}

fn running(state: &mut State, call: &NewCall) -> TicketId {
    let id = put(state, secs(0), call);
    assert_eq!(state.claim(secs(0)), Some(id));
    id
}

#[test]
fn a_paid_call_takes_the_slot_of_a_free_answer_which_goes_on_afterwards() {
    let mut state = patient(1);
    let free = running(&mut state, &long(1));
    state.prefilled(secs(1), free);
    let behind = put(&mut state, secs(1), &long(2));
    let paid = put(&mut state, secs(2), &call(3, Class::Paid));
    assert_eq!(state.take_effects(), [Effect::Stop(free, Stop::Cut)]);
    assert_eq!(state.claim(secs(2)), None, "the slot is not free yet");
    state.give_back(secs(2), free, secs(2), secs(9));
    audit(&state);
    assert_eq!(state.claim(secs(2)), Some(paid));
    state.settle(secs(7), paid, secs(5));
    assert_eq!(state.claim(secs(7)), Some(free), "it kept its key, and goes before who came later");
    state.settle(secs(16), free, secs(9));
    assert_eq!(state.claim(secs(16)), Some(behind));
}

#[test]
fn nothing_is_cut_before_its_first_token_but_then_at_once() {
    let mut state = patient(1);
    let free = running(&mut state, &long(1));
    put(&mut state, secs(1), &call(3, Class::Paid));
    assert_eq!(state.take_effects(), []);
    state.prefilled(secs(2), free);
    assert_eq!(state.take_effects(), [Effect::Stop(free, Stop::Cut)]);
}

#[test]
fn nothing_is_cut_twice() {
    let mut state = patient(1);
    let free = running(&mut state, &long(1));
    state.prefilled(secs(1), free);
    let paid = put(&mut state, secs(1), &call(3, Class::Paid));
    state.take_effects();
    state.give_back(secs(1), free, secs(1), secs(9));
    assert_eq!(state.claim(secs(1)), Some(paid));
    state.settle(secs(2), paid, secs(1));
    assert_eq!(state.claim(secs(2)), Some(free));
    state.prefilled(secs(3), free);
    put(&mut state, secs(3), &call(4, Class::Paid));
    assert_eq!(state.take_effects(), []);
}

#[test]
fn nothing_is_cut_that_is_almost_done_or_cannot_go_on_or_has_paid() {
    for (call, at) in [
        (long(1), secs(8)),
        (NewCall { resume: None, ..long(1) }, secs(1)),
        (NewCall { class: Class::Paid, ..long(1) }, secs(1)),
        (NewCall { resume: Some(Duration::MAX), ..long(1) }, secs(1)),
    ] {
        let mut state = patient(1);
        let id = running(&mut state, &call);
        state.prefilled(secs(1), id);
        put(&mut state, at, &super::call(3, Class::Moderator));
        assert_eq!(state.take_effects(), [], "{call:?}");
    }
}

#[test]
fn nothing_is_cut_while_a_slot_is_free() {
    let mut state = patient(2);
    let free = running(&mut state, &long(1));
    state.prefilled(secs(1), free);
    put(&mut state, secs(1), &call(3, Class::Paid));
    assert_eq!(state.take_effects(), []);
}

#[test]
fn one_answer_is_cut_for_each_paid_call_the_least_urgent_first() {
    let mut state = patient(3);
    let supporter = running(&mut state, &NewCall { class: Class::Supporter, ..long(1) });
    let free = running(&mut state, &long(2));
    let fan = running(&mut state, &NewCall { class: Class::Fan, ..long(3) });
    for id in [supporter, free, fan] {
        state.prefilled(secs(1), id);
    }
    put(&mut state, secs(1), &call(4, Class::Paid));
    assert_eq!(state.take_effects(), [Effect::Stop(free, Stop::Cut)]);
    put(&mut state, secs(1), &call(5, Class::Paid));
    assert_eq!(state.take_effects(), [Effect::Stop(fan, Stop::Cut)]);
    state.settle(secs(1), fan, secs(1));
    state.give_back(secs(1), free, secs(1), secs(9));
    assert_eq!(state.take_effects(), []);
    audit(&state);
}

#[test]
fn what_has_begun_is_never_shed() {
    let mut state = State::new(&SchedulerConfig { shortest_line: 0, ..SchedulerConfig::default() }, 1);
    let free = running(&mut state, &NewCall { estimate: Duration::from_secs(29), ..long(1) });
    state.prefilled(secs(1), free);
    let paid = put(&mut state, secs(1), &call(2, Class::Paid));
    state.give_back(secs(1), free, secs(1), secs(60));
    assert_eq!(state.claim(secs(1)), Some(paid));
    state.take_effects();
    let fresh = put(&mut state, secs(1), &call(3, Class::Free));
    assert!(state.enqueue(secs(1), &call(4, Class::Free)).is_err());
    assert!(state.tickets.get(free).is_some() && state.tickets.get(fresh).is_some());
}

#[test]
fn a_call_cancelled_while_it_is_being_cut_does_not_come_back() {
    let mut state = patient(1);
    let free = running(&mut state, &long(1));
    state.prefilled(secs(1), free);
    let paid = put(&mut state, secs(1), &call(2, Class::Paid));
    assert_eq!(state.cancel(secs(1), Pick::Person(account(1))), 1);
    state.give_back(secs(1), free, secs(1), secs(9));
    let told =
        [Effect::Stop(free, Stop::Cut), Effect::Stop(free, Stop::Cancelled), Effect::Dropped(free, Dropped::Cancelled)];
    assert_eq!(state.take_effects(), told);
    assert_eq!(state.claim(secs(1)), Some(paid));
    audit(&state);
}

#[test]
fn what_was_cut_expires_like_everything_else() {
    let mut state = patient(1);
    let free = running(&mut state, &NewCall { deadline: Some(Duration::from_secs(20)), ..long(1) });
    state.prefilled(secs(1), free);
    let paid = put(&mut state, secs(2), &call(2, Class::Paid));
    state.give_back(secs(2), free, secs(2), secs(9));
    assert_eq!(state.claim(secs(2)), Some(paid));
    state.settle(secs(12), paid, secs(10));
    assert_eq!(state.claim(secs(12)), None);
    assert_eq!(state.take_effects(), [Effect::Stop(free, Stop::Cut), Effect::Dropped(free, Dropped::Expired)]);
}

#[test]
fn a_slot_that_was_cut_free_goes_to_the_express_side_whatever_it_owes() {
    let mut state = patient(1);
    let free = put(&mut state, secs(0), &long(1));
    let first = put(&mut state, secs(0), &call(2, Class::Paid));
    assert_eq!(state.claim(secs(0)), Some(first), "half a second is owed to the common side from here on");
    state.settle(secs(5), first, secs(5));
    assert_eq!(state.claim(secs(5)), Some(free));
    state.prefilled(secs(5), free);
    let second = put(&mut state, secs(5), &call(3, Class::Paid));
    assert_eq!(state.take_effects(), [Effect::Stop(free, Stop::Cut)]);
    let short = NewCall { estimate: Duration::from_millis(400), ..call(4, Class::Supporter) };
    let short = put(&mut state, secs(5), &short);
    state.give_back(secs(5), free, millis(100), secs(10));
    assert_eq!(state.claim(secs(5)), Some(second));
    state.settle(secs(6), second, secs(1));
    let third = put(&mut state, secs(6), &call(5, Class::Paid));
    assert_eq!(state.claim(secs(6)), Some(short), "and only that slot");
    state.settle(secs(6), short, millis(400));
    assert_eq!(state.claim(secs(6)), Some(third));
}
