use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{Entry, Kinds, Ranks, Sum};
use crate::scheduler::{Class, Micros, TicketId, ticket::Key};

type Plain = BTreeMap<Key, Entry>;

fn agree(ranks: &Ranks, plain: &Plain, probe: Key) {
    let sum = |entries: &mut dyn Iterator<Item = (&Key, &Entry)>| {
        entries.fold(Sum::default(), |sum, (_, entry)| sum.plus(Sum { calls: 1, work: entry.work }))
    };
    assert_eq!(ranks.total(), sum(&mut plain.iter()));
    assert_eq!(ranks.before(probe), sum(&mut plain.range(..probe)));
    for kinds in
        [Kinds::of(&Class::ALL), Kinds::of(&[Class::Fan]), Kinds::begun(Class::Idle), Kinds::fresh(Class::Free)]
    {
        let mut own = plain.values().filter(|entry| entry.kind.meets(kinds)).map(|entry| entry.key);
        assert_eq!((ranks.first(kinds), ranks.last(kinds)), (own.clone().next(), own.next_back()));
    }
    let latest = plain.values().map(|entry| entry.latest).min().filter(|latest| *latest < Micros::MAX);
    let first = ranks.first_to_expire().map(|key| plain[&key].latest);
    assert_eq!((ranks.latest(), first), (latest, latest));
}

fn entry(chance: &mut StdRng, key: Key) -> Entry {
    let class = Class::ALL[chance.random_range(0..6)];
    let kind = if chance.random_bool(0.02) { Kinds::begun(class) } else { Kinds::fresh(class) };
    let latest = if chance.random_bool(0.1) { Micros::MAX } else { Micros::new(chance.random_range(0..1_000)) };
    Entry { key, work: Micros::new(chance.random_range(0..9)), latest, kind }
}

/// Grows to three levels and back to nothing, at the front, at the end and anywhere.
#[test]
fn a_plain_map_agrees_at_every_size() {
    for front in [0.0, 0.3, 1.0] {
        let mut chance = StdRng::seed_from_u64(3);
        let (mut ranks, mut plain) = (Ranks::default(), Plain::new());
        for number in 0..24_000 {
            let key = (Micros::new(chance.random_range(0..1_000_000)), TicketId(number));
            let grows = chance.random_bool(if number < 12_000 { 0.8 } else { 0.15 });
            if grows {
                let entry = entry(&mut chance, key);
                ranks.insert(entry);
                plain.insert(key, entry);
            } else if let Some(last) = plain.keys().next_back().copied() {
                let any = plain.range(key..).next().map_or(last, |(key, _)| *key);
                let gone = if chance.random_bool(front) { *plain.keys().next().unwrap() } else { any };
                plain.remove(&gone);
                assert!(ranks.remove(gone));
                assert!(!ranks.remove(gone), "only once");
            }
            if number % 400 == 0 {
                agree(&ranks, &plain, key);
            }
        }
        while let Some(last) = ranks.last(Kinds::of(&Class::ALL)) {
            assert!(ranks.remove(last) && plain.remove(&last).is_some());
        }
        agree(&ranks, &plain, (Micros::MAX, TicketId(0)));
    }
}

/// What must begin first comes out first, whatever its place.
#[test]
fn calls_expire_in_order() {
    let mut chance = StdRng::seed_from_u64(5);
    let mut ranks = Ranks::default();
    for number in 0..5_000 {
        let key = (Micros::new(chance.random_range(0..1_000_000)), TicketId(number));
        ranks.insert(entry(&mut chance, key));
    }
    let mut before = Micros::ZERO;
    while let (Some(latest), Some(key)) = (ranks.latest(), ranks.first_to_expire()) {
        assert!(before <= latest && ranks.remove(key));
        before = latest;
    }
    assert!((300..700).contains(&ranks.total().calls), "one in ten never expires");
}
