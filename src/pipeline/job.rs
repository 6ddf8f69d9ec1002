//! One answer to be made: what waits in line.

use std::{
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tracing::Span;

use super::{
    Part, Receipt,
    announce::Row,
    cast::Cast,
    draft::{Draft, Opened},
    floor::Halted,
    joining::Said,
    pace::Constant,
};
use crate::{
    chat::{Language, PersonaId},
    coalesce::Gathered,
    limits::Admitted,
    privacy::Scrubbed,
    scheduler::Class,
    store::AgeBand,
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
    /// Where others join it, if they can.
    pub(super) gathered: Option<Arc<Gathered<Said>>>,
    /// As it stands in line.
    pub(super) class: Class,
    /// The answer that is shown before this one: a panel speaks in its order.
    pub(super) before: Option<Receipt>,
    /// What the answer behind this one waits for.
    pub(super) turn: Option<Part>,
    /// The way out, where something stands for the answer while it waits.
    pub(super) opened: Option<Opened>,
    /// The answer so far, when it was cut.
    pub(super) draft: Option<Draft>,
    /// When it was asked, or taken up by this fleet, on its clock.
    pub(super) asked_at: Duration,
    /// How long it had waited before that.
    pub(super) waited: Duration,
    /// Engine time that the whole answer was believed to take.
    pub(super) estimate: Duration,
    /// Its row in `pending`, where it was paid for: a crash does not lose it.
    pub(super) row: Option<Arc<Row>>,
    /// Its number in its place. Zero: it was in no line yet.
    pub(super) number: u32,
    /// Why moderators do not let it be answered.
    pub(super) halted: Halted,
    /// Whether its slot was taken from it once.
    pub(super) was_cut: bool,
    /// Who wrote its first word writes all of it, whatever the files say meanwhile.
    pub(super) cast: OnceLock<Arc<Cast>>,
    /// The age that its asker stated, where that changes anything.
    pub(super) age: Option<AgeBand>,
    /// What stands behind its first line: that an AI answers. Empty when its asker knows.
    pub(super) tag: String,
    /// Starts of an engine that failed before anything was shown.
    pub(super) tries: usize,
    /// Whether its first token was measured.
    pub(super) has_begun: bool,
    pub(super) span: Span,
    part: Part,
}

impl Job {
    pub(super) fn new(call: Arc<Admitted>, persona: PersonaId, sheet: Arc<Sheet>, span: Span, part: Part) -> Self {
        let language = call.call().language;
        let (before, turn, opened, draft, row, gathered) = (None, None, None, None, None, None);
        let class = Class::of(call.call());
        let (asked_at, waited, estimate) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        Self {
            call,
            persona,
            language,
            sheet,
            gathered,
            class,
            before,
            turn,
            opened,
            draft,
            asked_at,
            waited,
            estimate,
            row,
            number: 0,
            halted: Halted::default(),
            was_cut: false,
            cast: OnceLock::new(),
            age: None,
            tag: String::new(),
            tries: 0,
            has_begun: false,
            span,
            part,
        }
    }

    /// The same answer for somebody else who waits for it.
    pub(super) fn handed_on(self, call: Arc<Admitted>, now: Duration) -> Self {
        let waited = self.waited + now.saturating_sub(self.asked_at);
        let language = call.call().language;
        Self {
            call,
            language,
            waited,
            asked_at: now,
            opened: None,
            draft: None,
            halted: Halted::default(),
            was_cut: false,
            has_begun: false,
            cast: OnceLock::new(),
            ..self
        }
    }

    /// Who asked what of whom: enough to speak to them when this job is lost.
    pub(super) fn witness(&self) -> Self {
        let (call, persona) = (Arc::clone(&self.call), self.persona.clone());
        let mut witness = Self::new(call, persona, Sheet::new(), self.span.clone(), self.part.clone());
        (witness.language, witness.asked_at) = (self.language, self.asked_at);
        witness.row.clone_from(&self.row);
        witness
    }

    /// Whether its asker said to be under 18.
    pub(super) fn is_young(&self) -> bool {
        self.age.is_some_and(AgeBand::is_young)
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

    /// Whether a crisis showed itself.
    pub(super) fn is_spoilt(&self) -> bool {
        self.spoilt.load(Ordering::Acquire)
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
