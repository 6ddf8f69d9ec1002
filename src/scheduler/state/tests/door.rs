//! Who may wait, how long, and what ends the waiting.

use super::*;
use crate::chat::Platform;

const MINUTE: Option<Duration> = Some(Duration::from_mins(1));

#[test]
fn who_just_had_a_turn_is_told_when_to_come_back() {
    let mut state = patient(1);
    let hasty = NewCall { deadline: MINUTE, ..call(1, Class::Free) };
    // 60 s less 30 s of patience and 5 s of work leave 25 s: five turns of 5 s.
    for _ in 0..6 {
        put(&mut state, secs(0), &hasty);
    }
    let turned = state.enqueue(secs(0), &hasty).unwrap_err();
    assert_eq!(turned, Turned::JustHadYourTurn { retry_after: Duration::from_secs(5) });
    let again = state.enqueue(secs(5), &hasty);
    assert!(again.is_ok(), "{again:?}");
    let other = state.enqueue(secs(5), &NewCall { deadline: MINUTE, ..call(2, Class::Free) });
    assert!(other.is_ok(), "another person is not meant: {other:?}");
}

#[test]
fn newcomers_are_not_told_that_they_had_a_turn() {
    let mut state = patient(1);
    let newcomer = |person| NewCall { newcomer: true, deadline: MINUTE, ..call(person, Class::Free) };
    let turned: Vec<_> = (0..10).filter_map(|person| state.enqueue(secs(0), &newcomer(person)).err()).collect();
    assert_eq!(turned.len(), 4);
    assert!(turned.iter().all(|turned| matches!(turned, Turned::ManyNewcomers { .. })), "{turned:?}");
}

#[test]
fn a_first_call_is_not_refused_for_its_class_being_patient() {
    let mut state = patient(1);
    let idle = NewCall { deadline: MINUTE, ..call(1, Class::Idle) };
    assert!(state.enqueue(secs(0), &idle).is_ok(), "120 s of patience, 60 s of deadline, but an empty line");
}

#[test]
fn those_turned_away_count_as_waiting_for_a_minute() {
    let mut state = patient(1);
    let hasty = |person| NewCall { deadline: Some(Duration::from_secs(36)), ..call(person, Class::Free) };
    for person in 1..=3 {
        put(&mut state, secs(0), &hasty(person));
        while state.enqueue(secs(0), &hasty(person)).is_ok() {}
    }
    state.cancel(secs(1), Pick::All);
    let with_crowd = put(&mut state, secs(1), &call(9, Class::Free));
    assert_eq!(state.tickets.get(with_crowd).unwrap().factor.of(secs(1)), secs(4), "three turned away, and the caller");
    state.cancel(secs(1), Pick::All);
    let alone = put(&mut state, secs(62), &call(9, Class::Free));
    assert_eq!(state.tickets.get(alone).unwrap().factor.of(secs(1)), secs(1));
}

#[test]
fn an_answer_longer_than_its_deadline_is_refused() {
    let mut state = patient(1);
    let long = NewCall { estimate: Duration::from_secs(61), deadline: MINUTE, ..call(1, Class::Paid) };
    assert_eq!(state.enqueue(secs(0), &long), Err(Turned::TooLong));
    assert_eq!(state.enqueue(secs(0), &NewCall { estimate: Duration::MAX, ..long }), Err(Turned::TooLong));
    assert!(state.is_empty());
}

#[test]
fn ten_thousand_calls_of_one_person_leave_room_for_the_others() {
    let mut state = State::new(&SchedulerConfig::default(), 1);
    let kept = (0..10_000).filter(|_| state.enqueue(secs(0), &call(1, Class::Free)).is_ok()).count();
    assert!(kept <= 8, "{kept}");
    let other = put(&mut state, secs(0), &call(2, Class::Free));
    assert!(state.tickets.get(other).is_some());
    assert!(state.enqueue(secs(0), &call(1, Class::Paid)).is_ok(), "what one waits for does not bar what one pays for");
    audit(&state);
}

