//! Takes lines to be said and the time, gives which may go out now. Pure. Knows nothing of how they go out.
//!
//! Lines wait by lane, then by age. None goes out beyond what Twitch allows its account ([`pace`]) or its channel ([`room`]);
//! what waits too long is dropped with a reason. One line of an account is under way in a channel at a time, so an
//! acknowledgement or a refusal is always of that line.

mod pace;
mod refusal;
mod room;
mod spoken;
mod waiting;

use std::{collections::HashMap, time::Duration};

use lovelm::{
    chat::{Lane, MessageId, SendError},
    config::TwitchLimits,
};

pub(crate) use self::spoken::{Spoken, VARIATION};
use self::{
    pace::Pace,
    refusal::{Refusal, refusal},
    room::{Room, Voice},
};
use crate::connection::Mode;

/// Before a full outbox is asked again.
const FULL: Duration = Duration::from_secs(1);

/// A line to be said.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Which account.
    pub seat: usize,
    pub channel: String,
    pub lane: Lane,
    pub text: Spoken,
    /// The message that it answers.
    pub reply: Option<MessageId>,
}

/// Names a line until its verdict.
pub(crate) type Ticket = u64;
/// What became of a line: its id on Twitch, where that is known.
pub(crate) type Verdict = Result<Option<MessageId>, SendError>;

/// What waits, what is under way, and what was.
#[derive(Debug)]
pub(crate) struct Desk {
    limits: TwitchLimits,
    waiting: Vec<Waiting>,
    flights: Vec<Flight>,
    paces: Vec<Pace>,
    rooms: HashMap<String, Room>,
    voices: HashMap<(usize, String), Voice>,
    verdicts: Vec<(Ticket, Verdict)>,
    tickets: Ticket,
}

#[derive(Debug)]
struct Waiting {
    ticket: Ticket,
    line: Line,
    since: Duration,
}

#[derive(Debug)]
struct Flight {
    ticket: Ticket,
    seat: usize,
    channel: String,
    until: Duration,
}

impl Desk {
    pub(crate) fn new(seats: usize, limits: &TwitchLimits) -> Self {
        Self {
            limits: limits.clone(),
            waiting: Vec::new(),
            flights: Vec::new(),
            paces: vec![Pace::default(); seats],
            rooms: HashMap::new(),
            voices: HashMap::new(),
            verdicts: Vec::new(),
            tickets: 0,
        }
    }

    /// Takes a line in. When as many wait as may, the least urgent of them goes.
    pub(crate) fn push(&mut self, line: Line, now: Duration) -> Ticket {
        self.tickets += 1;
        let ticket = self.tickets;
        self.waiting.push(Waiting { ticket, line, since: now });
        if self.waiting.len() > self.limits.waiting
            && let Some(last) = (0..self.waiting.len()).max_by_key(|at| self.waiting[*at].order())
        {
            let shed = self.waiting.swap_remove(last);
            let error = if shed.line.lane == Lane::Notice { dropped("full") } else { SendError::Wait(FULL) };
            self.verdicts.push((shed.ticket, Err(error)));
        }
        ticket
    }

    /// Whoever wanted a line wants it no more. What is under way goes its way.
    pub(crate) fn forget(&mut self, unwanted: impl Fn(Ticket) -> bool) {
        self.waiting.retain(|waiting| !unwanted(waiting.ticket));
    }

    /// The next line that may go out, which is then under way.
    pub(crate) fn next(&mut self, now: Duration) -> Option<(Ticket, Line)> {
        self.expire(now);
        loop {
            let at = (0..self.waiting.len())
                .filter(|at| self.may(&self.waiting[*at].line, now) <= now)
                .min_by_key(|at| self.waiting[*at].order())?;
            let Waiting { ticket, mut line, .. } = self.waiting.swap_remove(at);
            let room = self.rooms.entry(line.channel.clone()).or_default();
            let voice = self.voices.entry((line.seat, line.channel.clone())).or_default();
            let Some(unlike) = voice.unlike(&line.text, room, self.limits.duplicate, now) else {
                self.verdicts.push((ticket, Err(dropped("r9k"))));
                continue;
            };
            line.text = unlike;
            voice.spoke(&line.text, now);
            room.last = Some(now);
            self.paces[line.seat].sent(now, voice.privileged, &self.limits);
            let until = now + self.limits.acknowledged;
            self.flights.push(Flight { ticket, seat: line.seat, channel: line.channel.clone(), until });
            return Some((ticket, line));
        }
    }

    /// When something may go out, or has to be dropped, if nothing happens before.
    pub(crate) fn when(&self, now: Duration) -> Option<Duration> {
        let waiting = self.waiting.iter().map(|waiting| {
            let stale = waiting.since + self.patience(waiting.line.lane);
            self.may(&waiting.line, now).min(stale)
        });
        waiting.chain(self.flights.iter().map(|flight| flight.until)).min()
    }

