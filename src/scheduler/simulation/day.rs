//! A day, event by event.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    discipline::Discipline,
    report::{Asker, Begun, Report, Served},
    scenario::{Crowd, Scenario},
    wish::{Wish, wide},
};
use crate::scheduler::{
    Account, Class, Cost, Dropped, Effect, Measured, Micros, NewCall, SchedulerConfig, Stop, TicketId, call::Admission,
};

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
    wish: Wish,
    at: Micros,
    estimate: Micros,
    used: Micros,
    written: u32,
    since: Micros,
    runs: u32,
}

pub(super) struct Day<'a, D> {
    scenario: &'a Scenario,
    line: D,
    /// When an answer is worth nothing any more, where its crowd does not say.
    deadline: Duration,
    cost: Cost<Class>,
    now: Micros,
    events: BinaryHeap<Reverse<(Micros, u64, Event)>>,
    newest: u64,
    /// The earliest planned [`Event::Due`].
    due: Option<Micros>,
    chances: Vec<StdRng>,
    answers: BTreeMap<TicketId, Answer>,
    report: Report,
}

impl<'a, D: Discipline> Day<'a, D> {
    pub(super) fn new(config: &SchedulerConfig, scenario: &'a Scenario, line: D) -> Self {
        let seeds = (0..scenario.crowds.len()).zip(0u64..).map(|(_, crowd)| scenario.seed.wrapping_add(crowd << 32));
        Self {
            scenario,
            line,
            deadline: config.deadline.twitch,
            cost: Cost::new(&config.cost),
            now: Micros::ZERO,
            events: BinaryHeap::new(),
            newest: 0,
            due: None,
            chances: seeds.map(StdRng::seed_from_u64).collect(),
            answers: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// Until everything that was asked has ended.
    pub(super) fn live(mut self, asks: impl Fn(Class) -> bool) -> Report {
        let scenario = self.scenario;
        for (index, crowd) in scenario.crowds.iter().enumerate().filter(|(_, crowd)| asks(crowd.class)) {
            let first = Micros::from(crowd.from).plus(self.gap(index));
            self.plan(first, Event::Asks(index));
        }
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            self.now = at;
            self.happen(event);
            self.carry_out();
            self.fill_slots();
            self.carry_out();
        }
        self.report.took = self.report.took.max(scenario.length);
        self.report
    }

    fn plan(&mut self, at: Micros, event: Event) {
        self.newest += 1;
        self.events.push(Reverse((at, self.newest, event)));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Asks(crowd) => self.ask(crowd),
            Event::Prefilled(id, run) if self.runs(id, run) => self.line.prefilled(self.now, id),
            Event::Ends(id, run) if self.runs(id, run) => self.end(id, true),
            Event::Prefilled(..) | Event::Ends(..) => {}
            Event::Due => {
                self.due = None;
                self.line.tick(self.now);
            }
        }
    }

    fn runs(&self, id: TicketId, run: u32) -> bool {
        self.answers.get(&id).is_some_and(|answer| answer.runs == run)
    }

    /// Exponential, so that calls come as independently as people ask.
    fn gap(&mut self, crowd: usize) -> Micros {
        let chance: f64 = self.chances[crowd].random();
        let mean = 60.0 / self.scenario.crowds[crowd].per_minute;
        Duration::try_from_secs_f64(-mean * (1.0 - chance).ln()).unwrap_or(Duration::MAX).into()
    }

    fn ask(&mut self, index: usize) {
        let scenario = self.scenario;
        let crowd = &scenario.crowds[index];
        if self.now >= crowd.to.unwrap_or(scenario.length).into() {
            return;
        }
        let next = self.now.plus(self.gap(index));
        self.plan(next, Event::Asks(index));
        let wish = Wish::draw(&mut self.chances[index], index, crowd);
        let cost = scenario.engine.prefill(wish.prompt) + scenario.engine.decode(wish.answer);
        self.served(&wish).asked += cost;
        self.report.of_mut(crowd.class).asked += 1;
        let call = self.call(crowd, &wish);
        match self.line.enqueue(self.now, &call) {
            Err(_) => self.report.of_mut(crowd.class).refused += 1,
            Ok(id) => {
                let (at, since) = (self.now, self.now);
                let estimate = call.estimate.into();
                let answer = Answer { wish, at, estimate, used: Micros::ZERO, written: 0, since, runs: 0 };
                self.answers.insert(id, answer);
            }
        }
    }

    fn call(&self, crowd: &Crowd, wish: &Wish) -> NewCall {
        let (uncached, most) = (wide(wish.prompt), wide(crowd.answer.1));
        let resume = self.cost.prefill(uncached + most);
        NewCall {
            account: wish.account(),
            place: Account::new([0; 32]),
            newcomer: crowd.newcomers,
            class: crowd.class,
            credit_cents: wish.cents,
            estimate: self.cost.estimate(&crowd.class, uncached, most),
            waited: Duration::ZERO,
            deadline: Some(crowd.deadline.unwrap_or(self.deadline)),
            resume: self.scenario.engine.can_continue.then_some(resume),
            admission: Admission,
        }
    }