#[test]
fn the_line_never_grows_beyond_its_bound_and_paid_calls_take_the_place_of_others() {
    let config = SchedulerConfig { most_waiting: 10, line: Duration::from_hours(1), ..SchedulerConfig::default() };
    let mut state = State::new(&config, 1);
    let common: Vec<_> = (0..10).map(|person| put(&mut state, secs(0), &call(person, Class::Free))).collect();
    assert_eq!(state.enqueue(secs(1), &call(20, Class::Free)), Err(Turned::Full), "the newest is the least urgent");
    let paid: Vec<_> = (30..40).map(|person| put(&mut state, secs(1), &call(person, Class::Paid))).collect();
    let shed: Vec<_> = state.take_effects();
    let dropped = |id: &TicketId| shed.contains(&Effect::Dropped(*id, Dropped::Shed));
    assert!(shed.len() == 9 && common[1..].iter().all(dropped), "all but the most urgent: {shed:?}");
    assert_eq!(state.enqueue(secs(1), &call(50, Class::Paid)), Err(Turned::Full));
    assert!(paid.iter().all(|id| state.tickets.get(*id).is_some()));
    let fan = put(&mut state, secs(1), &call(51, Class::Fan));
    assert!(state.tickets.get(fan).is_some(), "one of each class always finds room");
    assert_eq!(state.enqueue(secs(1), &call(52, Class::Fan)), Err(Turned::Full));
    audit(&state);
}

#[test]
fn a_long_line_sheds_the_least_urgent_of_the_class_that_holds_most() {
    let mut state = State::new(&SchedulerConfig::default(), 1);
    let free: Vec<_> = (1..=3).map(|person| put(&mut state, secs(0), &call(person, Class::Free))).collect();
    let supporters: Vec<_> =
        (11..=13).map(|person| put(&mut state, secs(0), &call(person, Class::Supporter))).collect();
    assert_eq!(state.take_effects(), [], "30 s of work are allowed");
    let idle = put(&mut state, secs(0), &call(21, Class::Idle));
    assert_eq!(state.take_effects(), [Effect::Dropped(free[2], Dropped::Shed)], "the only call of a class is spared");
    assert!(supporters.iter().chain([&idle]).all(|id| state.tickets.get(*id).is_some()));
    assert_eq!(state.enqueue(secs(0), &call(4, Class::Free)), Err(Turned::Full));
    assert_eq!(state.take_effects(), [], "who is turned away at the door is not told twice");
    audit(&state);
}

#[test]
fn a_panel_always_fits_however_slow_the_engine() {
    let mut state = State::new(&SchedulerConfig::default(), 1);
    let slow = NewCall { estimate: Duration::from_mins(2), ..call(1, Class::Free) };
    let panel: Vec<_> = (0..4).map(|_| put(&mut state, secs(0), &slow)).collect();
    assert_eq!(state.take_effects(), []);
    assert_eq!(serve_all(&mut state, secs(0)), panel);
}

#[test]
fn paid_calls_are_never_shed() {
    let mut state = State::new(&SchedulerConfig::default(), 1);
    for person in 0..100 {
        put(&mut state, secs(0), &call(person, Class::Paid));
    }
    assert_eq!(state.take_effects(), []);
    assert_eq!(state.line().waiting[1], 100);
}

#[test]
fn a_heavy_paid_load_shortens_the_line_of_the_others() {
    let mut state = State::new(&SchedulerConfig::default(), 1);
    let (mut now, mut free) = (secs(0), 0);
    for person in 0..24 {
        let paid = put(&mut state, now, &call(person, Class::Paid));
        assert_eq!(state.claim(now), Some(paid));
        now = now.plus(secs(5));
        state.settle(now, paid, secs(5));
    }
    while state.enqueue(now, &call(100 + free, Class::Free)).is_ok() {
        free += 1;
    }
    assert_eq!(free, 4, "the engine was all theirs, so only a panel's length is left");
}