    /// Every verdict since this was last asked.
    pub(crate) fn verdicts(&mut self) -> Vec<(Ticket, Verdict)> {
        std::mem::take(&mut self.verdicts)
    }

    /// The line under way may take until then to be acknowledged.
    pub(crate) fn allow(&mut self, ticket: Ticket, until: Duration) {
        if let Some(flight) = self.flights.iter_mut().find(|flight| flight.ticket == ticket) {
            flight.until = until;
        }
    }

    /// A line under way has its verdict.
    pub(crate) fn landed(&mut self, ticket: Ticket, verdict: Verdict) {
        if let Some(at) = self.flights.iter().position(|flight| flight.ticket == ticket) {
            self.flights.swap_remove(at);
            self.verdicts.push((ticket, verdict));
        }
    }

    /// The line of this account in this channel was shown.
    pub(crate) fn shown(&mut self, seat: usize, channel: &str, id: Option<MessageId>) {
        if let Some(ticket) = self.flight(seat, channel) {
            self.landed(ticket, Ok(id));
        }
    }

    /// The line of this account in this channel was refused, for the reason that a NOTICE or a drop names.
    pub(crate) fn refused(&mut self, seat: usize, channel: &str, reason: &str, now: Duration) {
        let Some(found) = refusal(reason) else { return };
        metrics::counter!("lovelm_twitch_refused_total", "reason" => found.name()).increment(1);
        let room = self.rooms.entry(channel.to_owned()).or_default();
        let voice = self.voices.entry((seat, channel.to_owned())).or_default();
        let error = match found {
            Refusal::TooFast(pause) => {
                self.paces[seat].hold(now + pause);
                SendError::Wait(pause)
            }
            Refusal::Slow => {
                let pause = voice.slow_down(room, now);
                SendError::Wait(pause)
            }
            Refusal::Closed(time) => {
                voice.closed = now + time;
                SendError::Gone
            }
            Refusal::Mode(time) => {
                voice.kept_out = now + time;
                dropped("mode")
            }
            Refusal::Again(pause) => SendError::Wait(pause),
            Refusal::Text(name) => dropped(name),
        };
        if let Some(ticket) = self.flight(seat, channel) {
            self.landed(ticket, Err(error));
        }
    }

    /// An account's connection is there, or gone: nobody knows of what it had under way.
    pub(crate) fn connected(&mut self, seat: usize, up: bool) {
        self.paces[seat].up = up;
        let lost: Vec<_> =
            self.flights.iter().filter(|flight| flight.seat == seat).map(|flight| flight.ticket).collect();
        for ticket in lost {
            self.landed(ticket, Err(SendError::InDoubt));
        }
    }

    /// Nobody speaks in a channel any more: what waits for it goes, and what is known of it.
    pub(crate) fn close(&mut self, channel: &str) {
        let (gone, rest) = std::mem::take(&mut self.waiting).into_iter().partition(|it| it.line.channel == channel);
        self.waiting = rest;
        self.verdicts.extend(gone.into_iter().map(|waiting: Waiting| (waiting.ticket, Err(SendError::Gone))));
        self.rooms.remove(channel);
        self.voices.retain(|(_, of), _| of != channel);
    }

    /// A room says how it is; what it does not say stays. Gives whether its id is news.
    pub(crate) fn room(&mut self, channel: &str, mode: Mode) -> bool {
        let room = self.rooms.entry(channel.to_owned()).or_default();
        let is_news = mode.id.is_some() && room.id != mode.id;
        if room.learn(mode) {
            // Whoever was kept out by the room's old rules may try again.
            for (_, voice) in self.voices.iter_mut().filter(|((_, of), _)| of == channel) {
                voice.kept_out = Duration::ZERO;
            }
        }
        is_news
    }

    /// The room's id on Twitch.
    pub(crate) fn room_id(&self, channel: &str) -> Option<&str> {
        self.rooms.get(channel)?.id.as_deref()
    }

    /// Whether an account is moderator, VIP or broadcaster in a channel.
    pub(crate) fn standing(&mut self, seat: usize, channel: &str, privileged: bool) {
        self.voices.entry((seat, channel.to_owned())).or_default().privileged = privileged;
    }

    fn flight(&self, seat: usize, channel: &str) -> Option<Ticket> {
        let of = |flight: &&Flight| flight.seat == seat && flight.channel == channel;
        self.flights.iter().find(of).map(|flight| flight.ticket)
    }
}

impl Waiting {
    fn order(&self) -> (Lane, Duration, Ticket) {
        (self.line.lane, self.since, self.ticket)
    }
}

fn dropped(reason: &str) -> SendError {
    SendError::Refused(reason.to_owned())
}
