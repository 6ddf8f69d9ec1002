//! Takes who is connected, gives who listens where. Pure. Knows nothing of what is heard.
//!
//! Every channel has one ear. When the account that was it is gone, or its JOIN stays without an echo, another takes over, as
//! fast as each may join.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use lovelm::config::TwitchLimits;

/// How long a JOIN may stay without an echo.
const ECHO: Duration = Duration::from_secs(4);
/// How long an account is not tried again in a channel that it could not join.
const BARRED: Duration = Duration::from_mins(1);
/// How long the first account that is there waits for the others, so that channels are spread.
const GATHER: Duration = Duration::from_secs(1);

/// A channel's ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ear {
    Nobody,
    Asked { seat: usize, at: Duration },
    Open { seat: usize },
}

#[derive(Debug)]
struct Channel {
    ear: Ear,
    /// Who could not join, and until when it is not asked again.
    barred: Vec<(usize, Duration)>,
}

#[derive(Clone, Debug, Default)]
struct Seat {
    up: bool,
    joins: VecDeque<Duration>,
}

/// Who listens where.
#[derive(Debug)]
pub(crate) struct Ears {
    channels: BTreeMap<String, Channel>,
    seats: Vec<Seat>,
    joins: usize,
    window: Duration,
    most: usize,
    gathered: Option<Duration>,
    acted: Duration,
}

impl Ears {
    pub(crate) fn new(channels: &[String], seats: usize, limits: &TwitchLimits) -> Self {
        let channel = |name: &String| (name.clone(), Channel { ear: Ear::Nobody, barred: Vec::new() });
        Self {
            channels: channels.iter().map(channel).collect(),
            seats: vec![Seat::default(); seats],
            joins: limits.joins,
            window: limits.join_window,
            most: limits.most_channels,
            gathered: None,
            acted: Duration::ZERO,
        }
    }

    /// An account is logged in, and joined nowhere.
    pub(crate) fn up(&mut self, seat: usize, now: Duration) {
        self.leave(seat);
        self.seats[seat].up = true;
        let gathered = *self.gathered.get_or_insert(now + GATHER);
        if self.seats.iter().all(|seat| seat.up) {
            self.gathered = Some(gathered.min(now));
        }
    }

    /// An account is gone.
    pub(crate) fn down(&mut self, seat: usize) {
        self.seats[seat].up = false;
        self.leave(seat);
    }

    /// A JOIN was echoed.
    pub(crate) fn joined(&mut self, seat: usize, channel: &str) {
        if let Some(found) = self.channels.get_mut(channel)
            && matches!(found.ear, Ear::Asked { seat: asked, .. } if asked == seat)
        {
            found.ear = Ear::Open { seat };
        }
    }

    /// An account may not be in a channel.
    pub(crate) fn barred(&mut self, seat: usize, channel: &str, now: Duration) {
        if let Some(found) = self.channels.get_mut(channel) {
            found.bar(seat, now);
        }
    }

    /// One more channel to listen to.
    pub(crate) fn add(&mut self, channel: &str) {
        let new = || Channel { ear: Ear::Nobody, barred: Vec::new() };
        self.channels.entry(channel.to_owned()).or_insert_with(new);
    }

    /// No longer listens to a channel. Gives whose ear it was.
    pub(crate) fn remove(&mut self, channel: &str) -> Option<usize> {
        match self.channels.remove(channel)?.ear {
            Ear::Asked { seat, .. } | Ear::Open { seat } => Some(seat),
            Ear::Nobody => None,
        }
    }

    /// Whether a channel is to be listened to.
    pub(crate) fn know(&self, channel: &str) -> bool {
        self.channels.contains_key(channel)
    }

    /// Channels that have an ear.
    pub(crate) fn open(&self) -> usize {
        self.channels.values().filter(|channel| matches!(channel.ear, Ear::Open { .. })).count()
    }

    /// The JOINs to send now, as account and channel.
    pub(crate) fn act(&mut self, now: Duration) -> Vec<(usize, String)> {
        self.acted = now;
        if self.gathered.is_none_or(|gathered| now < gathered) {
            return Vec::new();
        }
        self.expire(now);
        let mut load = self.load();
        let mut acts = Vec::new();
        for (name, channel) in self.channels.iter_mut().filter(|(_, channel)| channel.ear == Ear::Nobody) {
            let may = |seat: &usize| {
                self.seats[*seat].up
                    && load[*seat] < self.most
                    && self.seats[*seat].joins.len() < self.joins
                    && !channel.barred.iter().any(|(barred, _)| barred == seat)
            };
            let Some(seat) = (0..load.len()).filter(may).min_by_key(|seat| load[*seat]) else { continue };
            load[seat] += 1;
            self.seats[seat].joins.push_back(now);
            channel.ear = Ear::Asked { seat, at: now };
            acts.push((seat, name.clone()));
        }
        acts
    }

    /// When to act again if nothing happens before.
    pub(crate) fn next(&self) -> Option<Duration> {
        if let Some(gathered) = self.gathered.filter(|gathered| self.acted < *gathered) {
            return Some(gathered);
        }
        let asked = self.channels.values().filter_map(|channel| match channel.ear {
            Ear::Asked { at, .. } => Some(at + ECHO),
            Ear::Open { .. } => None,
            // Somebody may join again, or is no longer barred.
            Ear::Nobody => self.free(channel),
        });
        asked.min()
    }

    fn free(&self, channel: &Channel) -> Option<Duration> {
        let seats = self.seats.iter().enumerate().filter(|(_, seat)| seat.up);
        let of = |(number, seat): (usize, &Seat)| {
            let barred = channel.barred.iter().filter(|(barred, _)| *barred == number).map(|(_, until)| *until).max();
            let full = (seat.joins.len() >= self.joins).then(|| seat.joins.front().map(|first| *first + self.window));
            // Whoever is free and has room was asked already.
            barred.max(full.flatten())
        };
        seats.filter_map(of).min()
    }

    fn expire(&mut self, now: Duration) {
        for seat in &mut self.seats {
            while seat.joins.front().is_some_and(|first| *first + self.window <= now) {
                seat.joins.pop_front();
            }
        }
        for channel in self.channels.values_mut() {
            channel.barred.retain(|(_, until)| *until > now);
            if let Ear::Asked { seat, at } = channel.ear
                && at + ECHO <= now
            {
                channel.bar(seat, now);
            }
        }
    }

    fn load(&self) -> Vec<usize> {
        let mut load = vec![0; self.seats.len()];
        for channel in self.channels.values() {
            if let Ear::Asked { seat, .. } | Ear::Open { seat } = channel.ear {
                load[seat] += 1;
            }
        }
        load
    }

    fn leave(&mut self, gone: usize) {
        for channel in self.channels.values_mut() {
            if let Ear::Asked { seat, .. } | Ear::Open { seat } = channel.ear
                && seat == gone
            {
                channel.ear = Ear::Nobody;
            }
        }
    }
}

impl Channel {
    fn bar(&mut self, seat: usize, now: Duration) {
        self.barred.push((seat, now + BARRED));
        if matches!(self.ear, Ear::Asked { seat: ear, .. } | Ear::Open { seat: ear } if ear == seat) {
            self.ear = Ear::Nobody;
        }
    }
}
