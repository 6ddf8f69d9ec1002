//! Who comes first.

use super::*;

#[test]
fn classes_are_served_by_patience_and_calls_of_one_class_by_arrival() {
    let mut state = patient(1);
    let classes = [Class::Idle, Class::Free, Class::Fan, Class::Supporter, Class::Paid, Class::Moderator];
    let mut ids: Vec<_> =
        classes.iter().zip(1..).map(|(class, person)| put(&mut state, secs(1), &call(person, *class))).collect();
    let second = put(&mut state, secs(1), &call(9, Class::Moderator));
    ids.reverse();
    ids.insert(1, second);
    assert_eq!(serve_all(&mut state, secs(1)), ids);
}

#[test]
fn waiting_long_enough_beats_a_better_class() {
    let mut state = patient(1);
    let free = put(&mut state, secs(0), &call(1, Class::Free));
    let supporter = put(&mut state, secs(25), &call(2, Class::Supporter));
    assert_eq!(serve_all(&mut state, secs(25)), [free, supporter]);
}

#[test]
fn a_flooder_is_served_between_the_others_not_before_them() {
    let mut state = patient(1);
    let flood: Vec<_> = (0..50).map(|_| put(&mut state, secs(0), &call(1, Class::Free))).collect();
    let others: Vec<_> = (2..12).map(|person| put(&mut state, secs(1), &call(person, Class::Free))).collect();
    let order = serve_all(&mut state, secs(1));
    let last = others.iter().map(|id| order.iter().position(|served| served == id).unwrap()).max().unwrap();
    assert!(last < 14, "the last of ten others came at place {last}");
    assert_eq!(order.len(), 60);
    assert!(flood.windows(2).all(|pair| {
        let place = |id| order.iter().position(|served| served == id);
        place(&pair[0]) < place(&pair[1])
    }));
}

#[test]
fn newcomers_of_a_place_share_one_account() {
    let mut state = patient(1);
    let new = |person| NewCall { newcomer: true, ..call(person, Class::Free) };
    let newcomers: Vec<_> = (1..=20).map(|person| put(&mut state, secs(0), &new(person))).collect();
    let known = put(&mut state, secs(0), &call(100, Class::Free));
    let elsewhere = put(&mut state, secs(0), &NewCall { place: account(201), ..new(101) });
    let order = serve_all(&mut state, secs(0));
    assert_eq!(order[0], newcomers[0]);
    assert!(order[..4].contains(&known) && order[..4].contains(&elsewhere), "{order:?}");
}

#[test]
fn a_newcomer_who_pays_is_a_person() {
    let mut state = patient(1);
    let pays = |person| NewCall { newcomer: true, ..call(person, Class::Paid) };
    let ids: Vec<_> = (1..=3).map(|person| put(&mut state, secs(0), &pays(person))).collect();
    let keys: Vec<_> = ids.iter().map(|id| state.tickets.get(*id).unwrap().key.0).collect();
    assert_eq!(keys, [secs(2); 3]);
}

#[test]
fn more_money_is_less_patience_down_to_a_floor() {
    let state = patient(1);
    let patience = |credit| state.policy.patience(Class::Paid, credit);
    assert_eq!(patience(0), secs(6));
    assert_eq!(patience(99), secs(6));
    assert_eq!(patience(100), secs(2));
    assert_eq!(patience(10_000), millis(200));
    assert_eq!(patience(u64::MAX), millis(200));
    let ladder: Vec<_> = [100, 150, 200, 500, 1_000, 5_000, 9_999].map(patience).into();
    assert!(ladder.windows(2).all(|pair| pair[0] > pair[1]), "{ladder:?}");
}

#[test]
fn what_was_not_used_is_given_back() {
    let mut state = patient(1);
    let first = put(&mut state, secs(0), &call(1, Class::Free));
    assert_eq!(state.claim(secs(0)), Some(first));
    state.settle(secs(1), first, secs(1));
    let next = put(&mut state, secs(1), &call(1, Class::Free));
    assert_eq!(
        state.tickets.get(next).unwrap().key.0,
        secs(1 + 30),
        "1 s was used, so the second turn starts at 1 s, not at 5 s"
    );
}

#[test]
fn what_was_used_beyond_the_estimate_is_charged() {
    let mut state = patient(1);
    let first = put(&mut state, secs(0), &call(1, Class::Free));
    assert_eq!(state.claim(secs(0)), Some(first));
    state.settle(secs(8), first, secs(20));
    let next = put(&mut state, secs(8), &call(1, Class::Free));
    assert_eq!(state.tickets.get(next).unwrap().key.0, secs(20 + 30));
}

