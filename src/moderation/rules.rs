//! What is wanted in all places, as it was read, and what was changed since and is not written down yet.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    hours,
    rule::{Edit, Rule, Tone},
};
use crate::privacy::Pseudonym;

/// Changes that may wait to be written down. Beyond, the oldest is forgotten: it holds until the next reading.
const MOST_UNWRITTEN: usize = 1_000;

/// One change in one place, which comes under every live key, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub place: Vec<Pseudonym>,
    pub edit: Edit,
}

/// Where something is said, under every live key, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub place: &'a [Pseudonym],
    /// The whole fleet, as a place.
    pub fleet: &'a [Pseudonym],
}

/// Whether somebody is heard, the strongest reason why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearing {
    Heard,
    /// This person is not.
    Blocked,
    /// Nobody is, here.
    Denied,
    /// Nobody is until somebody says so.
    Paused,
    /// Only who paid.
    QuietHours,
}

/// What is wanted in all places. Pure: time is an argument.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    now: Known,
    unwritten: VecDeque<(u64, Change)>,
    newest: u64,
    revision: u64,
}

#[derive(Clone, Debug, Default)]
struct Known {
    places: HashMap<Pseudonym, Rule>,
    blocked: HashMap<Pseudonym, HashSet<Pseudonym>>,
}

impl Rules {
    /// Takes what was read. What is not written down yet holds on top of it.
    pub fn take(&mut self, places: Vec<(Pseudonym, Rule)>, blocked: Vec<(Pseudonym, Pseudonym)>) {
        let mut known = Known { places: places.into_iter().collect(), blocked: HashMap::new() };
        for (place, who) in blocked {
            known.blocked.entry(place).or_default().insert(who);
        }
        for (_, change) in &self.unwritten {
            known.apply(change);
        }
        self.now = known;
    }

    /// Makes a change, which is to be written down. Gives its number.
    pub fn change(&mut self, change: Change) -> u64 {
        self.now.apply(&change);
        self.newest += 1;
        self.revision += 1;
        self.unwritten.push_back((self.newest, change));
        if self.unwritten.len() > MOST_UNWRITTEN {
            self.unwritten.pop_front();
        }
        self.newest
    }

    /// A change is written down.
    pub fn written(&mut self, number: u64) {
        self.unwritten.retain(|(other, _)| *other != number);
        self.revision += 1;
    }

    /// Grows with every change that is made or written down here: what was read before is old then.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The oldest change that is not written down.
    #[must_use]
    pub fn unwritten(&self) -> Option<(u64, Change)> {
        self.unwritten.front().cloned()
    }

    /// Whether somebody, under every live key, is heard.
    #[must_use]
    pub fn hearing(&self, scene: Scene<'_>, who: &[Pseudonym], zone: Tz, now: DateTime<Utc>) -> Hearing {
        if self.is_blocked(scene.place, who) || self.is_blocked(scene.fleet, who) {
            return Hearing::Blocked;
        }
        if !self.all(scene, |rule| rule.allowed) {
            return Hearing::Denied;
        }
        if self.tone(scene) == Tone::Paused {
            return Hearing::Paused;
        }
        let quiet = |rule: &Rule| rule.quiet_hours.is_some_and(|hours| hours::is_within(hours, zone, now));
        if self.all(scene, |rule| !quiet(rule)) { Hearing::Heard } else { Hearing::QuietHours }
    }

    /// How much is said in a place: the less of what is wanted there and everywhere.
    #[must_use]
    pub fn tone(&self, scene: Scene<'_>) -> Tone {
        let of = |places| self.of(places).map(|rule| rule.tone).unwrap_or_default();
        of(scene.place).max(of(scene.fleet))
    }

    /// Whether somebody is blocked in exactly this place.
    #[must_use]
    pub fn is_blocked(&self, place: &[Pseudonym], who: &[Pseudonym]) -> bool {
        let mut here = place.iter().filter_map(|place| self.now.blocked.get(place));
        here.any(|blocked| who.iter().any(|who| blocked.contains(who)))
    }

    /// How many are blocked in a place.
    #[must_use]
    pub fn blocks(&self, place: &[Pseudonym]) -> usize {
        place.iter().filter_map(|place| self.now.blocked.get(place)).map(HashSet::len).sum()
    }

    /// What is wanted in exactly this place, if anything is.
    #[must_use]
    pub fn of(&self, place: &[Pseudonym]) -> Option<&Rule> {
        place.iter().find_map(|place| self.now.places.get(place))
    }

    /// Places in which anything is wanted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.now.places.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.now.places.is_empty() && self.now.blocked.is_empty()
    }

    fn all(&self, scene: Scene<'_>, holds: impl Fn(&Rule) -> bool) -> bool {
        [scene.place, scene.fleet].into_iter().filter_map(|place| self.of(place)).all(holds)
    }
}

impl Known {
    /// What is wanted moves under the newest key with its first change.
    fn apply(&mut self, change: &Change) {
        let Some(newest) = change.place.first() else { return };
        match &change.edit {
            Edit::Block(who) => {
                self.unblock(&change.place, who);
                self.blocked.entry(newest.clone()).or_default().extend(who.first().cloned());
            }
            Edit::Unblock(who) => self.unblock(&change.place, who),
            edit => {
                let known = change.place.iter().filter_map(|place| self.places.remove(place));
                let mut rule = known.reduce(|newest, _| newest).unwrap_or_default();
                rule.apply(edit);
                if !rule.is_default() {
                    self.places.insert(newest.clone(), rule);
                }
            }
        }
    }

    fn unblock(&mut self, places: &[Pseudonym], who: &[Pseudonym]) {
        for place in places {
            if let Some(blocked) = self.blocked.get_mut(place) {
                blocked.retain(|one| !who.contains(one));
                if blocked.is_empty() {
                    self.blocked.remove(place);
                }
            }
        }
    }
}
