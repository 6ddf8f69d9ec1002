//! One answer to be made: what waits in line.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tracing::Span;

use super::{Part, Receipt, draft::Draft, pace::Constant};
use crate::{
    chat::{Language, PersonaId},
    limits::Admitted,
    privacy::Scrubbed,
};

/// One persona's answer to one call.
#[derive(Debug)]
pub struct Job {
    pub(super) call: Arc<Admitted>,
    pub(super) persona: PersonaId,
    /// In which the asker is spoken to, and answered where the model can.
    pub(super) language: Language,
    /// Shared by the personas of a panel.
    pub(super) sheet: Arc<Sheet>,
    /// The answer that is shown before this one: a panel speaks in its order.
    pub(super) before: Option<Receipt>,
    /// What the answer behind this one waits for.
    pub(super) turn: Option<Part>,
    /// The answer so far, when it was cut.
    pub(super) draft: Option<Draft>,
    /// When it was asked, on the fleet's clock; zero for what a restart took up.
    pub(super) asked_at: Duration,
    /// Engine time that the whole answer was believed to take.
    pub(super) estimate: Duration,
    /// Whether it has a row in `pending`: a crash does not lose it.
    pub(super) committed: bool,
    /// Whether its slot was taken from it once.
    pub(super) was_cut: bool,
    /// Whether that row says that the answer may have been shown.
    pub(super) announced: bool,
    pub(super) span: Span,
    _part: Part,
}

impl Job {
    pub(super) fn new(call: Arc<Admitted>, persona: PersonaId, sheet: Arc<Sheet>, span: Span, part: Part) -> Self {
        let language = call.call().language;
        let (before, turn, draft, announced) = (None, None, None, false);
        let (committed, was_cut) = (false, false);
        let (asked_at, estimate) = (Duration::ZERO, Duration::ZERO);
        Self {
            call,
            persona,
            language,
            sheet,
            before,
            turn,
            draft,
            asked_at,
            estimate,
            committed,
            was_cut,
            announced,
            span,
            _part: part,
        }
    }

    /// Whether the call was paid for.
    pub(super) fn is_paid(&self) -> bool {
        self.call.call().is_paid()
    }

    /// Whose prompt beginning the engine may have in its cache.
    pub(super) fn constant_key(&self) -> Constant {
        (self.persona.clone(), self.language)
    }
}

/// What the personas of one call answered. Whoever lets go of it last stores it: a panel is one consultation.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    answers: Mutex<Vec<(PersonaId, Scrubbed)>>,
    spoilt: AtomicBool,
}

impl Sheet {
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A crisis showed itself: nothing of this call is kept. Gives whether that is news.
    pub(super) fn spoil(&self) -> bool {
        !self.spoilt.swap(true, Ordering::AcqRel)
    }

    pub(super) fn add(&self, persona: PersonaId, answer: Scrubbed) {
        let mut answers = self.answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        answers.push((persona, answer));
    }

    /// The answers in the order of the call, once nobody adds to them any more; until then nothing.
    pub(super) fn close(self: Arc<Self>, order: &[PersonaId]) -> Vec<(PersonaId, Scrubbed)> {
        let Some(sheet) = Arc::into_inner(self).filter(|sheet| !sheet.spoilt.load(Ordering::Acquire)) else {
            return Vec::new();
        };
        let mut answers = sheet.answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        answers.sort_by_key(|(persona, _)| order.iter().position(|other| other == persona));
        answers
    }
}
