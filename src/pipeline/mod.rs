//! Takes chat events, gives answers to outboxes: the only place that knows every room. One short function a door.
//!
//! [`Pipeline::hear`] walks a message to the line; [`Pipeline::work`] takes what is next out of the line and answers it.

mod again;
mod alerts;
mod announce;
mod answer;
mod arrival;
mod attend;
mod cast;
mod catch_up;
mod command;
mod crisis;
mod deletion;
mod draft;
mod dropped;
mod floor;
mod halted;
mod hold;
mod inspect;
mod job;
mod joining;
mod keep;
mod lately;
mod measure;
mod moderate;
mod notice;
mod orders;
mod owing;
mod pace;
mod payment;
mod pending;
mod queue;
mod raid;
mod receipt;
mod records;
mod rights;
mod single;
mod tell;
#[cfg(test)]
mod tests;
mod uncommitted;
mod visit;
mod wanted;
mod work;

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono_tz::Tz;

pub use self::{
    attend::attend,
    cast::RecastError,
    inspect::{Found, Inspection, Inspector},
    job::Job,
    receipt::{Part, Receipt},
    records::{Records, RecordsError},
    single::{Single, SingleError},
};
use self::{
    cast::{Cast, Stage},
    floor::Floor,
    joining::Said,
    lately::Lately,
    owing::Owing,
    pace::Pace,
};
use crate::{
    chat::{Language, Outbox, PersonaId, Platform},
    clock::Clock,
    coalesce::{Coalesce, CoalesceConfig, GatheringId},
    config::{AwayConfig, Config},
    context::ContextConfig,
    engine::{Engine, OutageConfig},
    limits::Limits,
    locale::Locale,
    moderation::ModerationConfig,
    persona::Personas,
    privacy::{Keyring, Pseudonym},
    scheduler::{Cost, CostConfig, Deadlines, Scheduler, TicketId},
    store::Store,
};

/// How often somebody who keeps talking is reminded that an AI answers. California's SB 243 (2025) asks for at least every three
/// hours.
const NOTICE_EVERY: Duration = Duration::from_hours(3);
const NOTICE_EVERY_YOUNG: Duration = Duration::from_hours(1);

/// Events and choices that are remembered in memory. The oldest is forgotten first.
const REMEMBERED: usize = 100_000;

/// Everything the path is made of. A cheap handle: clones share one fleet.
#[derive(Clone)]
pub struct Pipeline(Arc<Rooms>);

/// What a pipeline is built from.
#[expect(missing_debug_implementations, reason = "nothing in it prints")]
pub struct Parts {
    pub clock: Arc<dyn Clock>,
    pub personas: Personas,
    pub keyring: Arc<Keyring>,
    pub limits: Limits,
    pub scheduler: Scheduler<Job>,
    pub engine: Arc<dyn Engine>,
    pub store: Store,
    pub outboxes: HashMap<Platform, Arc<dyn Outbox>>,
    pub manners: Manners,
}

/// The settings that belong to the path as a whole.
#[derive(Clone, Debug)]
pub struct Manners {
    /// For people and places whose language is not known.
    pub language: Language,
    /// Who answers where nobody is named.
    pub host: PersonaId,
    /// A wait longer than this is told.
    pub tell_after: Duration,
    /// How often somebody is reminded that an AI answers.
    pub notice_every: Duration,
    /// The same for somebody who said to be under 18.
    pub notice_every_young: Duration,
    pub context: ContextConfig,
    pub cost: CostConfig,
    /// When an answer on a platform is worth nothing any more.
    pub deadlines: Deadlines,
    pub coalesce: CoalesceConfig,
    /// What becomes of calls when engines fail.
    pub outage: OutageConfig,
    /// What waits while the database is away.
    pub away: AwayConfig,
    pub moderation: ModerationConfig,
    /// By which quiet hours and days of places go.
    pub time_zone: Tz,
    /// Calls of one person in a minute and in a day, as configured: moderators may want less.
    pub most_calls: (u32, u32),
}

impl Manners {
    /// As configured.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            language: config.fleet.language,
            host: config.personas.host.clone(),
            tell_after: config.scheduler.tell_after,
            notice_every: NOTICE_EVERY,
            notice_every_young: NOTICE_EVERY_YOUNG,
            context: config.context.clone(),
            cost: config.scheduler.cost.clone(),
            deadlines: config.scheduler.deadline.clone(),
            coalesce: config.coalesce.clone(),
            outage: config.engine.outage.clone(),
            away: config.store.away,
            moderation: config.moderation.clone(),
            time_zone: config.fleet.time_zone,
            most_calls: (config.limits.person.in_a_minute(), config.limits.daily),
        }
    }
}

