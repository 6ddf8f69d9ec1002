//! Takes changes that are to be made and the time, gives when each may be. Pure. Knows nothing of how they are made.

use std::{collections::HashMap, time::Duration};

/// Places that are remembered; those where nothing happens are forgotten first.
const REMEMBERED: usize = 1_024;

/// When changes of an account's messages may be made: one in a while in each channel, counted from when the one before was done. A
/// message that has to wait keeps its turn, whatever it says by then.
#[derive(Debug)]
pub(crate) struct Desk {
    every: Duration,
    places: HashMap<(usize, String), Place>,
}

#[derive(Debug, Default)]
struct Place {
    /// From then on there is a turn for whoever has none.
    free: Duration,
    /// Who waits, and for when.
    turns: HashMap<String, Duration>,
    under_way: bool,
    done: Option<Duration>,
}

impl Desk {
    pub(crate) fn new(every: Duration) -> Self {
        Self { every, places: HashMap::new() }
    }

    /// Takes a turn for a change of `message`: nothing when it may be made now, and [`Desk::done`] is to say when it was; else how
    /// long it waits.
    pub(crate) fn turn(&mut self, seat: usize, channel: &str, message: &str, now: Duration) -> Option<Duration> {
        self.forget(now);
        let every = self.every;
        let place = self.places.entry((seat, channel.to_owned())).or_default();
        // Who did not come for their turn lost it.
        place.turns.retain(|known, turn| known == message || *turn + every * 2 > now);
        let turn = place.turns.get(message).copied().unwrap_or_else(|| place.free.max(now));
        let ready = if place.under_way { now + every } else { place.done.map_or(now, |done| done + every) };
        let ahead = place.turns.values().filter(|other| **other < turn).count();
        let at = turn.max(ready + every * u32::try_from(ahead).unwrap_or(u32::MAX));
        place.free = place.free.max(turn + every);
        if at > now {
            place.turns.insert(message.to_owned(), turn);
            return Some(at.saturating_sub(now));
        }
        place.turns.remove(message);
        place.under_way = true;
        // Late is late for whoever comes next as well.
        place.free = place.free.max(now + every);
        None
    }

    /// The change that had its turn is made, or never will be.
    pub(crate) fn done(&mut self, seat: usize, channel: &str, now: Duration) {
        if let Some(place) = self.places.get_mut(&(seat, channel.to_owned())) {
            (place.under_way, place.done) = (false, Some(now));
        }
    }

    fn forget(&mut self, now: Duration) {
        if self.places.len() > REMEMBERED {
            self.places.retain(|_, place| place.under_way || place.free + self.every > now || !place.turns.is_empty());
        }
    }
}
