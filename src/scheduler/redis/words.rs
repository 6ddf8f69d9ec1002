//! What goes to the functions and what comes back, as words.

use std::fmt;

use redis::{FromRedisValue, ParsingError, Value};

use super::entry::{Entry, Event, Lease};
use crate::scheduler::{Account, Class, Dropped, Line, Micros, Pick, Placed, Stop, TicketId, Turned, Waiting};

/// A ticket's number as the sets hold it: in the order of the alphabet and in that of the numbers at once.
pub(super) fn number(ticket: TicketId) -> String {
    format!("{:016}", ticket.0)
}

impl fmt::Display for Account {
    /// Hexadecimal, for the keys of the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The arguments of `enqueue`.
pub(super) fn enqueue(gateway: &str, entry: &Entry, patience: Micros) -> Vec<String> {
    let call = &entry.call;
    let micros = |duration: std::time::Duration| exact(duration.into());
    let flag = |set: bool| u8::from(set).to_string();
    let lease = entry.lease.as_ref();
    vec![
        number(entry.ticket),
        gateway.to_owned(),
        (call.class as usize + 1).to_string(),
        call.account.to_string(),
        call.place.to_string(),
        flag(call.newcomer),
        exact(patience),
        micros(call.estimate),
        micros(call.waited),
        call.deadline.map(micros).unwrap_or_default(),
        call.resume.map(micros).unwrap_or_default(),
        entry.key.map(|key| key.to_string()).unwrap_or_default(),
        flag(entry.begun),
        lease.map(|lease| lease.worker.clone()).unwrap_or_default(),
        lease.map(|lease| lease.fence.to_string()).unwrap_or_default(),
    ]
}

/// Up to where the server counts whole numbers.
fn exact(micros: Micros) -> String {
    micros.get().min((1 << 53) - 1).to_string()
}

/// The arguments of `cancel`.
pub(super) fn pick(pick: Pick) -> Vec<String> {
    let (what, first, second) = match pick {
        Pick::Ticket(ticket) => ("ticket", number(ticket), String::new()),
        Pick::Person(person) => ("person", person.to_string(), String::new()),
        Pick::PersonAt { person, place } => ("person_at", person.to_string(), place.to_string()),
        Pick::Place(place) => ("place", place.to_string(), String::new()),
        Pick::Unpromised => ("unpromised", String::new(), String::new()),
        Pick::All => ("all", String::new(), String::new()),
    };
    vec![what.to_owned(), first, second]
}

/// What `enqueue` answers: a word, and numbers.
#[derive(Debug)]
pub(super) struct Answer(String, Vec<u64>);

impl FromRedisValue for Answer {
    fn from_redis_value(value: Value) -> Result<Self, ParsingError> {
        let mut parts = Vec::<Value>::from_redis_value(value)?.into_iter();
        let word = String::from_redis_value(parts.next().unwrap_or_default())?;
        Ok(Self(word, parts.map(u64::from_redis_value).collect::<Result<_, _>>()?))
    }
}

impl Answer {
    /// The place in line with its key, or why there is none.
    pub fn placed(self, ticket: TicketId) -> Result<(Placed, u64), Turned> {
        let Self(word, numbers) = self;
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        let retry_after = Micros::new(at(0)).into();
        match word.as_str() {
            "placed" => {
                let ahead = usize::try_from(at(0)).unwrap_or(usize::MAX);
                Ok((Placed { ticket, ahead, expected_wait: Micros::new(at(1)).into() }, at(2)))
            }
            "enough_waiting" => Err(Turned::EnoughWaiting),
            "too_long" => Err(Turned::TooLong),
            "many_newcomers" => Err(Turned::ManyNewcomers { retry_after }),
            "just_had_turn" => Err(Turned::JustHadYourTurn { retry_after }),
            _ => Err(Turned::Full),
        }
    }
}

pub(super) fn standing(numbers: &[u64]) -> Vec<Waiting> {
    let class = |number: u64| usize::try_from(number).ok().and_then(|number| Class::ALL.get(number.wrapping_sub(1)));
    let each = numbers.chunks_exact(4).filter_map(|each| {
        Some(Waiting {
            ticket: TicketId(each[0]),
            class: *class(each[1])?,
            ahead: usize::try_from(each[2]).unwrap_or(usize::MAX),
            expected_wait: Micros::new(each[3]).into(),
        })
    });
    each.collect()
}

pub(super) fn line(numbers: &[u64]) -> Line {
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    match numbers.split_first_chunk() {
        Some((waiting, [running, slots, work, paid_load, longest_wait])) => Line {
            waiting: waiting.map(count),
            work: Micros::new(*work).into(),
            running: count(*running),
            slots: count(*slots),
            paid_load: *paid_load,
            longest_wait: Micros::new(*longest_wait).into(),
        },
        _ => Line::default(),
    }
}

/// A line of a gateway's stream; `None` for what another version of us may have written.
pub(super) fn event(letter: &[u8]) -> Option<Event> {
    let mut words = std::str::from_utf8(letter).ok()?.split(' ');
    let (what, ticket, detail) = (words.next()?, TicketId(words.next()?.parse().ok()?), words.next()?);
    match what {
        "claimed" => {
            let lease = Lease { fence: detail.parse().ok()?, worker: words.next()?.to_owned() };
            Some(Event::Claimed(ticket, lease))
        }
        "lost" => Some(Event::Lost(ticket, detail.parse().ok()?)),
        "dropped" => Some(Event::Dropped(ticket, dropped(detail)?)),
        "stop" => Some(Event::Stop(ticket, stop(detail)?)),
        _ => None,
    }
}

fn dropped(word: &str) -> Option<Dropped> {
    [Dropped::Shed, Dropped::Expired, Dropped::Cancelled, Dropped::Closed].into_iter().find(|why| why.as_str() == word)
}

fn stop(word: &str) -> Option<Stop> {
    match word {
        "cut" => Some(Stop::Cut),
        "cancelled" => Some(Stop::Cancelled),
        "overdue" => Some(Stop::Overdue),
        _ => None,
    }
}

/// The claims of a worker as arguments: number and fence, again and again.
pub(super) fn claims(held: impl Iterator<Item = (TicketId, u64)>) -> Vec<String> {
    held.flat_map(|(ticket, fence)| [number(ticket), fence.to_string()]).collect()
}