    fn fill_slots(&mut self) {
        while let Some(id) = self.line.claim(self.now) {
            let Some(answer) = self.answers.get_mut(&id) else { continue };
            let engine = &self.scenario.engine;
            let prefill = engine.prefill(answer.wish.prompt + answer.written);
            let wait = self.now.minus(answer.at).into();
            let begun = Begun { at: answer.at.into(), wait, first_token: wait + prefill };
            answer.runs += 1;
            answer.since = self.now;
            let (run, left) = (answer.runs, engine.decode(answer.wish.answer - answer.written));
            if run == 1 {
                let class = self.scenario.crowds[answer.wish.crowd].class;
                self.report.of_mut(class).begun.push(begun);
            } else {
                self.report.prefilled_again += prefill;
            }
            let prefilled = self.now.plus(prefill.into());
            self.plan(prefilled, Event::Prefilled(id, run));
            self.plan(prefilled.plus(left.into()), Event::Ends(id, run));
        }
        self.plan_due();
    }

    fn plan_due(&mut self) {
        let Some(due) = self.line.next_due() else { return };
        if self.due.is_none_or(|planned| due < planned) {
            self.due = Some(due);
            self.plan(due.max(self.now), Event::Due);
        }
    }

    fn carry_out(&mut self) {
        for effect in self.line.take_effects() {
            match effect {
                Effect::Dropped(id, why) => self.lose(id, why),
                Effect::Stop(id, Stop::Cut) => self.cut(id),
                Effect::Stop(id, Stop::Cancelled | Stop::Overdue) => self.end(id, false),
            }
        }
    }

    /// A running answer is over, whole or not.
    fn end(&mut self, id: TicketId, whole: bool) {
        let Some(mut answer) = self.answers.remove(&id) else { return };
        let used = self.pause(&mut answer);
        let crowd = &self.scenario.crowds[answer.wish.crowd];
        let deadline = Micros::from(crowd.deadline.unwrap_or(self.deadline));
        let outcome = self.report.of_mut(crowd.class);
        if whole {
            outcome.answered += 1;
            outcome.in_time += usize::from(self.now <= answer.at.plus(deadline));
        } else {
            outcome.expired += 1;
            self.report.never_shown += u64::from(answer.written);
        }
        if whole && answer.runs == 1 {
            self.learn(crowd.class, &answer.wish);
        }
        self.line.settle(self.now, id, used);
    }

    fn learn(&mut self, class: Class, wish: &Wish) {
        let engine = &self.scenario.engine;
        let (first_token, decode) = (engine.prefill(wish.prompt), engine.decode(wish.answer));
        let (uncached, output) = (wide(wish.prompt), wide(wish.answer));
        self.cost.learn(class, &Measured { uncached, output, first_token, decode });
    }

    fn lose(&mut self, id: TicketId, why: Dropped) {
        let Some(answer) = self.answers.remove(&id) else { return };
        self.report.never_shown += u64::from(answer.written);
        let outcome = self.report.of_mut(self.scenario.crowds[answer.wish.crowd].class);
        match why {
            Dropped::Shed => outcome.shed += 1,
            Dropped::Expired | Dropped::Cancelled | Dropped::Closed => outcome.expired += 1,
        }
    }

    fn cut(&mut self, id: TicketId) {
        let Some(mut answer) = self.answers.remove(&id) else { return };
        let used = self.pause(&mut answer);
        // What was planned for this run does not come.
        answer.runs += 1;
        self.report.cuts += 1;
        let left = answer.estimate.minus(answer.used);
        self.answers.insert(id, answer);
        self.line.give_back(self.now, id, used, left);
    }

    /// Counts what an answer wrote and used since it was claimed.
    fn pause(&mut self, answer: &mut Answer) -> Micros {
        let engine = &self.scenario.engine;
        let used = self.now.minus(answer.since);
        let prefill = Micros::from(engine.prefill(answer.wish.prompt + answer.written));
        if used >= prefill {
            let steps = used.minus(prefill).get() / Micros::from(engine.output_token).get().max(1);
            let written = u32::try_from(steps).unwrap_or(u32::MAX).saturating_add(1);
            let written = written.min(answer.wish.answer - answer.written);
            answer.written += written;
            self.report.tokens += u64::from(written);
        }
        answer.used = answer.used.plus(used);
        self.served(&answer.wish).had += Duration::from(used);
        self.report.of_mut(self.scenario.crowds[answer.wish.crowd].class).work += Duration::from(used);
        self.report.took = self.report.took.max(self.now.into());
        used
    }

    fn served(&mut self, wish: &Wish) -> &mut Served {
        let crowd = &self.scenario.crowds[wish.crowd];
        let asker =
            if crowd.newcomers { Asker::Newcomers } else { Asker::Person { crowd: wish.crowd, person: wish.person } };
        let nothing = Served { class: crowd.class, asked: Duration::ZERO, had: Duration::ZERO };
        self.report.askers.entry(asker).or_insert(nothing)
    }
}
