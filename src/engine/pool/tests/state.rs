use std::time::Duration;

use super::scripted::usage;
use crate::engine::{
    BreakerConfig, EngineConfig,
    pool::{
        breaker::Phase,
        state::{Ending, Need, Slot, State},
    },
};

const NEED: Need = Need { prompt: 100, output: 100 };

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn pool(slots: &[usize]) -> State {
    let breaker = BreakerConfig { delay: at(2), jitter: 0.0, ..BreakerConfig::default() };
    let config = EngineConfig { breaker, ..EngineConfig::default() };
    State::new(&config, slots.iter().map(|slots| (*slots, *slots)))
}

fn whole(decode_ms: u64) -> Ending {
    Ending::Whole(usage(11, Duration::from_millis(100), Duration::from_millis(decode_ms)))
}

fn take(state: &mut State, now: Duration) -> Slot {
    state.take(now, NEED, &[]).expect("a slot")
}

fn fail(state: &mut State, now: Duration, member: usize) {
    let others: Vec<_> = (0..9).filter(|other| *other != member).collect();
    while let Some(slot) = state.take(now, NEED, &others) {
        state.end(now, slot, Ending::Failed, 0.0);
    }
}

#[test]
fn every_member_is_tried_and_then_the_fastest_is_taken() {
    let mut state = pool(&[1, 1, 1]);
    for decode in [300, 100, 200] {
        let slot = take(&mut state, at(0));
        state.end(at(0), slot, whole(decode), 0.0);
    }
    let order: Vec<_> = (0..3).map(|_| take(&mut state, at(1)).member).collect();
    assert_eq!(order, [1, 2, 0], "by speed, each as long as it has a slot");
    assert_eq!(state.take(at(1), NEED, &[]), None, "never more than there are slots");
}

#[test]
fn a_long_prompt_goes_where_prompts_are_read_fast() {
    let mut state = pool(&[1, 1]);
    let slots = [take(&mut state, at(0)), take(&mut state, at(0))];
    let reads = usage(11, Duration::from_millis(50), Duration::from_secs(1));
    let writes = usage(11, Duration::from_secs(2), Duration::from_millis(100));
    state.end(at(0), slots[0], Ending::Whole(reads), 0.0);
    state.end(at(0), slots[1], Ending::Whole(writes), 0.0);
    assert_eq!(state.take(at(1), Need { prompt: 4000, output: 20 }, &[]).map(|slot| slot.member), Some(0));
    assert_eq!(state.take(at(1), Need { prompt: 40, output: 200 }, &[]).map(|slot| slot.member), Some(1));
}

#[test]
fn a_slow_member_still_takes_what_the_fast_one_has_no_room_for() {
    let mut state = pool(&[2, 4]);
    for (member, decode) in [(0, 10), (1, 10_000)] {
        let slot = state.take(at(0), NEED, &[1 - member]).expect("a slot");
        state.end(at(0), slot, whole(decode), 0.0);
    }
    let order: Vec<_> = (0..6).map(|_| take(&mut state, at(1)).member).collect();
    assert_eq!(order, [0, 0, 1, 1, 1, 1]);
}

#[test]
fn slots_of_a_member_that_is_out_of_order_are_gone_from_the_sum() {
    let mut state = pool(&[4, 2]);
    assert_eq!(state.slots(), 6);
    fail(&mut state, at(0), 0);
    assert_eq!(state.slots(), 2);
    let taken = [take(&mut state, at(0)), take(&mut state, at(0))];
    assert!(taken.iter().all(|slot| slot.member == 1));
    assert_eq!(state.take(at(0), NEED, &[]), None);
    fail(&mut state, at(0), 1);
    assert_eq!(state.slots(), 2, "an engine that is busy has not failed");
    for slot in taken {
        state.end(at(0), slot, Ending::Failed, 0.0);
    }
    fail(&mut state, at(0), 1);
    assert_eq!((state.slots(), state.take(at(0), NEED, &[])), (0, None), "all are away");
    assert_eq!(state.next_due(), Some(at(2)));
}

#[test]
fn a_member_that_dies_with_answers_under_way_opens_once() {
    let mut state = pool(&[32, 1]);
    let slots: Vec<_> = (0..32).map(|_| state.take(at(0), NEED, &[1]).expect("a slot")).collect();
    for (index, slot) in slots.into_iter().enumerate() {
        // The last of them fail long after.
        state.end(at(u64::try_from(index).unwrap() / 16), slot, Ending::Failed, 0.0);
    }
    let health = state.health(0).expect("a member");
    assert_eq!((health.phase, health.running), (Phase::Open { until: at(2) }, 0));
    assert_eq!(state.slots(), 1);
}

#[test]
fn a_recovery_under_a_thousand_waiting_calls_sends_one_question_and_then_ramps() {
    let mut state = pool(&[64]);
    fail(&mut state, at(0), 0);
    assert_eq!(state.tick(at(1)), [0; 0]);
    assert_eq!(state.tick(at(2)), [0]);
    assert!((0..1000).all(|_| state.take(at(2), NEED, &[]).is_none() && state.tick(at(2)).is_empty()));
    state.probed(at(3), 0, true, 0.0);
    let (mut rounds, mut answered) = (Vec::new(), 0);
    for round in 3..12 {
        let slots: Vec<_> = (0..1000).map_while(|_| state.take(at(round), NEED, &[])).collect();
        rounds.push(slots.len());
        answered += slots.len();
        for slot in slots {
            state.end(at(round), slot, whole(100), 0.0);
        }
    }
    assert_eq!(rounds, [1, 2, 4, 8, 16, 32, 64, 64, 64], "twice as many a round");
    assert_eq!(answered, 255);
}

#[test]
fn a_flapping_member_gets_one_answer_a_recovery_and_is_asked_ever_more_rarely() {
    let mut state = pool(&[16]);
    fail(&mut state, at(0), 0);
    let (mut now, mut probes, mut lost) = (at(0), 0, 0);
    while now < at(600) {
        now = state.next_due().expect("a time");
        assert_eq!(state.tick(now), [0]);
        probes += 1;
        state.probed(now, 0, true, 0.0);
        while let Some(slot) = state.take(now, NEED, &[]) {
            state.end(now, slot, Ending::Failed, 0.0);
            lost += 1;
        }
    }
    assert_eq!(lost, probes, "one answer for each time that it said it was back");
    assert!(probes <= 15, "{probes} in ten minutes");
}

#[test]
fn a_reader_that_goes_and_a_request_that_nobody_can_serve_say_nothing_of_the_engine() {
    let mut state = pool(&[2]);
    for _ in 0..1000 {
        let slot = take(&mut state, at(0));
        state.end(at(0), slot, Ending::Untold, 0.0);
    }
    assert_eq!(state.health(0).map(|health| (health.phase, health.slots, health.running)), Some((Phase::Closed, 2, 0)));
    let slot = take(&mut state, at(0));
    state.end(at(0), slot, Ending::Left { texts: 11, decode: Duration::from_secs(1) }, 0.0);
    assert_eq!(state.health(0).and_then(|health| health.tokens_per_second), Some(10.0));
}
