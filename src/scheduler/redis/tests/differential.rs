//! The policy in memory and the policy in Redis decide alike, step for step.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use proptest::{prelude::*, test_runner::TestCaseError};
use redis::cmd;

use crate::{
    clock::{Clock, ManualClock},
    link::{Link, RedisConfig, server::RedisServer},
    scheduler::{
        Account, Class, Dropped, Effect, Micros, NewCall, Pick, SchedulerConfig, State, Stop, TicketId,
        call::Admission,
        policy::Policy,
        redis::{
            entry::{Entry, Event},
            library::Library,
            words,
        },
    },
};

/// Where the manual clock begins on the server.
const ORIGIN: Micros = Micros::new(7 * 86_400_000_000);

#[derive(Clone, Debug)]
enum Step {
    Ask(Ask),
    Claim,
    Prefill(usize),
    Settle(usize, u64),
    GiveBack(usize, u64, u64),
    Cancel(Pick),
    Pass(u64),
    Slots(usize),
}

#[derive(Clone, Debug)]
struct Ask {
    person: u8,
    place: u8,
    class: Class,
    credit: u64,
    estimate: Duration,
    waited: Duration,
    deadline: Option<Duration>,
    resume: Option<Duration>,
    newcomer: bool,
}

fn account(number: u8) -> Account {
    Account::new([number; 32])
}