#[test]
fn what_can_no_longer_end_in_time_expires() {
    let mut state = patient(1);
    let id = put(&mut state, secs(10), &NewCall { deadline: MINUTE, ..call(1, Class::Paid) });
    let due = state.next_due().unwrap();
    assert_eq!(due, Micros::new(65_000_001));
    state.tick(secs(65));
    assert_eq!(state.take_effects(), [], "at 65 s, 5 s before its deadline, it could just be made");
    state.tick(due);
    assert_eq!(state.take_effects(), [Effect::Dropped(id, Dropped::Expired)]);
    assert_eq!(state.claim(due), None);
    assert_eq!(state.next_due(), None);
    audit(&state);
}

#[test]
fn an_answer_that_runs_long_after_its_deadline_is_stopped_once() {
    let mut state = patient(1);
    let id = put(&mut state, secs(0), &NewCall { deadline: MINUTE, ..call(1, Class::Free) });
    assert_eq!(state.claim(secs(0)), Some(id));
    assert_eq!(state.next_due(), Some(secs(70)));
    state.tick(secs(100));
    state.tick(secs(101));
    assert_eq!(state.take_effects(), [Effect::Stop(id, Stop::Overdue)]);
    state.give_back(secs(102), id, secs(102), secs(5));
    assert_eq!(state.take_effects(), [Effect::Dropped(id, Dropped::Expired)]);
    assert!(state.is_empty());
}

#[test]
fn the_closed_door_and_the_impossible_call_count_for_nobody() {
    let mut state = patient(1);
    let long = NewCall { estimate: Duration::from_mins(2), deadline: MINUTE, ..call(1, Class::Free) };
    assert_eq!(state.enqueue(secs(0), &long), Err(Turned::TooLong));
    state.close(secs(0));
    assert_eq!(state.enqueue(secs(0), &call(2, Class::Free)), Err(Turned::Closed));
    assert!(state.ledgers.is_empty());
}

#[test]
fn cancelling_meets_exactly_what_was_picked() {
    let mut state = patient(1);
    let at = |person, place| NewCall { place: account(place), ..call(person, Class::Free) };
    let here = put(&mut state, secs(0), &at(1, 201));
    let there = put(&mut state, secs(0), &at(1, 202));
    let other = put(&mut state, secs(0), &at(2, 201));
    assert_eq!(state.cancel(secs(0), Pick::Ticket(TicketId(999))), 0);
    assert_eq!(state.cancel(secs(0), Pick::Person(account(77))), 0);
    assert_eq!(state.cancel(secs(0), Pick::PersonAt { person: account(1), place: account(201) }), 1);
    assert_eq!(state.take_effects(), [Effect::Dropped(here, Dropped::Cancelled)]);
    assert_eq!(state.cancel(secs(0), Pick::Place(account(201))), 1);
    assert_eq!(state.take_effects(), [Effect::Dropped(other, Dropped::Cancelled)]);
    assert_eq!(state.cancel(secs(0), Pick::Person(account(1))), 1);
    assert_eq!(state.take_effects(), [Effect::Dropped(there, Dropped::Cancelled)]);
    assert_eq!(state.cancel(secs(0), Pick::All), 0);
    audit(&state);
}

#[test]
fn a_running_call_is_told_to_stop_and_then_settles_for_what_it_used() {
    let mut state = patient(1);
    let id = put(&mut state, secs(0), &call(1, Class::Free));
    state.claim(secs(0));
    assert_eq!(state.cancel(secs(1), Pick::All), 1);
    assert_eq!(state.cancel(secs(1), Pick::All), 0, "it is being stopped already");
    assert_eq!(state.take_effects(), [Effect::Stop(id, Stop::Cancelled)]);
    state.settle(secs(2), id, secs(2));
    state.settle(secs(2), id, secs(2));
    assert_eq!(state.take_effects(), []);
    let next = put(&mut state, secs(2), &call(1, Class::Free));
    assert_eq!(state.tickets.get(next).unwrap().key.0, secs(32));
}

