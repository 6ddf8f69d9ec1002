//! Takes crowds of askers, gives what each class had to wait. A whole day passes in seconds: the clock jumps from event to
//! event, and the same seed gives the same day.

#[cfg(test)]
mod tests;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    Account, Class, Dropped, Effect, Micros, NewCall, SchedulerConfig, State, Stop, TicketId, call::Admission,
};

/// People of one class who ask at random, each as likely as the other.
#[derive(Clone, Debug)]
pub struct Crowd {
    pub class: Class,
    pub people: u32,
    /// Mean time between two calls of the whole crowd.
    pub every: Duration,
    /// The shortest and the longest answer, in engine time; the longest is what the scheduler is told to expect.
    pub answer: (Duration, Duration),
    pub deadline: Option<Duration>,
    pub credit_cents: u64,
    /// When the crowd begins to ask, and when it stops.
    pub during: (Duration, Duration),
}

/// A day of chat.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub seed: u64,
    pub slots: usize,
    /// Engine time of a prefill, part of every answer; taking a cut answer up costs it again.
    pub prefill: Duration,
    pub can_continue: bool,
    /// Each crowd's day is its own: another crowd beside it changes nothing in what it asks.
    pub crowds: Vec<Crowd>,
}

/// What became of the calls of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub asked: usize,
    pub turned: usize,
    pub answered: usize,
    pub shed: usize,
    pub expired: usize,
    /// Engine time spent on answers.
    pub work: Duration,
    waits: Vec<Duration>,
}

impl Outcome {
    /// The wait until the first claim that `thousandths` of the answered calls did not exceed; zero if none was answered.
    #[must_use]
    pub fn wait(&self, thousandths: usize) -> Duration {
        let rank = (self.waits.len() * thousandths.min(1000)).div_ceil(1000);
        self.waits.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// What became of all calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    outcomes: [Outcome; 6],
    pub cuts: usize,
    /// Engine time spent on prefills after cuts.
    pub resumed: Duration,
    /// Engine time each person had, by crowd and number.
    pub shares: BTreeMap<(usize, u32), Duration>,
}

impl Report {
    #[must_use]
    pub fn of(&self, class: Class) -> &Outcome {
        &self.outcomes[class as usize]
    }
}

/// Lives through a scenario, until everything that was asked has ended.
#[must_use]
pub fn run(config: &SchedulerConfig, scenario: &Scenario) -> Report {
    let mut day = Day::new(config, scenario);
    while let Some(Reverse((at, _, event))) = day.events.pop() {
        day.now = at;
        day.live(event);
        day.carry_out();
        day.fill_slots();
        day.carry_out();
    }
    for outcome in &mut day.report.outcomes {
        outcome.waits.sort_unstable();
    }
    day.report
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Asks(usize),
    /// With the number of the run, for a cut makes the rest of a run void.
    Prefilled(TicketId, u32),
    Ends(TicketId, u32),
    Due,
}

/// A call as the engine knows it.
struct Answer {
    crowd: usize,
    person: u32,
    asked: Micros,
    /// Engine time still needed, without the prefill.
    left: Micros,
    since: Micros,
    run: u32,
}

struct Day<'a> {
    scenario: &'a Scenario,
    state: State,
    now: Micros,
    events: BinaryHeap<Reverse<(Micros, u64, Event)>>,
    newest: u64,
    /// The earliest planned [`Event::Due`].
    due: Option<Micros>,
    chances: Vec<StdRng>,
    answers: BTreeMap<TicketId, Answer>,
    report: Report,
}

impl<'a> Day<'a> {
    fn new(config: &SchedulerConfig, scenario: &'a Scenario) -> Self {
        let seeds = (0..scenario.crowds.len()).zip(0u64..).map(|(_, crowd)| scenario.seed.wrapping_add(crowd << 32));
        let mut day = Self {
            scenario,
            state: State::new(config, scenario.slots),
            now: Micros::ZERO,
            events: BinaryHeap::new(),
            newest: 0,
            due: None,
            chances: seeds.map(StdRng::seed_from_u64).collect(),
            answers: BTreeMap::new(),
            report: Report::default(),
        };
        for (index, crowd) in scenario.crowds.iter().enumerate() {
            let first = Micros::from(crowd.during.0).plus(day.gap(index));
            day.plan(first, Event::Asks(index));
        }
        day
    }

    fn plan(&mut self, at: Micros, event: Event) {
        self.newest += 1;
        self.events.push(Reverse((at, self.newest, event)));
    }

    /// Exponential, so that calls come as independently as people ask.
    fn gap(&mut self, crowd: usize) -> Micros {
        let chance: f64 = self.chances[crowd].random();
        let mean = self.scenario.crowds[crowd].every.as_secs_f64();
        Duration::try_from_secs_f64(-mean * (1.0 - chance).ln()).unwrap_or_default().into()
    }

