//! Takes a private call, gives it on when its writer, place and personas are not asking too much. Knows nothing of queues or
//! models.

mod config;
mod daily;
mod rate;
mod told;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use config::{LimitsConfig, Offset, RateConfig};

use crate::{
    chat::{PersonaId, Platform, Standing},
    clock::Clock,
    limits::{daily::Daily, rate::Rate, told::Told},
    privacy::{Private, Pseudonym},
};

/// A call that is within limits. Only this room makes it, and the scheduler takes nothing else.
#[derive(Clone, Debug)]
pub struct Admitted(Private);

impl Admitted {
    #[must_use]
    pub fn call(&self) -> &Private {
        &self.0
    }

    /// The same call in more or fewer words of its writer: it was counted already.
    #[must_use]
    pub fn reworded(&self, call: Private) -> Self {
        debug_assert_eq!(self.0.who, call.who, "the same writer");
        Self(call)
    }
}

/// Which limit a call met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    #[error("this person asks too fast")]
    PersonTooFast { retry_after: Duration },
    #[error("this place asks too fast")]
    ChannelBusy { retry_after: Duration },
    #[error("one of these personas is asked too often")]
    PersonaBusy { retry_after: Duration },
    #[error("this person asked enough for today")]
    DailyCap { resets_in: Duration },
}

impl Reason {
    /// The name used in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PersonTooFast { .. } => "person_too_fast",
            Self::ChannelBusy { .. } => "channel_busy",
            Self::PersonaBusy { .. } => "persona_busy",
            Self::DailyCap { .. } => "daily_cap",
        }
    }
}

/// What is said to whoever asked too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// Whether to say it: not when the person was told the same a moment ago.
    pub tell: bool,
}

/// A call that is not within limits, and why.
#[derive(Debug)]
pub struct Refused {
    pub call: Private,
    pub refusal: Refusal,
}

/// How much everyone may ask. Clones share the counts.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    person: Rate<Pseudonym>,
    supporter: Rate<Pseudonym>,
    channel: Rate<Pseudonym>,
    persona: Rate<PersonaId>,
    command: Rate<Pseudonym>,
    told: Rate<Pseudonym>,
    counts: Mutex<Counts>,
    daily: u32,
    supporter_daily: u32,
    tell_again: Duration,
    console: bool,
}

struct Counts {
    daily: Daily,
    told: Told,
}

impl Limits {
    #[must_use]
    pub fn new(config: &LimitsConfig, clock: Arc<dyn Clock>) -> Self {
        let keys = config.most_people;
        Self(Arc::new(Inner {
            person: Rate::new(config.person, keys, &clock),
            supporter: Rate::new(config.supporter, keys, &clock),
            channel: Rate::new(config.channel, keys, &clock),
            persona: Rate::new(config.persona, keys, &clock),
            command: Rate::new(config.command, keys, &clock),
            told: Rate::new(config.told, keys, &clock),
            counts: Mutex::new(Counts { daily: Daily::new(config.day_starts, keys), told: Told::new(keys) }),
            daily: config.daily,
            supporter_daily: config.supporter_daily,
            tell_again: config.tell_again,
            console: config.console,
            clock,
        }))
    }

    /// Lets a call through and counts it, or says which limit it met. Moderators, calls that were paid for, and whoever sits
    /// at the machine's own console meet none and count for none: what was paid for is never refused here.
    pub fn admit(&self, call: Private) -> Result<Admitted, Box<Refused>> {
        self.admit_if(call, |limits, call| limits.check_person(call).and_then(|()| limits.check_work(call)))
    }

    /// Lets a call through that an answer in the making will serve as well. It is its writer's question of today like any
    /// other, and costs the place and its personas nothing: many who ask the same take nothing from whoever asks something else.
    pub fn admit_joining(&self, call: Private) -> Result<Admitted, Box<Refused>> {
        self.admit_if(call, Inner::check_person)
    }

