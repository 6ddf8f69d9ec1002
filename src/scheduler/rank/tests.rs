use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{Ranks, Sum};
use crate::scheduler::{Micros, TicketId, ticket::Key};

fn agree(ranks: &Ranks, plain: &BTreeMap<Key, Micros>, probe: Key) {
    let sum = |keys: &mut dyn Iterator<Item = (&Key, &Micros)>| {
        keys.fold(Sum::default(), |sum, (_, work)| sum.plus(Sum { calls: 1, work: *work }))
    };
    assert_eq!(ranks.total(), sum(&mut plain.iter()));
    assert_eq!(ranks.before(probe), sum(&mut plain.range(..probe)));
    assert_eq!((ranks.first(), ranks.last()), (plain.keys().next().copied(), plain.keys().next_back().copied()));
}

/// Grows to three levels and back to nothing, at the front, at the end and anywhere.
#[test]
fn a_plain_map_agrees_at_every_size() {
    for front in [0.0, 0.3, 1.0] {
        let mut chance = StdRng::seed_from_u64(3);
        let (mut ranks, mut plain) = (Ranks::default(), BTreeMap::new());
        for number in 0..24_000 {
            let key = (Micros::new(chance.random_range(0..1_000_000)), TicketId(number));
            let grows = chance.random_bool(if number < 12_000 { 0.8 } else { 0.15 });
            if grows {
                let work = Micros::new(chance.random_range(0..9));
                ranks.insert(key, work);
                plain.insert(key, work);
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
        while let Some(last) = ranks.last() {
            assert!(ranks.remove(last) && plain.remove(&last).is_some());
        }
        agree(&ranks, &plain, (Micros::MAX, TicketId(0)));
    }
}