fn ask() -> impl Strategy<Value = Ask> {
    let class = prop::sample::select(Class::ALL.to_vec());
    let credit = prop_oneof![0..300_u64, Just(5_000), Just(u64::MAX)];
    // Whole and broken seconds, nothing, and the ends of the range.
    let estimate = prop_oneof![
        6 => (1..20_u64).prop_map(Duration::from_secs),
        3 => (1..9_000_000_u64).prop_map(Duration::from_micros),
        1 => prop::sample::select(vec![Duration::ZERO, Duration::MAX]),
    ];
    let waited = prop_oneof![
        8 => Just(Duration::ZERO),
        2 => (0..100_u64).prop_map(Duration::from_secs),
        1 => Just(Duration::MAX),
    ];
    let deadline = prop_oneof![
        4 => Just(None),
        6 => (5..120_u64).prop_map(|seconds| Some(Duration::from_secs(seconds))),
        1 => prop::sample::select(vec![Some(Duration::ZERO), Some(Duration::MAX)]),
    ];
    let resume = prop::option::of((0..3_000_u64).prop_map(Duration::from_millis));
    (0..6_u8, 0..2_u8, class, credit, estimate, waited, deadline, resume, any::<bool>()).prop_map(
        |(person, place, class, credit, estimate, waited, deadline, resume, newcomer)| Ask {
            person,
            place,
            class,
            credit,
            estimate,
            waited,
            deadline,
            resume,
            newcomer,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let picks = prop_oneof![
        (1..60_u64).prop_map(|id| Pick::Ticket(TicketId(id))),
        (0..6_u8).prop_map(|person| Pick::Person(account(person))),
        (0..6_u8, 200..202_u8)
            .prop_map(|(person, place)| Pick::PersonAt { person: account(person), place: account(place) }),
        (200..202_u8).prop_map(|place| Pick::Place(account(place))),
        Just(Pick::Unpromised),
        Just(Pick::All),
    ];
    prop_oneof![
        8 => ask().prop_map(Step::Ask),
        6 => Just(Step::Claim),
        4 => (0..4_usize).prop_map(Step::Prefill),
        3 => (0..4_usize, 0..30_000_000_u64).prop_map(|(which, used)| Step::Settle(which, used)),
        3 => (0..4_usize, 0..30_000_000_u64, 0..9_000_000_u64)
            .prop_map(|(which, used, left)| Step::GiveBack(which, used, left)),
        1 => picks.prop_map(Step::Cancel),
        4 => (0..40_000_000_u64).prop_map(Step::Pass),
        1 => (1..12_usize).prop_map(Step::Slots),
    ]
}

/// The same line twice. The calls that came to both have the number that the state gave them.
struct Twins {
    state: State,
    policy: Policy,
    library: Library,
    link: Arc<Link>,
    clock: Arc<ManualClock>,
    /// The server's number of each call, by the state's, and back.
    theirs: BTreeMap<TicketId, TicketId>,
    ours: BTreeMap<TicketId, TicketId>,
    came: u64,
    running: Vec<(TicketId, u64)>,
    /// The last event read.
    read: String,
}

impl Twins {
    async fn new(link: Arc<Link>, prefix: &str, config: &SchedulerConfig, slots: usize) -> Self {
        let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
        let redis = RedisConfig { lease: Duration::from_hours(1_000_000), ..RedisConfig::default() };
        let timed: Arc<dyn Clock> = clock.clone();
        let library = Library::new(Arc::clone(&link), prefix, config, &redis).timed_by(timed);
        library.open().await.unwrap();
        let (theirs, ours, running) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (state, policy) = (State::new(config, slots), Policy::new(config));
        let twins = Self { state, policy, library, link, clock, theirs, ours, came: 0, running, read: "-".to_owned() };
        twins.slots(slots).await;
        twins
    }

    async fn slots(&self, slots: usize) {
        let arguments = ["w".to_owned(), slots.to_string(), String::new()];
        self.library.call::<Vec<u64>>("renew", &arguments).await.unwrap();
    }

    fn now(&self) -> Micros {
        ORIGIN.plus(self.clock.elapsed().into())
    }

    async fn live(&mut self, step: Step) -> Result<(), TestCaseError> {
        let now = self.now();
        match step {
            Step::Ask(ask) => self.ask(&ask).await?,
            Step::Claim => {
                let claimed: Option<(u64, u64, String)> = self.library.call("claim", &["w".to_owned()]).await.unwrap();
                let expected = self.state.claim(now);
                let theirs = claimed.as_ref().map(|(id, ..)| self.ours[&TicketId(*id)]);
                prop_assert_eq!(theirs, expected, "another call is claimed");
                self.running.extend(claimed.map(|(id, fence, _)| (self.ours[&TicketId(id)], fence)));
            }
            Step::Prefill(which) => {
                if let Some((id, fence)) = self.running.get(which).copied() {
                    self.state.prefilled(now, id);
                    self.tell("prefilled", id, &[fence]).await;
                }
            }
            Step::Settle(which, used) if which < self.running.len() => {
                let (id, fence) = self.running.remove(which);
                self.state.settle(now, id, Micros::new(used));
                self.tell("settle", id, &[fence, used]).await;
            }
            Step::GiveBack(which, used, left) if which < self.running.len() => {
                let (id, fence) = self.running.remove(which);
                self.state.give_back(now, id, Micros::new(used), Micros::new(left));
                self.tell("give_back", id, &[fence, used, left]).await;
            }
            Step::Settle(..) | Step::GiveBack(..) => {}
            Step::Cancel(pick) => self.cancel(pick).await?,
            Step::Pass(micros) => {
                self.clock.advance(Duration::from_micros(micros));
                self.state.tick(self.now());
            }
            Step::Slots(slots) => {
                self.state.set_slots(slots);
                self.slots(slots).await;
            }
        }
        self.compare().await
    }

    async fn ask(&mut self, ask: &Ask) -> Result<(), TestCaseError> {
        let call = NewCall {
            account: account(ask.person),
            place: account(200 + ask.place),
            newcomer: ask.newcomer,
            class: ask.class,
            credit_cents: ask.credit,
            estimate: ask.estimate,
            waited: ask.waited,
            deadline: ask.deadline,
            resume: ask.resume,
            admission: Admission,
        };
        let expected = self.state.enqueue(self.now(), &call);
        self.came += 1;
        let ticket = TicketId(self.came);
        let patience = self.policy.patience_of(&call);
        let entry = Entry { ticket, call, key: None, begun: false, lease: None };
        let answer: words::Answer = self.library.call("enqueue", &words::enqueue("g", &entry, patience)).await.unwrap();
        let placed = answer.placed(ticket).map(|(placed, _)| placed);
        if let (Ok(theirs), Ok(ours)) = (&placed, &expected) {
            self.theirs.insert(ours.ticket, theirs.ticket);
            self.ours.insert(theirs.ticket, ours.ticket);
        }
        prop_assert_eq!(placed.map(|placed| placed.ahead), expected.map(|placed| placed.ahead));
        Ok(())
    }

    async fn tell(&self, operation: &str, id: TicketId, numbers: &[u64]) {
        let mut arguments = vec![words::number(self.theirs[&id])];
        arguments.extend(numbers.iter().map(ToString::to_string));
        self.library.call::<redis::Value>(operation, &arguments).await.unwrap();
    }

    async fn cancel(&mut self, pick: Pick) -> Result<(), TestCaseError> {
        let theirs = match pick {
            Pick::Ticket(id) => Pick::Ticket(self.theirs.get(&id).copied().unwrap_or(TicketId(9_999_999))),
            pick => pick,
        };
        let met: usize = self.library.call("cancel", &words::pick(theirs)).await.unwrap();
        prop_assert_eq!(met, self.state.cancel(self.now(), pick));
        Ok(())
    }

    /// The same was decided, and the same is left.
    async fn compare(&mut self) -> Result<(), TestCaseError> {
        let line: Vec<u64> = self.library.call("line", &[]).await.unwrap();
        prop_assert_eq!(words::line(&line), self.state.line());
        let events = self.events().await;
        let expected = self.state.take_effects();
        prop_assert_eq!(events, expected);
        for person in 0..6 {
            let numbers: Vec<u64> = self.library.call("standing", &[account(person).to_string()]).await.unwrap();
            let theirs = words::standing(&numbers);
            let theirs: Vec<_> = theirs.iter().map(|one| (self.ours[&one.ticket], one.class, one.ahead)).collect();
            let ours = self.state.standing(&account(person));
            let ours: Vec<_> = ours.iter().map(|one| (one.ticket, one.class, one.ahead)).collect();
            prop_assert_eq!(theirs, ours);
        }
        Ok(())
    }

    /// What the gateway was told, in the state's words.
    async fn events(&mut self) -> Vec<Effect> {
        let mut range = cmd("XRANGE");
        range.arg(self.library.key("events:g")).arg(&self.read).arg("+");
        let entries: Vec<(String, Vec<Vec<u8>>)> = self.link.ask(&range).await.unwrap();
        if let Some((last, _)) = entries.last() {
            self.read = format!("({last}");
        }
        let events = entries.iter().filter_map(|(_, fields)| words::event(&fields[1]));
        let effects = events.filter_map(|event| match event {
            Event::Dropped(id, why) => Some(Effect::Dropped(self.ours[&id], why)),
            Event::Stop(id, why) => Some(Effect::Stop(self.ours[&id], why)),
            Event::Claimed(..) | Event::Lost(..) => None,
        });
        effects.collect()
    }
}

fn config(bound: usize, line: u64) -> SchedulerConfig {
    SchedulerConfig {
        most_waiting: bound,
        most_waiting_each: 6,
        line: Duration::from_secs(line),
        ..SchedulerConfig::default()
    }
}

#[test]
fn both_lines_decide_alike() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = RedisServer::start();
    let link = runtime.block_on(async { Arc::new(Link::open(&server.url(), &RedisConfig::default()).unwrap()) });
    let case = std::sync::atomic::AtomicUsize::new(0);
    let steps = (prop::collection::vec(step(), 1..100), 1..4_usize, 1..20_usize, 5..60_u64);
    proptest!(ProptestConfig::with_cases(20), |((steps, slots, bound, line) in steps)| {
        let prefix = format!("{{{}}}", case.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        runtime.block_on(async {
            let mut twins = Twins::new(Arc::clone(&link), &prefix, &config(bound, line), slots).await;
            for step in steps {
                twins.live(step).await?;
            }
            // Whatever is left is served, and nothing is left behind.
            while !twins.state.is_empty() {
                twins.live(Step::Claim).await?;
                twins.live(Step::Settle(0, 1_000_000)).await?;
            }
            twins.live(Step::Pass(9_000_000_000_000)).await?;
            Ok::<_, TestCaseError>(())
        })?;
    });
}

#[test]
fn both_lines_name_the_same_reasons() {
    for why in [Dropped::Shed, Dropped::Expired, Dropped::Cancelled, Dropped::Closed] {
        let event = format!("dropped {} {}", words::number(TicketId(7)), why.as_str());
        assert_eq!(words::event(event.as_bytes()), Some(Event::Dropped(TicketId(7), why)));
    }
    for (word, why) in [("cut", Stop::Cut), ("cancelled", Stop::Cancelled), ("overdue", Stop::Overdue)] {
        let event = format!("stop {} {word}", words::number(TicketId(7)));
        assert_eq!(words::event(event.as_bytes()), Some(Event::Stop(TicketId(7), why)));
    }
    for nonsense in ["", "dropped", "dropped x shed", "stop 1 why", "claimed 1 2", "news 1 2", "\u{0}"] {
        assert_eq!(words::event(nonsense.as_bytes()), None, "{nonsense:?}");
    }
}
