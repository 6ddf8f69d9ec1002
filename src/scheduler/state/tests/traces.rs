//! Whatever happens in whatever order: nothing that was accepted vanishes, and the books stay right.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::scheduler::ticket::Ticket;

#[derive(Clone, Copy, Debug)]
enum Step {
    Ask { person: u8, class: Class, seconds: u64, deadline: Option<u64>, newcomer: bool },
    Claim,
    Prefill(usize),
    Settle(usize, u64),
    GiveBack(usize, u64),
    Cancel(Pick),
    Pass(u64),
    Slots(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let class = prop::sample::select(Class::ALL.to_vec());
    let ask = (0..6_u8, class, 1..20_u64, prop::option::of(5..120_u64), any::<bool>());
    let picks = prop_oneof![
        (1..60_u64).prop_map(|id| Pick::Ticket(TicketId(id))),
        (0..6_u8).prop_map(|person| Pick::Person(account(person))),
        Just(Pick::Place(account(200))),
    ];
    prop_oneof![
        8 => ask.prop_map(|(person, class, seconds, deadline, newcomer)| {
            Step::Ask { person, class, seconds, deadline, newcomer }
        }),
        5 => Just(Step::Claim),
        3 => (0..4_usize).prop_map(Step::Prefill),
        3 => (0..4_usize, 0..30_u64).prop_map(|(which, used)| Step::Settle(which, used)),
        2 => (0..4_usize, 0..30_u64).prop_map(|(which, used)| Step::GiveBack(which, used)),
        1 => picks.prop_map(Step::Cancel),
        3 => (0..40_u64).prop_map(Step::Pass),
        1 => (1..5_usize).prop_map(Step::Slots),
    ]
}

/// A state, and what an onlooker knows of it.
struct Onlooker {
    state: State,
    now: Micros,
    open: BTreeMap<TicketId, Class>,
    running: Vec<TicketId>,
}

impl Onlooker {
    fn live(&mut self, step: Step) {
        match step {
            Step::Ask { person, class, seconds, deadline, newcomer } => {
                let call = NewCall {
                    newcomer,
                    estimate: Duration::from_secs(seconds),
                    deadline: deadline.map(Duration::from_secs),
                    resume: (person % 2 == 0).then_some(Duration::from_secs(1)),
                    ..call(person, class)
                };
                if let Ok(placed) = self.state.enqueue(self.now, &call) {
                    assert!(self.open.insert(placed.ticket, class).is_none(), "a number came twice");
                }
            }
            Step::Claim => {
                let first = self.state.claim(self.now);
                self.running.extend(first);
            }
            Step::Prefill(which) => {
                if let Some(id) = self.running.get(which) {
                    self.state.prefilled(self.now, *id);
                }
            }
            Step::Settle(which, used) if which < self.running.len() => {
                let id = self.running.remove(which);
                self.state.settle(self.now, id, secs(used));
                assert!(self.open.remove(&id).is_some(), "what ran was open");
            }
            Step::GiveBack(which, used) if which < self.running.len() => {
                let id = self.running.remove(which);
                self.state.give_back(self.now, id, secs(used), secs(3));
            }
            Step::Settle(..) | Step::GiveBack(..) => {}
            Step::Cancel(pick) => {
                self.state.cancel(self.now, pick);
            }
            Step::Pass(seconds) => {
                self.now = self.now.plus(secs(seconds));
                self.state.tick(self.now);
            }
            Step::Slots(slots) => self.state.set_slots(slots),
        }
        self.look();
    }

    fn look(&mut self) {
        for effect in self.state.take_effects() {
            match effect {
                Effect::Dropped(id, why) => {
                    let class = self.open.remove(&id).expect("only what is open is dropped, and once");
                    assert!(why != Dropped::Shed || class.side() == Side::Common, "what paid is never shed");
                    assert!(!self.running.contains(&id), "what runs is not dropped");
                }
                Effect::Stop(id, _) => assert!(self.running.contains(&id), "only what runs is stopped"),
            }
        }
        let known: BTreeSet<_> = self.state.tickets.iter().map(Ticket::id).collect();
        assert_eq!(known, self.open.keys().copied().collect::<BTreeSet<_>>(), "an accepted call vanished");
        audit(&self.state);
    }
}

proptest! {
    #[test]
    fn no_accepted_call_vanishes(steps in prop::collection::vec(step(), 1..80), slots in 1..4_usize, bound in 1..20_usize) {
        let config = SchedulerConfig { most_waiting: bound, most_waiting_each: 6, ..SchedulerConfig::default() };
        let mut onlooker =
            Onlooker { state: State::new(&config, slots), now: secs(1), open: BTreeMap::new(), running: Vec::new() };
        for step in steps {
            onlooker.live(step);
        }
        // Whatever is left is served or expires.
        for _ in 0..200 {
            onlooker.live(Step::Claim);
            onlooker.live(Step::Settle(0, 1));
        }
        prop_assert!(onlooker.open.is_empty(), "{:?}", onlooker.open);
        onlooker.live(Step::Pass(1_000_000));
        prop_assert!(onlooker.state.ledgers.is_empty(), "{:?}", onlooker.state.ledgers);
    }
}
