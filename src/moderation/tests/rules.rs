use chrono::{DateTime, Utc};

use super::{SEOUL, hours, tag, under_key, utc};
use crate::{
    moderation::{Change, Edit, Hearing, Rule, Rules, Scene, Tone},
    privacy::Pseudonym,
};

const HERE: u8 = 1;
const THERE: u8 = 2;
const FLEET: u8 = 9;
const MINSU: u8 = 100;
const EMMA: u8 = 101;

fn noon() -> DateTime<Utc> {
    utc("2026-05-29 03:00:00")
}

fn night() -> DateTime<Utc> {
    utc("2026-05-29 15:00:00")
}

fn change(place: u8, edit: Edit) -> Change {
    Change { place: vec![tag(place)], edit }
}

fn hears(rules: &Rules, place: u8, who: u8, now: DateTime<Utc>) -> Hearing {
    let (place, fleet) = ([tag(place)], [tag(FLEET)]);
    rules.hearing(Scene { place: &place, fleet: &fleet }, &[tag(who)], SEOUL, now)
}

fn tone(rules: &Rules, place: u8) -> Tone {
    let (place, fleet) = ([tag(place)], [tag(FLEET)]);
    rules.tone(Scene { place: &place, fleet: &fleet })
}

#[test]
fn what_is_wanted_in_a_place_holds_there_and_nowhere_else() {
    let mut rules = Rules::default();
    assert_eq!(hears(&rules, HERE, MINSU, noon()), Hearing::Heard);
    rules.change(change(HERE, Edit::Tone(Tone::Paused)));
    rules.change(change(THERE, Edit::Block(vec![tag(MINSU)])));
    assert_eq!(hears(&rules, HERE, MINSU, noon()), Hearing::Paused);
    assert_eq!(hears(&rules, THERE, MINSU, noon()), Hearing::Blocked);
    assert_eq!(hears(&rules, THERE, EMMA, noon()), Hearing::Heard);
    rules.change(change(HERE, Edit::Tone(Tone::Open)));
    assert_eq!(hears(&rules, HERE, MINSU, noon()), Hearing::Heard);
    assert_eq!(rules.len(), 0, "a rule that wants nothing goes");
}

#[test]
fn the_less_of_what_is_wanted_here_and_everywhere_holds() {
    let mut rules = Rules::default();
    rules.change(change(FLEET, Edit::Tone(Tone::Quiet)));
    assert_eq!((tone(&rules, HERE), tone(&rules, THERE)), (Tone::Quiet, Tone::Quiet));
    rules.change(change(HERE, Edit::Tone(Tone::Paused)));
    assert_eq!((tone(&rules, HERE), tone(&rules, THERE)), (Tone::Paused, Tone::Quiet));
    rules.change(change(FLEET, Edit::Tone(Tone::Open)));
    assert_eq!((tone(&rules, HERE), tone(&rules, THERE)), (Tone::Paused, Tone::Open), "a place keeps its own");
    rules.change(change(FLEET, Edit::Block(vec![tag(MINSU)])));
    rules.change(change(FLEET, Edit::QuietHours(Some(hours("23:00-07:00")))));
    assert_eq!(hears(&rules, THERE, MINSU, noon()), Hearing::Blocked);
    assert_eq!(hears(&rules, THERE, EMMA, noon()), Hearing::Heard);
    assert_eq!(hears(&rules, THERE, EMMA, night()), Hearing::QuietHours);
}

#[test]
fn the_strongest_reason_is_given() {
    let mut rules = Rules::default();
    rules.change(change(HERE, Edit::QuietHours(Some(hours("23:00-07:00")))));
    assert_eq!(hears(&rules, HERE, MINSU, night()), Hearing::QuietHours);
    rules.change(change(HERE, Edit::Tone(Tone::Paused)));
    assert_eq!(hears(&rules, HERE, MINSU, night()), Hearing::Paused);
    rules.change(change(HERE, Edit::Allowed(false)));
    assert_eq!(hears(&rules, HERE, MINSU, night()), Hearing::Denied);
    rules.change(change(HERE, Edit::Block(vec![tag(MINSU)])));
    assert_eq!(hears(&rules, HERE, MINSU, night()), Hearing::Blocked);
    rules.change(change(HERE, Edit::Unblock(vec![tag(MINSU)])));
    assert_eq!(hears(&rules, HERE, MINSU, night()), Hearing::Denied);
}

/// Everything under the key that was made first, and the same under one that came after.
fn both(n: u8) -> Vec<Pseudonym> {
    vec![under_key(2, n), tag(n)]
}

#[test]
fn a_rotation_of_the_keys_changes_nothing() {
    let mut rules = Rules::default();
    rules.change(change(HERE, Edit::PerDay(5)));
    rules.change(change(HERE, Edit::Block(vec![tag(MINSU)])));
    let (place, fleet) = (both(HERE), both(FLEET));
    let scene = Scene { place: &place, fleet: &fleet };
    assert_eq!(rules.hearing(scene, &both(MINSU), SEOUL, noon()), Hearing::Blocked);
    rules.change(Change { place: place.clone(), edit: Edit::Tone(Tone::Paused) });
    let rule = rules.of(&place[..1]).expect("it moved under the newest key");
    assert_eq!((rule.tone, rule.per_day), (Tone::Paused, Some(5)));
    assert_eq!(rules.of(&place[1..]), None);
    rules.change(Change { place: place.clone(), edit: Edit::Block(both(MINSU)) });
    assert_eq!(rules.blocks(&place), 1, "nobody is blocked twice");
    rules.change(Change { place: place.clone(), edit: Edit::Unblock(both(MINSU)) });
    assert_eq!(rules.blocks(&place), 0);
}

#[test]
fn what_is_read_is_below_what_is_not_written_down_yet() {
    let mut rules = Rules::default();
    let first = rules.change(change(HERE, Edit::Tone(Tone::Paused)));
    rules.take(vec![(tag(HERE), Rule { per_day: Some(3), ..Rule::default() })], vec![(tag(HERE), tag(EMMA))]);
    let here = [tag(HERE)];
    let rule = rules.of(&here).unwrap();
    assert_eq!((rule.tone, rule.per_day), (Tone::Paused, Some(3)));
    assert_eq!(hears(&rules, HERE, EMMA, noon()), Hearing::Blocked);
    let before = rules.revision();
    rules.written(first);
    assert!(rules.revision() > before, "what was read before that is old");
    rules.take(Vec::new(), Vec::new());
    assert!(rules.is_empty());
}

#[test]
fn changes_are_written_down_in_their_order() {
    let mut rules = Rules::default();
    let first = rules.change(change(HERE, Edit::Tone(Tone::Paused)));
    let second = rules.change(change(HERE, Edit::Tone(Tone::Open)));
    assert_eq!(rules.unwritten().map(|(number, _)| number), Some(first));
    rules.written(first);
    assert_eq!(rules.unwritten().map(|(number, _)| number), Some(second));
    for _ in 0..3_000 {
        rules.change(change(HERE, Edit::Tone(Tone::Quiet)));
    }
    let kept = std::iter::from_fn(|| rules.unwritten().map(|(number, _)| rules.written(number))).count();
    assert_eq!(kept, 1_000, "what may wait is bounded");
}
