//! Takes several engines, gives one that is in order as long as any of them is. Knows nothing of who waits for an answer.
//!
//! `Pool > shared (who holds a slot) > passage (one answer) | probe (who is out of order)`, around a pure `state`:
//! `breaker` (is it asked at all), `adapt` (how many at once), `speed` (who promises the earliest end).

mod adapt;
mod breaker;
mod gauges;
mod passage;
mod probe;
mod shared;
mod speed;
mod state;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use rand::rngs::StdRng;
use tokio::sync::watch;

use self::{
    shared::Shared,
    state::{Need, State},
};
use super::{Engine, EngineConfig, EngineError, Profile, Prompt, Request, TokenStream};
use crate::{chat::Language, clock::Clock};

/// What an answer may be ahead of its reader, in texts, whatever length was asked for.
const MOST_TEXTS: usize = 8192;

/// One engine of several.
#[derive(Clone)]
pub struct Member {
    /// Its name in the configuration.
    pub name: String,
    pub engine: Arc<dyn Engine>,
    /// Answers at once that it may be tried with; [`Profile::slots`] where it cannot be more.
    pub most_slots: usize,
}

/// Several engines as one. Its profile is what all of them can do: the smallest context, the languages in common (else those of
/// the first), continuing if all can; and all their slots.
pub struct Pool {
    profile: Profile,
    shared: Arc<Shared>,
}

impl Pool {
    /// Joins engines; the first is the one that the others are compared to. Of `config`, only the tables about trouble and slots
    /// are read. Inside a tokio runtime.
    #[must_use]
    pub fn new(
        first: Member,
        others: Vec<Member>,
        config: &EngineConfig,
        clock: Arc<dyn Clock>,
        chance: StdRng,
    ) -> Self {
        let profile =
            others.iter().fold(first.engine.profile().clone(), |all, member| common(all, member.engine.profile()));
        let members: Vec<_> = std::iter::once(first).chain(others).collect();
        let bounds = members.iter().map(|member| (member.engine.profile().slots, member.most_slots));
        let state = State::new(config, bounds);
        let shared = Shared::new(members, state, Arc::clone(&clock), config.breaker.probe_timeout, chance);
        let shared = Arc::new(shared);
        tokio::spawn(probe::watch(Arc::downgrade(&shared), clock, Arc::clone(&shared.due)));
        Self { profile, shared }
    }
}

#[async_trait]
impl Engine for Pool {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn room(&self) -> watch::Receiver<usize> {
        self.shared.room.subscribe()
    }

    /// The longest that any member makes of it: whoever answers has room for it.
    fn count(&self, prompt: &Prompt) -> usize {
        self.shared.members.iter().map(|member| member.engine.count(prompt)).max().unwrap_or(0)
    }

    async fn start(&self, request: Request) -> Result<TokenStream, EngineError> {
        // Comparing promises is worth a count only where there is a choice.
        let prompt = if self.shared.members.len() > 1 { self.count(&request.prompt) } else { 0 };
        let need = Need { prompt, output: request.max_tokens };
        let lease = self.shared.wait_for_slot(need).await?;
        let (out, stream) = TokenStream::channel(request.max_tokens.min(MOST_TEXTS) + 2);
        tokio::spawn(passage::pass(request, need, lease, out));
        Ok(stream)
    }
}

fn common(all: Profile, one: &Profile) -> Profile {
    let languages: Vec<Language> =
        all.languages.iter().copied().filter(|known| one.languages.contains(known)).collect();
    Profile {
        name: format!("{} + {}", all.name, one.name),
        slots: all.slots + one.slots,
        context: all.context.min(one.context),
        languages: if languages.is_empty() { all.languages } else { languages },
        can_continue: all.can_continue && one.can_continue,
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("name", &self.name).finish_non_exhaustive()
    }
}