#[test]
fn closing_drops_what_waits_lets_end_what_runs_and_takes_nothing_more() {
    let mut state = patient(1);
    let running = put(&mut state, secs(0), &call(1, Class::Paid));
    state.claim(secs(0));
    let waiting = put(&mut state, secs(0), &call(2, Class::Paid));
    state.close(secs(1));
    assert_eq!(state.take_effects(), [Effect::Dropped(waiting, Dropped::Closed)]);
    assert_eq!(state.enqueue(secs(1), &call(3, Class::Moderator)), Err(Turned::Closed));
    assert_eq!(state.claim(secs(1)), None);
    state.give_back(secs(2), running, secs(2), secs(3));
    assert_eq!(state.take_effects(), [Effect::Dropped(running, Dropped::Closed)]);
    assert!(state.is_empty());
    audit(&state);
}

#[test]
fn clocks_may_stand_run_back_and_jump_to_the_end() {
    let mut state = patient(1);
    let first = put(&mut state, secs(100), &call(1, Class::Free));
    let second = put(&mut state, secs(50), &NewCall { deadline: MINUTE, ..call(2, Class::Free) });
    assert_eq!(state.tickets.get(second).unwrap().key.0, secs(130), "a clock that ran back stands");
    assert_eq!(state.claim(Micros::ZERO), Some(first));
    state.tick(Micros::MAX);
    assert_eq!(state.take_effects(), [Effect::Dropped(second, Dropped::Expired)]);
    state.settle(Micros::MAX, first, Micros::MAX);
    let last = state.enqueue(Micros::MAX, &NewCall { credit_cents: u64::MAX, ..call(1, Class::Idle) }).unwrap();
    assert_eq!(state.tickets.get(last.ticket).unwrap().key.0, Micros::MAX);
    assert_eq!(state.claim(Micros::MAX), Some(last.ticket));
    state.settle(Micros::MAX, last.ticket, Micros::MAX);
    audit(&state);
}

#[test]
fn hostile_estimates_and_shares_stay_within_the_numbers() {
    let mut config = SchedulerConfig::default();
    config.share.free = f64::INFINITY;
    config.share.idle = f64::NAN;
    config.phi = -5.0;
    config.reserve = 1e300;
    assert_eq!(config.check().unwrap_err().0, "phi");
    let mut state = State::new(&config, usize::MAX);
    for person in 0..20 {
        for class in Class::ALL {
            let call = NewCall { estimate: Duration::MAX, credit_cents: u64::MAX, ..call(person, class) };
            let _ = state.enqueue(Micros::new(u64::MAX - 5), &call);
        }
    }
    while let Some(id) = state.claim(Micros::new(u64::MAX - 4)) {
        state.settle(Micros::new(u64::MAX - 3), id, Micros::MAX);
    }
    audit(&state);
}

#[test]
fn accounts_are_forgotten_when_they_are_as_good_as_new() {
    let mut state = patient(1);
    for person in 0..100 {
        put(&mut state, secs(0), &call(person, Class::Free));
    }
    state.cancel(secs(1), Pick::Person(account(5)));
    serve_all(&mut state, secs(1));
    state.tick(secs(100_000));
    assert!(state.ledgers.is_empty(), "{:?}", state.ledgers);
}

#[test]
fn the_default_configuration_holds_its_own_rules() {
    assert_eq!(SchedulerConfig::default().check(), Ok(()));
    let read: SchedulerConfig = serde_json::from_str(r#"{"line": "10s", "share": {"idle": 0.5}}"#).unwrap();
    assert_eq!((read.line, read.share.idle, read.share.free), (Duration::from_secs(10), 0.5, 1.0));
    assert!(serde_json::from_str::<SchedulerConfig>(r#"{"lines": "10s"}"#).is_err());
    assert_eq!(read.deadline.on(Platform::Console), None);
    assert_eq!(read.deadline.on(Platform::Twitch), Some(Duration::from_secs(90)));
}

#[test]
fn placed_is_what_enqueue_and_standing_agree_on() {
    let mut state = patient(1);
    let placed: Vec<Placed> = (0..5).map(|_| state.enqueue(secs(0), &call(1, Class::Free)).unwrap()).collect();
    let standing = state.standing(&account(1)).into_iter().map(|waiting| Placed {
        ticket: waiting.ticket,
        ahead: waiting.ahead,
        expected_wait: waiting.expected_wait,
    });
    let standing: Vec<_> = standing.collect();
    assert_eq!(placed, standing);
}
