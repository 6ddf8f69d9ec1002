//! What a decision costs beside the plainest ordered map there is: same calls, same keys, in turns within one run. Prints ratios,
//! which hold on a busy machine too.
//!
//! Goal: with 1,000,000 calls of 100,000 people waiting, enqueue and claim take at most 5 times an insert and a pop.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

use std::{collections::BTreeMap, hint::black_box, sync::Arc, time::Duration};

use lovelm::{
    chat::{Address, ChannelId, Language, Place, Platform, RawText, Standing, UserId},
    clock::{Clock as _, SystemClock},
    limits::{Limits, LimitsConfig},
    privacy::{Private, Pseudonym, Scrubbed},
    routing::CallKind,
    scheduler::{Account, Class, Micros, NewCall, Patience, SchedulerConfig, Shares, State, TicketId},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

const SIZES: [u32; 2] = [10_000, 1_000_000];
/// Waiting calls of each person.
const EACH: u32 = 10;
/// Enqueued, then claimed, then settled.
const BATCH: usize = 250;
const BATCHES: usize = 80;
const ROUNDS: usize = 9;
/// Of a hundred people.
const MIX: [(Class, u32); 6] = [
    (Class::Moderator, 1),
    (Class::Paid, 4),
    (Class::Supporter, 15),
    (Class::Fan, 10),
    (Class::Free, 69),
    (Class::Idle, 1),
];
const BETWEEN: Micros = Micros::new(1_000);

/// Nanoseconds a call.
#[derive(Clone, Copy, Default)]
struct Cost {
    enqueue: f64,
    claim: f64,
    settle: f64,
    insert: f64,
    pop: f64,
}

fn main() {
    println!("one decision, in nanoseconds: medians of {ROUNDS} rounds of {} calls", BATCH * BATCHES);
    println!("ours is `State`: accounts, six classes, deadlines, place in line; map is a `BTreeMap<(u64, u64), u64>`");
    println!("with the same keys. Both hold that many calls, {EACH} of each person, bounds lifted.");
    println!();
    println!(
        "{:>9} {:>9} {:>7} {:>7} {:>8} {:>7} {:>8}",
        "waiting", "enqueue", "claim", "ours", "map", "ratio", "settle"
    );
    for waiting in SIZES {
        let cost = measure(waiting);
        let (ours, map) = (cost.enqueue + cost.claim, cost.insert + cost.pop);
        println!(
            "{waiting:>9} {:>9.0} {:>7.0} {ours:>7.0} {map:>8.0} {:>7.2} {:>8.0}",
            cost.enqueue,
            cost.claim,
            ours / map,
            cost.settle
        );
    }
}

fn measure(waiting: u32) -> Cost {
    let clock = SystemClock::default();
    let mut crowd = Crowd::new(waiting / EACH);
    let (mut ours, mut map) = (Ours::new(), BTreeMap::new());
    for (number, ask) in (0..).zip(crowd.asks(waiting)) {
        ours.enqueue(&ask);
        map.insert((ask.key, number), number);
    }
    let mut costs = Vec::new();
    let mut number = u64::from(waiting);
    for _ in 0..ROUNDS {
        let mut cost = Cost::default();
        for _ in 0..BATCHES {
            let asks = crowd.asks(u32::try_from(BATCH).unwrap_or_default());
            let mut claimed = Vec::with_capacity(BATCH);
            cost.enqueue += timed(&clock, || asks.iter().for_each(|ask| ours.enqueue(ask)));
            cost.claim += timed(&clock, || claimed.extend((0..BATCH).filter_map(|_| ours.claim())));
            cost.settle += timed(&clock, || claimed.iter().for_each(|id| ours.settle(*id)));
            assert_eq!(claimed.len(), BATCH, "everything asked for was there");
            crowd.recent.extend(asks);
        }
        for asks in std::mem::take(&mut crowd.recent).chunks(BATCH) {
            cost.insert += timed(&clock, || {
                for ask in asks {
                    number += 1;
                    map.insert((ask.key, number), number);
                }
            });
            cost.pop += timed(&clock, || {
                for _ in asks {
                    black_box(map.pop_first());
                }
            });
        }
        costs.push(cost);
    }
    assert_eq!((ours.waiting(), map.len()), (waiting as usize, waiting as usize));
    let median = |of: fn(&Cost) -> f64| {
        let mut all: Vec<f64> = costs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    Cost {
        enqueue: median(|cost| cost.enqueue),
        claim: median(|cost| cost.claim),
        settle: median(|cost| cost.settle),
        insert: median(|cost| cost.insert),
        pop: median(|cost| cost.pop),
    }
}

/// Nanoseconds, for each of the calls of a round.
fn timed(clock: &SystemClock, work: impl FnOnce()) -> f64 {
    let before = clock.elapsed();
    work();
    let took = clock.elapsed().saturating_sub(before);
    took.as_secs_f64() * 1e9 / f64::from(u32::try_from(BATCH * BATCHES).unwrap_or(u32::MAX))
}

/// A call, and the key that the policy's formula gives it.
struct Ask {
    call: NewCall,
    now: Micros,
    key: u64,
}

/// People who ask at random, and what they had by the policy's formula.
struct Crowd {
    chance: StdRng,
    template: NewCall,
    now: Micros,
    finish: Vec<f64>,
    /// Asked of ours, and not yet of the map.
    recent: Vec<Ask>,
}

impl Crowd {
    fn new(people: u32) -> Self {
        Self {
            chance: StdRng::seed_from_u64(1),
            template: template(),
            now: Micros::new(1_000_000),
            finish: vec![0.0; people as usize],
            recent: Vec::new(),
        }
    }

    fn asks(&mut self, calls: u32) -> Vec<Ask> {
        (0..calls).map(|_| self.ask()).collect()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "centuries in microseconds")]
    fn ask(&mut self) -> Ask {
        let person = self.chance.random_range(0..self.finish.len());
        let class = class_of(person);
        let seconds = self.chance.random_range(2.0..8.0);
        let (patience, share) = terms(class);
        let crowd = if matches!(class, Class::Moderator | Class::Paid) { 0.05 } else { 1.5 };
        let people = f64::from(u32::try_from(self.finish.len()).unwrap_or(u32::MAX));
        self.now = self.now.plus(BETWEEN);
        let start = self.finish[person].max(Duration::from(self.now).as_secs_f64());
        self.finish[person] = start + seconds * (people * crowd).max(1.0) / share / f64::from(SLOTS);
        let mut call = self.template.clone();
        call.account = account(person as u64);
        call.class = class;
        call.estimate = Duration::from_secs_f64(seconds);
        Ask { call, now: self.now, key: ((start + patience.as_secs_f64()) * 1e6) as u64 }
    }
}

const SLOTS: u32 = 256;

struct Ours {
    state: State,
    now: Micros,
}

impl Ours {
    fn new() -> Self {
        let config = SchedulerConfig {
            most_waiting: usize::MAX,
            most_waiting_each: usize::MAX,
            most_waiting_paid: usize::MAX,
            line: YEARS,
            reserve: 0.0,
            ..SchedulerConfig::default()
        };
        Self { state: State::new(&config, SLOTS as usize), now: Micros::ZERO }
    }

    fn enqueue(&mut self, ask: &Ask) {
        self.now = ask.now;
        let placed = self.state.enqueue(ask.now, &ask.call);
        assert!(black_box(placed).is_ok(), "the bounds are lifted");
    }

    fn claim(&mut self) -> Option<TicketId> {
        self.state.claim(self.now)
    }

    fn settle(&mut self, id: TicketId) {
        self.state.settle(self.now, id, Micros::new(4_000_000));
    }

    fn waiting(&self) -> usize {
        self.state.line().waiting.iter().sum()
    }
}

/// Out of reach, so that every call has a deadline and none meets it.
const YEARS: Duration = Duration::from_hours(24 * 365 * 1_000);

fn class_of(person: usize) -> Class {
    let mut percent = u32::try_from(person % 100).unwrap_or_default();
    for (class, part) in MIX {
        if percent < part {
            return class;
        }
        percent -= part;
    }
    Class::Free
}

fn terms(class: Class) -> (Duration, f64) {
    let (patience, share) = (Patience::default(), Shares::default());
    match class {
        Class::Moderator => (patience.moderator, share.moderator),
        Class::Paid => (patience.paid, share.paid),
        Class::Supporter => (patience.supporter, share.supporter),
        Class::Fan => (patience.fan, share.fan),
        Class::Free => (patience.free, share.free),
        Class::Idle => (patience.idle, share.idle),
    }
}

/// As pseudonyms are: all bits alike.
fn account(person: u64) -> Account {
    let mut bytes = [0; 32];
    StdRng::seed_from_u64(person).fill(&mut bytes[..]);
    Account::new(bytes)
}

/// A call as it comes from the doors before.
fn template() -> NewCall {
    let pseudonym = |byte| Pseudonym::from_row(1, [byte; 32]);
    let place = Place { platform: Platform::Discord, channel: ChannelId::new("channel") };
    let call = Private {
        who: pseudonym(1),
        place: pseudonym(2),
        event: pseudonym(3),
        older_events: Vec::new(),
        personas: Vec::new(),
        kind: CallKind::Plain,
        payment: None,
        standing: Standing::default(),
        language: Language::Ko,
        story: Scrubbed::default(),
        context: Vec::new(),
        address: Address {
            place,
            user: UserId::new("user"),
            name: RawText::new("name"),
            message: None,
            callback: None,
        },
    };
    let limits = Limits::new(&LimitsConfig::default(), Arc::new(SystemClock::default()));
    let admitted = limits.admit(call).expect("the first call is within limits");
    let mut call = NewCall::of(&admitted, Duration::ZERO);
    call.credit_cents = 100;
    call.deadline = Some(YEARS);
    call
}
