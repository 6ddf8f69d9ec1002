//! Takes what waits, gives until when: the earliest time at which it may go out, and when it is too late. Knows nothing of what
//! becomes of it then.

use std::time::Duration;

use lovelm::chat::{Lane, SendError};

use super::{Desk, Line, Waiting, dropped, room};

/// How long a crisis card may wait.
const STALE_CRISIS: Duration = Duration::from_mins(1);
/// Longer than an answer's delivery waits: it ends as late, and `!more` shows it.
const TOO_LONG: Duration = Duration::from_mins(10);

impl Desk {
    /// The earliest time at which a line may go out, as far as is known.
    pub(super) fn may(&self, line: &Line, now: Duration) -> Duration {
        let key = (line.seat, line.channel.clone());
        let (room, voice) = (self.rooms.get(&line.channel), self.voices.get(&key));
        if !self.paces[line.seat].up || self.flight(line.seat, &line.channel).is_some() {
            return Duration::MAX;
        }
        let privileged = voice.is_some_and(|voice| voice.privileged);
        let account = self.paces[line.seat].free(now, privileged, &self.limits);
        let channel = if privileged { Duration::ZERO } else { room::free(room, voice, self.limits.channel_gap) };
        account.max(channel)
    }

    pub(super) fn patience(&self, lane: Lane) -> Duration {
        match lane {
            Lane::Crisis => STALE_CRISIS,
            Lane::Paid | Lane::Answer => self.limits.stale_answer,
            Lane::Notice => self.limits.stale_notice,
        }
    }

    pub(super) fn expire(&mut self, now: Duration) {
        let late: Vec<_> =
            self.flights.iter().filter(|flight| flight.until <= now).map(|flight| flight.ticket).collect();
        for ticket in late {
            metrics::counter!("lovelm_twitch_in_doubt_total").increment(1);
            self.landed(ticket, Err(SendError::InDoubt));
        }
        for waiting in std::mem::take(&mut self.waiting) {
            match self.hopeless(&waiting, now) {
                Some(error) => self.verdicts.push((waiting.ticket, Err(error))),
                None => self.waiting.push(waiting),
            }
        }
    }

    /// Why a waiting line will not go out at all.
    fn hopeless(&self, waiting: &Waiting, now: Duration) -> Option<SendError> {
        let line = &waiting.line;
        let voice = self.voices.get(&(line.seat, line.channel.clone()));
        let privileged = voice.is_some_and(|voice| voice.privileged);
        if voice.is_some_and(|voice| voice.is_closed(now)) {
            return Some(SendError::Gone);
        }
        if !privileged && self.rooms.get(&line.channel).is_some_and(|room| room.emotes_only) {
            return Some(dropped("emote-only"));
        }
        let stale = now >= waiting.since + self.patience(line.lane);
        stale.then(|| {
            metrics::counter!("lovelm_twitch_stale_total").increment(1);
            if line.lane.is_answer() { SendError::Wait(TOO_LONG) } else { dropped("stale") }
        })
    }
}
