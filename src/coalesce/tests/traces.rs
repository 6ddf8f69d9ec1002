//! Any trace of messages, beginnings and deletions: nothing is lost, nothing is in two places.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Say { person: u32, text: usize, persona: usize, supporter: bool },
    Wait(u64),
    Begin(usize),
    Delete(usize),
    Leave(u32),
    End(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..5_u32, 0..3_usize, 0..2_usize, any::<bool>())
            .prop_map(|(person, text, persona, supporter)| Step::Say { person, text, persona, supporter }),
        2 => (0..2000_u64).prop_map(Step::Wait),
        1 => any::<usize>().prop_map(Step::Begin),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => (0..5_u32).prop_map(Step::Leave),
        1 => any::<usize>().prop_map(Step::End),
    ]
}

/// What a town is believed to hold: the messages of every call that has not ended, by their writer.
#[derive(Default)]
struct Belief {
    now: u64,
    said: u32,
    calls: BTreeMap<GatheringId, BTreeMap<u32, u32>>,
    begun: BTreeSet<GatheringId>,
    /// Messages of calls that cannot be joined.
    alone: u32,
}

impl Belief {
    fn say(&mut self, town: &mut Town, asked: Private, person: u32) -> Result<(), TestCaseError> {
        let number = self.said;
        self.said += 1;
        let now = at(self.now);
        let growing = town.growing(now, &asked.who, &asked.place, (&asked.personas, 10));
        if let Some(growing) = growing {
            prop_assert!(town.grow(now, growing.id, &asked.who, words(number)).is_ok(), "what was found can grow");
            prop_assert!(self.calls[&growing.id].values().all(|writer| *writer == person), "a burst is one person's");
            return self.put(growing.id, number, person);
        }
        if let Some(id) = town.same(&asked) {
            prop_assert!(town.join(id, admitted(asked), words(number)).is_ok(), "what was found can be joined");
            return self.put(id, number, person);
        }
        let Some(id) = town.open(now, admitted(asked), words(number)) else {
            self.alone += 1;
            return Ok(());
        };
        prop_assert!(self.calls.insert(id, BTreeMap::new()).is_none(), "a new number");
        self.put(id, number, person)
    }

    fn put(&mut self, id: GatheringId, number: u32, person: u32) -> Result<(), TestCaseError> {
        prop_assert!(!self.begun.contains(&id), "nothing joins what has begun");
        self.calls.get_mut(&id).expect("a call that goes on").insert(number, person);
        Ok(())
    }

    fn nth(&self, nth: usize) -> Option<GatheringId> {
        let open: Vec<_> = self.calls.keys().copied().collect();
        open.get(nth.checked_rem(open.len())?).copied()
    }

    fn delete(&mut self, town: &mut Town, number: u32) -> Result<(), TestCaseError> {
        let own = self.calls.iter_mut().find_map(|(id, held)| Some((*id, held.remove(&number)?)));
        let taken = town.take_back(&message(number));
        let Some((id, person)) = own else {
            prop_assert!(matches!(taken, Taken::Unknown));
            return Ok(());
        };
        let still_asks = self.calls[&id].values().any(|writer| *writer == person);
        prop_assert_eq!(still_asks, matches!(taken, Taken::Less));
        prop_assert!(!matches!(taken, Taken::Unknown));
        Ok(())
    }

    /// What the town holds is what it is believed to hold, and nothing stays behind when all calls end.
    fn holds(&self, town: &Town) -> Result<(), TestCaseError> {
        let mut town = town.clone();
        prop_assert_eq!(town.len(), self.calls.len());
        for (id, held) in &self.calls {
            let askers = town.end(*id);
            let people: BTreeSet<_> = askers.iter().map(|asker| asker.who().clone()).collect();
            prop_assert_eq!(people.len(), askers.len(), "everybody asks once in a call");
            let found: BTreeSet<_> = askers.iter().flat_map(|asker| &asker.words).map(|words| words.said).collect();
            prop_assert_eq!(found.len(), askers.iter().map(|asker| asker.words.len()).sum::<usize>());
            prop_assert_eq!(found, held.keys().copied().collect::<BTreeSet<_>>());
        }
        prop_assert!(town.is_empty());
        Ok(())
    }
}

proptest! {
    #[test]
    fn every_message_is_in_one_call_until_it_is_deleted_or_the_call_ends(
        steps in prop::collection::vec(step(), 1..60),
        most_waiting in 1..12_usize,
    ) {
        let config = CoalesceConfig { most_messages: 3, most_askers: 3, most_waiting, ..CoalesceConfig::default() };
        let (mut town, mut belief) = (Town::new(&config), Belief::default());
        for step in steps {
            match step {
                Step::Say { person, text, persona, supporter } => {
                    let personas = vec![PersonaId::new(["omar", "shuhi"][persona])];
                    let standing = Standing { supporter, moderator: false };
                    let text = ["우리 남친이", "바람을\r\n", "피웠어"][text];
                    let asked = Private { personas, standing, ..call(person, text) };
                    belief.say(&mut town, asked, person)?;
                }
                Step::Wait(millis) => belief.now += millis,
                Step::Begin(nth) => if let Some(id) = belief.nth(nth) {
                    let begun = town.begin(id);
                    prop_assert_eq!(begun.is_none(), belief.calls[&id].is_empty());
                    belief.begun.insert(id);
                },
                Step::Delete(nth) => if let Some(number) = nth.checked_rem(belief.said as usize) {
                    belief.delete(&mut town, u32::try_from(number).unwrap())?;
                },
                Step::Leave(person) => {
                    town.take_person(&pseudonym(person), Scope::Everywhere, false);
                    for held in belief.calls.values_mut() {
                        held.retain(|_, writer| *writer != person);
                    }
                }
                Step::End(nth) => if let Some(id) = belief.nth(nth) {
                    town.end(id);
                    belief.calls.remove(&id);
                },
            }
            belief.holds(&town)?;
        }
        prop_assert!(belief.alone <= belief.said);
    }
}
