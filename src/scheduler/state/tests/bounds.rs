//! What the policy promises, over random traces: how long a call waits, what a person is charged beyond another, that no paid call
//! expires, and that every class has something.
//!
//! Answers never take more than their estimate, and the longest estimate is the longest answer. All bounds are of one trace as it
//! was, so they hold whatever the load: where the design divides by `1 - paid load`, here stands the paid work that was done.

use proptest::prelude::*;

use super::{
    world::{Ask, End, Story, World},
    *,
};

const LONGEST: Micros = Micros::new(10_000_000);

/// Person, class, estimate and use in seconds, and the pause before it in tenths of a second.
fn asks(classes: Vec<Class>) -> impl Strategy<Value = Vec<(Ask, u64)>> {
    let ask = (0..12_u32, prop::sample::select(classes), 1..=10_u64, 1..=10_u64, 0..60_u64);
    let ask = ask.prop_map(|(person, class, estimate, used, pause)| {
        let ask = Ask {
            person,
            class,
            estimate: secs(estimate),
            used: secs(used.min(estimate)),
            deadline: None,
            resume: None,
        };
        (ask, pause)
    });
    prop::collection::vec(ask, 20..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A call of the common side that is not cut begins by `start + (patience - 6)` and, from then on (or from when it asked, if
    /// that is later), the time in which the slots open to it do: the line, at most `H * r * (S - R)` or a panel of the longest
    /// answers; one answer that runs in each slot; and the work that passed it: paid, and in slots kept for supporters.
    #[test]
    fn a_common_call_begins_within_its_bound(asks in asks(Class::ALL.to_vec()), slots in 1..4_usize) {
        let mut world = World::new(&SchedulerConfig::default(), slots);
        for (ask, pause) in asks {
            let to = world.now.plus(millis(100 * pause));
            while world.live(to).is_some() {}
            let _ = world.ask(ask);
            let common = world.state.waiting.total(Side::Common).work;
            let (_, line) = world.lines.last().unwrap();
            prop_assert!(common <= longest(*line), "{common:?} in line, {line:?} allowed");
        }
        while world.live(Micros::MAX).is_some() {}
        let open = slots - world.state.policy.reserved(slots);
        for story in world.stories.values().filter(|story| story.ask.class.side() == Side::Common) {
            let Some(begun) = story.begun() else { continue };
            let since = story.asked.max(story.key.minus(secs(6)));
            let passed = world.stories.values().filter(|other| {
                other.ask.class.side() == Side::Express
                    || (other.key > story.key && other.begun().is_some_and(|at| at >= since))
            });
            let passed = passed.fold(Micros::ZERO, |work, other| work.plus(other.had(since, begun)));
            let line = world.lines.iter().rev().find(|(at, _)| *at <= since).unwrap().1;
            let running = secs(10 * slots as u64);
            let bound = longest(line).plus(running).plus(passed).scaled(1, open as u64);
            prop_assert!(begun.minus(since) <= bound, "{:?} > {bound:?} for {story:?}", begun.minus(since));
        }
    }

    /// Each of a crowd keeps as many calls waiting as they like, all of one class, beside a paid load that was there before them
    /// (or, if they pay, beside others who wait). What one had beyond another is at most what `most waiting + 1` of the longest
    /// answers take, and what as many of the other's were believed to take too much: that is given back, but to later calls. The
    /// other is backlogged while each call starts at the finish of the one before: who asks later than that asks anew.
    #[test]
    fn nobody_is_charged_far_beyond_another_backlogged_person(
        depths in prop::collection::vec(1..6_usize, 2..6),
        class in prop::sample::select(vec![Class::Supporter, Class::Fan, Class::Free, Class::Paid]),
        load in 0..8_u64,
        lengths in prop::collection::vec(2..=10_u64, 1..20),
        knows in any::<bool>(),
    ) {
        let mut world = World::new(&patient_config(), 1);
        let excess = if knows { 0 } else { 10 - lengths.iter().min().unwrap() };
        let mut lengths = lengths.into_iter().cycle();
        let mut next_load = world.now;
        let begin = world.now.plus(secs(130));
        let mut had = vec![Micros::ZERO; depths.len()];
        let mut backlogged = vec![true; depths.len()];
        while world.now < begin.plus(secs(1_500)) {
            // All of them come at once: a crowd that grows would be charged more than who came before.
            let rounds = if world.now >= begin { 5 } else { 0 };
            for round in 1..=rounds {
                for (person, depth) in (0..).zip(&depths) {
                    if world.state.standing(&person_account(person)).len() < round.min(*depth) {
                        let used = secs(lengths.next().unwrap());
                        let estimate = if knows { used } else { LONGEST };
                        let ask = Ask { person, class, estimate, used, deadline: None, resume: None };
                        let id = world.ask(ask).unwrap();
                        let start = world.stories[&id].key.minus(world.state.policy.patience(class, 100));
                        backlogged[person as usize] &= world.now == begin || start > world.now;
                    }
                }
            }
            let other = if class == Class::Paid { Class::Free } else { Class::Paid };
            while next_load <= world.now && load > 0 {
                next_load = next_load.plus(secs(10));
                let work = secs(load);
                world.ask(Ask { person: 99, class: other, estimate: work, used: work, deadline: None, resume: None }).unwrap();
            }
            let ended = world.live(if load > 0 { next_load } else if world.now < begin { begin } else { Micros::MAX });
            let Some(story) = ended.and_then(|id| world.stories.remove(&id)) else { continue };
            if let Some(had) = had.get_mut(story.ask.person as usize) {
                *had = had.plus(story.ask.used);
            }
            let (least, most) = (had.iter().zip(&backlogged).filter(|(_, here)| **here), had.iter().max().unwrap());
            let Some(least) = least.map(|(had, _)| had).min() else { break };
            let bound = secs((10 + excess) * (1 + *depths.iter().max().unwrap() as u64));
            prop_assert!(most.minus(*least) <= bound, "{had:?} with depths {depths:?}");
        }
    }

    /// Paid work comes no faster than at `load` < 1 - phi after a burst, and its deadline is longer than the engine can be busy with
    /// it: then none expires, however much the others ask, cut or not, and however wrong the estimates.
    #[test]
    fn no_paid_call_expires_below_its_part_of_the_engine(
        paid in prop::collection::vec((0..6_u32, 1..=10_u64, 1..=10_u64, any::<bool>()), 10..80),
        load in 1..=8_u64,
        slots in 1..4_usize,
        continues in any::<bool>(),
        others in 1..=10_u64,
    ) {
        const BURST: u64 = 30;
        let mut world = World::new(&SchedulerConfig::default(), slots);
        let wide = slots as u64;
        let busy = (BURST + (2 * wide + 2) * 10) * 10 / (wide * (9 - load)) + 1;
        let (mut bucket, mut flooder) = (secs(BURST), 1_000);
        for (person, estimate, used, moderator) in paid {
            let used = secs(used.min(estimate));
            while bucket < used {
                let before = world.now;
                world.live(before.plus(millis(500)));
                bucket = bucket.plus(world.now.minus(before).scaled(load * wide, 10)).min(secs(BURST));
                flood(&mut world, &mut flooder, others, continues);
            }
            bucket = bucket.minus(used);
            let class = if moderator { Class::Moderator } else { Class::Paid };
            let deadline = Some(secs(busy + estimate));
            let _ = world.ask(Ask { person, class, estimate: secs(estimate), used, deadline, resume: None });
        }
        while world.live(Micros::MAX).is_some() {}
        for story in world.stories.values().filter(|story| story.ask.class.side() == Side::Express) {
            prop_assert_eq!(story.end, Some(End::Answered), "{:?}", story);
        }
    }

    /// Every class always has somebody new who asks, and paid ones fill the line: none goes without an answer for
    /// longer than its patience and what the common side's part takes for the shortest line.
    #[test]
    fn every_class_keeps_a_share_of_the_work(
        lengths in prop::collection::vec(1..=4_u64, 1..20), slots in 1..4_usize, paid in 2..12_usize,
    ) {
        let config = SchedulerConfig { most_waiting: 2 * paid, ..SchedulerConfig::default() };
        let mut world = World::new(&config, slots);
        let mut lengths = lengths.into_iter().cycle();
        let begin = world.now;
        let mut person = 0;
        while world.now < begin.plus(secs(1_800)) {
            for class in Class::ALL {
                let most = if class.side() == Side::Express { paid } else { 2 };
                for _ in world.waiting(class)..most {
                    person += 1;
                    let used = secs(lengths.next().unwrap());
                    let _ = world.ask(Ask { person, class, estimate: secs(4), used, deadline: None, resume: None });
                }
            }
            world.live(Micros::MAX);
        }
        for class in Class::ALL {
            // 8 calls of 4 s wait on the common side at most, one runs in each slot, and a tenth of the engine is theirs.
            let open = (slots - world.state.policy.reserved(slots)) as u64;
            let bound = Micros::from(Duration::from_mins(2)).plus(secs(4 * (8 + slots as u64) * 10 / open));
            let own = world.stories.values().filter(|story| story.ask.class == class);
            let mut begins: Vec<_> = own.filter_map(Story::begun).collect();
            begins.extend([begin, world.now]);
            begins.sort_unstable();
            let gap = begins.windows(2).map(|pair| pair[1].minus(pair[0])).max().unwrap();
            prop_assert!(gap <= bound, "{class:?} went without for {gap:?}, {bound:?} allowed");
        }
    }
}

/// The line allowed by its rule, or a panel.
fn longest(line: Micros) -> Micros {
    line.max(secs(4 * 10))
}

fn person_account(person: u32) -> Account {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&person.to_be_bytes());
    Account::new(bytes)
}

fn flood(world: &mut World, flooder: &mut u32, seconds: u64, continues: bool) {
    let classes = [Class::Supporter, Class::Fan, Class::Free, Class::Idle];
    for class in classes {
        *flooder += 1;
        let resume = continues.then_some(secs(1));
        let (estimate, used) = (secs(10), secs(seconds));
        let _ = world.ask(Ask { person: *flooder, class, estimate, used, deadline: None, resume });
    }
}

#[test]
fn slots_kept_for_others_do_not_count_for_the_line() {
    let mut world = World::new(&SchedulerConfig::default(), 2);
    for person in 0..12 {
        let ask = Ask { person, class: Class::Fan, estimate: secs(5), used: secs(5), deadline: None, resume: None };
        let _ = world.ask(ask);
    }
    let begin = world.now;
    while world.live(Micros::MAX).is_some() {}
    let latest = world.stories.values().filter_map(Story::begun).max().unwrap();
    assert!(latest.minus(begin) <= secs(15 - 6 + 30 + 2 * 5), "{latest:?}");
}

#[test]
fn who_keeps_one_call_waiting_beside_paid_load_gets_what_a_flooder_gets() {
    let mut world = World::new(&patient_config(), 1);
    let begin = world.now;
    for second in 0..3_600 {
        while world.live(begin.plus(secs(second))).is_some() {}
        for (person, depth) in [(0, 8), (1, 1)].into_iter().filter(|_| second >= 130) {
            while world.state.standing(&person_account(person)).len() < depth {
                let ask =
                    Ask { person, class: Class::Free, estimate: secs(5), used: secs(5), deadline: None, resume: None };
                world.ask(ask).unwrap();
            }
        }
        if second % 10 == 0 {
            let paid =
                Ask { person: 2, class: Class::Paid, estimate: secs(7), used: secs(7), deadline: None, resume: None };
            world.ask(paid).unwrap();
        }
    }
    let answers = |person: u32| {
        world.stories.values().filter(|story| story.ask.person == person && story.end == Some(End::Answered)).count()
    };
    let (flooder, other) = (answers(0), answers(1));
    assert!(flooder <= other + 9, "{flooder} against {other}");
    assert!(other > 60, "{other} of half of a third of 3,000 s");
}
