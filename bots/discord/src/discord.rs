//! Takes settings and a clock, gives a way to say things and a task that listens. Knows nothing of what is said.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use lovelm::{
    chat::{ChatEvent, Outbox, Roster},
    clock::Clock,
    locale::Locale,
};
use tokio::{sync::mpsc, task::JoinSet};

pub use crate::api::Fault;
use crate::{
    account::{Account, Accounts},
    api::{Api, Far},
    buttons::Buttons,
    catch_up::Lookback,
    ears::Ear,
    hear::Hearing,
    recent::Recent,
    seat::Seat,
    settings::Settings,
    voice::{Parts, Voice},
};

/// How long an account waits for the others to say who they are. Whoever is later is not known to it.
const LONGEST_INTRODUCTION: Duration = Duration::from_secs(20);
/// Milliseconds of the epoch from which Discord counts.
const EPOCH: i64 = 1_420_070_400_000;

/// Discord, set up. Nothing runs yet.
pub struct Discord {
    settings: Settings,
    roster: Roster,
    accounts: Vec<Arc<Account>>,
    voice: Arc<Voice>,
    locale: Arc<Locale>,
    clock: Arc<dyn Clock>,
    ears: mpsc::Sender<ChatEvent>,
}

impl Discord {
    /// Joins the parts. What is heard goes to `ears`, in the order of each channel; while `ears` is full, plain lines are
    /// dropped and counted, and whatever was paid, commanded or deleted waits. When its receiver is gone, nothing is heard.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn connect(
        settings: &Settings,
        roster: Roster,
        clock: Arc<dyn Clock>,
        ears: mpsc::Sender<ChatEvent>,
    ) -> Result<Self, Fault> {
        let far = Far::new(settings, Arc::clone(&clock))?;
        let account = |account: &crate::Account| Account::new(account.persona.clone(), Api::new(&far, &account.token));
        let accounts: Vec<_> = settings.accounts.iter().map(account).collect();
        let locale = Arc::new(Locale::new());
        let voice = Arc::new(Voice::new(Parts {
            accounts: accounts.clone(),
            limits: settings.limits.clone(),
            buttons: Buttons::new(&roster, &locale, settings.language),
            locale: Arc::clone(&locale),
            language: settings.language,
            clock: Arc::clone(&clock),
        }));
        Ok(Self { settings: settings.clone(), roster, accounts, voice, locale, clock, ears })
    }

    /// The way out, which works before [`Discord::run`] runs and behind it.
    #[must_use]
    pub fn outbox(&self) -> Arc<dyn Outbox> {
        Arc::clone(&self.voice) as Arc<dyn Outbox>
    }

    /// Stays connected until `shutdown`. One account's trouble is logged, with what to do, and never ends the others.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let lookback = self.lookback();
        let running = async {
            let known = Arc::new(Accounts::default());
            self.introduce(&known).await;
            let (recent, mut seats) = (Arc::new(Recent::default()), JoinSet::new());
            let settings = Arc::new(self.settings.clone());
            for (number, account) in self.accounts.iter().enumerate() {
                let ear = self.ear(account, &known, &recent);
                seats.spawn(Seat { number, ear, settings: Arc::clone(&settings), lookback }.keep());
            }
            while let Some(ended) = seats.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a part of Discord broke");
                }
            }
            // Whoever still speaks needs no ears.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = shutdown => {}
            () = running => {}
        }
    }

    /// How far unanswered lines are looked for.
    fn lookback(&self) -> Lookback {
        let (back, began) = (self.settings.limits.catch_up, self.clock.wall());
        let since = began - chrono::TimeDelta::from_std(back).unwrap_or_default();
        let since = if back.is_zero() { 0 } else { snowflake(since) };
        Lookback { since, began: snowflake(began), channels: self.settings.limits.catch_up_channels }
    }

    fn ear(&self, account: &Arc<Account>, known: &Arc<Accounts>, recent: &Arc<Recent>) -> Ear {
        let hearing = Hearing {
            persona: account.persona.clone(),
            roster: self.roster.clone(),
            accounts: Arc::clone(known),
            goods: Arc::default(),
            message_content: self.settings.message_content,
            callback: self.settings.limits.callback,
            boost_cents: self.settings.boost_cents,
            premium_cents: self.settings.premium_cents,
        };
        Ear {
            account: Arc::clone(account),
            hearing: Arc::new(hearing),
            voice: Arc::clone(&self.voice),
            recent: Arc::clone(recent),
            locale: Arc::clone(&self.locale),
            clock: Arc::clone(&self.clock),
            ears: self.ears.clone(),
            replies: self.settings.limits.replies,
        }
    }

    /// Lets the accounts know each other: whoever connects first is to know whom else somebody mentions.
    async fn introduce(&self, known: &Accounts) {
        let late = self.clock.elapsed() + LONGEST_INTRODUCTION;
        let ask = |account: &Arc<Account>| {
            let account = Arc::clone(account);
            async move {
                if let Ok(identity) = account.identity().await {
                    known.introduce(identity.id, account.persona.clone());
                }
            }
        };
        tokio::select! {
            _ = futures::future::join_all(self.accounts.iter().map(ask)) => {}
            () = self.clock.until(late) => {}
        }
    }
}

/// A moment in the form of a message's id.
fn snowflake(at: chrono::DateTime<chrono::Utc>) -> u64 {
    u64::try_from(at.timestamp_millis().saturating_sub(EPOCH)).unwrap_or(0) << 22
}

impl fmt::Debug for Discord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Discord").field("accounts", &self.accounts.len()).finish_non_exhaustive()
    }
}