    fn admit_if(
        &self,
        call: Private,
        check: impl FnOnce(&Inner, &Private) -> Result<(), Reason>,
    ) -> Result<Admitted, Box<Refused>> {
        let limits = &self.0;
        if call.standing.moderator || call.is_paid() || limits.is_at_home(call.address.place.platform) {
            return Ok(Admitted(call));
        }
        match check(limits, &call) {
            Ok(()) => {
                limits.counts().daily.count(&call.who, limits.clock.wall());
                Ok(Admitted(call))
            }
            Err(reason) => {
                let tell = limits.tell(&call.who, &call.place, reason);
                Err(Box::new(Refused { call, refusal: Refusal { reason, tell } }))
            }
        }
    }

    /// Lets somebody give a command, or call without a question. Moderators meet no limit, the machine's own console
    /// neither.
    ///
    /// # Errors
    /// When that was too often.
    pub fn admit_command(
        &self,
        who: &Pseudonym,
        place: &Pseudonym,
        (platform, standing): (Platform, Standing),
    ) -> Result<(), Refusal> {
        if standing.moderator || self.0.is_at_home(platform) {
            return Ok(());
        }
        self.0.command.check(who).map_err(|retry_after| {
            let reason = Reason::PersonTooFast { retry_after };
            Refusal { reason, tell: self.0.tell(who, place, reason) }
        })
    }

    /// Whether to tell somebody that they were turned away elsewhere, for this reason: not when they were told so a moment
    /// ago, or the place has heard enough of it.
    #[must_use]
    pub fn tells(&self, who: &Pseudonym, place: &Pseudonym, reason: &'static str) -> bool {
        self.0.tell_for(self.0.tell_again, who, place, reason)
    }
}

impl Limits {
    /// Forgets what a person asked today and was told. How fast they asked a moment ago stays until it does not matter, or
    /// whoever wants to flood would only have to be forgotten again and again.
    pub fn forget(&self, who: &Pseudonym) {
        let mut counts = self.0.counts();
        counts.daily.forget(who);
        counts.told.forget(who);
    }

    /// Lets go of everybody who has not asked for so long that it does not matter any more.
    pub fn let_go(&self) {
        let limits = &self.0;
        for rate in [&limits.person, &limits.supporter, &limits.channel, &limits.command, &limits.told] {
            rate.let_go();
        }
    }
}

impl Inner {
    fn is_at_home(&self, platform: Platform) -> bool {
        platform == Platform::Console && !self.console
    }

    /// The person's own limits come first: who is refused takes nothing from the others in the place.
    fn check_person(&self, call: &Private) -> Result<(), Reason> {
        let supporter = call.standing.supporter;
        let (rate, cap) = if supporter { (&self.supporter, self.supporter_daily) } else { (&self.person, self.daily) };
        let wall = self.clock.wall();
        self.counts().daily.check(&call.who, cap, wall).map_err(|resets_in| Reason::DailyCap { resets_in })?;
        rate.check(&call.who).map_err(|retry_after| Reason::PersonTooFast { retry_after })
    }

    fn check_work(&self, call: &Private) -> Result<(), Reason> {
        self.channel.check(&call.place).map_err(|retry_after| Reason::ChannelBusy { retry_after })?;
        for persona in &call.personas {
            self.persona.check(persona).map_err(|retry_after| Reason::PersonaBusy { retry_after })?;
        }
        Ok(())
    }

    fn tell(&self, who: &Pseudonym, place: &Pseudonym, reason: Reason) -> bool {
        let silence = match reason {
            Reason::DailyCap { resets_in } => resets_in,
            Reason::PersonTooFast { .. } | Reason::ChannelBusy { .. } | Reason::PersonaBusy { .. } => self.tell_again,
        };
        self.tell_for(silence, who, place, reason.as_str())
    }

    fn tell_for(&self, silence: Duration, who: &Pseudonym, place: &Pseudonym, reason: &'static str) -> bool {
        let now = self.clock.elapsed();
        let room = || self.told.check(place).is_ok();
        self.counts().told.first((who, reason), now, now.saturating_add(silence), room)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}