#[test]
fn a_cancelled_call_costs_nothing_and_moves_no_key() {
    let mut state = patient(1);
    let first = put(&mut state, secs(0), &call(1, Class::Free));
    let second = put(&mut state, secs(0), &call(1, Class::Free));
    let key = state.tickets.get(second).unwrap().key;
    assert_eq!(state.cancel(secs(0), Pick::Ticket(first)), 1);
    assert_eq!(state.tickets.get(second).unwrap().key, key);
    let third = put(&mut state, secs(0), &call(1, Class::Free));
    assert_eq!(state.tickets.get(third).unwrap().key.0, key.0);
}

#[test]
fn some_slots_are_kept_for_the_express_side_and_supporters() {
    let mut state = patient(4);
    for person in 1..=6 {
        put(&mut state, secs(0), &call(person, Class::Free));
    }
    assert_eq!((0..6).filter_map(|_| state.claim(secs(0))).count(), 3);
    let supporter = put(&mut state, secs(0), &call(7, Class::Supporter));
    assert_eq!(state.claim(secs(0)), Some(supporter));
    let paid = put(&mut state, secs(0), &call(8, Class::Paid));
    assert_eq!(state.claim(secs(0)), None, "all four slots are taken");
    state.settle(secs(5), supporter, secs(5));
    assert_eq!(state.claim(secs(5)), Some(paid));
    audit(&state);
}

#[test]
fn one_slot_is_kept_for_nobody() {
    let mut state = patient(1);
    let idle = put(&mut state, secs(0), &call(1, Class::Idle));
    assert_eq!(state.claim(secs(0)), Some(idle));
}

#[test]
fn what_is_patient_is_not_passed_until_it_is_worth_nothing() {
    let mut state = patient(1);
    let deadline = Some(Duration::from_secs(90));
    let idle = put(&mut state, secs(0), &NewCall { deadline, ..call(100, Class::Idle) });
    // As much as the engine can do, for ever.
    let mut now = secs(0);
    for person in 0..40 {
        put(&mut state, now, &NewCall { deadline, ..call(person, Class::Free) });
        if let Some(id) = state.claim(now) {
            if id == idle {
                return;
            }
            now = now.plus(secs(5));
            state.settle(now, id, secs(5));
        }
    }
    panic!("it was passed by everybody");
}

#[test]
fn the_common_side_keeps_its_part_beside_a_full_express_side() {
    let mut state = patient(1);
    for person in 0..100 {
        put(&mut state, secs(0), &call(person, Class::Paid));
        put(&mut state, secs(0), &call(person, Class::Free));
    }
    let order: Vec<_> = (0..100)
        .map(|_| {
            let id = state.claim(secs(0)).unwrap();
            let class = state.tickets.get(id).unwrap().class;
            state.settle(secs(0), id, secs(5));
            class
        })
        .collect();
    assert_eq!(order.iter().filter(|class| **class == Class::Free).count(), 10);
    assert_eq!(order[0], Class::Paid);
}

#[test]
fn people_see_where_they_stand() {
    let mut state = patient(1);
    let running = put(&mut state, secs(0), &call(1, Class::Free));
    assert_eq!(state.claim(secs(0)), Some(running));
    let placed = state.enqueue(secs(1), &call(2, Class::Free)).unwrap();
    assert_eq!((placed.ahead, placed.expected_wait), (0, Duration::from_secs(4)));
    let placed = state.enqueue(secs(1), &call(3, Class::Free)).unwrap();
    assert_eq!((placed.ahead, placed.expected_wait), (1, Duration::from_secs(9)));
    put(&mut state, secs(1), &call(4, Class::Paid));
    let standing = state.standing(&account(3));
    assert_eq!((standing.len(), standing[0].class, standing[0].ahead), (1, Class::Free, 2));
    assert_eq!(state.standing(&account(1)), [], "what runs does not wait");
    let line = state.line();
    assert_eq!((line.waiting, line.running, line.slots), ([0, 1, 0, 0, 2, 0], 1, 1));
}

#[test]
fn with_slots_free_there_is_no_wait() {
    let mut state = patient(3);
    put(&mut state, secs(0), &call(1, Class::Supporter));
    state.claim(secs(0));
    let placed = state.enqueue(secs(0), &call(2, Class::Supporter)).unwrap();
    assert_eq!((placed.ahead, placed.expected_wait), (0, Duration::ZERO));
}

#[test]
fn what_waited_in_a_line_that_is_gone_keeps_its_key() {
    let mut state = patient(1);
    let now = secs(100);
    let fresh = put(&mut state, now, &call(1, Class::Free));
    let again = put(&mut state, now, &NewCall { waited: Duration::from_secs(8), ..call(2, Class::Free) });
    let older = put(&mut state, now, &NewCall { waited: Duration::from_secs(1_000), ..call(3, Class::Free) });
    assert_eq!(serve_all(&mut state, now), [older, again, fresh]);
}
