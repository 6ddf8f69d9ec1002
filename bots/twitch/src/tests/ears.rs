use std::{collections::HashMap, time::Duration};

use lovelm::config::TwitchLimits;

use crate::ears::Ears;

/// Sixty channels and accounts that do as they are told, an echo later.
struct Crew {
    ears: Ears,
    now: Duration,
    joins: Vec<(Duration, usize, String)>,
    deaf: Vec<(usize, String)>,
}

impl Crew {
    fn of(seats: usize) -> Self {
        let channels: Vec<_> = (0..60).map(|number| format!("channel{number}")).collect();
        let ears = Ears::new(&channels, seats, &TwitchLimits::default());
        Self { ears, now: Duration::ZERO, joins: Vec::new(), deaf: Vec::new() }
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            for (seat, channel) in self.ears.act(self.now) {
                if !self.deaf.contains(&(seat, channel.clone())) {
                    self.ears.joined(seat, &channel);
                }
                self.joins.push((self.now, seat, channel));
            }
            match self.ears.next().map(|next| next.max(self.now + Duration::from_millis(1))) {
                Some(next) if next <= end => self.now = next,
                _ => break,
            }
        }
        self.now = end;
    }

    /// The most joins of one account in any ten seconds.
    fn busiest(&self) -> usize {
        let within = |at: Duration, seat: usize| {
            let in_window = |join: &&(Duration, usize, String)| {
                join.1 == seat && join.0 >= at && join.0 < at + Duration::from_secs(10)
            };
            self.joins.iter().filter(in_window).count()
        };
        self.joins.iter().map(|(at, seat, _)| within(*at, *seat)).max().unwrap_or(0)
    }
}

#[test]
fn channels_are_spread_over_the_accounts() {
    let mut crew = Crew::of(4);
    for seat in 0..4 {
        crew.ears.up(seat, crew.now);
    }
    crew.run(Duration::from_secs(1));
    assert_eq!(crew.ears.open(), 60);
    let mut load: HashMap<usize, usize> = HashMap::new();
    for (_, seat, _) in &crew.joins {
        *load.entry(*seat).or_default() += 1;
    }
    assert!(load.values().all(|channels| *channels == 15), "{load:?}");
}

#[test]
fn one_account_alone_joins_all_within_25_seconds_and_keeps_the_limit() {
    let mut crew = Crew::of(4);
    crew.ears.up(2, crew.now);
    crew.run(Duration::from_secs(25));
    assert_eq!(crew.ears.open(), 60);
    assert!(crew.busiest() <= 20);
}

#[test]
fn others_take_over_what_a_silent_account_heard() {
    let mut crew = Crew::of(4);
    for seat in 0..4 {
        crew.ears.up(seat, crew.now);
    }
    crew.run(Duration::from_secs(30));
    crew.ears.down(1);
    assert_eq!(crew.ears.open(), 45);
    crew.run(Duration::from_millis(10));
    assert_eq!(crew.ears.open(), 60, "at once: there was room to join");
    // It comes back, and nothing moves.
    let joins = crew.joins.len();
    crew.ears.up(1, crew.now);
    crew.run(Duration::from_secs(10));
    assert_eq!(crew.joins.len(), joins);
}

#[test]
fn a_channel_that_one_may_not_join_is_joined_by_another() {
    let mut crew = Crew::of(2);
    crew.deaf = vec![(0, "channel7".into()), (0, "channel8".into())];
    crew.ears.up(0, crew.now);
    crew.ears.up(1, crew.now);
    crew.run(Duration::from_secs(30));
    assert_eq!(crew.ears.open(), 60);
    crew.ears.barred(1, "channel7", crew.now);
    assert_eq!(crew.ears.open(), 59);
    crew.run(Duration::from_secs(90));
    assert_eq!(crew.ears.open(), 60, "tried again when nobody else may");
}