    fn live(&mut self, event: Event) {
        match event {
            Event::Asks(crowd) => self.ask(crowd),
            Event::Prefilled(id, run) if self.runs(id, run) => self.state.prefilled(self.now, id),
            Event::Ends(id, run) if self.runs(id, run) => self.end(id),
            Event::Prefilled(..) | Event::Ends(..) => {}
            Event::Due => {
                self.due = None;
                self.state.tick(self.now);
            }
        }
    }

    fn runs(&self, id: TicketId, run: u32) -> bool {
        self.answers.get(&id).is_some_and(|answer| answer.run == run)
    }

    fn ask(&mut self, index: usize) {
        let scenario = self.scenario;
        let crowd = &scenario.crowds[index];
        if self.now >= crowd.during.1.into() {
            return;
        }
        let next = self.now.plus(self.gap(index));
        self.plan(next, Event::Asks(index));
        let person = self.chances[index].random_range(0..crowd.people.max(1));
        let length = self.chances[index].random_range(crowd.answer.0..=crowd.answer.1.max(crowd.answer.0));
        let outcome = &mut self.report.outcomes[crowd.class as usize];
        outcome.asked += 1;
        match self.state.enqueue(self.now, &call(scenario, index, person)) {
            Err(_) => outcome.turned += 1,
            Ok(placed) => {
                let answer =
                    Answer { crowd: index, person, asked: self.now, left: length.into(), since: self.now, run: 0 };
                self.answers.insert(placed.ticket, answer);
            }
        }
    }

    fn fill_slots(&mut self) {
        while let Some(id) = self.state.claim(self.now) {
            let Some(answer) = self.answers.get_mut(&id) else { continue };
            if answer.run == 0 {
                let class = self.scenario.crowds[answer.crowd].class;
                self.report.outcomes[class as usize].waits.push(self.now.minus(answer.asked).into());
            } else {
                self.report.resumed += self.scenario.prefill;
            }
            answer.run += 1;
            answer.since = self.now;
            let (run, left) = (answer.run, answer.left);
            let prefilled = self.now.plus(self.scenario.prefill.into());
            self.plan(prefilled, Event::Prefilled(id, run));
            self.plan(prefilled.plus(left), Event::Ends(id, run));
        }
        self.plan_due();
    }

    fn plan_due(&mut self) {
        let Some(due) = self.state.next_due() else { return };
        if self.due.is_none_or(|planned| due < planned) {
            self.due = Some(due);
            self.plan(due.max(self.now), Event::Due);
        }
    }

    fn end(&mut self, id: TicketId) {
        if let Some(answer) = self.answers.remove(&id) {
            let used = self.now.minus(answer.since);
            self.account(&answer, used);
            self.report.outcomes[self.scenario.crowds[answer.crowd].class as usize].answered += 1;
            self.state.settle(self.now, id, used);
        }
    }

    fn account(&mut self, answer: &Answer, used: Micros) {
        self.report.outcomes[self.scenario.crowds[answer.crowd].class as usize].work += used.into();
        *self.report.shares.entry((answer.crowd, answer.person)).or_default() += used.into();
    }

    fn carry_out(&mut self) {
        for effect in self.state.take_effects() {
            match effect {
                Effect::Dropped(id, why) => self.lose(id, why),
                Effect::Stop(id, Stop::Cut) => self.cut(id),
                Effect::Stop(id, Stop::Cancelled | Stop::Overdue) => self.end(id),
            }
        }
    }

    fn lose(&mut self, id: TicketId, why: Dropped) {
        let Some(answer) = self.answers.remove(&id) else { return };
        let outcome = &mut self.report.outcomes[self.scenario.crowds[answer.crowd].class as usize];
        match why {
            Dropped::Shed => outcome.shed += 1,
            Dropped::Expired | Dropped::Cancelled | Dropped::Closed => outcome.expired += 1,
        }
    }

    fn cut(&mut self, id: TicketId) {
        let Some(mut answer) = self.answers.remove(&id) else { return };
        let used = self.now.minus(answer.since);
        self.account(&answer, used);
        self.report.cuts += 1;
        answer.run += 1;
        answer.left = answer.left.minus(used.minus(self.scenario.prefill.into()));
        let left = answer.left.plus(self.scenario.prefill.into());
        self.answers.insert(id, answer);
        self.state.give_back(self.now, id, used, left);
    }
}

fn call(scenario: &Scenario, index: usize, person: u32) -> NewCall {
    let crowd = &scenario.crowds[index];
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&u64::try_from(index).unwrap_or(u64::MAX).to_be_bytes());
    bytes[8..12].copy_from_slice(&person.to_be_bytes());
    NewCall {
        account: Account::new(bytes),
        place: Account::new([0; 32]),
        newcomer: false,
        class: crowd.class,
        credit_cents: crowd.credit_cents,
        estimate: scenario.prefill + crowd.answer.1,
        waited: Duration::ZERO,
        deadline: crowd.deadline,
        resume: scenario.can_continue.then_some(scenario.prefill),
        admission: Admission,
    }
}
