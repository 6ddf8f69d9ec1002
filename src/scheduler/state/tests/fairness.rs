//! Among a hundred who wait and one who floods, everyone has the same.

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    world::{Ask, World},
    *,
};

const PEOPLE: u32 = 101;
const ROUNDS: u32 = 22;

/// 1 if all have the same, 1 over their number if one has all. Jain, Chiu and Hawe, DEC-TR-301 (1984).
fn jain(all: &[Micros]) -> f64 {
    let all: Vec<f64> = all.iter().map(|x| Duration::from(*x).as_secs_f64()).collect();
    let (sum, squares) = all.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    sum * sum / (f64::from(PEOPLE) * squares)
}

/// Answers of 2 to 8 s, believed to take 8. For each call of the others, person 0 asks `flood` times, and has as many waiting as
/// one may.
fn charged(config: &SchedulerConfig, flood: usize) -> Vec<Micros> {
    let mut chance = StdRng::seed_from_u64(9);
    let mut world = World::new(config, 1);
    let mut had = vec![Micros::ZERO; PEOPLE as usize];
    let mut missing: Vec<u32> =
        (0..PEOPLE).flat_map(|person| vec![person; if person == 0 { flood } else { 1 }]).collect();
    for _ in 0..ROUNDS * PEOPLE {
        for person in missing.drain(..) {
            let used = millis(chance.random_range(2_000..=8_000));
            let ask = Ask { person, class: Class::Free, estimate: secs(8), used, deadline: None, resume: None };
            let asked = world.ask(ask);
            assert!(asked.is_ok() || (person, asked) == (0, Err(Turned::EnoughWaiting)), "{asked:?}");
        }
        let id = world.live(Micros::MAX).unwrap();
        let story = world.stories.remove(&id).unwrap();
        had[story.ask.person as usize] = had[story.ask.person as usize].plus(story.had(Micros::ZERO, world.now));
        missing.extend(std::iter::repeat_n(story.ask.person, if story.ask.person == 0 { flood } else { 1 }));
    }
    had
}

#[test]
fn a_flooder_among_a_hundred_backlogged_people_is_charged_what_everyone_is() {
    let config =
        SchedulerConfig { most_waiting_each: SchedulerConfig::default().most_waiting_each, ..patient_config() };
    let had = charged(&config, 50);
    let jain = jain(&had);
    assert!(jain >= 0.98, "Jain {jain}; the flooder had {:?}, the next {:?}", had[0], had[1]);
}