struct Rooms {
    clock: Arc<dyn Clock>,
    locale: Locale,
    stage: Stage,
    keyring: Arc<Keyring>,
    limits: Limits,
    coalesce: Coalesce<Said>,
    scheduler: Scheduler<Job>,
    engine: Arc<dyn Engine>,
    pace: Mutex<Pace>,
    store: Store,
    outboxes: HashMap<Platform, Arc<dyn Outbox>>,
    manners: Manners,
    /// What the database is owed.
    owing: Owing,
    /// Events that were heard: platforms deliver some twice.
    seen: Lately<Pseudonym, ()>,
    /// Whom a person chose, in a place, for plain lines.
    chosen: Lately<(Pseudonym, Pseudonym), Option<PersonaId>>,
    /// What stands in line for a message, so that it goes when the message goes.
    tickets: Lately<Pseudonym, Vec<TicketId>>,
    /// What stands in line for a call that can be joined, and for whom.
    lines: Lately<GatheringId, Vec<(TicketId, Pseudonym)>>,
    /// The first message of a call, under every live key, for its later ones: what is kept is kept under the first.
    first_of: Lately<Pseudonym, Vec<Pseudonym>>,
    /// Whose answer waits under a ticket.
    awaited: Lately<TicketId, Option<PersonaId>>,
    /// People, messages and places that were to be forgotten, and when: what was asked before is not kept after.
    forgotten: Lately<Pseudonym, Duration>,
    /// Held to read while something of a person is written that a forget would have to delete, to write while one is noted: what
    /// was being written then is there to be deleted.
    writing: tokio::sync::RwLock<()>,
    /// Whose rows were put under the newest key, and when.
    brought: Lately<Pseudonym, Option<Duration>>,
    /// When people were told last that no engine is in order.
    troubled: Lately<Pseudonym, Option<Duration>>,
    /// Whether none has been for a while.
    is_out: AtomicBool,
    /// When the line was measured last, in milliseconds of the clock.
    measured_at: AtomicU64,
    /// Who was timed out or banned in a place, and when: nothing is said to them about what they asked before.
    shut_out: Lately<(Pseudonym, Pseudonym), Duration>,
    /// What moderators want in their places.
    floor: Floor,
    /// Counts answers, so that thank-yous take turns.
    turns: AtomicUsize,
}

impl Pipeline {
    /// Joins the rooms. Nothing runs yet: see [`Pipeline::work`].
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { clock, personas, keyring, limits, scheduler, engine, store, outboxes, manners } = parts;
        Self(Arc::new(Rooms {
            coalesce: Coalesce::new(&manners.coalesce, Arc::clone(&clock)),
            floor: Floor::new(&manners.moderation, manners.time_zone),
            clock,
            locale: Locale::new(),
            pace: Mutex::new(Pace::new(Cost::new(&manners.cost), manners.context.constant_tokens)),
            stage: Stage::new(Cast::new(personas, Arc::clone(&keyring))),
            keyring,
            limits,
            scheduler,
            engine,
            store,
            outboxes,
            owing: Owing::new(&manners.away),
            manners,
            seen: Lately::new(REMEMBERED),
            chosen: Lately::new(REMEMBERED),
            tickets: Lately::new(REMEMBERED),
            lines: Lately::new(REMEMBERED),
            first_of: Lately::new(REMEMBERED),
            awaited: Lately::new(REMEMBERED),
            forgotten: Lately::new(REMEMBERED),
            writing: tokio::sync::RwLock::default(),
            brought: Lately::new(REMEMBERED),
            troubled: Lately::new(REMEMBERED),
            is_out: AtomicBool::new(false),
            measured_at: AtomicU64::new(0),
            shut_out: Lately::new(REMEMBERED),
            turns: AtomicUsize::new(0),
        }))
    }

    /// The name, in the fleet's language, of whoever answers where nobody is named.
    #[must_use]
    pub fn name_of_host(&self) -> String {
        self.0.name(&self.0.manners.host, self.0.manners.language)
    }

    /// Deletes what was promised to be kept no longer.
    pub async fn sweep(&self) {
        self.0.limits.let_go();
        match self.0.store.sweep(self.0.clock.wall()).await {
            Ok(swept) => tracing::debug!(?swept, "swept"),
            Err(error) => tracing::error!(%error, "what was to go is still kept; the next sweep takes it"),
        }
    }

    /// Takes no more calls. What waits is told so, what runs is finished: [`Pipeline::work`] then ends.
    pub fn close(&self) {
        self.0.scheduler.close();
    }
}

impl Rooms {
    fn turn(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pipeline")
    }
}
