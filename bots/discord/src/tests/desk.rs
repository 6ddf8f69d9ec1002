use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;

use crate::desk::Desk;

const EVERY: Duration = Duration::from_millis(1_500);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn each_account_and_each_channel_has_a_clock_of_its_own() {
    let mut desk = Desk::new(EVERY);
    assert_eq!(desk.turn(0, "1", "a", ms(0)), None);
    desk.done(0, "1", ms(0));
    assert_eq!(desk.turn(0, "1", "b", ms(0)), Some(EVERY));
    assert_eq!(desk.turn(0, "2", "c", ms(0)), None, "another channel");
    assert_eq!(desk.turn(1, "1", "d", ms(0)), None, "another account");
}

#[test]
fn who_waits_keeps_the_turn_and_who_does_not_come_loses_it() {
    let mut desk = Desk::new(EVERY);
    assert_eq!(desk.turn(0, "1", "a", ms(0)), None);
    desk.done(0, "1", ms(0));
    assert_eq!(desk.turn(0, "1", "b", ms(100)), Some(ms(1_400)));
    assert_eq!(desk.turn(0, "1", "c", ms(100)), Some(ms(2_900)));
    assert_eq!(desk.turn(0, "1", "b", ms(200)), Some(ms(1_300)), "asked again, the same turn");
    assert_eq!(desk.turn(0, "1", "b", ms(1_500)), None);
    desk.done(0, "1", ms(1_600));
    assert_eq!(desk.turn(0, "1", "c", ms(3_000)), Some(ms(100)), "counted from when it was done");
    assert_eq!(desk.turn(0, "1", "c", ms(3_100)), None);
    desk.done(0, "1", ms(3_200));
    assert_eq!(desk.turn(0, "1", "d", ms(60_000)), None);
}

#[test]
fn while_a_change_is_under_way_nothing_else_changes() {
    let mut desk = Desk::new(EVERY);
    assert_eq!(desk.turn(0, "1", "a", ms(0)), None);
    assert_eq!(desk.turn(0, "1", "b", ms(9_000)), Some(EVERY));
    desk.done(0, "1", ms(9_500));
    assert_eq!(desk.turn(0, "1", "b", ms(10_500)), Some(ms(500)));
    assert_eq!(desk.turn(0, "1", "b", ms(11_000)), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Many answers grow in one channel, each change takes its time, and everybody comes when they were told, or later.
    #[test]
    fn one_change_at_a_time_and_everybody_has_a_turn(
        lates in prop::collection::vec(0_u64..900, 20),
        takes in prop::collection::vec(0_u64..3_000, 20),
        answers in 1_usize..20,
    ) {
        let mut desk = Desk::new(EVERY);
        let mut due: BTreeSet<_> = (0..answers).map(|answer| (ms(0), answer)).collect();
        let (mut made, mut counts, mut step, mut open) = (Vec::new(), vec![0; answers], 0, None);
        while let Some((now, answer)) = due.pop_first() {
            step += 1;
            prop_assert!(step < 20_000, "everybody comes to an end");
            if let Some(end) = open.filter(|end| *end <= now) {
                desk.done(0, "1", end);
                open = None;
            }
            if let Some(wait) = desk.turn(0, "1", &format!("m{answer}"), now) {
                due.insert((now + wait, answer));
                continue;
            }
            prop_assert!(open.is_none(), "nothing else was under way");
            let end = now + ms(takes[step % takes.len()]);
            made.push((now, end));
            open = Some(end);
            counts[answer] += 1;
            if counts[answer] < 4 {
                due.insert((end + ms(lates[step % lates.len()]), answer));
            }
        }
        prop_assert!(counts.iter().all(|count| *count == 4));
        prop_assert!(made.windows(2).all(|pair| pair[1].0 >= pair[0].1 + EVERY), "{made:?}");
    }
}
