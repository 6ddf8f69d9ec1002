//! Takes entitlements as they come and go, gives who supports and who has an answer paid for. Pure.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use serenity::model::monetization::{Entitlement, EntitlementKind};

/// Buyers that are remembered of each application. Beyond, whoever is not known is told by their own interactions.
const REMEMBERED: usize = 100_000;

/// What of an application's goods is used up; `None` until Discord said what it sells.
#[derive(Debug, Default)]
pub(crate) struct Goods(RwLock<Option<HashSet<u64>>>);

impl Goods {
    pub(crate) fn used_up(&self, skus: HashSet<u64>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(skus);
    }

    /// Whether it lasts. An entitlement does not say: its kind may be a subscription's whatever was bought, and it may say that
    /// it is not used up where it never is.
    pub(crate) fn last(&self, entitlement: &Entitlement) -> bool {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Some(used_up) => !used_up.contains(&entitlement.sku_id.get()),
            None => {
                entitlement.consumed.is_none() || matches!(entitlement.kind, EntitlementKind::ApplicationSubscription)
            }
        }
    }
}

/// Who bought what of one application, as long as it lasts.
#[derive(Debug, Default)]
pub(crate) struct Patrons {
    people: HashMap<u64, BTreeSet<u64>>,
    guilds: HashMap<u64, BTreeSet<u64>>,
    /// What is used up by one answer, by who bought it.
    answers: HashMap<u64, BTreeSet<u64>>,
    /// What an answer under way will use up, by the message that it answers.
    promised: HashMap<String, (u64, u64)>,
}

impl Patrons {
    /// An entitlement is there, or has changed. What does not last is used up by one answer.
    pub(crate) fn learn(&mut self, entitlement: &Entitlement, lasts: bool, now: DateTime<Utc>) {
        let is_over = entitlement.ends_at.is_some_and(|end| end.unix_timestamp() <= now.timestamp());
        if is_over || entitlement.deleted || entitlement.consumed == Some(true) {
            return self.lose(entitlement);
        }
        let id = entitlement.id.get();
        let held = match (lasts, entitlement.user_id, entitlement.guild_id) {
            (false, Some(user), _) => self.answers.entry(user.get()),
            (true, Some(user), _) if self.people.len() < REMEMBERED => self.people.entry(user.get()),
            (_, None, Some(guild)) => self.guilds.entry(guild.get()),
            _ => return,
        };
        held.or_default().insert(id);
    }

    /// It is over, used up, or paid back.
    pub(crate) fn lose(&mut self, entitlement: &Entitlement) {
        let id = entitlement.id.get();
        for held in [&mut self.people, &mut self.guilds, &mut self.answers] {
            held.retain(|_, ids| {
                ids.remove(&id);
                !ids.is_empty()
            });
        }
        self.promised.retain(|_, (_, promised)| *promised != id);
    }

    pub(crate) fn supports(&self, user: u64, guild: Option<u64>) -> bool {
        self.people.contains_key(&user) || guild.is_some_and(|guild| self.guilds.contains_key(&guild))
    }

    /// Whether somebody has an answer paid for; it is then promised to this message's.
    pub(crate) fn promise(&mut self, user: u64, message: &str) -> bool {
        let Some(ids) = self.answers.get_mut(&user) else { return false };
        let Some(id) = ids.pop_first() else { return false };
        if ids.is_empty() {
            self.answers.remove(&user);
        }
        self.promised.insert(message.to_owned(), (user, id));
        true
    }

    /// The answer to this message is shown: what it uses up, if anything.
    pub(crate) fn redeem(&mut self, message: &str) -> Option<u64> {
        self.promised.remove(message).map(|(_, id)| id)
    }
}
