//! What waits for the database, in its order. Pure: told the time, does nothing itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// Where something stands; counts up.
type Number = u64;

/// What is owed to the database: calls that are to be committed, and notes of what is done already. `C` and `N` are theirs.
#[derive(Debug)]
pub(super) struct Uncommitted<C, N> {
    most_calls: usize,
    most_notes: usize,
    newest: Number,
    waiting: BTreeMap<Number, Owed<C, N>>,
    calls: BTreeMap<Number, Times>,
    /// The next time at which something is to be said of a call.
    dues: BTreeSet<(Duration, Number)>,
}

#[derive(Debug)]
pub(super) enum Owed<C, N> {
    Call(C),
    Note(N),
}

/// When something is to be said of a call that still waits, on the fleet's clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    /// That it is noted late. `None`: not at all, or it was.
    pub tell: Option<Duration>,
    /// That it will not be answered. `None`: it waits for ever.
    pub deadline: Option<Duration>,
}

impl Times {
    fn next(self) -> Option<Duration> {
        self.tell.into_iter().chain(self.deadline).min()
    }
}

/// What the time asks for.
#[derive(Debug)]
pub(super) enum Due<'a, C> {
    /// Tell that it is noted late, once.
    Late(&'a C),
    /// Apologise for it: it waits no more.
    Expired(C),
}

impl<C, N> Uncommitted<C, N> {
    pub fn new(most_calls: usize, most_notes: usize) -> Self {
        let (waiting, calls, dues) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { most_calls, most_notes, newest: 0, waiting, calls, dues }
    }

    /// Puts a call behind everything else, or gives it back when too many wait.
    pub fn push_call(&mut self, call: C, times: Times) -> Result<(), C> {
        if self.calls.len() >= self.most_calls {
            return Err(call);
        }
        let number = self.push(Owed::Call(call));
        self.keep(number, times);
        Ok(())
    }

    /// Puts a note behind everything else, or gives it back when too many wait.
    pub fn push_note(&mut self, note: N) -> Result<(), N> {
        if self.notes() >= self.most_notes {
            return Err(note);
        }
        self.push(Owed::Note(note));
        Ok(())
    }

    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    pub fn notes(&self) -> usize {
        self.waiting.len() - self.calls.len()
    }

    /// Takes out what came first, with what [`Uncommitted::put_back`] wants.
    pub fn pop(&mut self) -> Option<(Place, Owed<C, N>)> {
        let (number, owed) = self.waiting.pop_first()?;
        let times = self.calls.remove(&number);
        if let Some(at) = times.and_then(Times::next) {
            self.dues.remove(&(at, number));
        }
        Some((Place { number, times }, owed))
    }

    /// The database could not take it: it is first again.
    pub fn put_back(&mut self, place: Place, owed: Owed<C, N>) {
        self.waiting.insert(place.number, owed);
        if let Some(times) = place.times {
            self.keep(place.number, times);
        }
    }

    /// When [`Uncommitted::due`] will next have something.
    pub fn next_due(&self) -> Option<Duration> {
        self.dues.first().map(|(at, _)| *at)
    }

    /// What is to be said now; ask again until there is nothing.
    pub fn due(&mut self, now: Duration) -> Option<Due<'_, C>> {
        let (_, number) = self.dues.first().copied().filter(|(at, _)| *at <= now)?;
        self.dues.pop_first();
        let times = self.calls.get(&number).copied().unwrap_or_default();
        if times.deadline.is_some_and(|deadline| deadline <= now) {
            self.calls.remove(&number);
            return match self.waiting.remove(&number) {
                Some(Owed::Call(call)) => Some(Due::Expired(call)),
                _ => None,
            };
        }
        self.keep(number, Times { tell: None, ..times });
        match self.waiting.get(&number) {
            Some(Owed::Call(call)) => Some(Due::Late(call)),
            _ => None,
        }
    }

    fn push(&mut self, owed: Owed<C, N>) -> Number {
        self.newest += 1;
        self.waiting.insert(self.newest, owed);
        self.newest
    }

    fn keep(&mut self, number: Number, times: Times) {
        self.calls.insert(number, times);
        self.dues.extend(times.next().map(|at| (at, number)));
    }
}

/// Where something stood that was taken out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    number: Number,
    times: Option<Times>,
}

#[cfg(test)]
mod tests;
