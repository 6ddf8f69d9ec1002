//! What moderators want in their places, and what is being answered there.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use chrono_tz::Tz;
use tokio::sync::OnceCell;

use super::{REMEMBERED, Rooms, job::Job, lately::Lately};
use crate::{
    chat::{ChannelId, Place, Platform, UserId},
    limits::Admitted,
    moderation::{Copies, Hearing, ModerationConfig, Pace, Rules, Scene, Tone},
    privacy::{Private, Pseudonym},
    scheduler::TicketId,
};

/// The numbers of a place's calls begin again behind this one.
const HIGHEST_NUMBER: u32 = 999;
/// How long nobody is told again why nothing is answered.
const TOLD_AGAIN: Duration = Duration::from_hours(12);

/// Why moderators do not let a call be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    Paused,
    Denied,
    Blocked,
    Skipped,
    Cleared,
}

impl Halt {
    /// Why somebody is not heard, but for quiet hours: they let what was accepted be answered.
    pub(super) fn of(hearing: Hearing) -> Option<Self> {
        match hearing {
            Hearing::Heard | Hearing::QuietHours => None,
            Hearing::Paused => Some(Self::Paused),
            Hearing::Denied => Some(Self::Denied),
            Hearing::Blocked => Some(Self::Blocked),
        }
    }

    /// The name used in metrics.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Denied => "denied",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
            Self::Cleared => "cleared",
        }
    }
}

/// Told of a call once, for good: why it is halted.
pub(super) type Halted = Arc<OnceLock<Halt>>;

/// What moderators want. What is written down of it outlives this process; the rest does not matter by then.
pub(super) struct Floor {
    pub config: ModerationConfig,
    pub zone: Tz,
    /// The whole fleet, as a place that no platform has.
    pub fleet: Place,
    rules: Mutex<Rules>,
    pace: Mutex<Pace>,
    copies: Mutex<Copies>,
    /// Whether what is wanted was read.
    pub read: OnceCell<()>,
    /// One writer at a time, so that changes are written in their order.
    pub writing: tokio::sync::Mutex<()>,
    answering: Arc<Mutex<Vec<UnderWay>>>,
    /// The number that a place gave last.
    numbers: Lately<Pseudonym, u32>,
    /// Who spoke to us under a name in a place.
    names: Lately<Pseudonym, Option<UserId>>,
    /// When somebody was told in a place why nothing is answered.
    told: Lately<(Pseudonym, Pseudonym, &'static str), Option<Duration>>,
}

/// A call that waits, or is being answered.
#[derive(Clone, Debug)]
pub(super) struct UnderWay {
    pub ticket: TicketId,
    pub number: u32,
    pub call: Arc<Admitted>,
    pub halted: Halted,
}

/// An answer is being written while this lives.
pub(super) struct Answering {
    ticket: TicketId,
    answering: Arc<Mutex<Vec<UnderWay>>>,
}

/// A place and the fleet, under every live key, the newest first.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub place: Vec<Pseudonym>,
    pub fleet: Vec<Pseudonym>,
}

impl Spot {
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene { place: &self.place, fleet: &self.fleet }
    }
}

impl Floor {
    pub(super) fn new(config: &ModerationConfig, zone: Tz) -> Self {
        Self {
            config: config.clone(),
            zone,
            fleet: Place { platform: Platform::Console, channel: ChannelId::new("*") },
            rules: Mutex::default(),
            pace: Mutex::new(Pace::new(zone, REMEMBERED)),
            copies: Mutex::new(Copies::new(config.copies)),
            read: OnceCell::new(),
            writing: tokio::sync::Mutex::default(),
            answering: Arc::default(),
            numbers: Lately::new(REMEMBERED),
            names: Lately::new(REMEMBERED),
            told: Lately::new(REMEMBERED),
        }
    }

    pub(super) fn rules(&self) -> MutexGuard<'_, Rules> {
        lock(&self.rules)
    }

    pub(super) fn pace(&self) -> MutexGuard<'_, Pace> {
        lock(&self.pace)
    }

    pub(super) fn copies(&self) -> MutexGuard<'_, Copies> {
        lock(&self.copies)
    }

    /// A job begins to be answered.
    pub(super) fn begin(&self, ticket: TicketId, job: &Job) -> Answering {
        lock(&self.answering).push(UnderWay::of(ticket, job));
        Answering { ticket, answering: Arc::clone(&self.answering) }
    }

    /// What is being answered.
    pub(super) fn answering(&self) -> Vec<UnderWay> {
        lock(&self.answering).clone()
    }

    /// The next number of a place.
    pub(super) fn number(&self, place: &Pseudonym) -> u32 {
        let mut given = 0;
        self.numbers.note(place.clone(), |last| {
            *last = *last % HIGHEST_NUMBER + 1;
            given = *last;
        });
        given
    }

    /// Somebody spoke to us under this name.
    pub(super) fn note_name(&self, name: Pseudonym, user: &UserId) {
        self.names.note(name, |known| *known = Some(user.clone()));
    }

    pub(super) fn named(&self, name: &Pseudonym) -> Option<UserId> {
        self.names.get(name).flatten()
    }

    /// Whether somebody was not told this in a place lately. They are, now.
    pub(super) fn tells(&self, place: &Pseudonym, who: &Pseudonym, what: &'static str, now: Duration) -> bool {
        let mut first = false;
        self.told.note((place.clone(), who.clone(), what), |last| {
            first = last.is_none_or(|last| now.saturating_sub(last) >= TOLD_AGAIN);
            *last = if first { Some(now) } else { *last };
        });
        first
    }

    /// Something else is wanted in these places: everybody may be told again.
    pub(super) fn tell_again(&self, places: &[Pseudonym], everywhere: bool) {
        self.told.forget(|(place, ..)| everywhere || places.contains(place));
    }
}

impl UnderWay {
    pub(super) fn of(ticket: TicketId, job: &Job) -> Self {
        Self { ticket, number: job.number, call: Arc::clone(&job.call), halted: Arc::clone(&job.halted) }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        lock(&self.answering).retain(|one| one.ticket != self.ticket);
    }
}

impl Rooms {
    pub(super) fn spot(&self, place: &Place) -> Spot {
        Spot { place: self.keyring.places(place), fleet: self.keyring.places(&self.floor.fleet) }
    }

    /// Whether somebody is heard in a place now.
    pub(super) fn hearing(&self, place: &Place, user: &UserId) -> Hearing {
        if self.floor.rules().is_empty() {
            return Hearing::Heard;
        }
        let (spot, who) = (self.spot(place), self.keyring.pseudonyms(place.platform, user));
        self.floor.rules().hearing(spot.scene(), &who, self.floor.zone, self.clock.wall())
    }

    /// Why a call that was accepted may not be answered any more.
    pub(super) fn halt_of(&self, call: &Private) -> Option<Halt> {
        Halt::of(self.hearing(&call.address.place, &call.address.user))
    }

    /// Whether nothing but answers is said in a place.
    pub(super) fn is_hushed(&self, place: &Place) -> bool {
        if self.floor.rules().is_empty() {
            return false;
        }
        let spot = self.spot(place);
        let rules = self.floor.rules();
        rules.tone(spot.scene()) != Tone::Open || rules.of(&spot.place).is_some_and(|rule| !rule.allowed)
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
