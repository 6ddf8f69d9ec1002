//! What answers are believed to cost, learnt from what they cost.

use std::{collections::HashMap, time::Duration};

use super::{Rooms, job::Job};
use crate::{
    chat::{Language, PersonaId, Platform},
    context::{self, Caps, Composed, Exchange, NoRoom, Question},
    engine::{Prompt, Role, Turn, Usage},
    scheduler::{Cost, Measured},
};

/// A question of some sentences has room on the slowest machine.
const LEAST_UNCACHED: usize = 128;

/// A constant part that the engine may have in its cache.
pub(super) type Constant = (PersonaId, Language);

/// The learnt cost of answers, and how much of each persona's prompt was cached last.
#[derive(Debug)]
pub(super) struct Pace {
    cost: Cost<(PersonaId, Platform)>,
    cached: HashMap<Constant, usize>,
    /// Of a constant part that was never seen.
    constant: usize,
}

impl Pace {
    pub(super) fn new(cost: Cost<(PersonaId, Platform)>, constant: usize) -> Self {
        Self { cost, cached: HashMap::new(), constant }
    }

    pub(super) fn learn(
        &mut self,
        kind: (PersonaId, Platform),
        constant: &Constant,
        usage: &Usage,
        measured: &Measured,
    ) {
        self.cost.learn(kind, measured);
        // What is answered now is cached for the next.
        self.cached.insert(constant.clone(), usage.cached_tokens.max(self.constant.min(usage.prompt_tokens)));
    }

    /// How many tokens the engine reads in this time.
    /// No prompt is cached any more.
    pub(super) fn forget_prompts(&mut self) {
        self.cached.clear();
    }

    fn uncached_tokens(&self, longest_prefill: Duration) -> usize {
        let per_thousand = self.cost.prefill(1000).max(Duration::from_micros(1));
        let tokens = longest_prefill.as_micros().saturating_mul(1000) / per_thousand.as_micros();
        usize::try_from(tokens).unwrap_or(usize::MAX).max(LEAST_UNCACHED)
    }
}

impl Rooms {
    /// Engine time of a job's whole answer, and what taking it up again after a cut would cost.
    pub(super) fn estimate(&self, job: &Job) -> (Duration, Duration) {
        let call = job.call.call();
        let platform = call.address.place.platform;
        let text: usize = call.context.iter().map(|line| line.text.as_str().len()).sum();
        let story = Turn { role: Role::User, text: call.story.as_str().to_owned() };
        let story = self.engine.count(&Prompt { messages: vec![story], so_far: String::new() }) + text / 3;
        let most = self.cast().get(&job.persona).map_or(0, |persona| persona.budget(platform).max_tokens);
        self.pace(|pace| {
            let cold = if pace.cached.contains_key(&job.constant_key()) { 0 } else { pace.constant };
            let uncached = story.min(pace.uncached_tokens(self.manners.context.longest_prefill)) + cold;
            let whole = pace.cost.estimate(&(job.persona.clone(), platform), uncached, most);
            (whole, pace.cost.prefill(story + most))
        })
    }

    /// The prompt of a job, with what the asker and the persona said before.
    pub(super) async fn compose(&self, job: &Job) -> Result<Composed, NoRoom> {
        let call = job.call.call();
        let cast = self.cast_of(job);
        let persona = cast.get(&job.persona).ok_or(NoRoom)?;
        let recent = self.recent(job).await;
        let recent: Vec<_> =
            recent.iter().map(|kept| Exchange { question: &kept.question, answer: &kept.answer }).collect();
        let question = Question {
            persona,
            personas: &cast.personas,
            language: job.language,
            platform: call.address.place.platform,
            mark: &self.keyring.mark(&job.persona),
            young: job.is_young(),
            story: &call.story,
            context: &call.context,
            recent: &recent,
        };
        let uncached = self.pace(|pace| pace.uncached_tokens(self.manners.context.longest_prefill));
        let caps = Caps { constant: self.manners.context.constant_tokens, uncached };
        context::compose(&question, self.engine.profile(), caps, &|prompt| self.engine.count(prompt))
    }

    pub(super) fn pace<T>(&self, with: impl FnOnce(&mut Pace) -> T) -> T {
        with(&mut self.pace.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
