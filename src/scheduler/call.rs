//! What is asked of the scheduler, and what it answers.

#[cfg(test)]
mod tests;

use std::{fmt, time::Duration};

use serde::Deserialize;

use crate::{
    chat,
    limits::Admitted,
    privacy::{Private, Pseudonym},
};

/// Whom work is charged to: a person, or a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account([u8; 32]);

impl Account {
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<&Pseudonym> for Account {
    fn from(pseudonym: &Pseudonym) -> Self {
        Self(*pseudonym.as_bytes())
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(..)")
    }
}

/// What a call is, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    Moderator,
    Paid,
    Supporter,
    Fan,
    Free,
    /// Talk that nobody asked for.
    Idle,
}

/// The two sides that are kept apart, so that no flood of the one is felt by the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Moderators and who paid.
    Express,
    /// Everyone else.
    Common,
}

impl Class {
    pub const ALL: [Self; 6] = [Self::Moderator, Self::Paid, Self::Supporter, Self::Fan, Self::Free, Self::Idle];

    /// The class of somebody's question. Whether somebody is a fan, the platform does not say.
    #[must_use]
    pub fn of(call: &Private) -> Self {
        match (call.standing, call.is_paid()) {
            (chat::Standing { moderator: true, .. }, _) => Self::Moderator,
            (_, true) => Self::Paid,
            (chat::Standing { supporter: true, .. }, _) => Self::Supporter,
            _ => Self::Free,
        }
    }

    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::Moderator | Self::Paid => Side::Express,
            Self::Supporter | Self::Fan | Self::Free | Self::Idle => Side::Common,
        }
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Paid => "paid",
            Self::Supporter => "supporter",
            Self::Fan => "fan",
            Self::Free => "free",
            Self::Idle => "idle",
        }
    }
}

/// A call on its way into the line.
#[derive(Clone, Debug)]
pub struct NewCall {
    /// The person.
    pub account: Account,
    pub place: Account,
    /// Charged to one account with all other newcomers of the place: new names buy no new turns. Not for calls that paid.
    pub newcomer: bool,
    pub class: Class,
    /// What was paid, in hundredths of a US dollar.
    pub credit_cents: u64,
    /// Engine seconds that the whole answer will take.
    pub estimate: Duration,
    /// How long it has waited already, in a line that is gone: it keeps its key.
    pub waited: Duration,
    /// From now to when the answer is worth nothing any more.
    pub deadline: Option<Duration>,
    /// Engine seconds to take a cut answer up again. `None`: the engine cannot, so the answer is never cut.
    pub resume: Option<Duration>,
    #[expect(dead_code, reason = "that it is there is its use")]
    pub(super) admission: Admission,
}

/// What only the door of this room has: makes [`NewCall::of`] the only way in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admission;

impl NewCall {
    /// A call of `estimate` engine seconds that was admitted. It never expires and is never cut until told otherwise.
    #[must_use]
    pub fn of(admitted: &Admitted, estimate: Duration) -> Self {
        let call = admitted.call();
        Self {
            account: Account::from(&call.who),
            place: Account::from(&call.place),
            newcomer: false,
            class: Class::of(call),
            credit_cents: call.payment.map_or(0, |payment| payment.cents),
            estimate,
            waited: Duration::ZERO,
            deadline: None,
            resume: None,
            admission: Admission,
        }
    }
}

/// A call that was accepted. Counts up; the same number never comes twice from one scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(pub(super) u64);

impl TicketId {
    /// The bare number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

/// A place in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub ticket: TicketId,
    /// Calls that come first, as things stand.
    pub ahead: usize,
    /// From what waits, what runs and how fast the engine was; pessimistic.
    pub expected_wait: Duration,
}

/// Why a call was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Turned {
    #[error("the line is full")]
    Full,
    #[error("this person has enough waiting")]
    EnoughWaiting,
    /// What this person had already would make this call too late.
    #[error("this person just had a turn")]
    JustHadYourTurn { retry_after: Duration },
    /// The same for the account that the newcomers of a place share.
    #[error("many newcomers are asking")]
    ManyNewcomers { retry_after: Duration },
    /// It would take longer than its deadline, line or no line.
    #[error("the answer would take too long")]
    TooLong,
    #[error("the scheduler is closed")]
    Closed,
    /// The line lies on another machine, which cannot be reached.
    #[error("the line cannot be reached")]
    Away,
}

impl Turned {
    /// The name used in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "line_full",
            Self::EnoughWaiting => "enough_waiting",
            Self::JustHadYourTurn { .. } => "just_had_turn",
            Self::ManyNewcomers { .. } => "newcomers",
            Self::TooLong => "too_long",
            Self::Closed => "stopping",
            Self::Away => "away",
        }
    }
}

/// Why an accepted call will not be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// The line became too long. Never what paid, never what has begun.
    Shed,
    /// It could no longer have been answered in time.
    Expired,
    Cancelled,
    Closed,
}

impl Dropped {
    /// The name used in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shed => "shed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
        }
    }
}

/// Why a running answer is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// Its slot is wanted. Give the call back: it goes on later.
    Cut,
    Cancelled,
    /// It runs on long after its deadline.
    Overdue,
}

/// Which calls to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    Ticket(TicketId),
    Person(Account),
    PersonAt {
        person: Account,
        place: Account,
    },
    Place(Account),
    /// What waits and was not paid for, or has no deadline to wait for.
    Unpromised,
    All,
}

/// Where one waiting call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub ticket: TicketId,
    pub class: Class,
    pub ahead: usize,
    pub expected_wait: Duration,
}

/// The whole line, without anybody in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Calls waiting, in the order of [`Class::ALL`].
    pub waiting: [usize; 6],
    /// Engine time that those calls still need.
    pub work: Duration,
    pub running: usize,
    pub slots: usize,
    /// Thousandths of the engine that paid calls took over the last window.
    pub paid_load: u64,
    /// How long the oldest of the calls that are next in their class has waited.
    pub longest_wait: Duration,
}
